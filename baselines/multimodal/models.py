"""Five readers of an instruction and a screen, as the release of gCOG has them.

Ito, Dan, Rigotti, Kozloski & Campbell 2024 (arXiv:2401.15030); `GRU`, `MultimodalTransformer`, `Transformer`,
`SimpleCrossAttn` and `Perceiver` of gcog/models of IBM/gcog, written anew. A token is a row of numbers under a linear
map, plus sinusoids of its place; a block has attention of one head, two ReLU layers of its width, and normalization
after either. The answer is read at the last token. All weights are drawn as torch draws those of linear layers.

What makes them fast changes no function. A token is U' x, with x its few numbers v and a one for its place, so

- q . k = x U Wq Wk' U' x', where U Wq Wk' U' is one small table for all rows: attention among 101 tokens needs no
  query or key of 256 numbers, and what it mixes is weights @ v and the weights themselves;
- where only the last token is read, no other one asks.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue
from genbench.kit.positions import sinusoids

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from torch import Tensor

CLASSES = 138


class Tokens(NamedTuple):
    """What a batch shows of one side; rows are padded on the left, so that the last token of each is its end.

    `values` are numbers as they are, or zeros and ones for categories. `placed` is false where a token says itself
    where it is, and has no position. `absent` says which are padding; None where none is.
    """

    values: Float[Tensor, "row token value"]
    placed: bool = True
    absent: Bool[Tensor, "row token"] | None = None


class Block(nn.Module):
    """Embedding, attention of one head, two ReLU layers."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.embed = nn.Linear(width, dim)
        self.query, self.key, self.value, self.out = (nn.Linear(dim, dim) for _ in range(4))
        self.layers = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim), nn.ReLU())
        self.mixed_norm, self.norm = nn.LayerNorm(dim), nn.LayerNorm(dim)

    def forward(
        self,
        values: Float[Tensor, "row token value"],
        places: Float[Tensor, "token dim"],
        absent: Bool[Tensor, "row token"] | None,
        *,
        last: bool,
    ) -> Float[Tensor, "row asked dim"]:
        """The tokens after this block, or only the last of them."""
        width, dim = values.shape[2], places.shape[1]
        table = torch.cat([self.embed.weight.T, places + self.embed.bias])  # U: of each value, then of each place
        asking = table @ self.query.weight.T
        asking = torch.cat([asking[:width], asking[width:] + self.query.bias])  # a token has exactly one place
        # The bias of a key adds the same to all that a query is compared with, which softmax takes away.
        meeting = asking @ (table @ self.key.weight.T).T / math.sqrt(dim)
        worth = table @ self.value.weight.T @ self.out.weight.T
        shift = functional.linear(self.value.bias, self.out.weight, self.out.bias)  # for weights sum to 1
        first = values.shape[1] - 1 if last else 0
        own = values[:, first:]
        halfway = own @ meeting[:width] + meeting[width + first :]
        scores = torch.baddbmm(halfway[..., width:], halfway[..., :width], values.transpose(1, 2))
        if absent is not None:
            scores = scores.masked_fill(absent[:, None], -math.inf)
        weights = scores.softmax(-1)
        stream = torch.cat([weights @ values, weights, own], 2) @ torch.cat([worth, table[:width]])
        stream = self.mixed_norm(stream + (table[width + first :] + shift))
        return self.norm(stream + self.layers(stream))


