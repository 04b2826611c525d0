"""A pointer network: it answers with tokens of the question only, each one pointed at.

Vinyals, Fortunato & Jaitly 2015 (arXiv:1506.03134): an LSTM reads the question, another begins with its last state,
and at each step a distribution over the places of the question, the softmax of their equation 3, takes the place of an
output layer. The next step is fed the token that was pointed at. Pointing at the question's end ends an answer.

A network points at places, a task asks for tokens: a token's probability is the sum of those of its places, in training
and in answers alike, so equal elements need no order among them. A token that a question lacks cannot be said.

`given_selection` masks what was emitted: a place that was pointed at is left out of every later softmax, the first of
equal tokens first. The mask is half of selection sort (take each element once) handed to the model by construction, so
what it scores shows what is left to learn, and is not to be read beside models that must learn to keep count.

Departures: one vocabulary of learned embeddings in place of coordinates; AdamW with warm-up and linear decay in place
of SGD at a constant rate; greedy decoding.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

from genbench.kit.recurrent import Recalled, Recurrent
from genbench.kit.sequence import Learner
from genbench.kit.vocabulary import END

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.seeding import Generators
    from genbench.kit.sequence import Sizes


class Pointed(NamedTuple):
    """What is kept between two tokens."""

    recalled: Recalled
    keys: Float[Tensor, "row source hidden"]  # each place of the question as pointing compares it
    words: Int[Tensor, "row source"]
    before: Int[Tensor, "row source"]  # how many of the same word stand left of each place
    said: Int[Tensor, "row source"]  # how often the word at each place was said


class Pointer(Recurrent):
    """Encoder, decoder and pointer. Arguments as for `Recurrent`; `words` is the size of the one vocabulary."""

    def __init__(
        self,
        words: int,
        *,
        dim: int,
        hidden: int,
        layers: int,
        dropout: float,
        cell: str,
        bidirectional: bool,
        masked: bool,
        generator: torch.Generator,
        masks: torch.Generator,
    ) -> None:
        super().__init__(
            words,
            words,
            dim=dim,
            hidden=hidden,
            layers=layers,
            dropout=dropout,
            cell=cell,
            attention="none",
            bidirectional=bidirectional,
            generator=generator,
            masks=masks,
        )
        self.words, self.masked = words, masked
        self.target_embedding = self.source_embedding
        self.keys = nn.Linear(hidden * (1 + bidirectional), hidden, bias=False)
        self.query = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1, bias=False)  # v of equation 3
        self.initialize(generator)

    def point(
        self, stream: Float[Tensor, "row asked hidden"], given: Pointed, said: Int[Tensor, "row asked source"]
    ) -> Float[Tensor, "row asked word"]:
        """The logarithm of each word's probability, where the words at the places were `said` so often before."""
        fits = self.out((given.keys[:, None] + self.query(stream)[:, :, None]).tanh()).squeeze(3) + given.recalled.mask
        if self.masked:
            # Of equal words the first is used up first; an end never is.
            spent = (given.before[:, None] < said) & (given.words != END)[:, None]
            fits = fits.masked_fill(spent, -math.inf)
        weights = fits.float().softmax(-1)
        summed = weights.new_zeros(*weights.shape[:2], self.words)
        summed = summed.scatter_add(2, given.words[:, None].expand(weights.shape), weights)
        return summed.clamp_min(torch.finfo(summed.dtype).tiny).log()

    def read(self, source: Int[Tensor, "row source"]) -> Pointed:
        """What pointing begins with."""
        recalled = self.encode(source)
        before = (source[:, :, None] == source[:, None]).tril(-1).sum(2)
        return Pointed(recalled, self.keys(recalled.source), source, before, torch.zeros_like(source))

    def forward(
        self, source: Int[Tensor, "row source"], shown: Int[Tensor, "row target"]
    ) -> Float[Tensor, "row target word"]:
        """Scores of the token after each of `shown`, which begins with a start."""
        given = self.read(source)
        stream, _ = self.recur(self.dropout(self.target_embedding(shown)), given.recalled)
        return self.point(stream, given, (shown[:, :, None] == source[:, None]).cumsum(1))

    @torch.no_grad()
    def begin(self, source: Int[Tensor, "row source"]) -> Pointed:  # type: ignore[override]
        """What decoding starts from."""
        return self.read(source)

    @torch.no_grad()
    def advance(  # type: ignore[override]
        self, words: Int[Tensor, "row new"], state: Pointed
    ) -> tuple[Float[Tensor, "row word"], Pointed]:
        """Scores of the token after the last of `words`, which follow those that the state has seen."""
        said = state.said + (words[:, :, None] == state.words[:, None]).sum(1)
        stream, recalled = self.recur(self.dropout(self.target_embedding(words)), state.recalled)
        state = state._replace(recalled=recalled, said=said)
        return self.point(stream[:, -1:], state, said[:, None])[:, 0], state


def build(sizes: Sizes, setting: Mapping[str, Value], generators: Generators) -> Pointer:
    """The model that the card's parameters describe."""
    return Pointer(
        sizes.source,
        dim=int(setting["dim"]),
        hidden=int(setting["hidden"]),
        layers=int(setting["layers"]),
        dropout=float(setting["dropout"]),
        cell=str(setting["cell"]),
        bidirectional=bool(setting["bidirectional"]),
        masked=bool(setting["masked"]),
        generator=generators["weights"],
        masks=generators["masks"],
    )


def pointer(context: Context) -> Learner:
    """The submission."""
    return Learner(context, build, shared=True)
