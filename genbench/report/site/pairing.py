"""Some submissions of a split, two by two on the same questions; and the questions on which they differ most.

Only their own rows are opened: their scores and marks, and of one cell each the answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from genbench.analysis.comparison import Comparison, between, sides
from genbench.analysis.comparison import Rows as Side
from genbench.analysis.standings import Evidence
from genbench.analysis.standings.cells import newest_cells
from genbench.report.exports.texts import short
from genbench.report.site.answers import ANSWER, answers_of, said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from genbench.analysis.standings import Headline
    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.evidence import Marked
    from genbench.report.site.at_hand import AtHand, Split
    from genbench.report.site.kept import Kept
    from genbench.rows.questions import Questions


@dataclass(frozen=True, slots=True)
class Differing:
    """A question on which two differ: its set and id, place along axes, what it asks, the target, what each said."""

    question_set: str
    question: int
    slices: tuple[tuple[str, str], ...]
    asked: str
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
    rows: Kept,
    headlines: Mapping[str, Headline],
    axis: str,
    hand: AtHand,
) -> Iterator[Pair]:
    """Every two of `names` on a split (task, split, profile), and along `axis`."""
    import pyarrow as pa

    task, split, profile = where
    cells = rows.of(task, split, names, profile)
    keys = frozenset(cells["cell"].to_pylist())
    parts = [store.read("scores", cells=keys, within=lambda own, _: own == task).table for store in rows.stores]
    evidence = Once(rows.evidence.stores, rows.evidence.cards, rows.evidence.tell, keys)
    side = Side(cells, pa.concat_tables(parts), evidence)
    own = {name: dict(sides(side, name, headlines, lambda label: label == f"{task}/{split}")) for name in names}
    first: dict[str, Cell] = {}
    for cell in newest_cells(cells, headlines):
        if cell.status == "ok" and cell.submission in names:
            first.setdefault(cell.submission, cell)  # the lowest seed
    answers = {name: answers_of(cell, rows.stores) for name, cell in first.items()}
    asked = {cell.data: evidence.questions(task, split, cell.data) for cell in first.values()}
    shown = {data: hand.answered(task, split, data) for data in asked}
    for one, other in combinations(names, 2):
        compared, left_out, _ = between((own[one], one), (own[other], other), axis)
        differing: tuple[Differing, ...] = ()
        if one in first and other in first:
            data = first[one].data
            differing = _differing(compared, asked[data], shown[data], answers[one], answers[other])
        seeds = tuple(first[name].seed if name in first else 0 for name in (one, other))
        yield Pair(one, other, tuple(compared), tuple(map(short, left_out)), differing, (seeds[0], seeds[1]))


def _differing(
    compared: Sequence[Comparison], asked: Mapping[str, Any], shown: Split | None, one: Any, other: Any
) -> tuple[Differing, ...]:
    """The questions on which the two differ most, of the question set on which they are furthest apart."""
    whole = [each for each in compared if not each.axis and each.most]
    if not whole or one is None or other is None:
        return ()
    furthest = max(whole, key=lambda each: abs(each.found.difference))
    questions = asked.get(furthest.question_set)
    if questions is None or len(questions.ids) != furthest.questions:
        return ()
    ids = [int(questions.ids[place]) for place in furthest.most]
    told = [said(table, furthest.question_set, ids) for table in (one, other)]
    return tuple(
        Differing(
            short(furthest.question_set),
            number,
            tuple((short(axis), short(str(values[place].as_py()), 80)) for axis, values in questions.slices.items()),
            "" if shown is None else shown.question(number),
            short(str(questions.targets[place].as_py()), ANSWER),
            (told[0].get(number, ""), told[1].get(number, "")),
        )
        for place, number in zip(furthest.most, ids, strict=True)
    )
