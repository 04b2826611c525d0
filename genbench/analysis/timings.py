"""Timings beside older ones: how many times as long, as fast or as large, with an interval, and whether that is sure.

A ratio is of two medians. The interval of each, as `genbench timing` wrote it, is taken as 1.96 standard errors to
either side on a logarithmic scale. That is how far repeats within one run scatter. Runs scatter more: other work,
another clock of the processor, another place in memory. How much is told by what cannot have changed: beside each
submission the same interpreter timed a product of matrices and a copy of memory, whose true ratio on one machine is 1.
The mean square of the logarithms of theirs, over all submissions that are compared, is the variance of a run, and is
added to that of each ratio of times; it has as many degrees of freedom as it has ratios, those of the sum are
Satterthwaite's.

Of another machine the product of matrices says how much faster it is, and `beside` is the ratio with that taken out. A
run's variance is then half the mean square of what product and copy disagree by. Memory does not depend on speed: its
ratios have neither. P-values are two-sided and adjusted for the number of all measures that are compared (Holm).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from genbench.analysis.inference.pairs import holm
from genbench.rows import clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Verdict = Literal["better", "worse", "no difference", "unknown"]

NORMAL: Final = 1.959964  # standard errors to either side of a 95 % interval
LEVEL: Final = 0.05
LOWER: Final = frozenset({"seconds", "bytes"})  # units of which less is better; of rates and shares more is
CALIBRATION: Final = {"matmul": "flop/s", "copy": "bytes/s"}  # measures of the machine, not of the submission
WHO: Final = ("task", "split", "submission", "profile", "device")


class Figure(NamedTuple):
    """A median with its interval, None where too few repeats hold one, and the machine that it was measured on."""

    value: float
    low: float | None
    high: float | None
    machine: str

    @property
    def error(self) -> float | None:
        """The standard error of its logarithm."""
        if self.low is None or self.high is None or self.low <= 0:
            return None
        return (math.log(self.high) - math.log(self.low)) / (2 * NORMAL)


class Noise(NamedTuple):
    """What a run adds to the variance of a ratio's logarithm, and of how many ratios that was learned."""

    variance: float
    ratios: int


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of a submission on a split, before and now.

    `ratio` is now over before, `low` and `high` its 95 % interval; `beside` the ratio at equal speed of the machines,
    None where it has no meaning. `p` is adjusted. `moved` says that the machines' descriptions differ.
    """

    task: str
    split: str
    submission: str
    profile: str
    device: str
    measure: str
    batch: int | None
    unit: str
    before: float
    now: float
    ratio: float
    low: float | None
    high: float | None
    beside: float | None
    p: float | None
    verdict: Verdict
    moved: bool


def changes(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[Change]:
    """What changed between two lots of TIMINGS rows, of the measures that both have, in the order of the new ones.

    Of a measure that was timed several times the newest counts.
    """
    older, newer = figures(before), figures(now)
    shared = [key for key in newer if key in older]
    told = [_Told(key, older[key], newer[key], _speeds(older, newer, key)) for key in shared]
    noise = {moved: _noise([one for one in told if one.moved == moved]) for moved in (False, True)}
    p = {place: one.p(noise[one.moved]) for place, one in enumerate(told) if one.measure not in CALIBRATION}
    sure = {place: value for place, value in p.items() if value is not None}
    adjusted = dict(zip(sure, holm(list(sure.values())), strict=True))
    return [one.change(noise[one.moved], adjusted.get(place)) for place, one in enumerate(told)]


Key = tuple[Any, ...]


def figures(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Figure]:
    """Medians and their intervals, by WHO, measure, batch and unit; the newest of each."""
    lots: dict[Key, dict[Any, dict[str, Any]]] = {}
    for row in rows:
        key = (*(row[name] for name in (*WHO, "measure", "batch", "unit")),)
        one = lots.setdefault(key, {}).setdefault(
            (clocks.when(row["started"]), row["cell"]), {"machine": row["machine"]}
        )
        one[row["statistic"]] = row["value"]
    found = {}
    for key, runs in lots.items():
        own = runs[max(runs)]
        middle = own.get("median", own.get("p50"))
        if middle is not None and middle > 0:
            found[key] = Figure(middle, own.get("low"), own.get("high"), own["machine"])
    return found


def _speeds(older: Mapping[Key, Figure], newer: Mapping[Key, Figure], key: Key) -> dict[str, float]:
    """How many times as fast the machine was as before, by each measure of it that was timed well beside `key`."""
    found = {}
    for name, unit in CALIBRATION.items():
        was, now = (lot.get((*key[: len(WHO)], name, None, unit)) for lot in (older, newer))
        if was is not None and now is not None and None not in (was.error, now.error):
            found[name] = now.value / was.value
    return found


def _noise(told: Sequence[_Told]) -> Noise:
    """What a run adds to the logarithm of a ratio of times."""
    squares: list[float] = []
    for speeds, moved in {one.key[: len(WHO)]: (one.speeds, one.moved) for one in told}.values():
        logs = [math.log(one) for one in speeds.values()]
        if not moved:
            squares += [one**2 for one in logs]
        elif len(logs) == len(CALIBRATION):
            squares.append((logs[0] - logs[1]) ** 2 / 2)
    return Noise(math.fsum(squares) / len(squares), len(squares)) if squares else Noise(0.0, 0)


class _Told:
    """A measure before and now: the ratio that decides, and how sure it is."""

    def __init__(self, key: Key, before: Figure, now: Figure, speeds: Mapping[str, float]) -> None:
        self.key, self.before, self.now, self.speeds = key, before, now, speeds
        self.measure, self.unit = key[len(WHO)], key[-1]
        self.ratio = now.value / before.value
        self.moved = before.machine != now.machine
        self.timed = self.unit not in {"bytes", "1"}
        self.beside: float | None = None
        if "matmul" in speeds and self.timed and self.measure not in CALIBRATION:
            self.beside = self.ratio * speeds["matmul"] if self.unit in LOWER else self.ratio / speeds["matmul"]
        self.decides = self.beside if self.moved and self.beside is not None else self.ratio
        errors = (before.error, now.error)
        self.within = None if None in errors else math.fsum((one or 0.0) ** 2 for one in errors)

    def spread(self, noise: Noise) -> tuple[float, float] | None:
        """The standard error of the ratio's logarithm and its degrees of freedom; None where it is not known."""
        of_time = self.timed and self.measure not in CALIBRATION
        if self.within is None or (of_time and not noise.ratios):
            return None
        run = noise.variance if of_time else 0.0
        whole = self.within + run
        return math.sqrt(whole), whole**2 / run**2 * noise.ratios if run else math.inf

    def p(self, noise: Noise) -> float | None:
        """Two-sided, of a true ratio of 1."""
        spread = self.spread(noise)
        if spread is None:
            return None
        far = abs(math.log(self.decides))
        return float(far == 0) if spread[0] == 0 else float(2 * _t(spread[1]).sf(far / spread[0]))

    def change(self, noise: Noise, p: float | None) -> Change:
        """What is told of it; `p` is adjusted."""
        spread = self.spread(noise)
        wide = None if spread is None else float(_t(spread[1]).isf(LEVEL / 2)) * spread[0]
        verdict: Verdict = "unknown"
        if p is not None:
            better = (self.decides < 1) == (self.unit in LOWER)
            verdict = "no difference" if p >= LEVEL else "better" if better else "worse"
        task, split, submission, profile, device, measure, batch, unit = self.key
        return Change(
            task, split, submission, profile, device, measure, batch, unit, self.before.value, self.now.value,
            self.ratio, None if wide is None else self.ratio * math.exp(-wide),
            None if wide is None else self.ratio * math.exp(wide), self.beside, p, verdict, self.moved,
        )  # fmt: skip


def _t(freedom: float) -> Any:
    from scipy import stats

    return stats.norm() if math.isinf(freedom) else stats.t(freedom)
