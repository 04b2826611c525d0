"""A network that trains on recombined pairs beside the training rows: `recombine` makes them, the kit trains.

Andreas 2020 (arXiv:1904.09545) trains an LSTM with attention on such pairs; here it is the one of `baselines/lstm`, or
with `model = "transformer"` the one of `baselines/transformer`. The new pairs are `share` times as many as the training
rows and are mixed with them evenly; the paper draws from them with a probability instead.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from recombine import recombined

from genbench.errors import BadValue
from genbench.kit.recurrent import Recurrent
from genbench.kit.sequence import Learner
from genbench.kit.transformer import EncoderDecoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import nn

    from genbench import Context, Value
    from genbench.kit.seeding import Generators
    from genbench.kit.sequence import Sizes


def build(sizes: Sizes, setting: Mapping[str, Value], generators: Generators) -> nn.Module:
    """The model that the card's parameters describe. Raises `BadValue` for one that is not known."""
    common = {
        "dim": int(setting["dim"]),
        "hidden": int(setting["hidden"]),
        "layers": int(setting["layers"]),
        "dropout": float(setting["dropout"]),
        "generator": generators["weights"],
        "masks": generators["masks"],
    }
    if setting["model"] == "lstm":
        return Recurrent(sizes.source, sizes.target, **common)
    if setting["model"] == "transformer":
        positions = str(setting["positions"])
        return EncoderDecoder(sizes.source, sizes.target, heads=int(setting["heads"]), positions=positions, **common)
    raise BadValue(f"model is {setting['model']!r}; it must be lstm or transformer")


def recombination(context: Context) -> Learner:
    """The submission. Raises `BadValue` for a share below 0."""
    share = float(context.params["share"])
    if share < 0:
        raise BadValue(f"share is {context.params['share']}; it must be 0 or more")
    (column,) = context.inputs

    def augment(rows: pa.Table, generator: torch.Generator) -> pa.Table:
        columns = [pc.utf8_split_whitespace(rows.column(name)).to_pylist() for name in (column, context.target)]
        pairs = [(tuple(source), tuple(target)) for source, target in zip(*columns, strict=True)]
        new = recombined(pairs, share, generator)
        sys.stderr.write(f"recombination: {len(new)} new pairs beside {len(pairs)}\n")
        made = {
            column: [" ".join(source) for source, _ in new],
            context.target: [" ".join(target) for _, target in new],
        }
        kept = rows.select([column, context.target])
        return pa.concat_tables([kept, pa.table(made, schema=kept.schema)])

    return Learner(context, build, augment=augment)
