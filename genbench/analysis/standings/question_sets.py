"""Standings: each submission on each question set, over its seeds, with the ranks it may have."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.inference import gap, heap
from genbench.analysis.inference.overall import above
from genbench.analysis.standings.cells import by_submission
from genbench.analysis.standings.editions import count
from genbench.analysis.standings.floors import constant
from genbench.analysis.standings.ranks import in_order, ranked, why_provisional, why_unranked
from genbench.analysis.standings.scores import OverSeeds, Part
from genbench.analysis.standings.sources import Held
from genbench.analysis.standings.splits import splits
from genbench.cards.addresses import card_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.analysis.inference import Gap, Heap, Layout
    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.evidence import Evidence
    from genbench.analysis.standings.headlines import Headline
    from genbench.analysis.standings.sources import Source
    from genbench.analysis.standings.splits import SplitRows
    from genbench.cards import Direction

UNGRADED: Final = "ungraded"  # a cell that is ok but has no finite score for the question set


@dataclass(frozen=True, slots=True)
class Standing:
    """One submission on one question set, over its seeds.

    `mean` is None where no seed was graded; `low` and `high` also where there is no ground for an interval, and
    `variance` is then None. `seeds` counts the graded cells, `questions` those of one seed, `failed` the others by
    status; `clusters` is how many were drawn, where the card declares clusters, else 0, and `strata` in how many, which
    are all there are, its questions were drawn. `ranks` are the least and the largest rank it may have; None where
    `unranked` says why, and `provisional` that more seeds would mend it. `gap` is the mean on questions as in training
    less this one, so turned that more is worse. `heap` is told where seeds part.
    `deterministic` is what its card says, unless its seeds differ, which `differ` says. `transductive` is the split's,
    `sees_questions` says that the submission learns of them during fit. `editions` above 1 means that the seeds were
    run with different code, data or parameters; `superseded` counts older runs of its cells;
    `sealing` is how its cells were walled off.
    """

    task: str
    split: str
    question_set: str
    kind: str
    submission: str
    profile: str
    metric: str
    direction: Direction
    bounded: bool
    mean: float | None
    low: float | None
    high: float | None
    seeds: int
    questions: int
    chance: float | None
    seed_values: tuple[tuple[int, float], ...]
    failed: tuple[tuple[str, int], ...]
    fit_seconds: float | None
    superseded: int
    editions: int
    ranks: tuple[int, int] | None = None
    unranked: str = ""
    sealing: str = ""
    provisional: bool = False
    transductive: bool = False
    sees_questions: bool = False
    floor: float | None = None
    bayes: float | None = None
    variance: float | None = None
    clusters: int = 0
    cluster: str = ""
    strata: int = 0
    stratum: str = ""
    gap: Gap | None = None
    heap: Heap | None = None
    deterministic: bool = False
    differ: bool = False
    ends: tuple[float, float] = (-math.inf, math.inf)
    inner: tuple[float, float] | None = None  # the 90 % interval

    @property
    def one_seed(self) -> bool:
        """Whether the interval knows nothing of how much seeds differ, and they may."""
        return self.seeds == 1 and not self.deterministic

    @property
    def first(self) -> bool:
        """Whether it may be the best of those that are ranked."""
        return self.ranks is not None and self.ranks[0] == 1

    @property
    def ground(self) -> float | None:
        """What is scored without looking at a question: the better of chance and floor; None where neither is known."""
        known = [value for value in (self.chance, self.floor) if value is not None]
        return None if not known else min(known) if self.direction == "lower" else max(known)

    @property
    def above_floor(self) -> float | None:
        """(mean - floor) / (best - floor): 0 for what looks at no question, 1 where all is right, below 0 below it.

        None where either is not known, or a right answer scores no more than the floor.
        """
        best = self.ends[0] if self.direction == "lower" else self.ends[1]
        best = best if math.isfinite(best) else 1.0 if self.bounded and self.direction == "higher" else math.inf
        if self.mean is None or self.ground is None or not math.isfinite(best) or best == self.ground:
            return None
        return above(self.mean, self.ground, best)


def standings(
    cells: pa.Table, scores: pa.Table, headlines: Mapping[str, Headline], evidence: Evidence | None = None
) -> tuple[Standing, ...]:
    """Every submission's standing on every question set of every split, ranked and in the order of a leaderboard.

    The order of the rows has no say. Out-of-distribution sets come before those drawn as in training; within a set they
    stand by mean. Without `evidence` of single questions, intervals and ranks are of scores alone, and less sure.
    """
    return standings_of(Held(cells, scores), headlines, evidence)


def standings_of(
    source: Source, headlines: Mapping[str, Headline], evidence: Evidence | None = None
) -> tuple[Standing, ...]:
    """The same of rows wherever they are; of results folders a split at a time is read."""
    return tuple(in_order(one for rows in splits(source, headlines, evidence) for one in of_split(rows)))


def of_split(rows: SplitRows) -> list[Standing]:
    """The standings of one split, with their ranks, in no order."""
    marks, bounded, together = rows.graded(rows.cells, whole=True)
    asked = {mark.question_set: mark.kind for mark in marks}
    found: list[Standing] = []
    layouts: dict[int, Layout] = {}
    for (submission, profile), own in by_submission(rows.cells).items():
        inside = [
            graded
            for name, kind in sorted(asked.items())
            if kind == "id"
            and (graded := together.get(Part(*rows.where, submission, profile, name))) is not None
            and graded.layout is not None
        ]
        # A submission that only failed has no scores to name the question sets: its rivals' do, or else the card.
        for question_set, kind in (asked or rows.fact.kinds or {"": ""}).items():
            graded = together.get(Part(*rows.where, submission, profile, question_set), OverSeeds())
            within = bounded.get((*rows.where, question_set), rows.fact.bounded)
            one = _standing(rows, own, graded, question_set, kind, within)
            if kind == "ood" and graded.layout is not None:
                one = replace(one, gap=_gap(inside, graded, one.direction))
            if graded.layout is not None:
                layouts[len(found)] = graded.layout
            found.append(replace(one, floor=_floor(one, constant(rows, together, profile, question_set))))
    return ranked(found, layouts)


def _floor(one: Standing, measured: float | None) -> float | None:
    """The card's floor, else what was measured."""
    return measured if one.floor is None else one.floor


