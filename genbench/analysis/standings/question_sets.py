"""Standings: each submission on each question set, over its seeds, with its rank."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from genbench.analysis.newest import current_data
from genbench.analysis.standings.cells import by_submission, newest_cells
from genbench.analysis.standings.headlines import Facts
from genbench.analysis.standings.ranks import place, ranked, why_unranked
from genbench.analysis.standings.scores import OverSeeds, Part, bounded_sets, counted, over_seeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.analysis.standings.headlines import Headline, Where
    from genbench.cards import Direction

UNGRADED: Final = "ungraded"  # a cell that is ok but has no finite score for the question set


@dataclass(frozen=True, slots=True)
class Standing:
    """One submission on one question set, over its seeds.

    `mean` is None where no seed was graded; `low` and `high` also where there is no ground for an interval. `seeds`
    counts the graded cells, `questions` those of one seed, `failed` the others by status. `rank` is None where
    `unranked` says why. `transductive` is the split's, `sees_questions` says that the submission learns of them during
    fit. `editions` above 1 means that the seeds were run with different code, data or parameters.
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
    rank: int | None = None
    unranked: str = ""
    transductive: bool = False
    sees_questions: bool = False
    floor: float | None = None
    bayes: float | None = None

    @property
    def one_seed(self) -> bool:
        """Whether the interval knows nothing of how much seeds differ."""
        return self.seeds == 1

    @property
    def above_chance(self) -> float | None:
        """(mean - chance) / (1 - chance): 0 at chance, 1 where all is right; None where chance is not known.

        Of scores in [0, 1] of which the higher is better only.
        """
        if self.mean is None or self.chance is None or not self.bounded or self.direction == "lower":
            return None
        return (self.mean - self.chance) / (1 - self.chance) if self.chance < 1 else None


def standings(cells: pa.Table, scores: pa.Table, headlines: Mapping[str, Headline]) -> tuple[Standing, ...]:
    """Every submission's standing on every question set of every split, ranked and in the order of a leaderboard.

    The order of the rows has no say. Out-of-distribution sets come before those drawn as in training; within a set,
    ranked ones by rank, then the unranked by mean, then those with failed cells, then those with nothing else.
    """
    kept = newest_cells(cells)
    facts = Facts(headlines, scores)
    known = {cell.cell: cell for cell in kept}
    marks = counted(scores, facts, known, whole=True)
    bounded = bounded_sets(marks, facts)
    together = over_seeds(marks, known, bounded, facts)
    asked: dict[Where, dict[str, str]] = defaultdict(dict)
    for mark in marks:
        asked[mark.where][mark.question_set] = mark.kind
    current = current_data(((cell.task, cell.split, cell.profile), cell.started, cell.data) for cell in kept)

    found = []
    for (task, split, submission, profile), own in by_submission(kept).items():
        fact = facts.of((task, split))
        # A submission that only failed has no scores to name the question sets: its rivals' do, or else the card.
        for question_set, kind in (asked[task, split] or fact.kinds or {"": ""}).items():
            graded = together.get(Part(task, split, submission, profile, question_set), OverSeeds())
            lost = Counter(UNGRADED if cell.status == "ok" else cell.status for cell in own if cell not in graded.cells)
            fits = [cell.fit_seconds for cell in graded.cells if cell.fit_seconds is not None]
            standing = Standing(
                task=task,
                split=split,
                question_set=question_set,
                kind=kind,
                submission=submission,
                profile=profile,
                metric=fact.metric,
                direction=fact.direction,
                bounded=bounded.get((task, split, question_set), fact.bounded),
                mean=graded.mean,
                low=graded.low,
                high=graded.high,
                seeds=len(graded.values),
                questions=graded.questions,
                chance=fact.chance.get(question_set),
                floor=fact.floor.get(question_set),
                bayes=fact.bayes.get(question_set),
                seed_values=graded.values,
                failed=tuple(sorted(lost.items())),
                fit_seconds=math.fsum(fits) / len(fits) if fits else None,
                superseded=sum(cell.superseded for cell in own),
                editions=len({cell.edition for cell in own}),
                transductive=fact.transductive,
                sees_questions=submission.partition(":")[0].partition("@")[0] in fact.learners,
            )
            why = why_unranked(standing, graded.cells, current[task, split, profile])
            found.append(replace(standing, unranked=why))
    return tuple(sorted(ranked(found), key=place))
