"""A head that copies words of a prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

from genbench.kit.layers import hidden_padding

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor


class Prompt(NamedTuple):
    """A question as it is copied from."""

    words: Int[Tensor, "row source"]
    stream: Float[Tensor, "row source dim"]
    keys: Float[Tensor, "row source dim"]
    mask: Float[Tensor, "row 1 source"]  # -inf where there is padding


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
