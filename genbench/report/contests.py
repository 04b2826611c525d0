"""A contest: the standings on one question set in one profile, and how whatever tells of them words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from genbench.report.wording import NONE, between, figure, span
from genbench.report.wording import count as count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.inference import Gap, Heap
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


def chance_of(*alike: Standing) -> str:
    """Chance in words, and floor and the best attainable where they are told; nothing where none is known.

    Of several standings, as of settings of one split, the lowest and the highest.
    """
    found = {
        "chance": [one.chance for one in alike],
        "floor": [one.floor for one in alike],
        "best attainable": [one.bayes for one in alike],
    }
    told = {name: between(values, alike[0].bounded) for name, values in found.items()}
    return ", ".join(f"{name} {text}" for name, text in told.items() if text != NONE)


def notes_on(row: Standing) -> tuple[str, ...]:
    """What a reader must know before believing the row, shortest first said."""
    notes = [f"{count} {status.replace('_', ' ')}" for status, count in row.failed]
    if row.heap is not None:
        notes.append(heap_of(row.heap))
    if row.provisional:
        notes.append(f"provisional: {row.unranked}")
    elif row.unranked and row.profile != "quick" and row.kind != "trained" and not row.failed:
        notes.append(row.unranked)
    if row.one_seed and not row.provisional:
        notes.append("one seed")
    if row.deterministic and row.seeds == 1:
        notes.append("deterministic")
    if row.differ:
        notes.append("declared deterministic, and its seeds differ")
    if row.sees_questions:
        notes.append("learns of the questions during fit")
    if row.editions > 1 and not row.provisional:
        notes.append(f"{row.editions} editions mixed")
    if row.superseded:
        notes.append(f"run again: {count_of(row.superseded, 'older run')} put aside, the newest counts")
    return tuple(notes)


def heap_of(one: Heap) -> str:
    """Seeds that part, in words: how many succeed, and between which shares that says they do."""
    many = "all" if one.many == one.seeds else str(one.many)
    return f"{many} of {one.seeds} seeds at {one.least:g} or above ({one.low:.0%} to {one.high:.0%} of seeds)"


def ranks_of(ranks: tuple[int, int] | None) -> str:
    """The ranks that a submission may have: 1-3, or 2 alone; a dash for none."""
    if ranks is None:
        return NONE
    first, last = ranks
    return str(first) if first == last else f"{first}{NONE}{last}"


def gap_of(one: Gap | None, bounded: bool) -> str:
    """The generalization gap and its interval; nothing where there is none."""
    if one is None:
        return ""
    within = "" if one.low is None else f" ({span(one.low, one.high, bounded)})"
    return figure(one.value, bounded) + within


def units_of(one: Standing) -> str:
    """Over what the intervals are where that is not single questions: over 21 categories, or within them."""
    if one.strata:
        return f"intervals within {one.strata} {_several(one.stratum)}, which are all there are"
    if not one.clusters:
        return ""
    return f"intervals over {one.clusters} {_several(one.cluster) if one.clusters != 1 else one.cluster}"


def _several(axis: str) -> str:
    return axis[:-1] + "ies" if axis.endswith("y") else axis + "s"


def normalised(rows: Sequence[Standing]) -> bool:
    """Whether scores above the floor say more than the means: it is known, and not 0."""
    return bool(rows[0].ground) and any(row.above_floor is not None for row in rows)


def reported_on(one: Standing, reported: Reported) -> tuple[str, ...]:
    """The lines of published figures that belong below a table with this row: none below the quick profile's."""
    return reported.get((one.task, one.split, one.question_set), ()) if one.profile == "full" else ()


def levels_of(one: Standing) -> tuple[tuple[str, float], ...]:
    """Chance, floor and the best attainable on a question set, where they are told."""
    told = (("chance", one.chance), ("floor", one.floor), ("best attainable", one.bayes))
    return tuple((name, value) for name, value in told if value is not None)
