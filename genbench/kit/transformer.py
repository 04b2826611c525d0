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

from genbench.kit.attention import ROOM, Dropout, grown
from genbench.kit.decoder_only import DecoderOnly
from genbench.kit.decoding import select
from genbench.kit.layers import Stack, hidden_future, hidden_padding
from genbench.kit.positions import Layout, Positions
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.kit.attention import Memory
    from genbench.kit.layers import Norm, Scaling
    from genbench.kit.positions import Kind

__all__ = ["DecoderOnly", "EncoderDecoder"]


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
    `key_heads`, as many as `heads` or a divisor, are those of the decoder's keys and values, its own and the source's
    (see `attention`); the encoder has them all, for it reads all at once and keeps nothing to be read at each token.
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
        key_heads: int | None = None,
    ) -> None:
        super().__init__()

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
                key_heads=key_heads if crosses else None,
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

    @torch.inference_mode()
    def begin(self, source: Int[Tensor, "row source"]) -> Decoding:
        """What decoding starts from: the source's keys and values for each layer, and room for the answer's."""
        memories, mask = self.encode(source)
        keys = memories[0][0]
        room = keys.new_zeros((*keys.shape[:2], ROOM, keys.shape[3]))
        pasts = [layer.own.remember((room.clone(), room.clone())) for layer in self.decoder.deep]
        return Decoding([(keys.contiguous(), values.contiguous()) for keys, values in memories], mask, pasts, 0)

    @torch.no_grad()
    def advance(self, words: Int[Tensor, "row new"], state: Decoding) -> tuple[Float[Tensor, "row word"], Decoding]:
        """Scores of the token after the last of `words`, which follow those that the state has seen.

        The answer's keys and values are written into the state's own room: of two ways on from one state, only one.
        """
        with torch.inference_mode():  # not for the scores, which a caller may write into
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
            stream = self.decoder.norm(stream[:, -1])
        scores: Tensor = self.out(stream)
        return scores, state._replace(pasts=pasts, length=end)
