"""Two submissions on each question set that both answered: how much they differ, and whether that is sure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from genbench.analysis.comparison.further import more
from genbench.analysis.comparison.sides import sides
from genbench.analysis.inference import holm, pair
from genbench.analysis.inference.pairs import LEVEL
from genbench.analysis.ordering import by_number, natural
from genbench.analysis.standings.order import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench.analysis.comparison.sides import Rows, Side, Sides
    from genbench.analysis.inference import Pair
    from genbench.analysis.standings.headlines import Headline

SHOWN: Final = 10  # questions on which the two differ most
Place = tuple[str, str, str]  # task, split, profile


@dataclass(frozen=True, slots=True)
class Comparison:
    """One submission and another on a question set, or on a slice of it along `axis`.

    `mean` and `seeds` are those of the one, `other_mean` and `other_seeds` of the other. `won` counts questions on
    which the one's mean over seeds is better, `lost` those on which it is worse: of one seed each the counts of
    McNemar. `adjusted` is p, by Holm over all question sets that are compared; of slices it is p itself. `more_seeds`
    and `more_questions` would separate them, each by itself. `most` are positions, among the questions by ascending id,
    of those on which they differ most. `editions` above 1 says that the one's seeds are of different code, parameters,
    data or versions, `same_task` whether both were asked and graded by the same task and engine.
    """

    task: str
    split: str
    profile: str
    question_set: str
    kind: str
    axis: str
    slice: str
    metric: str
    bounded: bool
    lower: bool
    mean: float
    other_mean: float
    seeds: int
    other_seeds: int
    failed: int
    other_failed: int
    questions: int
    found: Pair
    adjusted: float
    won: int
    lost: int
    more_seeds: int | None
    more_questions: int | None
    most: tuple[int, ...]
    editions: int
    other_editions: int
    same_task: bool

    @property
    def verdict(self) -> str:
        """`better` or `worse`, of the one, where it is sure; `not separated` where it is not."""
        if self.adjusted > LEVEL or self.found.difference == 0:
            return "not separated"
        return "better" if (self.found.difference > 0) != self.lower else "worse"


def compare(
    one: tuple[Rows, str],
    other: tuple[Rows, str],
    headlines: Mapping[str, Headline],
    wanted: Callable[[str], bool],
    by: str = "",
) -> tuple[list[Comparison], list[str], list[str]]:
    """The comparisons of two submissions, each in its results; and a line for each split that is left out, with why.

    Third, the splits on which the other was graded and the one, though it was run, was not. With `by`, the name of an
    axis, each question set is followed by its slices. Training asked again is not compared.
    """
    own, theirs = (dict(sides(rows, name, headlines, wanted)) for rows, name in (one, other))
    return between((own, one[1]), (theirs, other[1]), by)


def between(
    one: tuple[Mapping[Place, Sides], str], other: tuple[Mapping[Place, Sides], str], by: str = ""
) -> tuple[list[Comparison], list[str], list[str]]:
    """The same of two whose sides are known, each with its name."""
    own, theirs = one[0], other[0]
    found: list[Comparison] = []
    left_out: list[str] = []
    lost: list[str] = []
    for where in sorted(own.keys() | theirs.keys()):
        label = label_of(where)
        if where not in own or where not in theirs:
            left_out.append(f"{label}: there are no rows of {one[1] if where not in own else other[1]}")
            continue
        mines, others = own[where], theirs[where]
        if ungraded := [(name, each) for name, each in ((one[1], mines), (other[1], others)) if not each.sets]:
            left_out += [f"{label}: no cell of {name} was graded{_told(each.failed)}" for name, each in ungraded]
            lost += [label] if others.sets else []
            continue
        sets = [name for name, side in mines.sets.items() if side.kind != "trained" and name in others.sets]
        for name in sorted(sets, key=lambda each: (KINDS.index(mines.sets[each].kind), natural(each))):
            mine, other_side = mines.sets[name], others.sets[name]
            if mine.marks is None or other_side.marks is None:
                left_out.append(
                    f"{label} {name}: there are no marks of single questions, of this metric or of these rows"
                )
            elif mine.order != other_side.order:
                left_out.append(f"{label} {name}: they answered other questions, of another edition of the data")
            else:
                found += [_of(each, mines, others) for each in _compared(where, name, mine, other_side, by)]
    whole = [each for each in found if not each.axis]
    adjusted = iter(holm([each.found.p for each in whole]))
    return [each if each.axis else replace(each, adjusted=next(adjusted)) for each in found], left_out, lost


def label_of(where: tuple[str, str, str]) -> str:
    """`scan/length`, or `scan/length (quick)`."""
    return f"{where[0]}/{where[1]}" + (" (quick)" if where[2] == "quick" else "")


def _told(failed: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{count} {status}' for status, count in sorted(failed.items()))})" if failed else ""


def _of(found: Comparison, one: Sides, other: Sides) -> Comparison:
    """A comparison with what both sides of its split say of their rows."""
    return replace(
        found,
        failed=sum(one.failed.values()),
        other_failed=sum(other.failed.values()),
        editions=one.editions,
        other_editions=other.editions,
        same_task=bool(one.asked_by & other.asked_by),
    )


def _compared(where: tuple[str, str, str], question_set: str, one: Side, other: Side, by: str) -> list[Comparison]:
    found = [_one(where, question_set, one, other)]
    along = one.along(question_set, by) if by else None
    if along is not None:
        for number in sorted(range(len(along[1])), key=lambda each: by_number(along[1][each])):
            within = np.flatnonzero(along[0] == number)
            if len(within):
                found.append(_one(where, question_set, one, other, (by, along[1][number]), within))
    return found


def _one(
    where: tuple[str, str, str],
    question_set: str,
    one: Side,
    other: Side,
    part: tuple[str, str] = ("", ""),
    within: np.ndarray | None = None,
) -> Comparison:
    (mine, means), (theirs, their_means) = (side.part(question_set, part, within) for side in (one, other))
    result = pair(mine, theirs)
    fact = one.rows.fact
    lower = fact.direction == "lower"
    difference = (means - their_means) * (-1 if lower else 1)
    most = np.argsort(-np.abs(difference), kind="stable")[:SHOWN]
    seeds, questions = more(mine, theirs, result)
    return Comparison(
        task=where[0],
        split=where[1],
        profile=where[2],
        question_set=question_set,
        kind=one.kind,
        axis=part[0],
        slice=part[1],
        metric=fact.metric,
        bounded=one.bounded,
        lower=lower,
        mean=mine.mean,
        other_mean=theirs.mean,
        seeds=len(one.seeds),
        other_seeds=len(other.seeds),
        failed=0,
        other_failed=0,
        questions=len(means),
        found=result,
        adjusted=result.p,
        won=int((difference > 0).sum()),
        lost=int((difference < 0).sum()),
        more_seeds=seeds,
        more_questions=questions,
        most=tuple(int(each) for each in most if difference[each] != 0),
        editions=1,
        other_editions=1,
        same_task=True,
    )
