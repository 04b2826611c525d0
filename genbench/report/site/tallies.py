"""A submission on a task in one line: asked beyond training, as in training, the gap, and how often it is first."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.report.site.scale import Scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genbench.analysis.standings import Standing


@dataclass(frozen=True, slots=True)
class Tally:
    """A submission on a task: means over the splits on which it answered all, of `of` splits that ask beyond training.

    A mean is None where it answered none; `first` counts the question sets beyond training on which it may be the best,
    of the `ranked` ones. `least` and `most` are the ends of the task's scores.
    """

    ood: float | None
    id: float | None
    gap: float | None
    first: int
    ranked: int
    ood_splits: int
    of: int
    bounded: bool
    lower: bool
    provisional: bool
    least: float = 0.0
    most: float = 1.0

    def shade(self, value: float | None) -> float | None:
        """How dark a heat map has a value, from 0 to 1: the better, the darker."""
        if value is None:
            return None
        part = Scale(self.least, self.most).at(value) / 100
        return 1 - part if self.lower else part


def tallies(standings: Sequence[Standing]) -> dict[tuple[str, str], dict[str, Tally]]:
    """Profile and submission -> task -> tally; of a task with splits as on its card, of these alone."""
    graded = [one for one in standings if one.kind != "trained"]
    plain = {one.task for one in graded if ":" not in one.split}
    kept = [one for one in graded if ":" not in one.split or one.task not in plain]
    splits: dict[tuple[str, str], set[str]] = defaultdict(set)
    known: dict[str, list[float]] = defaultdict(list)
    own: dict[tuple[str, str, str], list[Standing]] = defaultdict(list)
    for one in kept:
        if one.kind == "ood":
            splits[one.profile, one.task].add(one.split)
        own[one.profile, one.submission, one.task].append(one)
        if one.mean is not None:
            known[one.task].append(one.mean)
    found: dict[tuple[str, str], dict[str, Tally]] = defaultdict(dict)
    for (profile, submission, task), rows in own.items():
        first = rows[0]
        scale = Scale.of(known[task], bounded=first.bounded)
        ood = _over_splits(one for one in rows if one.kind == "ood")
        gaps = [one.gap.value for one in rows if one.gap is not None and one.kind == "ood"]
        ranked = [one for one in rows if one.kind == "ood" and one.ranks is not None]
        found[profile, submission][task] = Tally(
            ood=_mean(ood),
            id=_mean(_over_splits(one for one in rows if one.kind == "id")),
            gap=_mean(gaps),
            first=sum(one.first for one in ranked),
            ranked=len(ranked),
            ood_splits=len(ood),
            of=len(splits[profile, task]),
            bounded=all(one.bounded for one in rows),
            lower=first.direction == "lower",
            provisional=any(one.provisional for one in rows),
            least=scale.least,
            most=scale.most,
        )
    return found


def _over_splits(rows: Iterable[Standing]) -> list[float]:
    """The mean of each split all of whose question sets were answered."""
    by_split: dict[str, list[float | None]] = defaultdict(list)
    for one in rows:
        by_split[one.split].append(one.mean)
    return [
        math.fsum(value for value in values if value is not None) / len(values)
        for values in by_split.values()
        if None not in values
    ]


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
