"""How a submission is drawn: one hue and one shape wherever it occurs on the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing

HUES: Final = 7  # of Okabe & Ito 2008, told apart by colour-blind readers; style.css holds them
SHAPES: Final = 4  # markers; hue and shape together name 28 submissions


@dataclass(frozen=True, slots=True)
class Look:
    """How a submission is drawn, wherever it occurs on the page."""

    name: str
    hue: int
    shape: int


def looks_of(standings: Sequence[Standing]) -> dict[str, Look]:
    """One look per submission for the whole page; those who meet in a split differ in hue, or else in shape.

    Those who stand in most splits choose first.
    """
    meets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in standings:
        meets[one.submission].add((one.task, one.split))
    looks: dict[str, Look] = {}
    taken: dict[tuple[str, str], Counter[tuple[str, int]]] = defaultdict(Counter)
    for name in sorted(meets, key=lambda name: (-len(meets[name]), name)):
        met: Counter[tuple[str, int]] = Counter()
        for where in meets[name]:
            met.update(taken[where])
        hue = min(range(HUES), key=lambda hue: (met["hue", hue], hue))
        shape = min(range(SHAPES), key=lambda shape: (met[f"hue {hue}", shape], met["shape", shape], shape))
        looks[name] = Look(name, hue, shape)
        for where in meets[name]:
            taken[where].update([("hue", hue), ("shape", shape), (f"hue {hue}", shape)])
    return looks
