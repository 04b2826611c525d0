"""Whether our rows show what a paper found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.papers.findings import Finding, Reading


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of ours with its 95 % interval, None where there is no ground for one; over how many seeds.

    `value` is None where `why` says what came in its place. `alone` says that one seed is all there is to be had.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    seeds: int = 0
    alone: bool = False
    why: str = ""


def joined(finding: Finding, known: Mapping[Reading, Measured]) -> Measured | None:
    """The figure of a finding, of its readings as they are known; None where one has no rows."""
    if finding.of is None or any(one not in known for one in finding.readings):
        return None
    found = [known[one] for one in finding.readings]
    if (without := next((one for one in found if one.value is None), None)) is not None:
        return without
    if len(found) == 1:
        return found[0]
    one, other = found
    alone = all(each.alone for each in found if each.seeds == 1)
    return _put_together(one, other, over=finding.over is not None, seeds=min(one.seeds, other.seeds), alone=alone)


def _put_together(one: Measured, other: Measured, *, over: bool, seeds: int, alone: bool) -> Measured:
    """One less the other, or over it, with an interval where both have one; a ratio is a difference of logarithms."""
    ends = [end for each in (one, other) for end in (each.value, each.low, each.high)]
    values = [end for end in (one.value, other.value) if end is not None]
    if over and min(values) <= 0:
        return Measured(None, seeds=seeds, why="there is no ratio of what is not above 0")
    known = [end for end in ends if end is not None and (not over or end > 0)]
    if len(known) < len(ends):
        return Measured(values[0] / values[1] if over else values[0] - values[1], seeds=seeds, alone=alone)
    scale, back = (math.log, math.exp) if over else (float, float)
    low, high = _less([scale(end) for end in known])
    return Measured(back(scale(values[0]) - scale(values[1])), back(low), back(high), seeds, alone)


def _less(ends: Sequence[float]) -> tuple[float, float]:
    """The interval of a difference, of both figures and their ends: value, low, high of the one and of the other.

    Distances of the ends from the figures are squared and added (MOVER; Zou & Donner 2008, doi:10.1002/sim.3095), as of
    two figures that know nothing of each other: where both are of the same questions it is wider than it need be.
    """
    one, one_low, one_high, other, other_low, other_high = ends
    below = math.hypot(one - one_low, other_high - other)
    above = math.hypot(one_high - one, other - other_low)
    return one - other - below, one - other + above


def verdict(finding: Finding, ours: Measured | None) -> str:
    """What our rows say of a finding; see the head of the room."""
    if finding.test:
        return "held by a test"
    if ours is None:
        return "open: no rows yet"
    if ours.value is None:
        return f"open: {ours.why}"
    seeds = ", one seed" if ours.seeds == 1 and not ours.alone else ""
    word = "reached" if finding.least <= ours.value <= finding.most else "not reached"
    if ours.low is None or ours.high is None:
        return f"{word} on the mean{seeds}"
    inside = finding.least <= ours.low and ours.high <= finding.most
    outside = ours.high < finding.least or ours.low > finding.most
    return f"{word}{seeds}" if inside or outside else f"{word} on the mean{seeds}"
