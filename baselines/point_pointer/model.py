"""The network: points read by one LSTM, and named by another: by pointing, or by a fixed dictionary of indices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from genbench.kit.recurrent import Recalled, Recurrent
from genbench.kit.vocabulary import END, SPECIAL, START

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from torch import Tensor

    Points = Float[Tensor, "row point 3"]  # x, y, and 1 where a point is, 0 where there is padding

OUTPUTS = ("pointer", "dictionary")
UNLIKELY = -1e4  # added to the score of an end that comes too early: below all but what is impossible


class Held(NamedTuple):
    """What is kept between two indices."""

    recalled: Recalled
    points: Points
    named: Bool[Tensor, "row point"]  # which points were named


class PointNetwork(Recurrent):
    """Reader, decoder, and what names points. `largest` is the highest index of the dictionary.

    The words of the kit's decoding are the indices: END, and SPECIAL + i for the point of index i + 1. What the reader
    is given begins with a learned vector, the end, so that the end is pointed at as a point is.
    """

    def __init__(
        self,
        *,
        dim: int,
        hidden: int,
        output: str,
        largest: int,
        masked: bool,
        whole: bool,
        generator: torch.Generator,
        masks: torch.Generator,
    ) -> None:
        # The two tables of embeddings have one row each: the end in the source, and the start of an answer.
        super().__init__(
            1, 1, dim=dim, hidden=hidden, layers=1, attention="none", bidirectional=False,
            generator=generator, masks=masks,
        )  # fmt: skip
        self.output, self.masked, self.whole = output, masked, whole
        self.place = nn.Linear(2, dim)
        self.keys = nn.Linear(hidden, hidden, bias=False)
        self.query = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1, bias=False)  # v of the paper's equation 3
        if output == "dictionary":
            self.names = nn.Linear(2 * hidden, 1 + largest)  # the end, and each index
        self.initialize(generator)

    def read(self, points: Points) -> Held:
        """What naming begins with."""
        real = points[..., 2] > 0
        placed = self.placed(points[..., :2])
        end = self.source_embedding.weight.expand(len(points), 1, -1)
        recalled = self.recall(torch.cat([end, placed], 1), functional.pad(real, (1, 0), value=True))
        return Held(recalled._replace(keys=self.keys(recalled.source)), points, torch.zeros_like(real))

    def placed(self, at: Float[Tensor, "row point 2"]) -> Float[Tensor, "row point dim"]:
        """Points as the layers are given them, the unit square moved to the middle."""
        vectors: Float[Tensor, "row point dim"] = self.place(2 * at - 1)
        return vectors

    def said(self, words: Int[Tensor, "row new"], points: Points) -> Float[Tensor, "row new dim"]:
        """What the decoder is given at each of `words`: the points that they name, or a vector for the start."""
        index = (words - SPECIAL).clamp(0, points.shape[1] - 1)
        at = points[..., :2].gather(1, index[..., None].expand(-1, -1, 2))
        return torch.where((words == START)[..., None], self.target_embedding.weight, self.placed(at))

    def score(
        self, stream: Float[Tensor, "row asked hidden"], held: Held, named: Bool[Tensor, "row asked point"]
    ) -> Float[Tensor, "row asked word"]:
        """Scores of all words, where the points were `named` before; -inf for what cannot be said."""
        recalled, count = held.recalled, held.points.shape[1]
        fits = self.out((recalled.keys[:, None] + self.query(stream)[:, :, None]).tanh()).squeeze(3) + recalled.mask
        if self.output == "dictionary":
            blended = fits.softmax(-1) @ recalled.source
            fits = self.names(torch.cat([stream, blended], 2))[..., : 1 + count]
            fits = functional.pad(fits, (0, 1 + count - fits.shape[2]), value=-math.inf) + recalled.mask
        end, each = fits[..., :1], fits[..., 1:]
        if self.masked:
            each = each.masked_fill(named, -math.inf)
        if self.whole:
            left = (~named & (held.points[..., 2] > 0)[:, None]).any(2, keepdim=True)
            end = end + UNLIKELY * left
        before = torch.full_like(fits[..., :1], -math.inf)
        return torch.cat([before.expand(-1, -1, END), end, before.expand(-1, -1, SPECIAL - END - 1), each], 2)

    def forward(self, points: Points, shown: Int[Tensor, "row target"]) -> Float[Tensor, "row target word"]:
        """Scores of the word after each of `shown`, which begins with a start."""
        held = self.read(points)
        stream, _ = self.recur(self.said(shown, points), held.recalled)
        return self.score(stream, held, _naming(shown, points.shape[1]).cumsum(1) > 0)

    @torch.no_grad()
    def begin(self, points: Points) -> Held:  # type: ignore[override]
        """What decoding starts from."""
        return self.read(points)

    @torch.no_grad()
    def advance(  # type: ignore[override]
        self, words: Int[Tensor, "row new"], state: Held
    ) -> tuple[Float[Tensor, "row word"], Held]:
        """Scores of the word after the last of `words`, which follow those that the state has seen."""
        stream, recalled = self.recur(self.said(words, state.points), state.recalled)
        named = state.named | _naming(words, state.points.shape[1]).any(1)
        state = state._replace(recalled=recalled, named=named)
        return self.score(stream[:, -1:], state, named[:, None])[:, 0], state


def _naming(words: Int[Tensor, "row new"], points: int) -> Bool[Tensor, "row new point"]:
    """Which point each word names; none for a start, an end or padding."""
    return (words - SPECIAL)[..., None] == torch.arange(points, device=words.device)
