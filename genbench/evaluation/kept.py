"""Which cells of a plan are there already, told without building data, making an environment or running anything.

Cells are looked for by the names that an evaluation would give them, so rows of other code, other packages or another
secret count for nothing. A name holds the fingerprint of the data: it is the one that is remembered of them, or that
the card declares; where neither is known, as with parameters set by hand that were never built here, those of the rows
at hand are tried.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genbench.cards.task import UNSEEN
from genbench.evaluation.keys import folders_of, key_of
from genbench.evaluation.known_data import KnownData
from genbench.evaluation.supplies import supplies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.evaluation.plan import Cell
    from genbench.evaluation.salt import Salt
    from genbench.registry import ChosenSplit
    from genbench.rows.store import Store


def kept(cells: Sequence[Cell], store: Store, salt: Salt | None = None) -> list[bool]:
    """Of each cell whether an evaluation into `store`, with that `salt`, would keep it."""
    if salt is not None:
        cells = [replace(cell, salt=salt.digest) for cell in cells]
    folders, known = folders_of(cells), KnownData()
    needed = supplies(cells, some=True, make=False)
    possible: dict[tuple[str, str], set[str]] = {}  # fingerprints of a split's data that rows could have now
    found = []
    for cell in cells:
        task, chosen = cell.split.task.name, cell.split
        split = (task, chosen.label)
        if split not in possible:
            now = known.of(chosen) or _declared(chosen)
            rows = {row["data_fingerprint"] for row in store.index(*split)}
            possible[split] = rows if now is None else rows & {now}
        names = (key_of(cell, data, folders, needed.of(cell)) for data in possible[split] if not needed.lacks(cell))
        found.append(any(store.finished(task, cell.submission.card.name, name) for name in names))
    return found


def _declared(chosen: ChosenSplit) -> str | None:
    """The fingerprint that the card declares, where it is of these data."""
    plain = not chosen.given and not chosen.salted and chosen.split.fingerprint != UNSEEN
    return chosen.split.fingerprint if plain else None
