"""LSTM and GRU encoder-decoders, with and without attention, from the kit.

Lake & Baroni 2018 (arXiv:1711.00350) ask their recurrent networks SCAN, Kim & Linzen 2020 (arXiv:2010.05465) theirs
COGS. Here the encoder is bidirectional and the decoder attends as in Luong et al. 2015 (arXiv:1508.04025, "general",
equations 5 and 8; what attention finds is not fed into the next step). `plain` has neither attention nor a
bidirectional encoder, so that all passes through one state; `gru` has other units.

Departures from either paper: AdamW with warm-up, linear decay and clipping in place of Adam or SGD at a constant rate;
token-budgeted batches in place of single examples (Lake & Baroni) or 128 of them (Kim & Linzen); teacher forcing
throughout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.kit.recurrent import Recurrent
from genbench.kit.sequence import Learner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Context, Value
    from genbench.kit.seeding import Generators
    from genbench.kit.sequence import Sizes


def build(sizes: Sizes, setting: Mapping[str, Value], generators: Generators) -> Recurrent:
    """The model that the card's parameters describe."""
    return Recurrent(
        sizes.source,
        sizes.target,
        dim=int(setting["dim"]),
        hidden=int(setting["hidden"]),
        layers=int(setting["layers"]),
        dropout=float(setting["dropout"]),
        cell=str(setting["cell"]),
        attention=str(setting["attention"]),
        bidirectional=bool(setting["bidirectional"]),
        generator=generators["weights"],
        masks=generators["masks"],
    )


def lstm(context: Context) -> Learner:
    """The submission."""
    return Learner(context, build)