def _standing(
    rows: SplitRows, own: list[Cell], graded: OverSeeds, question_set: str, kind: str, bounded: bool
) -> Standing:
    fact, base = rows.fact, card_name(own[0].base)
    lost = Counter(UNGRADED if cell.status == "ok" else cell.status for cell in own if cell not in graded.cells)
    fits = [cell.fit_seconds for cell in graded.cells if cell.fit_seconds is not None]
    declared = base in fact.deterministic
    one = graded.layout
    values = [value for _, value in graded.values]
    standing = Standing(
        task=rows.where[0],
        split=rows.where[1],
        question_set=question_set,
        kind=kind,
        submission=own[0].submission,
        profile=own[0].profile,
        metric=fact.metric,
        direction=fact.direction,
        bounded=bounded,
        mean=graded.mean,
        low=graded.low,
        high=graded.high,
        seeds=len(graded.values),
        questions=graded.questions,
        chance=fact.chance.get(question_set, rows.marked.chance(question_set)),
        floor=fact.floor.get(question_set),
        bayes=fact.bayes.get(question_set),
        seed_values=graded.values,
        failed=tuple(sorted(lost.items())),
        fit_seconds=math.fsum(fits) / len(fits) if fits else None,
        superseded=sum(cell.superseded for cell in own),
        editions=count(cell.editions for cell in own),
        transductive=fact.transductive,
        sees_questions=base in fact.learners,
        **_of_layout(one, fact),
        heap=heap(values, bimodal=fact.bimodal) if bounded and fact.direction == "higher" else None,
        deterministic=declared and graded.same is not False,
        differ=declared and graded.same is False,
        ends=fact.ends,
        inner=graded.inner,
        sealing=", ".join(sorted({cell.sealing for cell in graded.cells})),
    )
    why = why_unranked(standing, graded.cells, rows.data, fact.reviewed)
    missing = "" if why else why_provisional(standing, graded.cells, bimodal=fact.bimodal)
    return replace(standing, unranked=why or missing, provisional=bool(missing))


def _of_layout(one: Layout | None, fact: Headline) -> dict[str, Any]:
    if one is None:
        return {}
    variance = None if one.of_questions is None else one.of_seeds + one.of_questions
    return {
        "variance": variance,
        "clusters": one.groups if one.clustered else 0,
        "cluster": fact.cluster if one.clustered else "",
        "strata": len(one.strata),
        "stratum": fact.strata if one.strata else "",
    }


def _gap(inside: list[OverSeeds], graded: OverSeeds, direction: Direction) -> Gap | None:
    """The gap between what was drawn as in training and this question set, where the same seeds answered both."""
    seeds = [seed for seed, _ in graded.values]
    own = [one.layout for one in inside if one.layout is not None and [seed for seed, _ in one.values] == seeds]
    if graded.layout is None or not own or len(own) < len(inside):
        return None
    found = gap(own, graded.layout)
    return found if direction == "higher" else found.turned()
