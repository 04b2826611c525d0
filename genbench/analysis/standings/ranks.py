"""Which standings are ranked, and how: a rank is shared where intervals overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from genbench.analysis.standings.order import section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.question_sets import Standing

OPEN: Final = "had the network or variables"


def why_unranked(standing: Standing, graded: Sequence[Cell], data: str) -> str:
    """One short reason, the first that holds; empty where the standing may be ranked."""
    lost = sum(count for _, count in standing.failed)
    reasons = (
        (any(cell.sealing == "network" for cell in graded), OPEN),  # first: it is told in every profile
        (standing.profile == "quick", "quick profile"),
        (standing.mean is None, "no seed was graded"),
        (standing.kind == "trained", "training asked again"),
        (lost > 0, f"{lost} of {lost + standing.seeds} seeds failed"),
        (any(cell.sealing == "none" for cell in graded), "ran without the wall"),
        (any(cell.data != data for cell in graded), "older edition of the data"),
        (standing.low is None, "one seed, no interval"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def ranked(found: Sequence[Standing]) -> list[Standing]:
    """Rank = 1 + the number of rivals whose interval lies wholly on the better side.

    So a rank is shared where intervals overlap, and being less certain never costs a place: more seeds tell more.
    """
    worst: dict[tuple[str, ...], list[float]] = defaultdict(list)  # the rivals' ends on the worse side, best first

    def contest(one: Standing) -> tuple[str, ...]:
        return one.task, one.split, one.question_set, one.profile

    for one in found:
        if not one.unranked:
            worst[contest(one)].append(_ends(one)[0])
    for ends in worst.values():
        ends.sort()
    return [
        one if one.unranked else replace(one, rank=1 + bisect_left(worst[contest(one)], _ends(one)[1])) for one in found
    ]


def _ends(one: Standing) -> tuple[float, float]:
    """The interval's (worse, better) end, turned so that less is better."""
    low, high = cast("float", one.low), cast("float", one.high)
    return (high, low) if one.direction == "lower" else (-low, -high)


def place(one: Standing) -> tuple[object, ...]:
    """A sort key: where among the standings of its section it is shown."""
    better = 0.0 if one.mean is None else one.mean if one.direction == "lower" else -one.mean
    return (*section(one), one.mean is None, one.rank is None, one.rank or 0, bool(one.failed), better, one.submission)
