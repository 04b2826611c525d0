"""NACS: SCAN turned round. Actions are given, and a command that makes them is wanted.

Bastings, Baroni, Weston, Cho & Kiela 2018, "Jump to better conclusions: SCAN both left and right" (recalled, the paper
was not at hand). On SCAN a decoder need hardly look at what it has written; the other way round it must.

    actions   I_JUMP I_JUMP I_TURN_RIGHT I_WALK
    commands  jump twice and walk right

Several commands may make the same actions (`walk right after jump twice`), so an answer is not compared with the one
that SCAN has: it is executed (`executing.py`), and right when it makes the actions that were asked.

Splits are those of `tasks/scan` with its columns exchanged, and what follows from that is ours: each sequence of
actions is asked once, with the first of its commands in SCAN's order as target, and none is asked that training shows
under another command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from genbench import Data, load_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench import Value

SCAN = Path(__file__).resolve().parents[1] / "scan"
_commands = load_entry(SCAN, "task:load")


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split of SCAN, asked by their actions; columns and axes are SCAN's. Raises what SCAN raises."""
    data = _commands(split, params, seed)
    shown = data.train["actions"].combine_chunks()
    new = {name: rows.filter(pc.invert(pc.is_in(rows["actions"], shown))) for name, rows in data.questions.items()}
    return Data(train=data.train, questions={name: _once(rows) for name, rows in new.items()})


def _once(rows: pa.Table) -> pa.Table:
    """The first row of each sequence of actions."""
    firsts: dict[str, int] = {}
    for place, actions in enumerate(rows["actions"].to_pylist()):
        firsts.setdefault(actions, place)
    return rows.take(list(firsts.values()))
