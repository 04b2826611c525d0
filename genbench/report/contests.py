"""A contest: the standings on one question set in one profile, and how whatever tells of them words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from genbench.report.wording import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing

Reported = Mapping[tuple[str, str, str], tuple[str, ...]]  # task, split, question set -> lines

REPORTED: Final = "Reported, not measured here and not ranked"
KIND: Final = {"ood": "out of distribution", "id": "drawn as in training", "trained": "training asked again", "": ""}
QUICK: Final = "quick profile: a smoke test, never ranked"
EMPTY: Final = "No rows yet: run `genbench evaluate`."


def contest(one: Standing) -> tuple[str, str, str, str]:
    """What the rows of a contest have in common: task, split, question set, profile."""
    return one.task, one.split, one.question_set, one.profile


def kind_of(one: Standing) -> str:
    """How its question set was drawn, in words, and whether questions could be learned of."""
    return ", ".join(part for part in (KIND.get(one.kind, one.kind), "transductive" * one.transductive) if part)


def metric_of(one: Standing) -> str:
    """The metric, and its direction where that is not up."""
    return one.metric + (", lower is better" if one.direction == "lower" else "")


def chance_of(one: Standing) -> str:
    """Its chance in words, and its floor and the best attainable where they are told; nothing where none is known."""
    told = (("chance", one.chance), ("floor", one.floor), ("best attainable", one.bayes))
    return ", ".join(f"{name} {figure(value, one.bounded)}" for name, value in told if value is not None)


def notes_on(row: Standing) -> tuple[str, ...]:
    """What a reader must know before believing the row, shortest first said."""
    notes = [f"{count} {status.replace('_', ' ')}" for status, count in row.failed]
    if row.one_seed:
        notes.append("one seed")
    if row.unranked and row.profile != "quick" and row.kind != "trained" and not row.failed and not row.one_seed:
        notes.append(row.unranked)
    if row.sees_questions:
        notes.append("learns of the questions during fit")
    if row.editions > 1:
        notes.append(f"{row.editions} editions mixed")
    if row.superseded:
        notes.append(f"{row.superseded} superseded")
    return tuple(notes)


def normalised(rows: Sequence[Standing]) -> bool:
    """Whether scores above chance say more than the means: chance is known, and not 0."""
    return bool(rows[0].chance) and any(row.above_chance is not None for row in rows)


def reported_on(one: Standing, reported: Reported) -> tuple[str, ...]:
    """The lines of published figures that belong below a table with this row: none below the quick profile's."""
    return reported.get((one.task, one.split, one.question_set), ()) if one.profile == "full" else ()
