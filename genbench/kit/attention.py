"""Attention whose keys and values are made apart from their use, so that decoding can keep them.

Equation 1 of Vaswani et al. 2017 (arXiv:1706.03762) in each head.

A softmax over many places is flatter than over few, so what was sharp on short sequences is blurred on long ones. A
*tempered* one multiplies the products of queries and keys by a factor that grows with n, the number of places that may
be looked at:

    none      1
    log       ln n                          Chiang & Cholak 2022 (arXiv:2202.12172), section 5.3
    learned   a + b ln n, where a and b are learned for each head, from 1 and 0 on

Awasthi & Gupta 2023 (arXiv:2310.00726) let the temper depend on the length; how was not found.

*Sharpness jitter* prepares a model for attention that is sharper or flatter than any it was trained on, as it is over
longer sequences: in training all scores of a row in a layer are multiplied by one random factor. It is ours. `jitter`
turns it on in any model that is made of these layers; where it is not called, not one number is drawn.

*Grouped* heads share keys and values (Ainslie et al. 2023, arXiv:2305.13245): of `key_heads` heads of keys
and values, each is asked by heads // key_heads heads of queries that stand side by side. One for all of them is
multi-query attention (Shazeer 2019, arXiv:1911.02150); as many as heads, the default, is Vaswani's. Decoding keeps, and
reads at each token, so much less.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue
from genbench.kit.positions import Kind, Layout, Shaw, Xl, turn

Temper = Literal["none", "log", "learned"]
ROOM = 16  # places for an answer in a memory, to begin with

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    Place = Float[Tensor, "row key_head given part"]
    Memory = tuple[Place, ...]  # keys and values; where decoding keeps it, also what `SelfAttention.remember` adds


class Dropout(nn.Module):
    """Dropout that draws from a generator of its own; torch's draws from the global one."""

    def __init__(self, rate: float, generator: torch.Generator) -> None:
        super().__init__()
        self.rate, self.generator = rate, generator

    def forward(self, given: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Zero each number with probability `rate` while training, and scale the others up to keep the mean."""
        if not self.training or self.rate == 0:
            return given
        kept = torch.empty_like(given).bernoulli_(1 - self.rate, generator=self.generator)
        return given * kept.div_(1 - self.rate)


class Jitter(nn.Module):
    """A factor for the scores of each row, log-uniform from 1 / `most` to `most`, from a generator of its own."""

    def __init__(self, most: float, generator: torch.Generator) -> None:
        super().__init__()
        self.most, self.generator = most, generator

    def forward(self, like: Float[Tensor, "row head asked part"]) -> Float[Tensor, "row 1 1 1"] | None:
        """New factors while training; none while not, when all of them are 1."""
        if not self.training:
            return None
        drawn = torch.empty(len(like), 1, 1, 1, dtype=like.dtype, device=like.device)
        return drawn.uniform_(-1, 1, generator=self.generator).mul_(math.log(self.most)).exp_()


def jitter(model: nn.Module, most: float, generator: torch.Generator) -> None:
    """Let every attention of `model` draw the sharpness of its scores anew for each row while it trains.

    The factors are log-uniform from 1 / `most` to `most`, one a row and attention; `most` = 1 changes nothing. Raises
    `BadValue` for another `most` below 1, and for a model without attention of this module.
    """
    if not most >= 1 or math.isinf(most):
        raise BadValue(f"jitter = {most} must be a number from 1 on")
    if most == 1:
        return
    found = [part for part in model.modules() if isinstance(part, SelfAttention | CrossAttention)]
    if not found:
        raise BadValue(f"jitter = {most} is of attention's scores, and the model has no attention that knows it")
    drawn = Jitter(most, generator)
    for part in found:
        part.jitter = drawn


def grown(room: int, end: int) -> int:
    """How many places a memory of `room` must have to hold `end`: as many, or a quarter more.

    Not twice as many: each token reads all of them, which costs more than to copy them now and then.
    """
    return room if end <= room else max(end, room * 5 // 4 + 4)


def extend(past: Memory, length: int, new: Memory) -> Memory:
    """`past`, of which `length` places are in use, with `new` written after them; the places not in use are zero."""
    room, end = past[0].shape[2], length + new[0].shape[2]
    if end > room:
        past = tuple(_enlarged(part, length, grown(room, end)) for part in past)
    for part, more in zip(past, new, strict=True):
        part[:, :, length:end] = more
    return past


def _enlarged(part: Place, length: int, room: int) -> Place:
    """The first `length` places, and zeros up to `room`; padding would write each number twice.

    As large as what is read, and no larger: matrices that do not lie side by side take a product three times as long.
    """
    enlarged = part.new_empty((*part.shape[:2], room, part.shape[3]))
    enlarged[:, :, :length] = part[:, :, :length]
    enlarged[:, :, length:] = 0
    return enlarged


def shared(heads: int, key_heads: int | None) -> int:
    """How many heads of keys and values `heads` of queries share; None is one for each. Raises `BadValue`."""
    if key_heads is None:
        return heads
    if key_heads < 1 or heads % key_heads:
        raise BadValue(f"key_heads = {key_heads} must be 1 or more and divide heads = {heads}")
    return key_heads


def grouped(given: Float[Tensor, "row head asked last"], key_heads: int) -> Float[Tensor, "row key_head together last"]:
    """All that is asked of one head of keys in one matrix, so that the keys are read once for all heads of queries."""
    rows, heads, asked, last = given.shape
    return given if heads == key_heads else given.reshape(rows, key_heads, heads // key_heads * asked, last)


def mix(
    query: Float[Tensor, "row head asked part"],
    memory: Memory,
    layout: Layout,
    relative: nn.Module | None = None,
    sharpness: Float[Tensor, "row 1 1 1"] | None = None,
) -> Float[Tensor, "row asked dim"]:
    """Each head's mean of the values, weighted by how well the keys fit the query; the heads side by side.

    Keys and values may have fewer heads than the query, of which each group of neighbours shares one.
    `sharpness` multiplies whole scores, what the layout adds included.
    Torch's fused attention, but where it is the slower one on a CPU: where what is added to the scores asks for a
    gradient (t5, shaw, xl), and for a single query over keys that lie in one block, a third of its time.
    """
    keys, values, *more = memory
    mask = layout.mask
    if relative is None and query.shape[2] > 1 and (mask is None or not mask.requires_grad):
        if sharpness is not None:
            query = query * sharpness
            if mask is not None and mask.shape[1] > 1:  # of one head it is 0 and -inf alone, which no factor changes
                mask = mask * sharpness
        if keys.shape[1] < query.shape[1]:
            keys, values = (part.repeat_interleave(query.shape[1] // part.shape[1], 1) for part in (keys, values))
        mixed = functional.scaled_dot_product_attention(query, keys, values, attn_mask=mask)
    else:
        query = query * query.shape[-1] ** -0.5
        scores = (grouped(query, keys.shape[1]) @ keys.transpose(2, 3)).view(*query.shape[:3], -1)
        if relative is not None:
            scores = scores + relative(query, keys, layout.which, layout.table, *more)
        if mask is not None:
            scores = scores + mask
        if sharpness is not None:
            scores = scores * sharpness
        mixed = (grouped(scores.softmax(-1), values.shape[1]) @ values).view(query.shape)
    return mixed.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    """Attention of a sequence to itself, or to its past."""

    def __init__(
        self, dim: int, heads: int, positions: Kind, temper: Temper = "none", key_heads: int | None = None
    ) -> None:
        super().__init__()
        self.heads, self.temper = heads, temper
        self.key_heads = shared(heads, key_heads)
        self.jitter: Jitter | None = None
        if temper == "learned":
            self.base, self.growth = nn.Parameter(torch.ones(heads, 1, 1)), nn.Parameter(torch.zeros(heads, 1, 1))
        self.project = nn.Linear(dim, dim + 2 * self.key_heads * (dim // heads))
        self.out = nn.Linear(dim, dim)
        self.relative: Shaw | Xl | None = None
        if positions == "shaw":
            self.relative = Shaw(dim // heads)
        elif positions == "xl":
            self.relative = Xl(dim, heads)

    def initialize(self, generator: torch.Generator) -> None:
        """Xavier uniform, for the query's matrix apart from that of keys and values."""
        dim = self.out.in_features
        nn.init.xavier_uniform_(self.project.weight[:dim], generator=generator)
        nn.init.xavier_uniform_(self.project.weight[dim:], generator=generator)
        nn.init.xavier_uniform_(self.out.weight, generator=generator)
        nn.init.zeros_(self.project.bias)
        nn.init.zeros_(self.out.bias)
        if self.relative is not None:
            self.relative.initialize(generator)

    def remember(self, memory: Memory) -> Memory:
        """Keys and values, and what else of them is the same for all that will look at them."""
        return (*memory, self.relative.contents(memory[0])) if isinstance(self.relative, Xl) else memory

    def forward(
        self, asked: Float[Tensor, "row asked dim"], layout: Layout, past: Memory | None = None, length: int = 0
    ) -> tuple[Float[Tensor, "row asked dim"], Memory]:
        """What each place takes from those before it and its own; and their keys and values."""
        heads, key_heads = self.heads, self.key_heads
        projected = self.project(asked).unflatten(-1, (heads + 2 * key_heads, -1)).transpose(1, 2)
        if layout.turns is None:
            query, keys, values = projected.split((heads, key_heads, key_heads), 1)
        else:
            turned, values = projected.split((heads + key_heads, key_heads), 1)
            query, keys = torch.split(turn(turned, layout.turns), [heads, key_heads], 1)
        if layout.logs is not None:
            query = query * (layout.logs if self.temper == "log" else self.base + self.growth * layout.logs)
        memory: Memory = (keys, values)
        if past is not None:
            memory = extend(past, length, self.remember(memory))
        sharpness = None if self.jitter is None else self.jitter(query)
        mixed: Tensor = self.out(mix(query, memory, layout, self.relative, sharpness))
        return mixed, memory


class CrossAttention(nn.Module):
    """Attention of one sequence to another."""

    def __init__(self, dim: int, heads: int, key_heads: int | None = None) -> None:
        super().__init__()
        self.heads, self.key_heads = heads, shared(heads, key_heads)
        self.jitter: Jitter | None = None
        self.query = nn.Linear(dim, dim)
        self.keys_values = nn.Linear(dim, 2 * self.key_heads * (dim // heads))
        self.out = nn.Linear(dim, dim)

    def initialize(self, generator: torch.Generator) -> None:
        """Xavier uniform; no bias."""
        for part in (self.query, self.keys_values, self.out):
            nn.init.xavier_uniform_(part.weight, generator=generator)
            nn.init.zeros_(part.bias)

    def remember(self, given: Float[Tensor, "row given dim"]) -> Memory:
        """The keys and values of these places."""
        keys, values = self.keys_values(given).unflatten(-1, (2, self.key_heads, -1)).permute(2, 0, 3, 1, 4)
        return keys, values

    def forward(
        self, asked: Float[Tensor, "row asked dim"], memory: Memory, layout: Layout
    ) -> Float[Tensor, "row asked dim"]:
        """What each place takes from the other sequence."""
        query = self.query(asked).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        sharpness = None if self.jitter is None else self.jitter(query)
        mixed: Tensor = self.out(mix(query, memory, layout, sharpness=sharpness))
        return mixed
