"""A Transformer of one stack, which reads a question and writes on; see `transformer` for its departures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadValue
from genbench.kit.attention import ROOM, Dropout, grown
from genbench.kit.copying import Copy
from genbench.kit.layers import Stack, hidden_future, hidden_padding
from genbench.kit.positions import Positions
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.kit.attention import Memory, Temper
    from genbench.kit.copying import Prompt
    from genbench.kit.layers import Norm, Scaling
    from genbench.kit.positions import Kind


class Reading(NamedTuple):
    """What a decoder keeps between two tokens."""

    pasts: list[Memory]  # of prompt and answer, one a layer, with room for more
    lengths: Int[Tensor, " row"]  # of the prompts
    mask: Float[Tensor, "row 1 1 source"]  # hides what is right of a prompt, before the answer begins
    prompt: Prompt | None  # what can be copied
    length: int  # places in use, those right of a prompt among them


class DecoderOnly(nn.Module):
    """One stack that reads a question and writes on: source, start and answer are one sequence without padding between.

    Arguments as for `transformer.EncoderDecoder`. `shared`: source and target have one vocabulary, and one embedding of
    it; `copy` needs it. `longest` holds for question and answer together. `temper` is that of its softmax and
    `key_heads`, a divisor of `heads`, the number of its heads of keys and values: see `attention`.
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
        key_heads: int | None = None,
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
            key_heads=key_heads,
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

    @torch.inference_mode()
    def begin(self, source: Int[Tensor, "row source"]) -> Reading:
        """What decoding starts from: keys and values of the prompt for each layer, and room for the answer's."""
        end = source.shape[1]
        where = self.stack.positions.places(end, source.device)
        layout = self.stack.positions.layout(where, where, hidden_future(end, end, end, source.device))
        stream = self.stack.embed(source, where)
        pasts = []
        for layer in self.stack.deep:
            stream, memory = layer(stream, layout)
            pasts.append(tuple(functional.pad(part, (0, 0, 0, ROOM)) for part in layer.own.remember(memory)))
        prompt = None if self.copy is None else self.copy.remember(source, self.stack.norm(stream))
        return Reading(pasts, (source != PADDING).sum(1), hidden_padding(source), prompt, end)

    @torch.no_grad()
    def advance(self, words: Int[Tensor, "row new"], state: Reading) -> tuple[Float[Tensor, "row word"], Reading]:
        """Scores of the token after the last of `words`, which follow those that the state has seen.

        As with `EncoderDecoder.advance`, only one of two ways on from a state can be taken.
        """
        with torch.inference_mode():  # not for the scores, which a caller may write into
            new, source, end = words.shape[1], state.mask.shape[3], state.length + words.shape[1]
            room = grown(state.pasts[0][0].shape[2], end)
            # A row whose prompt is short has room where the longest one, which has stopped, has none.
            longest = end if self.longest is None else min(end, self.longest)
            places = self.stack.positions.places(longest, words.device)[0]
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
