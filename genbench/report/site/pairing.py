"""Some submissions of a split, two by two on the same questions; and the questions on which they differ most.

Only their own rows are opened: their scores and marks, and of one cell each the answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.comparison import Comparison, compare
from genbench.analysis.comparison import Rows as Side
from genbench.analysis.standings import Evidence
from genbench.analysis.standings.cells import newest_cells
from genbench.cards.addresses import card_name
from genbench.report.exports.texts import short

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from genbench.analysis.standings import Headline
    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.evidence import Marked
    from genbench.rows.questions import Questions
    from genbench.rows.store import Store

ANSWER: Final = 300  # letters of a target or an answer


@dataclass(frozen=True, slots=True)
class Differing:
    """A question on which two differ: its id and set, where it stands along axes, the target, and what each said."""

    question_set: str
    question: int
    slices: tuple[tuple[str, str], ...]
    target: str
    answers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions: their comparisons, on question sets and slices of them; what is left out, and why; questions.

    `seeds` are those whose answers are shown.
    """

    one: str
    other: str
    compared: tuple[Comparison, ...]
    left_out: tuple[str, ...]
    differing: tuple[Differing, ...]
    seeds: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Once(Evidence):
    """Evidence of which what some cells of one split have is read once, however many of them are compared."""

    cells: frozenset[str] = frozenset()
    kept: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def of(self, task: str, split: str, metric: str, cells: Collection[str], data: str) -> Marked:
        """What is kept of these cells, and of the others beside them."""
        key = ("marks", task, split, metric, data)
        if key not in self.kept:
            self.kept[key] = Evidence.of(self, task, split, metric, self.cells | set(cells), data)
        found: Marked = self.kept[key]
        return found

    def questions(self, task: str, split: str, data: str) -> dict[str, Questions]:
        """The questions of the split."""
        key = ("questions", task, split, data)
        if key not in self.kept:
            self.kept[key] = Evidence.questions(self, task, split, data)
        found: dict[str, Questions] = self.kept[key]
        return found


def pairs(
    names: Sequence[str],
    where: tuple[str, str, str],
    cells: Any,
    stores: Sequence[Store],
    evidence: Evidence,
    headlines: Mapping[str, Headline],
    axis: str,
) -> list[Pair]:
    """Every two of `names` on a split (task, split, profile), and along `axis`; `cells` are their CELLS there."""
    import pyarrow as pa

    task, split, profile = where
    keys = frozenset(cells["cell"].to_pylist())
    parts = [store.read("scores", cells=keys, within=lambda own, _: own == task).table for store in stores]
    evidence = Once(evidence.stores, evidence.cards, evidence.tell, keys)
    rows = Side(cells, pa.concat_tables(parts), evidence)
    kept = [cell for cell in newest_cells(cells, headlines) if cell.profile == profile and cell.status == "ok"]
    first: dict[str, Cell] = {}
    for cell in kept:
        first.setdefault(cell.submission, cell)  # the lowest seed
    answers = {name: _answers(cell, stores) for name, cell in first.items() if name in names}
    found = []
    for one, other in combinations(names, 2):
        compared, left_out, _ = compare(
            (rows, one), (rows, other), headlines, lambda label: label == f"{task}/{split}", axis
        )
        own = tuple(each for each in compared if each.profile == profile)
        differing: tuple[Differing, ...] = ()
        if one in first and other in first:
            asked = evidence.questions(task, split, first[one].data)
            differing = _differing(own, asked, answers[one], answers[other])
        seeds = tuple(first[name].seed if name in first else 0 for name in (one, other))
        found.append(Pair(one, other, own, tuple(map(short, left_out)), differing, (seeds[0], seeds[1])))
    return found


def _answers(cell: Cell, stores: Sequence[Store]) -> Any:
    """The answers of a cell, as an Arrow table; None where they cannot be read."""
    base = card_name(cell.base)
    for store in stores:
        found = store.read_cell("predictions", cell.task, base, cell.cell)
        if found is not None and not isinstance(found, str):
            return found
    return None


def _differing(compared: Sequence[Comparison], asked: Mapping[str, Any], one: Any, other: Any) -> tuple[Differing, ...]:
    """The questions on which the two differ most, of the question set on which they are furthest apart."""
    whole = [each for each in compared if not each.axis and each.most]
    if not whole or one is None or other is None:
        return ()
    furthest = max(whole, key=lambda each: abs(each.found.difference))
    questions = asked.get(furthest.question_set)
    if questions is None or len(questions.ids) != furthest.questions:
        return ()
    ids = [int(questions.ids[place]) for place in furthest.most]
    said = [_said(table, furthest.question_set, ids) for table in (one, other)]
    return tuple(
        Differing(
            short(furthest.question_set),
            number,
            tuple(
                (short(axis), short(str(values[place].as_py()), ANSWER)) for axis, values in questions.slices.items()
            ),
            _text(questions.targets, place),
            (said[0].get(number, ""), said[1].get(number, "")),
        )
        for place, number in zip(furthest.most, ids, strict=True)
    )


def _text(values: Any, place: int) -> str:
    return short(str(values[place].as_py()), ANSWER)


def _said(table: Any, question_set: str, ids: Sequence[int]) -> dict[int, str]:
    import pyarrow as pa
    import pyarrow.compute as pc

    own = table.filter(
        pc.and_(
            pc.equal(table["question_set"].cast(pa.string()), question_set),
            pc.is_in(table["question_id"], value_set=pa.array(ids, table["question_id"].type)),
        )
    )
    said = zip(own["question_id"].to_pylist(), own["prediction"].cast(pa.string()).to_pylist(), strict=True)
    return {number: short("" if text is None else text, ANSWER) for number, text in said}
