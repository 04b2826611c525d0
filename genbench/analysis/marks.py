"""The marks of a split: as kept in MARKS, and of cells older than that table made of their answers and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench import registry
from genbench.cards.addresses import card_name
from genbench.rows import marks as kept
from genbench.scoring.marking import marks_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from genbench.cards import TaskCard
    from genbench.rows.marks import Marks
    from genbench.rows.store import Store


def of_split(
    store: Store,
    task: str,
    split: str,
    cells: Collection[str] | None = None,
    metric: str | None = None,
    *,
    cards: Mapping[str, TaskCard] | None = None,
    tell: Callable[[str], object] = lambda _line: None,
) -> list[Marks]:
    """The marks of a split, by its label: of all cells or of those named, by all metrics or by one.

    Sorted by cell, question set and metric. A cell without marks that are kept, or with such as cannot be read, has
    those by `metric`, or by the headline of its task's card among `cards` (those of today, by default); `tell` is given
    a line on what cannot be read or made. A metric of a whole question set has none.
    """
    broken: dict[str, str] = {}
    found = kept.of_split(store, task, split, cells, metric, unreadable=broken)
    for fault in broken.values():
        tell(f"marks are made anew of answers and targets: {fault}")
    wanted = store.keys(task, split) if cells is None else store.keys(task, split) & set(cells)
    older = wanted - {one.cell for one in found}
    if not older:
        return found
    card = (registry.catalogue().tasks if cards is None else cards).get(task)
    rows = {row["cell"]: row for row in store.index(task)}
    for cell in sorted(older):
        predictions = store.read_cell("predictions", task, card_name(rows[cell]["submission"]), cell)
        scores = store.read_cell("scores", task, card_name(rows[cell]["submission"]), cell)
        if predictions is None or scores is None:  # a cell that failed
            continue
        if unreadable := [one for one in (predictions, scores) if isinstance(one, str)]:
            tell(unreadable[0])
            continue
        try:
            made = marks_kept({"cell": cell}, rows[cell]["data_fingerprint"], predictions, scores, card, metric)
        except ValueError as fault:
            tell(f"cell {cell} of {task}/{split} has no marks: {fault}")
            continue
        found += [kept.marks_in(row) for row in made]
    return sorted(found, key=lambda one: (one.cell, one.question_set, one.metric))
