"""Does difficulty foretell accuracy? Of each measure, its rank correlation with the best that learners reach.

A point is a question set that was measured (`genbench difficulty`) and has a learner of the full profile: across its
difficulty, up the best mean of a learner, of a metric in [0, 1] of which more is better. What looks at no question
(`chance`, `majority`) is no learner; nor are training rows asked again a test. Question sets of one split share their
training, and splits of one task their rule, so an interval over points as if they were apart would be too narrow: 95 %
lie between the percentiles of correlations of splits drawn again, with all their question sets. Of few splits there is
none, and tasks are counted beside: a correlation over two of them mostly says which is the harder task.

Each is told twice: over all question sets, and over those out of distribution alone, for what makes questions beyond
training hard may make those like training easy, and both together then say nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from genbench.analysis.bootstrap import between_percentiles, stream
from genbench.analysis.difficulty import MEASURES
from genbench.analysis.intervals import Estimate
from genbench.analysis.standings.floors import FLOORS
from genbench.cards.addresses import card_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import Standing

# Not of how hard a split is, or made of answers themselves.
LEFT_OUT: Final = frozenset({"questions", "compound_nodes", "ceiling", "kernel_width", "log2_bound_bits"})
FEWEST: Final = 4  # different figures, below which there is no correlation to speak of
SPLITS: Final = 5  # that can be drawn again
DRAWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Point:
    """A question set: where it stands, its figures by measure, and the best mean of a learner with who reached it."""

    task: str
    split: str
    question_set: str
    kind: str
    figures: Mapping[str, float]
    best: float
    who: str


@dataclass(frozen=True, slots=True)
class Foretold:
    """A measure's rank correlation (Spearman) with the best accuracy; NaN where there is no ground for one.

    `beyond` is over question sets out of distribution alone; the counts are of all.
    """

    measure: str
    correlation: Estimate
    beyond: Estimate
    question_sets: int
    splits: int
    tasks: int


def points(
    standings: Sequence[Standing], hardness: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
) -> list[Point]:
    """The question sets of which both difficulty and a learner's accuracy are known, in the order of standings."""
    best: dict[tuple[str, str, str], tuple[float, str]] = {}
    kinds: dict[tuple[str, str, str], str] = {}
    for one in standings:
        if (
            one.mean is not None
            and one.profile == "full"
            and one.kind != "trained"
            and one.bounded
            and one.direction == "higher"
            and card_name(one.submission) not in FLOORS
        ):
            where = (one.task, one.split, one.question_set)
            best[where] = max(best.get(where, (-math.inf, "")), (one.mean, one.submission))
            kinds[where] = one.kind
    figures: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for (task, split), rows in hardness.items():
        for row in rows:
            if row["value"] is not None:
                figures[task, split, row["question_set"]][row["measure"]] = row["value"]
    return [Point(*where, kinds[where], figures[where], *found) for where, found in best.items() if where in figures]


def foretold(given: Sequence[Point]) -> list[Foretold]:
    """Each measure that has enough different figures, in the order in which measures are shown."""
    return list(_foretold(given))


def _foretold(given: Sequence[Point]) -> Iterator[Foretold]:
    for measure in MEASURES:
        known = [one for one in given if measure in one.figures]
        if measure in LEFT_OUT or not _unlike(measure, known):
            continue
        ood = [one for one in known if one.kind == "ood"]
        beyond = _estimated(measure, ood) if _unlike(measure, ood) else Estimate(math.nan, math.nan, math.nan)
        splits, tasks = {(one.task, one.split) for one in known}, {one.task for one in known}
        yield Foretold(measure, _estimated(measure, known), beyond, len(known), len(splits), len(tasks))


def _unlike(measure: str, known: Sequence[Point]) -> bool:
    return len({one.figures[measure] for one in known}) >= FEWEST


def _estimated(measure: str, known: Sequence[Point]) -> Estimate:
    across, up = map(_places, np.array([(one.figures[measure], one.best) for one in known]).T)
    splits: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        splits[one.task, one.split].append(place)
    drawn = [math.nan]
    if len(splits) >= SPLITS:
        chance, own = stream("foretelling", measure), [np.array(places) for places in splits.values()]
        for _ in range(DRAWS):
            some = np.concatenate([own[at] for at in chance.integers(len(own), size=len(own))])
            drawn.append(_correlation(across[some], up[some]))
    return between_percentiles(_correlation(across, up), np.array(drawn))


def spearman(across: np.ndarray, up: np.ndarray) -> float:
    """The correlation of ranks, equal numbers sharing theirs; NaN where one side is all equal.

    >>> round(spearman(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0])), 3)
    0.8
    """
    return _correlation(_places(across), _places(up))


def _places(side: np.ndarray) -> np.ndarray:
    """Whole numbers from 0 in place of numbers, in their order: what is drawn from them need not be sorted again."""
    return np.unique(side, return_inverse=True)[1]


def _correlation(across: np.ndarray, up: np.ndarray) -> float:
    one, other = (_ranks(side) for side in (across, up))
    one, other = one - one.mean(), other - other.mean()
    size = math.sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / size if size else math.nan


def _ranks(places: np.ndarray) -> np.ndarray:
    counts = np.bincount(places)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[places])
