"""How a Transformer is told where a token stands.

    none         not at all; a causal decoder can still count what it sees
    sinusoidal   sines and cosines added to the tokens                       Vaswani et al. 2017, section 3.5
    learned      a vector for each position, added to the tokens             Gehring et al. 2017 (arXiv:1705.03122)
    rotary       queries and keys turned by their position                   Su et al. 2021 (arXiv:2104.09864), 3.2
    shaw         a vector for each clipped distance, met by the query        Shaw et al. 2018 (arXiv:1803.02155), 3.2
    xl           projected sines of the distance, and two biases             Dai et al. 2019 (arXiv:1901.02860), 3.3
    t5           a number for each head and bucket of distances              Raffel et al. 2020 (arXiv:1910.10683), 2.1
    alibi        a penalty that grows with the distance                      Press et al. 2022 (arXiv:2108.12409)

`shaw` leaves out the vectors that are added to the values (their table 4 finds no difference) and `alibi` counts
distances on both sides where a stack sees both. `xl` is what Csordas et al. 2021 (arXiv:2108.12284) call relative.

Any of them may be told randomised positions (Ruoss et al. 2023, arXiv:2305.16843): the positions of a sequence are a
sorted sample, without replacement, of a range much longer than any training sequence; one sample for a batch. They
study encoders. A decoder does not know how long its answer will be, so here its positions are the first ones of a
sample whose size is drawn evenly between the answer's and the whole range; it answers with samples of half the range.
While a model is not training its samples are fixed ones, so that an answer depends on its question only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import torch
from torch import nn
from torch.nn import functional

from genbench import seeds
from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

Kind = Literal["none", "sinusoidal", "learned", "rotary", "shaw", "xl", "t5", "alibi"]
KINDS: tuple[str, ...] = get_args(Kind)
PERIOD = 10_000.0  # the longest wavelength over 2 pi; also that of rotary positions
CLIP = 16  # Shaw et al., section 4.1
BUCKETS, FURTHEST = 32, 128  # Raffel et al., section 2.1


class Layout(NamedTuple):
    """What the layers of a stack must know of where the tokens stand that ask, and those that they may look at."""

    mask: Float[Tensor, "#row #head #asked given"] | None  # added to the scores: 0, -inf, and what does not ask
    turns: tuple[Float[Tensor, "#row 1 asked part"], Float[Tensor, "#row 1 asked part"]] | None = None  # rotary
    which: Int[Tensor, "#row asked given"] | None = None  # the row of a table of distances; shaw and xl
    table: Float[Tensor, "distance dim"] | None = None  # sines of the distances; xl
    logs: Float[Tensor, "#row 1 asked 1"] | None = None  # of how many places each may look at, where that tempers


def sinusoids(where: Int[Tensor, "*shape"], dim: int) -> Float[Tensor, "*shape dim"]:
    """Sines and cosines of geometrically spaced wavelengths, the sines in the first half; `dim` is even."""
    rates = PERIOD ** (-torch.arange(0, dim, 2, device=where.device) / dim)
    angles = where[..., None] * rates
    return torch.cat([angles.sin(), angles.cos()], -1)


def turn(
    given: Float[Tensor, "*two row head place part"],
    turns: tuple[Float[Tensor, "#row 1 place part"], Float[Tensor, "#row 1 place part"]],
) -> Float[Tensor, "*two row head place part"]:
    """Rotate each pair of numbers, one from either half, by the angle of its place."""
    cosines, sines = turns
    first, second = given.chunk(2, -1)
    return given * cosines + torch.cat([-second, first], -1) * sines


def buckets(distances: Int[Tensor, "*shape"], *, both: bool) -> Int[Tensor, "*shape"]:
    """T5's bucket of each distance: one each for the near, logarithmic to FURTHEST, the sides apart if `both`."""
    count = BUCKETS // 2 if both else BUCKETS
    side = count * (distances > 0) if both else 0
    far = distances.abs() if both else (-distances).clamp_min(0)
    near = count // 2
    logs = near + (far.clamp_min(1) / near).log() / math.log(FURTHEST / near) * (count - near)
    return side + torch.where(far < near, far, logs.long().clamp_max(count - 1))


