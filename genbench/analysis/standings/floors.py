"""What is scored without looking at a question, where the card does not say it: measured from the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genbench.analysis.standings.scores import Part
from genbench.scoring.constants import CENTRES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.analysis.standings.scores import OverSeeds
    from genbench.analysis.standings.splits import SplitRows

CONSTANT: Final = "majority"  # the baseline that gives the commonest training answer to every question
FLOORS: Final = frozenset({"chance", CONSTANT})  # baselines that look at no question


def constant(
    rows: SplitRows, together: Mapping[Part, OverSeeds], profile: str, question_set: str, axis: str = "", part: str = ""
) -> float | None:
    """What the best constant answer of training scores on a question set or a slice of it; None where it is not known.

    It is the mean of the baseline that gives it. The commonest answer is the best constant of every metric that is no
    error of numbers. Rows on other data than those of today tell nothing.
    """
    if rows.fact.metric in CENTRES:
        return None
    found = together.get(Part(*rows.where, CONSTANT, profile, question_set, axis, part))
    if found is None or any(cell.data != rows.data for cell in found.cells):
        return None
    return found.mean
