"""Layers of Transformers, and stacks of them.

`norm` is "pre", before each block and once at the end of the stack (arXiv:2002.04745), or "post", after each block, as
in Vaswani et al. 2017. `universal` shares one layer over the depth: Dehghani et al. 2019 (arXiv:1807.03819), without
halting and without a signal for the depth, as Csordas et al. 2021 (arXiv:2108.12284) use it.

`scaling` is how large tokens and positions are when training begins:

    small   tokens 0.3, positions 0.7, in root mean square; ours
    up      Xavier-uniform tokens times the root of dim: token embedding upscaling
    none    normal tokens of size 1
    down    small normal tokens (Kaiming), positions divided by the root of dim: position embedding downscaling

The last three are compared by Csordas et al., section 3.1. With either norm the matrices that write to the stream are
divided by the root of twice the depth, much as in GPT-2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, get_args

import torch
from torch import nn

from genbench.errors import BadValue, nearest
from genbench.kit.attention import CrossAttention, Dropout, SelfAttention, Temper
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.kit.attention import Memory
    from genbench.kit.positions import Kind, Layout, Positions

Norm = Literal["pre", "post"]
Scaling = Literal["small", "up", "none", "down"]
EMBEDDED = 0.3  # root mean square of an embedded token where scaling is "small"; a position's is 0.7


class Layer(nn.Module):
    """One layer of the encoder, or of the decoder where it also attends to the source."""

    def __init__(
        self,
        dim: int,
        heads: int,
        hidden: int,
        dropout: Dropout,
        *,
        positions: Kind,
        norm: Norm,
        crosses: bool,
        temper: Temper = "none",
        key_heads: int | None = None,
    ) -> None:
        super().__init__()
        self.pre = norm == "pre"
        self.own = SelfAttention(dim, heads, positions, temper, key_heads)
        self.own_norm = nn.LayerNorm(dim)
        self.cross = CrossAttention(dim, heads, key_heads) if crosses else None
        self.cross_norm = nn.LayerNorm(dim) if crosses else None
        self.rise, self.fall = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.forward_norm = nn.LayerNorm(dim)
        self.dropout = dropout

    def initialize(self, generator: torch.Generator, shrink: float) -> None:
        """Xavier uniform for matrices; those that write to the stream are then multiplied by `shrink`."""
        self.own.initialize(generator)
        if self.cross is not None:
            self.cross.initialize(generator)
        for part in (self.rise, self.fall):
            nn.init.xavier_uniform_(part.weight, generator=generator)
            nn.init.zeros_(part.bias)
        with torch.no_grad():
            for part in (self.own.out, self.fall, *([] if self.cross is None else [self.cross.out])):
                part.weight *= shrink

    def forward(
        self,
        stream: Float[Tensor, "row asked dim"],
        layout: Layout,
        source: Memory | None = None,
        source_layout: Layout | None = None,
        past: Memory | None = None,
        length: int = 0,
    ) -> tuple[Float[Tensor, "row asked dim"], Memory]:
        """The stream after this layer, and the keys and values of its own places, the `length` of `past` first."""
        mixed, memory = self.own(self.own_norm(stream) if self.pre else stream, layout, past, length)
        stream = stream + (self.dropout(mixed) if self.training else mixed)
        if not self.pre:
            stream = self.own_norm(stream)
        if self.cross is not None and self.cross_norm is not None:
            mixed = self.cross(self.cross_norm(stream) if self.pre else stream, source, source_layout)
            stream = stream + (self.dropout(mixed) if self.training else mixed)
            if not self.pre:
                stream = self.cross_norm(stream)
        risen = self.rise(self.forward_norm(stream) if self.pre else stream)
        stream = stream + self.dropout(self.fall(risen.relu_()))
        return stream if self.pre else self.forward_norm(stream), memory


class Stack(nn.Module):
    """Embedding, positions, layers and a last normalization: an encoder, or a decoder where it crosses."""

    def __init__(
        self,
        words: int,
        dim: int,
        heads: int,
        hidden: int,
        depth: int,
        dropout: Dropout,
        positions: Positions,
        *,
        norm: Norm,
        universal: bool,
        scaling: Scaling,
        crosses: bool,
        temper: Temper = "none",
        key_heads: int | None = None,
    ) -> None:
        super().__init__()
        for name, value, right in (
            ("norm", norm, get_args(Norm)),
            ("scaling", scaling, get_args(Scaling)),
            ("temper", temper, get_args(Temper)),
        ):
            if value not in right:
                raise BadValue(f"{name} = {value!r} is not known{nearest(str(value), right)}")
        self.embedding = nn.Embedding(words, dim)
        self.positions = positions
        self.depth, self.scaling, self.dropout = depth, scaling, dropout
        self.layers = nn.ModuleList(
            Layer(
                dim,
                heads,
                hidden,
                dropout,
                positions=positions.kind,
                norm=norm,
                crosses=crosses,
                temper=temper,
                key_heads=key_heads,
            )
            for _ in range(1 if universal else depth)
        )
        self.norm = nn.LayerNorm(dim) if norm == "pre" else nn.Identity()
        positions.scale = dim**-0.5 if scaling == "down" else 1.0

    def initialize(self, generator: torch.Generator) -> None:
        """Draw every weight from `generator`."""
        weight = self.embedding.weight
        dim = weight.shape[1]
        if self.scaling == "up":
            nn.init.xavier_uniform_(weight, generator=generator)
        else:
            spread = {"small": EMBEDDED * dim**-0.5, "none": 1.0, "down": math.sqrt(2 / dim)}[self.scaling]
            nn.init.normal_(weight, std=spread, generator=generator)
        self.positions.initialize(generator)
        for layer in self.deep:
            layer.initialize(generator, 1 / math.sqrt(2 * self.depth))

    @property
    def deep(self) -> list[Layer]:
        """The layers in the order they are used; one and the same where it is shared."""
        layers: list[Layer] = [*self.layers]
        return layers if len(layers) == self.depth else layers * self.depth

    def embed(self, words: Int[Tensor, "row word"], where: Int[Tensor, "#row word"]) -> Float[Tensor, "row word dim"]:
        """Words, and what their places add to them."""
        embedded = self.embedding(words)
        if self.scaling in {"small", "up"}:
            embedded = embedded * math.sqrt(embedded.shape[-1])  # Vaswani et al., section 3.4
        dropped: Tensor = self.dropout(embedded + self.positions.added(where))
        return dropped


def hidden_padding(source: Int[Tensor, "row source"]) -> Float[Tensor, "row 1 1 source"]:
    """A mask that hides the padding; none where a batch has none would be another kernel, and other answers."""
    return torch.zeros(source.shape, device=source.device).masked_fill_(source == PADDING, -math.inf)[:, None, None]


def hidden_future(asked: int, end: int, room: int, device: torch.device) -> Float[Tensor, "1 1 asked room"]:
    """A mask over `room` places that hides from each of the last `asked` of the first `end` what comes after it."""
    return torch.full((asked, room), -math.inf, device=device).triu_(1 + end - asked)[None, None]
