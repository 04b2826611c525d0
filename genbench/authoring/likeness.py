"""Whether two cells gave the same answers: joined by question id, all of them, and the scores made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from genbench.authoring.comparing import close, values_in
from genbench.cards.addresses import card_name
from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.rows.store import Store


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two cells are: questions answered alike, of how many, and (where, one, other) of scores."""

    alike: int
    questions: int
    scores: tuple[tuple[str, float | None, float | None], ...]

    @property
    def equal(self) -> bool:
        """Whether all answers are equal, and all scores."""
        return self.alike == self.questions and not self.scores

    @property
    def told(self) -> str:
        """`4012 of 4705 answers are equal (85.3 %); test exact_match 0.9123, 0.9201 in the proof`."""
        text = f"{self.alike} of {self.questions} answers are equal ({100 * self.alike / max(1, self.questions):.1f} %)"
        shown = [f"{where} {_number(one)}, {_number(other)} in the proof" for where, one, other in self.scores[:3]]
        return "; ".join([text, *shown, *(["..."] if len(self.scores) > len(shown) else [])])


def likeness(one: tuple[Store, Mapping[str, Any]], other: tuple[Store, Mapping[str, Any]]) -> Likeness:
    """Compare two cells, each given by its results and its row of CELLS. Raises `StoreFault` for rows that are gone."""
    answers, others = _answers(*one), _answers(*other)
    ids = answers.column("question_id")
    same_ids = ids.equals(others.column("question_id"))
    alike = pc.sum(pc.equal(answers.column("prediction"), others.column("prediction"))).as_py() or 0 if same_ids else 0
    scores, other_scores = _scores(*one), _scores(*other)
    differing = [
        (" ".join(part for part in where if part), scores.get(where), other_scores.get(where))
        for where in sorted(scores.keys() | other_scores.keys())
        if not close(scores.get(where), other_scores.get(where))
    ]
    return Likeness(int(alike), max(len(answers), len(others)), tuple(differing))


def _answers(store: Store, row: Mapping[str, Any]) -> pa.Table:
    return _table(store, row, "predictions").select(["question_id", "prediction"]).sort_by("question_id")


def _scores(store: Store, row: Mapping[str, Any]) -> dict[tuple[str, str, str, str], float]:
    """(question set, axis, slice, metric) -> value, that of the whole sets first."""
    return {where: found.value for where, found in values_in(_table(store, row, "scores")).items()}


def _table(store: Store, row: Mapping[str, Any], name: Any) -> pa.Table:
    found = store.read_cell(name, row["task"], card_name(row["submission"]), row["cell"])
    if found is None or isinstance(found, str):
        raise StoreFault(found or f"cell {row['cell']} in {store.place!r} has no {name}")
    return found


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"
