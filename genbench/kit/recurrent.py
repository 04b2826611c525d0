"""Recurrent networks that turn one sequence of tokens into another.

Sutskever et al. 2014 (arXiv:1409.3215): an LSTM (or a GRU, Cho et al. 2014, arXiv:1406.1078) reads the source, and
another begins with its last state. Between the two there may be attention:

    luong      a product through a matrix ("general"), Luong et al. 2015 (arXiv:1508.04025), equations 5 and 8. What
               it finds is not fed into the next step (their section 3.3), so training has no loop over tokens.
    bahdanau   a small network, Bahdanau et al. 2015 (arXiv:1409.0473), section A.1.2, on the state before the token;
               what it finds is an input of the step, so training is a loop, some times slower.
    none       all must pass through the state, as in Lake & Baroni 2018 (arXiv:1711.00350)

Weights are drawn as torch draws them, embeddings from a normal of size 1. Dropout on the embeddings and after layers.
A bidirectional encoder has `hidden` units in either direction; a linear layer makes the decoder's first states of both.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from genbench.errors import BadValue, nearest
from genbench.kit.attention import Dropout
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from torch import Tensor

Cell = Literal["lstm", "gru"]
Attention = Literal["luong", "bahdanau", "none"]


def _single(stream: Tensor) -> torch.autocast:
    """Single precision for a recurrent layer on a processor: not every one has an LSTM of half the bits (oneDNN)."""
    kind = stream.device.type
    return torch.autocast(kind, enabled=kind != "cpu" and torch.is_autocast_enabled(kind))


def _widened(values: Tensor) -> Tensor:
    return values.float() if values.dtype == torch.bfloat16 and values.device.type == "cpu" else values


class Recalled(NamedTuple):
    """What is kept between two tokens."""

    states: list[tuple[Float[Tensor, "row hidden"], ...]]  # one a layer: of a GRU one tensor, of an LSTM also its cells
    source: Float[Tensor, "row source width"]
    keys: Float[Tensor, "row source hidden"]  # the source as the attention compares it
    mask: Float[Tensor, "row 1 source"]  # -inf where there is padding


class Recurrent(nn.Module):
    """Encoder, decoder, attention and output layer.

    `sources` and `targets` are the sizes of the vocabularies, `layers` the depth of encoder and decoder. Weights are
    drawn from `generator`, on the CPU, dropout from `masks`, on the device of the model.
    """

    longest: int | None = None

    def __init__(
        self,
        sources: int,
        targets: int,
        *,
        dim: int,
        hidden: int,
        layers: int,
        generator: torch.Generator,
        masks: torch.Generator,
        dropout: float = 0.0,
        cell: Cell = "lstm",
        attention: Attention = "luong",
        bidirectional: bool = True,
    ) -> None:
        super().__init__()
        for name, value, right in (("cell", cell, get_args(Cell)), ("attention", attention, get_args(Attention))):
            if value not in right:
                raise BadValue(f"{name} = {value!r} is not known{nearest(str(value), right)}")
        make: type[nn.LSTM | nn.GRU] = nn.LSTM if cell == "lstm" else nn.GRU
        width = hidden * (1 + bidirectional)
        fed = width if attention == "bahdanau" else 0
        self.attention = attention
        self.dropout = Dropout(dropout, masks)
        self.source_embedding, self.target_embedding = nn.Embedding(sources, dim), nn.Embedding(targets, dim)
        self.encoder = nn.ModuleList(
            make(width if layer else dim, hidden, batch_first=True, bidirectional=bidirectional)
            for layer in range(layers)
        )
        self.decoder = nn.ModuleList(
            make(hidden if layer else dim + fed, hidden, batch_first=True) for layer in range(layers)
        )
        self.bridge = nn.Linear(width, hidden) if bidirectional else nn.Identity()
        if attention != "none":
            self.keys = nn.Linear(width, hidden, bias=False)
            self.merge = nn.Linear(width + hidden, hidden, bias=False)
        if attention == "bahdanau":
            self.query, self.energy = nn.Linear(hidden, hidden), nn.Linear(hidden, 1, bias=False)
        self.out = nn.Linear(hidden, targets)
        self.initialize(generator)

    @torch.no_grad()
    def initialize(self, generator: torch.Generator) -> None:
        """Draw every weight: uniform within one by the root of the fan-in (of the units, for recurrent layers)."""
        for module in self.modules():
            if isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, generator=generator)
            elif isinstance(module, nn.LSTM | nn.GRU | nn.Linear):
                bound = 1 / math.sqrt(module.in_features if isinstance(module, nn.Linear) else module.hidden_size)
                for weight in module.parameters():
                    nn.init.uniform_(weight, -bound, bound, generator=generator)

    def encode(self, source: Int[Tensor, "row source"]) -> Recalled:
        """The states that decoding begins with, and what attention looks at."""
        return self.recall(self.source_embedding(source), source != PADDING)

    def recall(self, embedded: Float[Tensor, "row source dim"], real: Bool[Tensor, "row source"]) -> Recalled:
        """The same of a source that is embedded already, say of numbers, and of which not all places are `real`."""
        lengths = real.sum(1).cpu()
        stream = self.dropout(embedded)
        states = []
        for layer in self.encoder:
            with _single(stream):
                packed = pack_padded_sequence(_widened(stream), lengths, batch_first=True, enforce_sorted=False)
                packed, last = layer(packed)
            stream, _ = pad_packed_sequence(packed, batch_first=True, total_length=real.shape[1])
            stream = self.dropout(stream)
            last = last if isinstance(last, tuple) else (last,)
            states.append(tuple(self.bridge(part.transpose(0, 1).flatten(1)) for part in last))
        mask = torch.zeros(real.shape, device=real.device).masked_fill_(~real, -math.inf)[:, None]
        return Recalled(states, stream, stream if self.attention == "none" else self.keys(stream), mask)

    def attend(self, queries: Float[Tensor, "row asked hidden"], given: Recalled) -> Float[Tensor, "row asked width"]:
        """The mean of the source, weighted by how well it fits each query."""
        if self.attention == "luong":
            scores = queries @ given.keys.transpose(1, 2)
        else:
            scores = self.energy((self.query(queries)[:, :, None] + given.keys[:, None]).tanh_()).squeeze(3)
        return (scores + given.mask).softmax(-1) @ given.source

    def recur(
        self, stream: Float[Tensor, "row new given"], given: Recalled
    ) -> tuple[Float[Tensor, "row new hidden"], Recalled]:
        """The top layer's outputs, and the states after the last of them."""
        states = []
        for layer, state in zip(self.decoder, given.states, strict=True):
            first = tuple(_widened(part)[None].contiguous() for part in state)
            with _single(stream):
                stream, last = layer(_widened(stream), first if len(first) > 1 else first[0])
            stream = self.dropout(stream)
            states.append(tuple(part[0] for part in (last if isinstance(last, tuple) else (last,))))
        return stream, given._replace(states=states)

    def speak(self, words: Int[Tensor, "row new"], given: Recalled) -> tuple[Float[Tensor, "row new hidden"], Recalled]:
        """What the output layer sees at each of `words`, and the states after them."""
        stream = self.dropout(self.target_embedding(words))
        if self.attention == "bahdanau":
            spoken = []
            for step in stream.split(1, 1):
                found = self.attend(given.states[-1][0][:, None], given)
                top, given = self.recur(torch.cat([step, found], 2), given)
                spoken.append(torch.cat([top, found], 2))
            return self.merge(torch.cat(spoken, 1)).tanh(), given
        top, given = self.recur(stream, given)
        if self.attention == "none":
            return top, given
        return self.merge(torch.cat([top, self.attend(top, given)], 2)).tanh(), given

    def forward(
        self, source: Int[Tensor, "row source"], shown: Int[Tensor, "row target"]
    ) -> Float[Tensor, "row target word"]:
        """Scores of the token after each of `shown`, which begins with a start."""
        scores: Tensor = self.out(self.speak(shown, self.encode(source))[0])
        return scores

    @torch.no_grad()
    def begin(self, source: Int[Tensor, "row source"]) -> Recalled:
        """What decoding starts from."""
        return self.encode(source)

    @torch.no_grad()
    def advance(self, words: Int[Tensor, "row new"], state: Recalled) -> tuple[Float[Tensor, "row word"], Recalled]:
        """Scores of the token after the last of `words`, which follow those that the state has seen."""
        spoken, state = self.speak(words, state)
        return self.out(spoken[:, -1]), state
