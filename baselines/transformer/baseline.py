"""Transformer encoder-decoders that turn one sequence of tokens into another, from the kit.

Vaswani et al. 2017 (arXiv:1706.03762) with sinusoidal positions, layer normalization before each block, AdamW with a
linear warm-up and a linear decay, and greedy decoding; `genbench.kit.transformer` names each departure.

The variants change one thing each, after Csordas, Irie & Schmidhuber 2021 (arXiv:2108.12284):

- `relative`: attention sees distances, not positions (in the form of Dai et al. 2019);
- `universal`: one layer for all depths (Dehghani et al. 2019 without halting), as wide as the others;
- `relative_universal`: both;
- `early`: stops by exact match on the validation rows, which come from the training distribution: what they warn of;
- `csordas`, `csordas_relative`: not one thing but their recipe for SCAN, as far as it was read: three layers, dropout
  .5, output and embedding tied, 50,000 steps. Width, heads and optimizer stay ours. They cut SCAN's lengths anew: see
  `longest` of `scan/length`;
- `long`: COGS until each held-out word was met 200 times.

All train for the card's steps, whatever validation says, but for `early`. Departures from their recipe, for a cell of
minutes on a CPU: a small model, few steps, token-budgeted batches and a decaying learning rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.kit.sequence import Learner
from genbench.kit.transformer import EncoderDecoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Context, Value
    from genbench.kit.seeding import Generators
    from genbench.kit.sequence import Sizes


def build(sizes: Sizes, setting: Mapping[str, Value], generators: Generators) -> EncoderDecoder:
    """The model that the card's parameters describe."""
    return EncoderDecoder(
        sizes.source,
        sizes.target,
        dim=int(setting["dim"]),
        heads=int(setting["heads"]),
        hidden=int(setting["hidden"]),
        layers=int(setting["layers"]),
        dropout=float(setting["dropout"]),
        positions=str(setting["positions"]),
        norm=str(setting["norm"]),
        scaling=str(setting["scaling"]),
        tied=bool(setting["tied"]),
        universal=bool(setting["universal"]),
        generator=generators["weights"],
        masks=generators["masks"],
    )


def transformer(context: Context) -> Learner:
    """The submission."""
    return Learner(context, build)
