"""Which cells of a plan are there already, told without building data, making an environment or running anything.

Cells are looked for by the names that an evaluation would give them, so rows of other code, other packages or another
secret count for nothing. A name holds the fingerprint of the data: it is the one that is remembered of them, or that
the card declares; where neither is known, as with parameters set by hand that were never built here, those of the rows
at hand are tried. Of ten thousand cells the rows of CELLS are read once, and no other file: where one of those cannot
be read, the evaluation itself finds out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from genbench.cards.task import UNSEEN
from genbench.evaluation.keys import folders_of, key_of
from genbench.evaluation.known_data import KnownData
from genbench.evaluation.supplies import supplies

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from genbench.evaluation.plan import Cell
    from genbench.evaluation.salt import Salt
    from genbench.registry import ChosenSplit

COLUMNS: Final = ("cell", "task", "split", "data_fingerprint", "status")


def kept(cells: Sequence[Cell], there: pa.Table, salt: Salt | None = None) -> list[bool]:
    """Of each cell whether an evaluation with that `salt` would keep it, where `there` are the rows of CELLS."""
    if salt is not None:
        cells = [replace(cell, salt=salt.digest) for cell in cells]
    folders, known = folders_of(cells), KnownData()
    needed = supplies(cells, some=True, make=False)
    ended: set[str] = set()  # well, by the names of cells
    data: dict[tuple[str, str], set[str]] = defaultdict(set)  # fingerprints of a split's data
    for key, task, split, fingerprint, status in zip(
        *(there.column(name).to_pylist() for name in COLUMNS), strict=True
    ):
        if status == "ok":
            ended.add(key)
            data[task, split].add(fingerprint)
    now: dict[tuple[str, str], str | None] = {}
    found = []
    for cell in cells:
        split = (cell.split.task.name, cell.split.label)
        if split not in now:
            now[split] = known.of(cell.split) or _declared(cell.split)
        possible = data[split] if now[split] is None else data[split] & {now[split]}
        supply = needed.of(cell)
        names = (key_of(cell, one, folders, supply) for one in possible if not needed.lacks(cell))
        found.append(any(name in ended for name in names))
    return found


def _declared(chosen: ChosenSplit) -> str | None:
    """The fingerprint that the card declares, where it is of these data."""
    plain = not chosen.given and not chosen.salted and chosen.split.fingerprint != UNSEEN
    return chosen.split.fingerprint if plain else None
