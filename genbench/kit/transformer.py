"""Transformers that turn one sequence of tokens into another: encoder-decoder, and decoder only.

Vaswani et al. 2017 (arXiv:1706.03762). As they stand, without options, the departures are those of a small model that
is trained briefly: layer normalization before each block (`norm`), source and target embeddings of their own and an
output layer tied to neither (`tied`), tokens that start smaller than positions (`scaling`; see `layers`), and dropout
after each block and on the embeddings only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue
from genbench.kit.attention import Dropout, grown
from genbench.kit.decoding import select
from genbench.kit.layers import Stack, hidden_future, hidden_padding
from genbench.kit.positions import Layout, Positions
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.kit.attention import Memory, Temper
    from genbench.kit.layers import Norm, Scaling
    from genbench.kit.positions import Kind

ROOM = 16  # places for an answer in a memory, to begin with


class Decoding(NamedTuple):
    """What an encoder-decoder keeps between two tokens."""

    memories: list[Memory]  # of the source, one a layer
    mask: Float[Tensor, "row 1 1 source"]
    pasts: list[Memory]  # of the answer, one a layer, with room for more
    length: int  # tokens of the answer so far

    def reorder(self, rows: Int[Tensor, " row"]) -> Decoding:
        """The state of these rows, each of which asks the same question as the one in its place."""
        return self._replace(pasts=select(self.pasts, rows))


class EncoderDecoder(nn.Module):
    """Encoder, decoder and output layer.

    `sources` and `targets` are the sizes of the vocabularies, `layers` the depth of either stack. Weights are drawn
    from `generator`, on the CPU; dropout and randomised positions from `masks`, on the device of the model. The
    argument `longest` is how many learned positions there are; the attribute, how many tokens the model can write.
    """

    def __init__(
        self,
        sources: int,
        targets: int,
        *,
        dim: int,
        heads: int,
        hidden: int,
        layers: int,
        generator: torch.Generator,
        masks: torch.Generator,
        dropout: float = 0.0,
        positions: Kind = "sinusoidal",
        longest: int = 512,
        randomised: int = 0,
        norm: Norm = "pre",
        scaling: Scaling = "small",
        tied: bool = False,
        universal: bool = False,
    ) -> None:
        super().__init__()
        self.heads, self.part = heads, dim // heads

        def stack(words: int, *, crosses: bool) -> Stack:
            where = Positions(
                positions, dim, heads, both=not crosses, masks=masks, longest=longest, randomised=randomised
            )
            return Stack(
                words,
                dim,
                heads,
                hidden,
                layers,
                Dropout(dropout, masks),
                where,
                norm=norm,
                universal=universal,
                scaling=scaling,
                crosses=crosses,
            )

        self.encoder = stack(sources, crosses=False)
        self.decoder = stack(targets, crosses=True)
        self.longest = self.decoder.positions.longest
        self.out = nn.Linear(dim, targets)
        nn.init.xavier_uniform_(self.out.weight, generator=generator)
        nn.init.zeros_(self.out.bias)
        self.encoder.initialize(generator)
        self.decoder.initialize(generator)
        if tied:
            self.out.weight = self.decoder.embedding.weight

    def encode(self, source: Int[Tensor, "row source"]) -> tuple[list[Memory], Float[Tensor, "row 1 1 source"]]:
        """What each decoder layer attends to, and the mask that hides the padding."""
        mask = hidden_padding(source)
        where = self.encoder.positions.places(source.shape[1], source.device, (source != PADDING).sum(1))
        layout = self.encoder.positions.layout(where, where, mask)
        stream = self.encoder.embed(source, where)
        for layer in self.encoder.deep:
            stream, _ = layer(stream, layout)
        stream = self.encoder.norm(stream)
        return [layer.cross.remember(stream) for layer in self.decoder.deep if layer.cross is not None], mask

    def forward(
        self, source: Int[Tensor, "row source"], shown: Int[Tensor, "row target"]
    ) -> Float[Tensor, "row target word"]:
        """Scores of the token after each of `shown`, which begins with a start."""
        memories, mask = self.encode(source)
        length = shown.shape[1]
        where = self.decoder.positions.places(length, shown.device)
        layout = self.decoder.positions.layout(where, where, hidden_future(length, length, length, shown.device))
        stream = self.decoder.embed(shown, where)
        for layer, memory in zip(self.decoder.deep, memories, strict=True):
            stream, _ = layer(stream, layout, memory, Layout(mask))
        scores: Tensor = self.out(self.decoder.norm(stream))
        return scores

    def room(self, source: Int[Tensor, "row source"]) -> Int[Tensor, " row"] | None:
        """How many tokens an answer to each row can have; None where there is no bound."""
        return None if self.longest is None else source.new_full((len(source),), self.longest)

    @torch.no_grad()
    def begin(self, source: Int[Tensor, "row source"]) -> Decoding:
        """What decoding starts from: the source's keys and values for each layer, and room for the answer's."""
        memories, mask = self.encode(source)
        shape = (len(source), self.heads, ROOM, self.part)
        pasts = [(keys.new_zeros(shape), keys.new_zeros(shape)) for keys, _ in memories]
        return Decoding([(keys.contiguous(), values.contiguous()) for keys, values in memories], mask, pasts, 0)

    @torch.no_grad()
    def advance(self, words: Int[Tensor, "row new"], state: Decoding) -> tuple[Float[Tensor, "row word"], Decoding]:
        """Scores of the token after the last of `words`, which follow those that the state has seen.

        The answer's keys and values are written into the state's own room: of two ways on from one state, only one.
        """
        new, end = words.shape[1], state.length + words.shape[1]
        where = self.decoder.positions.places(end, words.device)
        room = grown(state.pasts[0][0].shape[2], end)
        layout = self.decoder.positions.layout(
            where[:, state.length :],
            functional.pad(where, (0, room - end)),
            hidden_future(new, end, room, words.device),
        )
        source = Layout(state.mask)
        stream = self.decoder.embed(words, where[:, state.length :])
        pasts = []
        for layer, memory, past in zip(self.decoder.deep, state.memories, state.pasts, strict=True):
            stream, past = layer(stream, layout, memory, source, past, state.length)  # noqa: PLW2901
            pasts.append(past)
        scores: Tensor = self.out(self.decoder.norm(stream[:, -1]))
        return scores, state._replace(pasts=pasts, length=end)


class Prompt(NamedTuple):
    """A question as it is copied from."""

    words: Int[Tensor, "row source"]
    stream: Float[Tensor, "row source dim"]
    keys: Float[Tensor, "row source dim"]
    mask: Float[Tensor, "row 1 source"]  # -inf where there is padding


class Reading(NamedTuple):
    """What a decoder keeps between two tokens."""

    pasts: list[Memory]  # of prompt and answer, one a layer, with room for more
    lengths: Int[Tensor, " row"]  # of the prompts
    mask: Float[Tensor, "row 1 1 source"]  # hides what is right of a prompt, before the answer begins
    prompt: Prompt | None  # what can be copied
    length: int  # places in use, those right of a prompt among them


class Copy(nn.Module):
    """A mixture of saying a word and of copying one of the prompt, by attention to it.

    See et al. 2017 (arXiv:1704.04368), equations 8 and 9, without coverage, and without words that only the prompt has.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.query, self.keys, self.says = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(2 * dim, 1)

    def initialize(self, generator: torch.Generator) -> None:
        """Xavier uniform; no bias."""
        for part in (self.query, self.keys, self.says):
            nn.init.xavier_uniform_(part.weight, generator=generator)
            nn.init.zeros_(part.bias)

    def remember(self, words: Int[Tensor, "row source"], stream: Float[Tensor, "row source dim"]) -> Prompt:
        """What is copied from: the words of a prompt, and the last stream at each."""
        return Prompt(words, stream, self.keys(stream), hidden_padding(words)[:, 0])

    def forward(
        self, scores: Float[Tensor, "row asked word"], stream: Float[Tensor, "row asked dim"], prompt: Prompt
    ) -> Float[Tensor, "row asked word"]:
        """The logarithm of each word's probability."""
        fit = self.query(stream) * stream.shape[-1] ** -0.5 @ prompt.keys.transpose(1, 2) + prompt.mask
        weights = fit.float().softmax(-1)
        says = self.says(torch.cat([weights @ prompt.stream, stream], -1)).float().sigmoid()
        which = prompt.words[:, None].expand(weights.shape)
        mixed = (says * scores.float().softmax(-1)).scatter_add(2, which, (1 - says) * weights)
        logs: Tensor = mixed.clamp_min(torch.finfo(mixed.dtype).tiny).log()
        return logs


