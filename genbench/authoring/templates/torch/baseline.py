"""A network of your own in torch: one GRU reads the question, another writes the answer from what the first one kept.

Sutskever et al. 2014 (arXiv:1409.3215), with the GRU of Cho et al. 2014 (arXiv:1406.1078). Open like this: the paper,
the table that is reproduced, and every departure from it.

The kit does the rest: it numbers tokens, makes batches of rows of like length, trains, keeps checkpoints, and decodes
greedily (docs/kit.md). What it asks of a model are the three methods below; a state may be any nesting of tensors whose
first dimension is the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from genbench.kit.sequence import Learner
from genbench.kit.vocabulary import PADDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.seeding import Generators
    from genbench.kit.sequence import Sizes


class Network(nn.Module):
    """All that the answer can know of the question is one vector of `hidden` numbers."""

    def __init__(self, sources: int, targets: int, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(sources, hidden), nn.Embedding(targets, hidden)
        self.encoder = nn.GRU(hidden, hidden, batch_first=True)
        self.decoder = nn.GRU(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, targets)
        for weight in self.parameters():  # drawn from the cell's seed, not from torch's global generator
            nn.init.uniform_(weight, -(hidden**-0.5), hidden**-0.5, generator=generator)

    def forward(
        self, source: Int[Tensor, "row source"], shown: Int[Tensor, "row target"]
    ) -> Float[Tensor, "row target word"]:
        """Scores of the token after each of `shown`, which begins with a start."""
        written, _ = self.decoder(self.target(shown), self.begin(source)[None])
        return self.out(written)

    def begin(self, source: Int[Tensor, "row source"]) -> Float[Tensor, "row hidden"]:
        """What decoding starts from: the encoder's state after the last token that is no padding."""
        lengths = (source != PADDING).sum(1).cpu()
        packed = pack_padded_sequence(self.source(source), lengths, batch_first=True, enforce_sorted=False)
        return self.encoder(packed)[1][0]

    def advance(
        self, words: Int[Tensor, "row new"], state: Float[Tensor, "row hidden"]
    ) -> tuple[Float[Tensor, "row word"], Float[Tensor, "row hidden"]]:
        """Scores of the token after the last of `words`, which follow those that the state has seen."""
        written, last = self.decoder(self.target(words), state[None].contiguous())
        return self.out(written[:, -1]), last[0]


def build(sizes: Sizes, setting: Mapping[str, Value], generators: Generators) -> Network:
    """The model that the card's parameters describe."""
    return Network(sizes.source, sizes.target, int(setting["hidden"]), generators["weights"])


def submission(context: Context) -> Learner:
    """What the card's `entry` names."""
    return Learner(context, build)
