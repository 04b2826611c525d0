"""Batches without end, drawn from a generator; where training stands in them can be kept and found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from genbench.errors import BadValue
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jaxtyping import Int
    from torch import Tensor

    from genbench.kit.vocabulary import Ragged

    Plan = Callable[[torch.Generator], list[Int[Tensor, " batch"]]]

JITTER = 0.25  # share of its length by which a row may be sorted too early or too late


class Batch(NamedTuple):
    """What one step sees: tensors of `rows` rows each, the tokens in them without padding, and what a step costs.

    `sizes` is all that the number of operations depends on: rows, each part's width, and each part's tokens.
    """

    parts: tuple[Tensor, ...]
    rows: int
    tokens: int
    sizes: tuple[int, ...]


class Batches:
    """An epoch's batches after another's, for ever.

    `plan` draws an epoch as row numbers from the generator, `gather` makes the batch of some rows.
    """

    def __init__(
        self, plan: Plan, gather: Callable[[Int[Tensor, " batch"]], Batch], generator: torch.Generator
    ) -> None:
        self.plan, self.gather, self.generator = plan, gather, generator
        self.epoch: list[Int[Tensor, " batch"]] = []
        self.drawn_from = generator.get_state()
        self.position = 0

    def __next__(self) -> Batch:
        if self.position == len(self.epoch):
            self.drawn_from = self.generator.get_state()
            self.epoch, self.position = self.plan(self.generator), 0
        self.position += 1
        return self.gather(self.epoch[self.position - 1])

    def state(self) -> dict[str, Tensor | int]:
        """Where the next batch comes from: the epoch, as what it was drawn from, and the position in it."""
        return {"drawn_from": self.drawn_from, "position": self.position}

    def restore(self, state: Mapping[str, Tensor | int]) -> None:
        """Go back to where `state` was taken."""
        drawn_from, position = state["drawn_from"], state["position"]
        self.drawn_from, self.position = torch.as_tensor(drawn_from), int(position)
        self.generator.set_state(self.drawn_from)
        self.epoch = self.plan(self.generator) if self.position else []


def bucketed(lengths: Int[Tensor, " row"], budget: int) -> Plan:
    """Epochs of batches of rows of like length, at most `budget` tokens each, padding to the longest row included.

    Each epoch sorts the rows by their length times a random factor from 1 - JITTER to 1 + JITTER, so that a batch does
    not tell the length of its answers, cuts, and shuffles the batches. A row longer than the budget is a batch of its
    own. Raises `BadValue` for no rows, or a budget below 1.
    """
    if budget < 1 or not len(lengths):
        raise BadValue(f"batches of {budget} tokens cannot be cut from {len(lengths)} rows; both must be 1 or more")

    def plan(generator: torch.Generator) -> list[Int[Tensor, " batch"]]:
        factors = 1 - JITTER + 2 * JITTER * torch.rand(len(lengths), generator=generator)
        order = torch.argsort(lengths * factors, stable=True)
        parts = split(order, cut(lengths[order].numpy(), budget))
        return [parts[number] for number in torch.randperm(len(parts), generator=generator).tolist()]

    return plan


def split(rows: Int[Tensor, " row"], sizes: int | list[int]) -> list[Int[Tensor, " batch"]]:
    """Rows in parts of these sizes, or of one size but for the last."""
    return list(rows.split(sizes))  # type: ignore[no-untyped-call]  # torch has no type for it


def cut(lengths: Int[np.ndarray, " row"], budget: int) -> list[int]:
    """The sizes of the parts of rows in this order: each as large as the budget lets it be."""
    sizes, begin = [], 0
    while begin < len(lengths):
        window = lengths[begin : begin + max(1, budget // max(1, int(lengths[begin])))]
        taken = np.maximum.accumulate(window) * np.arange(1, len(window) + 1)  # never falls
        sizes.append(max(1, int(np.searchsorted(taken, budget, "right"))))
        begin += sizes[-1]
    return sizes


def shuffled(rows: int, size: int) -> Plan:
    """Epochs of all rows in random order, `size` at a time; the last batch may be smaller.

    Raises `BadValue` for no rows, or a size below 1.
    """
    if size < 1 or rows < 1:
        raise BadValue(f"batches of {size} cannot be drawn from {rows} rows; both must be 1 or more")
    return lambda generator: split(torch.randperm(rows, generator=generator), size)


def pad(
    ragged: Ragged, rows: Int[Tensor, " batch"], device: torch.device | str | None = None
) -> Int[Tensor, "batch longest"]:
    """These rows padded on the right to the longest of them, on `device` or where the ids are."""
    return Padded((ragged,), device)(rows).parts[0]


@dataclass(frozen=True, slots=True, init=False)
class Padded:
    """Gathers batches of columns, each padded on the right to its longest row.

    The ids are brought to the device once; a step sends row numbers there, and waits for nothing.
    """

    ids: tuple[Int[Tensor, " token"], ...]
    begins: tuple[Int[Tensor, " row"], ...]
    ends: tuple[Int[Tensor, " row"], ...]
    lengths: Int[np.ndarray, "column row"]
    places: Int[Tensor, " longest"]

    def __init__(self, columns: Sequence[Ragged], device: torch.device | str | None = None) -> None:
        def kept(tensor: Tensor) -> Tensor:
            return tensor if device is None else tensor.to(device)

        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("ids", tuple(kept(torch.cat([column.ids, torch.tensor([PADDING])])) for column in columns))
        put("begins", tuple(kept(column.offsets[:-1, None]) for column in columns))
        put("ends", tuple(kept(column.offsets[1:, None]) for column in columns))
        put("lengths", np.stack([column.lengths.cpu().numpy() for column in columns]))
        put("places", kept(torch.arange(int(self.lengths.max(initial=0)))))

    def __call__(self, rows: Int[Tensor, " batch"]) -> Batch:
        """The batch of these rows, each part (rows, longest of them)."""
        lengths = self.lengths[:, rows.numpy()]
        widths = lengths.max(1, initial=0).tolist()
        there = rows.pin_memory().to(self.places.device, non_blocking=True) if self.places.is_cuda else rows
        there = there.to(self.places.device)
        parts = []
        for ids, begins, ends, width in zip(self.ids, self.begins, self.ends, widths, strict=True):
            places = begins[there] + self.places[:width]
            parts.append(ids[places.masked_fill_(places >= ends[there], len(ids) - 1)])
        return Batch(tuple(parts), len(rows), int(lengths.sum()), sizes_of(lengths))


def sizes_of(lengths: Int[np.ndarray, "part row"]) -> tuple[int, ...]:
    """The `sizes` of a batch whose rows have these lengths."""
    return (lengths.shape[1], *lengths.max(1, initial=0).tolist(), *lengths.sum(1).tolist())