class DecoderOnly(nn.Module):
    """One stack that reads a question and writes on: source, start and answer are one sequence without padding between.

    Arguments as for `EncoderDecoder`. `shared`: source and target have one vocabulary, and one embedding of it; `copy`
    needs it. `longest` holds for question and answer together. `temper` is that of its softmax: see `attention`.
    """

    def __init__(
        self,
        sources: int,
        targets: int,
        *,
        dim: int,
        heads: int,
        hidden: int,
        layers: int,
        generator: torch.Generator,
        masks: torch.Generator,
        dropout: float = 0.0,
        positions: Kind = "sinusoidal",
        longest: int = 512,
        randomised: int = 0,
        norm: Norm = "pre",
        scaling: Scaling = "small",
        tied: bool = False,
        universal: bool = False,
        shared: bool = False,
        copy: bool = False,
        temper: Temper = "none",
    ) -> None:
        super().__init__()
        if shared and sources != targets:
            raise BadValue(f"shared = true, but there are {sources} source words and {targets} target words")
        if copy and not shared:
            raise BadValue("copy = true needs shared = true: what is copied must be a word of the answers")
        where = Positions(
            positions,
            dim,
            heads,
            both=False,
            masks=masks,
            longest=longest,
            randomised=randomised,
            tempered=temper != "none",
        )
        self.first = 0 if shared else sources  # of the target words in the embedding
        self.stack = Stack(
            self.first + targets,
            dim,
            heads,
            hidden,
            layers,
            Dropout(dropout, masks),
            where,
            norm=norm,
            universal=universal,
            scaling=scaling,
            crosses=False,
            temper=temper,
        )
        self.longest = where.longest
        self.out = None if tied else nn.Linear(dim, targets)
        self.copy = Copy(dim) if copy else None
        if self.out is not None:
            nn.init.xavier_uniform_(self.out.weight, generator=generator)
            nn.init.zeros_(self.out.bias)
        self.stack.initialize(generator)
        if self.copy is not None:
            self.copy.initialize(generator)

    def score(self, stream: Float[Tensor, "row asked dim"], prompt: Prompt | None) -> Float[Tensor, "row asked word"]:
        """Scores of the next word after each place."""
        scores: Tensor
        if self.out is not None:
            scores = self.out(stream)
        else:
            scores = functional.linear(stream, self.stack.embedding.weight[self.first :])
        if self.copy is not None:
            scores = self.copy(scores, stream, prompt)
        return scores

    def forward(
        self, source: Int[Tensor, "row source"], shown: Int[Tensor, "row target"]
    ) -> Float[Tensor, "row target word"]:
        """Scores of the token after each of `shown`, which begins with a start."""
        lengths, end = (source != PADDING).sum(1, keepdim=True), source.shape[1] + shown.shape[1]
        slots = torch.arange(end, device=source.device)[None]
        taken = torch.where(slots < lengths, slots, (slots - lengths + source.shape[1]).clamp_max(end - 1))
        words = torch.cat([source, shown + self.first], 1).gather(1, taken)
        where = self.stack.positions.places(end, source.device)
        layout = self.stack.positions.layout(where, where, hidden_future(end, end, end, source.device))
        stream = self.stack.embed(words, where)
        for layer in self.stack.deep:
            stream, _ = layer(stream, layout)
        stream = self.stack.norm(stream)
        answer = lengths + torch.arange(shown.shape[1], device=source.device)
        said = stream.gather(1, answer[:, :, None].expand(-1, -1, stream.shape[2]))
        prompt = None if self.copy is None else self.copy.remember(source, stream[:, : source.shape[1]])
        return self.score(said, prompt)

    def room(self, source: Int[Tensor, "row source"]) -> Int[Tensor, " row"] | None:
        """How many tokens an answer to each row can have; None where there is no bound."""
        return None if self.longest is None else self.longest - (source != PADDING).sum(1)

    @torch.no_grad()
    def begin(self, source: Int[Tensor, "row source"]) -> Reading:
        """What decoding starts from: keys and values of the prompt for each layer, and room for the answer's."""
        end = source.shape[1]
        where = self.stack.positions.places(end, source.device)
        layout = self.stack.positions.layout(where, where, hidden_future(end, end, end, source.device))
        stream = self.stack.embed(source, where)
        pasts = []
        for layer in self.stack.deep:
            stream, (keys, values) = layer(stream, layout)
            pasts.append((functional.pad(keys, (0, 0, 0, ROOM)), functional.pad(values, (0, 0, 0, ROOM))))
        prompt = None if self.copy is None else self.copy.remember(source, self.stack.norm(stream))
        return Reading(pasts, (source != PADDING).sum(1), hidden_padding(source), prompt, end)

    @torch.no_grad()
    def advance(self, words: Int[Tensor, "row new"], state: Reading) -> tuple[Float[Tensor, "row word"], Reading]:
        """Scores of the token after the last of `words`, which follow those that the state has seen.

        As with `EncoderDecoder.advance`, only one of two ways on from a state can be taken.
        """
        new, source, end = words.shape[1], state.mask.shape[3], state.length + words.shape[1]
        room = grown(state.pasts[0][0].shape[2], end)
        # A row whose prompt is short has room where the longest one, which has stopped, has none.
        places = self.stack.positions.places(end if self.longest is None else min(end, self.longest), words.device)[0]
        written = state.lengths[:, None] + torch.arange(end - source, device=words.device)
        answer = places[written.clamp_max(len(places) - 1)]
        given = functional.pad(torch.cat([places[:source].expand(len(words), -1), answer], 1), (0, room - end))
        future = hidden_future(new, end - source, room - source, words.device)
        mask = torch.cat([state.mask.expand(-1, -1, new, -1), future.expand(len(words), -1, -1, -1)], 3)
        layout = self.stack.positions.layout(answer[:, -new:], given, mask)
        stream = self.stack.embed(words + self.first, answer[:, -new:])
        pasts = []
        for layer, past in zip(self.stack.deep, state.pasts, strict=True):
            stream, past = layer(stream, layout, past=past, length=state.length)  # noqa: PLW2901
            pasts.append(past)
        stream = self.stack.norm(stream[:, -1:])
        return self.score(stream, state.prompt)[:, 0], state._replace(pasts=pasts, length=end)
