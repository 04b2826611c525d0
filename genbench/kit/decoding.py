"""From a question to the likeliest answer, one token at a time, with what a model has computed kept in a state.

A model has `begin(source) -> state` and `advance(words, state) -> (scores, state)`. A state is made of nested tuples,
named tuples, lists and dicts that hold tensors whose first dimension is the row, and whole numbers. It may have a
method `reorder(rows)` for a beam, whose rows change places only with rows of the same question: what is known of the
question need not be moved then. A model may have a method `room(source)`: how many tokens it can write after each row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch

from genbench.errors import BadValue
from genbench.kit.vocabulary import END, PADDING, START

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from torch import Tensor

KEPT = 0.75  # rows that have ended are dropped once no more than this share goes on, for dropping copies the state


class Model(Protocol):
    """What decoding asks of a model."""

    def begin(self, source: Int[Tensor, "row source"]) -> Any:
        """The state before the first token."""

    def advance(self, words: Int[Tensor, "row new"], state: Any) -> tuple[Float[Tensor, "row word"], Any]:
        """Scores of the token after the last of `words`, and the state that has seen them."""


def select(state: Any, rows: Int[Tensor, " kept"] | Bool[Tensor, " row"]) -> Any:
    """The state of these rows, in this order; a row may be taken more than once."""
    if isinstance(state, torch.Tensor):
        return state[rows]
    if isinstance(state, dict):
        return {name: select(part, rows) for name, part in state.items()}
    if isinstance(state, tuple) and hasattr(state, "_fields"):
        return type(state)(*(select(part, rows) for part in state))
    if isinstance(state, list | tuple):
        return type(state)(select(part, rows) for part in state)
    return state


def limited(
    model: Model, source: Int[Tensor, "row source"], limit: int | Int[Tensor, " row"]
) -> tuple[Int[Tensor, " row"], int]:
    """How long each row's answer may be, given what the model has room for; and the largest `limit`."""
    limits = torch.as_tensor(limit, device=source.device).expand(len(source))
    longest = int(limits.max()) if len(source) else 0
    if hasattr(model, "room") and (room := model.room(source)) is not None:
        limits = limits.minimum(room)
    return limits, longest


@torch.no_grad()
def greedy(
    model: Model, source: Int[Tensor, "row source"], limit: int | Int[Tensor, " row"]
) -> Int[Tensor, "row longest"]:
    """The likeliest token after the likeliest tokens, to the end or to `limit` tokens, the end among them.

    `limit` is one for all rows or one for each; a model with a bounded number of positions may stop earlier. Padding
    after the end; as wide as the largest limit.
    """
    device = source.device
    limits, longest = limited(model, source, limit)
    answers = torch.full((len(source), longest), PADDING, device=device)
    rows = torch.arange(len(source), device=device)
    words = torch.full((len(source), 1), START, device=device)
    alive = limits > 0
    shortest = int(limits.min()) if len(source) else 0
    state = model.begin(source) if longest else None
    for step in range(longest):
        left = int(alive.sum())
        if left == 0:
            break
        if left <= KEPT * len(rows):
            rows, words, state, alive = rows[alive], words[alive], select(state, alive), alive[alive]
        scores, state = model.advance(words, state)
        words = scores.argmax(-1, keepdim=True)
        said = words[:, 0]
        answers[rows, step] = said if left == len(rows) else said.masked_fill(~alive, PADDING)
        alive = alive & (said != END)
        if step + 1 >= shortest:
            alive = alive & (limits[rows] > step + 1)
    return answers


@torch.no_grad()
def beam(
    model: Model,
    source: Int[Tensor, "row source"],
    limit: int | Int[Tensor, " row"],
    width: int,
    length_penalty: float = 0.0,
) -> Int[Tensor, "row longest"]:
    """The best answer that a beam of `width` finds, otherwise as `greedy`.

    Answers that have ended stay in the beam with the score they have. The best is that of the largest sum of logarithms
    divided by ((5 + tokens) / 6) ** length_penalty (Wu et al. 2016, arXiv:1609.08144, equation 14). A row is done when
    nothing that is still going on can become better than the best that has ended.
    """
    if width < 1:
        raise BadValue(f"beam = {width} must be 1 or more")
    device = source.device
    limits, longest = limited(model, source, limit)
    best = torch.full((len(source), longest), PADDING, device=device)
    rows = torch.arange(len(source), device=device)
    answers = best[:, None].repeat(1, width, 1)
    sums = torch.full((len(source), width), -torch.inf, device=device)
    sums[:, 0] = 0  # all of a row's beams are the same yet
    ended = (limits <= 0)[:, None].expand(-1, width)
    words = torch.full((len(source) * width, 1), START, device=device)
    state = select(model.begin(source), rows.repeat_interleave(width)) if longest else None
    for step in range(longest):
        scores, state = model.advance(words, state)
        logs = scores.float().log_softmax(-1).view(len(rows), width, -1)
        still = torch.full_like(logs[0, 0], -torch.inf)
        still[PADDING] = 0
        logs = torch.where(ended[:, :, None], still, logs)
        sums, chosen = (sums[:, :, None] + logs).flatten(1).topk(width)
        parents, said = chosen // logs.shape[2], chosen % logs.shape[2]
        answers = answers.gather(1, parents[:, :, None].expand(-1, -1, longest))
        answers[:, :, step] = said
        ended = ended.gather(1, parents) | (said == END) | (limits[rows, None] <= step + 1)
        tokens = (answers != PADDING).sum(2)
        worth = sums / penalty(tokens, length_penalty)
        hope = (sums / penalty(limits[rows, None], length_penalty)).masked_fill(ended, -torch.inf).amax(1)
        done = hope <= worth.masked_fill(~ended, -torch.inf).amax(1)
        best[rows] = answers[torch.arange(len(rows), device=device), worth.argmax(1)]
        left = int((~done).sum())
        if left == 0:
            break
        moved = (torch.arange(len(rows), device=device)[:, None] * width + parents).flatten()
        words = said.flatten()[:, None]
        if left <= KEPT * len(rows):
            kept = (~done).repeat_interleave(width)
            state, words = select(state, moved[kept]), words[kept]
            rows, answers, sums, ended = rows[~done], answers[~done], sums[~done], ended[~done]
        elif width > 1:
            state = state.reorder(moved) if hasattr(state, "reorder") else select(state, moved)
    return best


def penalty(tokens: Int[Tensor, "*shape"], strength: float) -> Float[Tensor, "*shape"]:
    """What the score of an answer of so many tokens is divided by."""
    return ((5 + tokens) / 6) ** strength
