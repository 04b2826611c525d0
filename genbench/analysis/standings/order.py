"""The order of a leaderboard's sections: generalization first, full profile first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genbench.analysis.ordering import natural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings.curves import CurvePoint
    from genbench.analysis.standings.question_sets import Standing
    from genbench.analysis.standings.slices import SliceStanding

KINDS: Final = ("ood", "id", "trained")  # generalization first, in tables and on the page
PROFILES: Final = ("full", "quick")


def section(one: Standing | SliceStanding | CurvePoint) -> tuple[object, ...]:
    """Where on a leaderboard it stands: `length_30` before `length_100`."""
    return one.task, one.split, _among(one.kind, KINDS), natural(one.question_set), _among(one.profile, PROFILES)


def _among(name: str, known: Sequence[str]) -> tuple[int, str]:
    return (known.index(name) if name in known else len(known), name)