class Attention(nn.Module):
    """Attention of one head, of queries of size `dim` to tokens of size `given`, few queries to many tokens."""

    def __init__(self, dim: int, given: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (
            nn.Linear(dim, dim),
            nn.Linear(given, dim, bias=False),
            nn.Linear(given, dim),
            nn.Linear(dim, dim),
        )

    def forward(
        self,
        queries: Float[Tensor, "row query dim"],
        tokens: Float[Tensor, "row token given"],
        absent: Bool[Tensor, "row token"] | None = None,
    ) -> Float[Tensor, "row query dim"]:
        """What each query finds. A key's matrix meets the query, not each of the tokens; a value's what was found."""
        asked = self.query(queries) @ self.key.weight / math.sqrt(len(self.key.weight))
        scores = asked @ tokens.transpose(1, 2)
        if absent is not None:
            scores = scores.masked_fill(absent[:, None], -math.inf)
        found: Tensor = self.out(self.value(scores.softmax(-1) @ tokens))
        return found


def places(tokens: Tokens, dim: int, begin: int = 0) -> Float[Tensor, "token dim"]:
    """Sinusoids of the places from `begin` on, or zeros."""
    where = torch.arange(begin, begin + tokens.values.shape[1], device=tokens.values.device)
    return sinusoids(where, dim) if tokens.placed else torch.zeros(len(where), dim, device=where.device)


def rising(*sizes: int) -> nn.Sequential:
    """Linear layers from size to size, a ReLU after each."""
    pairs = itertools.pairwise(sizes)
    return nn.Sequential(*(part for pair in pairs for part in (nn.Linear(*pair), nn.ReLU())))


class Gru(nn.Module):
    """A GRU that sees the whole screen beside each row of the instruction."""

    def __init__(self, instruction: int, screen: int, tokens: int, dim: int, hidden: int) -> None:
        super().__init__()
        del dim
        if not tokens:
            raise BadValue("model = 'gru' reads screens of one size, not object tokens; give it encoding=released")
        self.recur = nn.GRU(instruction + screen * tokens, hidden, batch_first=True)
        self.norm, self.answer = nn.LayerNorm(hidden), nn.Linear(hidden, CLASSES)

    def forward(self, instruction: Tokens, screen: Tokens) -> Float[Tensor, "row class"]:
        """The scores."""
        rows = instruction.values
        whole = screen.values.flatten(1)[:, None].expand(-1, rows.shape[1], -1)
        scores: Tensor = self.answer(self.norm(self.recur(torch.cat([rows, whole], 2))[1][0]))
        return scores


class SingleStream(nn.Module):
    """One block over instruction and screen, as one row of tokens."""

    def __init__(self, instruction: int, screen: int, tokens: int, dim: int, hidden: int) -> None:
        super().__init__()
        del tokens
        self.block = Block(instruction + screen, dim)
        self.layers = rising(dim, hidden, 2 * hidden, hidden)
        self.norm, self.answer = nn.LayerNorm(hidden), nn.Linear(hidden, CLASSES)
        self.dim = dim

    def forward(self, instruction: Tokens, screen: Tokens) -> Float[Tensor, "row class"]:
        """The scores. A screen's numbers stand behind those of the instruction, with zeros for the other's."""
        above, below = instruction.values, screen.values
        values = torch.cat([functional.pad(above, (0, below.shape[2])), functional.pad(below, (above.shape[2], 0))], 1)
        where = torch.cat([places(instruction, self.dim), places(screen, self.dim, above.shape[1])])
        absent = None if screen.absent is None else functional.pad(screen.absent, (above.shape[1], 0))
        scores: Tensor = self.answer(self.norm(self.layers(self.block(values, where, absent, last=True)[:, -1])))
        return scores


class Streams(nn.Module):
    """A block for each side."""

    def __init__(self, instruction: int, screen: int, dim: int) -> None:
        super().__init__()
        self.instruction, self.screen, self.dim = Block(instruction, dim), Block(screen, dim), dim

    def forward(
        self, instruction: Tokens, screen: Tokens, *, last: tuple[bool, bool]
    ) -> tuple[Float[Tensor, "row node dim"], Float[Tensor, "row token dim"]]:
        """Both after their blocks; of each all, or its last."""
        parts = zip((self.instruction, self.screen), (instruction, screen), last, strict=True)
        above, below = (block(one.values, places(one, self.dim), one.absent, last=only) for block, one, only in parts)
        return above, below


class DualStream(nn.Module):
    """A block for each side, which meet when both have been read."""

    def __init__(self, instruction: int, screen: int, tokens: int, dim: int, hidden: int) -> None:
        super().__init__()
        del tokens
        self.streams = Streams(instruction, screen, dim)
        self.above, self.below = rising(dim, hidden), rising(dim, hidden)
        self.joined_norm = nn.LayerNorm(hidden)
        self.layers = rising(hidden, 2 * hidden, 2 * hidden, hidden)
        self.norm, self.answer = nn.LayerNorm(hidden), nn.Linear(hidden, CLASSES)

    def forward(self, instruction: Tokens, screen: Tokens) -> Float[Tensor, "row class"]:
        """The scores."""
        above, below = self.streams(instruction, screen, last=(True, True))
        joined = self.joined_norm(self.above(above[:, -1]) + self.below(below[:, -1]))
        scores: Tensor = self.answer(self.norm(self.layers(joined)))
        return scores


class CrossAttention(nn.Module):
    """A block for each side; then the instruction asks the screen."""

    def __init__(self, instruction: int, screen: int, tokens: int, dim: int, hidden: int) -> None:
        super().__init__()
        del tokens
        self.streams = Streams(instruction, screen, dim)
        self.ask, self.found_norm = Attention(dim, dim), nn.LayerNorm(dim)
        self.layers = rising(dim, hidden, hidden)
        self.norm, self.answer = nn.LayerNorm(hidden), nn.Linear(hidden, CLASSES)

    def forward(self, instruction: Tokens, screen: Tokens) -> Float[Tensor, "row class"]:
        """The scores."""
        above, below = self.streams(instruction, screen, last=(True, False))
        stream = above + self.found_norm(self.ask(above, below, screen.absent))
        scores: Tensor = self.answer(self.norm(self.layers(stream[:, -1])))
        return scores


class Perceiver(nn.Module):
    """A block for each side; then a latent asks the instruction, and the screen, each time mixed with its like.

    The ten latents of the release begin as zeros and nothing tells them apart, so they stay equal, and attention among
    them gives each the value of any: one is computed, with the two matrices of that attention that have an effect.
    """

    def __init__(self, instruction: int, screen: int, tokens: int, dim: int, hidden: int) -> None:
        super().__init__()
        del tokens
        self.streams = Streams(instruction, screen, dim)
        self.above, self.below = Attention(hidden, dim), Attention(hidden, dim)
        self.above_norm, self.below_norm, self.norm = (nn.LayerNorm(hidden) for _ in range(3))
        self.above_layer, self.below_layer, self.layer = (rising(hidden, hidden) for _ in range(3))
        self.value, self.out = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.answer = nn.Linear(hidden, CLASSES)

    def forward(self, instruction: Tokens, screen: Tokens) -> Float[Tensor, "row class"]:
        """The scores."""
        above, below = self.streams(instruction, screen, last=(False, False))
        latent = above.new_zeros(len(above), 1, self.answer.in_features)
        for given, absent, ask, norm, layer in (
            (above, None, self.above, self.above_norm, self.above_layer),
            (below, screen.absent, self.below, self.below_norm, self.below_layer),
        ):
            found = norm(ask(latent, given, absent))
            latent = self.norm(latent + found + layer(found))
            latent = self.norm(latent + self.out(self.value(latent)))
        scores: Tensor = self.answer(self.layer(latent[:, -1]))
        return scores


MODELS = {
    "gru": Gru,
    "single_stream": SingleStream,
    "dual_stream": DualStream,
    "cross_attention": CrossAttention,
    "perceiver": Perceiver,
}


@torch.no_grad()
def initialize(model: nn.Module, generator: torch.Generator) -> None:
    """Draw every weight but those of norms: uniform within one by the root of the fan-in (of the units, in a GRU)."""
    for module in model.modules():
        if isinstance(module, nn.GRU | nn.Linear):
            bound = 1 / math.sqrt(module.in_features if isinstance(module, nn.Linear) else module.hidden_size)
            for weight in module.parameters():
                nn.init.uniform_(weight, -bound, bound, generator=generator)