class Positions(nn.Module):
    """The positions of one stack: what is added to its tokens, and what all of its layers share.

    `both`: whether its tokens see those to their right. `longest` is how many positions a learned table has;
    `randomised` the range that positions are drawn from, 0 for 0, 1, 2, ...; `scale` multiplies what is added;
    `tempered`: whether the layers must know how many places each token may look at (see `attention`).
    """

    def __init__(
        self,
        kind: Kind,
        dim: int,
        heads: int,
        *,
        both: bool,
        masks: torch.Generator,
        longest: int = 512,
        randomised: int = 0,
        scale: float = 1.0,
        tempered: bool = False,
    ) -> None:
        super().__init__()
        if kind not in KINDS:
            raise BadValue(f"positions = {kind!r} is not known{nearest(str(kind), KINDS)}")
        if dim % (2 * heads):
            raise BadValue(f"dim = {dim} is not a multiple of twice the number of heads, {heads}")
        self.kind, self.dim, self.heads, self.both, self.scale = kind, dim, heads, both, scale
        self.generator, self.randomised, self.tempered = masks, randomised, tempered
        self.longest: int | None = None
        if randomised:
            self.longest = randomised if both else randomised // 2
        elif kind == "learned":
            self.longest = longest
        self.learned = nn.Embedding(randomised or longest, dim) if kind == "learned" else None
        self.bias = nn.Embedding(BUCKETS, heads) if kind == "t5" else None

    def initialize(self, generator: torch.Generator) -> None:
        """Draw the learned positions, as large as sinusoidal ones, and the buckets, near zero."""
        if self.learned is not None:
            nn.init.normal_(self.learned.weight, std=math.sqrt(0.5), generator=generator)
        if self.bias is not None:
            nn.init.normal_(self.bias.weight, std=0.02, generator=generator)

    def places(
        self, end: int, device: torch.device, lengths: Int[Tensor, " row"] | None = None
    ) -> Int[Tensor, "#row end"]:
        """The positions of the first `end` tokens; `lengths` are those of the rows, padding not counted.

        Raises BadValue where the scheme does not hold that many.
        """
        if self.longest is not None and end > self.longest:
            what = f"randomised = {self.randomised}" if self.randomised else "a learned table of positions"
            raise BadValue(f"a sequence of {end} tokens is longer than {what} holds: {self.longest}")
        if not self.randomised:
            return torch.arange(end, device=device)[None]
        if self.training:
            size = end
            if not self.both:
                size = int(torch.randint(end, self.randomised + 1, (), generator=self.generator, device=device))
            return self.sample(size, self.generator)[None, :end]
        if not self.both or lengths is None:
            return self.fixed(self.randomised // 2).to(device)[None, :end]
        sizes = lengths.tolist()
        samples = {size: functional.pad(self.fixed(size), (0, end - size)) for size in sizes}
        return torch.stack([samples[size] for size in sizes]).to(device)

    def sample(self, size: int, generator: torch.Generator) -> Int[Tensor, " size"]:
        """A sorted sample of the range."""
        return torch.randperm(self.randomised, generator=generator, device=generator.device)[:size].sort().values

    def fixed(self, size: int) -> Int[Tensor, " size"]:
        """The sample of this size that is used outside training, on the CPU."""
        generator = torch.Generator().manual_seed(seeds.derive("kit", "positions", self.randomised, size))
        return self.sample(size, generator)

    def added(self, where: Int[Tensor, "#row place"]) -> Float[Tensor, "#row place dim"] | float:
        """What is added to the tokens there."""
        if self.kind == "sinusoidal":
            return sinusoids(where, self.dim) * self.scale
        if self.learned is not None:
            embedded: Tensor = self.learned(where) * self.scale
            return embedded
        return 0.0

    def layout(
        self,
        asked: Int[Tensor, "#row asked"],
        given: Int[Tensor, "#row given"],
        mask: Float[Tensor, "#row 1 #asked given"] | None,
    ) -> Layout:
        """What the layers must know when tokens at `asked` look at tokens at `given`."""
        logs = (mask == 0).sum(-1, keepdim=True).log() if self.tempered and mask is not None else None
        if self.kind == "rotary":
            sines, cosines = sinusoids(asked, self.dim // self.heads)[:, None].chunk(2, -1)
            return Layout(mask, (torch.cat([cosines, cosines], -1), torch.cat([sines, sines], -1)), logs=logs)
        if self.kind not in {"shaw", "xl", "t5", "alibi"}:
            return Layout(mask, logs=logs)
        distances = given[:, None, :] - asked[:, :, None]
        if self.kind == "shaw":
            return Layout(mask, which=distances.clamp(-CLIP, CLIP) + CLIP, logs=logs)
        if self.kind == "xl":
            low, high = (int(number) for number in distances.aminmax())
            table = sinusoids(torch.arange(low, high + 1, device=distances.device), self.dim)
            return Layout(mask, which=distances - low, table=table, logs=logs)
        if self.bias is not None:
            bias = self.bias(buckets(distances, both=self.both)).movedim(-1, 1)
        else:
            slopes = 2.0 ** (-8 * torch.arange(1, self.heads + 1, device=distances.device) / self.heads)
            bias = -slopes[:, None, None] * distances.abs()[:, None]
        return Layout(bias if mask is None else bias + mask, logs=logs)


class Shaw(nn.Module):
    """A vector for each distance up to CLIP either way, shared by the heads of one layer."""

    def __init__(self, part: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(2 * CLIP + 1, part)

    def initialize(self, generator: torch.Generator) -> None:
        """Xavier uniform, as for matrices."""
        nn.init.xavier_uniform_(self.vectors.weight, generator=generator)

    def forward(
        self,
        query: Float[Tensor, "row head asked part"],
        keys: Float[Tensor, "row key_head given part"],
        index: Int[Tensor, "#row asked given"],
        table: Float[Tensor, "distance dim"] | None,
    ) -> Float[Tensor, "row head asked given"]:
        """What the query, already divided by the root of its size, adds to the scores."""
        del keys, table
        vectors: Tensor = self.vectors(index)
        return meet(query, vectors[:, None])


class Xl(nn.Module):
    """A projection of the distance's sines, and a bias each to the query that meets content and position."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(dim, dim, bias=False)
        self.content = nn.Parameter(torch.zeros(heads, 1, dim // heads))
        self.position = nn.Parameter(torch.zeros(heads, 1, dim // heads))

    def initialize(self, generator: torch.Generator) -> None:
        """Xavier uniform for the projection, zeros for the biases."""
        nn.init.xavier_uniform_(self.project.weight, generator=generator)
        nn.init.zeros_(self.content)
        nn.init.zeros_(self.position)

    def contents(self, keys: Float[Tensor, "row key_head given part"]) -> Float[Tensor, "row key_head given group"]:
        """What each key adds to the scores of all queries, for each head that shares it."""
        content = self.content.view(keys.shape[1], -1, keys.shape[-1])
        added: Tensor = keys @ (content * keys.shape[-1] ** -0.5).transpose(1, 2)
        return added

    def forward(
        self,
        query: Float[Tensor, "row head asked part"],
        keys: Float[Tensor, "row key_head given part"],
        index: Int[Tensor, "#row asked given"],
        table: Float[Tensor, "distance dim"] | None,
        contents: Float[Tensor, "row key_head given group"] | None = None,
    ) -> Float[Tensor, "row head asked given"]:
        """What is added to the scores of a query that is already divided by the root of its size.

        `contents` are those of the keys, where they are known.
        """
        scale = query.shape[-1] ** -0.5
        vectors = functional.embedding(index, self.project(table))
        vectors = vectors.view(*index.shape, self.heads, -1).permute(0, 3, 1, 2, 4)
        if contents is None or len(keys) == 1:  # a single row is multiplied by another kernel, whose sums are others
            contents = self.contents(keys)
        return meet(query + self.position * scale, vectors) + contents.transpose(2, 3).flatten(1, 2)[:, :, None]


def meet(
    query: Float[Tensor, "row head asked part"], vectors: Float[Tensor, "#row #head asked given part"]
) -> Float[Tensor, "row head asked given"]:
    """The product of each query with a vector for each thing it looks at.

    One product of matrices for each asked place, the rows (or heads) that share vectors together: on a CPU twice as
    fast as products with every distance that are then gathered or shifted into place.
    """
    if vectors.shape[0] == 1 and vectors.shape[1] == 1:
        rows, heads = query.shape[:2]
        mixed: Tensor = query.flatten(0, 1).transpose(0, 1) @ vectors[0, 0].transpose(1, 2)
        return mixed.transpose(0, 1).view(rows, heads, *vectors.shape[2:4])
    if vectors.shape[0] == 1:
        return (query.permute(1, 2, 0, 3) @ vectors[0].transpose(2, 3)).permute(2, 0, 1, 3)
    if vectors.shape[1] == 1:
        return (query.transpose(1, 2) @ vectors[:, 0].transpose(2, 3)).transpose(1, 2)
    return (query[:, :, :, None] @ vectors.transpose(3, 4)).squeeze(3)
