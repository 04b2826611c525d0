"""What standings rest on beside scores: the marks of each cell, and of each question the slices it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.compute as pc

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import pyarrow as pa
    from jaxtyping import Float, Int

    from genbench.cards import TaskCard
    from genbench.rows.questions import Questions
    from genbench.rows.store import Store

# Metrics that give 1 where an answer, or the first of a ranking, is the target, and 0 elsewhere.
OF_EQUALITY: Final = frozenset({"exact_match", "top_1"})
CLOSE: Final = 1e-9  # marks whose mean is further from what SCORES say are not those of that score


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks of some cells of a split by one metric, and the questions of the split on one edition of its data.

    `marks` are by cell and question set: the digest of the questions' order, and a number for each question. `slices`
    are by question set and axis: for each question the number of its slice, and the slices' names. `targets` are by
    question set, where the metric asks whether an answer is the target: for each question a number that equal targets
    share.
    """

    marks: Mapping[tuple[str, str], tuple[str, Float[np.ndarray, " question"]]] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    slices: Mapping[tuple[str, str], tuple[Int[np.ndarray, " question"], tuple[str, ...]]] = field(default_factory=dict)
    targets: Mapping[str, Int[np.ndarray, " question"]] = field(default_factory=dict)
    _held: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    _places: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _chances: dict[Any, float | None] = field(default_factory=dict, init=False, compare=False, repr=False)

    def of(
        self, question_set: str, scored: Sequence[tuple[str, float]], within: Int[np.ndarray, " part"] | None = None
    ) -> Float[np.ndarray, "seed question"] | None:
        """The marks of cells on a question set, or `within` it, each with what SCORES say; None where some are missing.

        Cells that answered other questions are never put beside each other.
        """
        rows = self._together(question_set, tuple(cell for cell, _ in scored))
        if rows is None:
            return None
        if within is not None:
            rows = np.take(rows, within, axis=1)
        says = np.array([value for _, value in scored])
        return rows if rows.size and (np.abs(rows.mean(axis=1) - says) <= CLOSE * (1 + np.abs(says))).all() else None

    def _together(self, question_set: str, cells: tuple[str, ...]) -> Float[np.ndarray, "seed question"] | None:
        """The marks of cells on a whole question set; the latest are held, for their slices come one after another."""
        if self._held.get("of") != (question_set, cells):
            found = [self.marks.get((cell, question_set)) for cell in cells]
            known = [one for one in found if one is not None]
            same = len(known) == len(found) and len({order for order, _ in known}) == 1
            rows = np.stack([values for _, values in known]) if same else None
            self._held.update(of=(question_set, cells), rows=rows)
        return self._held["rows"]  # type: ignore[no-any-return]

    def along(
        self, question_set: str, axis: str, cell: str
    ) -> tuple[Int[np.ndarray, " question"], tuple[str, ...]] | None:
        """For each question that a cell was marked on the number of its slice along an axis, and the slices' names."""
        order, _ = self.marks.get((cell, question_set), ("", None))
        return self.slices.get((question_set, axis)) if order == self.orders.get(question_set) else None

    def places(self, question_set: str, axis: str, part: str, cell: str) -> Int[np.ndarray, " part"] | None:
        """Where the questions of a slice are among those that a cell was marked on; None where that is not known."""
        return None if self.along(question_set, axis, cell) is None else self._within(question_set, axis).get(part)

    def chance(self, question_set: str, axis: str = "", part: str = "") -> float | None:
        """What the right answers score where each question is given that of another, drawn by lot; or of a slice.

        Nobody is given the own answer, so a slice of few questions does not make chances by being small. None where the
        metric asks for more than equality, where questions are not known, and of fewer than two.
        """
        asked = question_set, axis, part
        if asked not in self._chances:  # every submission asks for it
            self._chances[asked] = self._chance(*asked)
        return self._chances[asked]

    def _chance(self, question_set: str, axis: str, part: str) -> float | None:
        targets = self.targets.get(question_set)
        if targets is not None and axis:
            within = self._within(question_set, axis).get(part) if (question_set, axis) in self.slices else None
            targets = None if within is None else targets[within]
        if targets is None or len(targets) < 2:
            return None
        alike, count = np.bincount(targets).astype(np.float64), len(targets)
        return float((alike * (alike - 1)).sum() / (count * (count - 1)))

    def _within(self, question_set: str, axis: str) -> Mapping[str, Int[np.ndarray, " part"]]:
        """Slice by slice, where its questions are among those of the set."""
        if (question_set, axis) not in self._places:
            numbers, names = self.slices[question_set, axis]
            order = np.argsort(numbers, kind="stable")
            ends = np.searchsorted(numbers[order], np.arange(1, len(names)))
            self._places[question_set, axis] = dict(zip(names, np.split(order, ends), strict=True))
        return self._places[question_set, axis]


NOTHING: Final = Marked()


def _equal(targets: pa.DictionaryArray) -> Int[np.ndarray, " question"]:
    """A number for each target that those share which are the same words."""
    indices = targets.indices.to_numpy(zero_copy_only=False)
    spelled = np.arange(len(targets.dictionary))
    if pc.any(pc.match_substring_regex(targets.dictionary, r"\s\s|^\s|\s$|[^\S ]")).as_py():
        known: dict[str, int] = {}
        words = (" ".join(text.split()) for text in targets.dictionary.to_pylist())
        spelled = np.array([known.setdefault(one, len(known)) for one in words])
    return np.asarray(spelled[indices])


@dataclass(frozen=True, slots=True)
class Evidence:
    """The marks and questions in some results folders, read a split at a time."""

    stores: Sequence[Store] = ()
    cards: Mapping[str, TaskCard] = field(default_factory=dict)
    tell: Callable[[str], object] = lambda _line: None

    def of(self, task: str, split: str, metric: str, cells: Collection[str], data: str) -> Marked:
        """What is kept of the cells of a split; what cannot be read is told of, and counts as not there."""
        if not self.stores or not cells:
            return NOTHING
        from genbench.analysis.marks import of_split

        marks = {
            (one.cell, one.question_set): (one.order, one.values)
            for store in self.stores
            for one in of_split(store, task, split, cells, metric, cards=self.cards, tell=self.tell)
        }
        questions = self.questions(task, split, data) if marks else {}
        orders = {name: one.order for name, one in questions.items()}
        for cell, name in sorted(where for where, (order, _) in marks.items() if order != orders.get(where[1], order)):
            self.tell(
                f"cell {cell} of {task}/{split} is compared with no other on {name}: its marks are of other questions "
                "than this edition of the data has"
            )
        return Marked(
            marks,
            orders,
            {
                (name, axis): (values.indices.to_numpy(zero_copy_only=False), tuple(values.dictionary.to_pylist()))
                for name, one in questions.items()
                for axis, values in one.slices.items()
                if values.null_count == 0
            },
            {name: _equal(one.targets) for name, one in questions.items()} if self._by_equality(task, metric) else {},
        )

    def _by_equality(self, task: str, metric: str) -> bool:
        """Whether a mark says that an answer is the target: the one there is, and as it is written."""
        card = self.cards.get(task)
        if card is not None and card.answer == "ranking":
            return metric in OF_EQUALITY and not card.target_type.startswith("list")
        return metric in OF_EQUALITY and (card is None or card.answer == "target")

    def questions(self, task: str, split: str, data: str) -> dict[str, Questions]:
        """The questions of a split on one edition of its data, by question set; none where no folder has them."""
        from genbench.rows.questions import questions_of

        for store in self.stores:
            try:
                return questions_of(store, task, split, data)
            except StoreFault:  # the folder has none of these questions
                continue
        return {}
