"""Marks of answers by what they mean in the plane. Each metric sees answers, targets and questions, and never raises.

`solved` is of every problem. The others are each of one: of the questions of another they make no part of the mean, and
where none is left there is no number (see `mean_of_asked`).

All turns are told exactly: coordinates are whole millionths, of which the products fit into 64 bits.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import tours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa
    from jaxtyping import Bool, Float, Int

    Indices = Int[np.ndarray, " index"]
    Marks = Float[np.ndarray, " question"]
    Parts = Float[np.ndarray, "question 2"]

STEPS = 1_000_000  # of a coordinate from 0 to 1
AS_SHORT = 1e-9  # relative: a tour no longer than the target's by more than this is as short


class Asked(NamedTuple):
    """One question with its answer and target."""

    problem: str
    points: Float[np.ndarray, "point 2"]
    answer: Indices
    target: Indices


def solved(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Marks:
    """1 for the same polygon, the same triangulation, or a tour as short as the target's."""
    rules = {"hull": same_polygon, "delaunay": same_triangulation, "tour": as_short}
    return np.array([float(rules[one.problem](one)) for one in _asked(answers, targets, questions)])


def area_coverage(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Parts:
    """The share of the hull's area that the answer's polygon covers; 0 where that is no simple polygon."""
    return _of("hull", lambda one: covered(one) if is_simple(one) else 0.0, answers, targets, questions)


def simple(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Parts:
    """1 for a simple polygon: three or more points of the question, none twice, sides that do not touch."""
    return _of("hull", is_simple, answers, targets, questions)


def triangle_coverage(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Parts:
    """The share of right triangles, over the larger number of those answered and of the target's."""
    return _of("delaunay", right_triangles, answers, targets, questions)


def permutation(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Parts:
    """1 for a tour: every point of the question once."""
    return _of("tour", is_tour, answers, targets, questions)


def tour_ratio(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Parts:
    """The answer's length over the target's; an answer that is no tour is left out."""
    found = np.zeros((len(answers), 2))
    for row, one in enumerate(_asked(answers, targets, questions)):
        if one.problem == "tour" and is_tour(one):
            found[row] = ratio(one), 1
    return found


def mean_of_asked(marks: Parts, within: Bool[np.ndarray, " question"]) -> float | None:
    """The mean of the first column over the questions that the second says are asked; None where none is."""
    own = marks[within & (marks[:, 1] > 0), 0]
    return float(own.mean()) if len(own) else None


def same_polygon(one: Asked) -> bool:
    """Whether the answer is the target from another corner on, in either direction."""
    if len(one.answer) != len(one.target) or one.target[0] not in one.answer:
        return False
    begun = np.roll(one.answer, -int(np.argmax(one.answer == one.target[0])))
    back = np.concatenate([begun[:1], begun[:0:-1]])
    return np.array_equal(begun, one.target) or np.array_equal(back, one.target)


def is_simple(one: Asked) -> bool:
    """Whether the answer is a simple polygon of the question's points."""
    chosen, count = one.answer, len(one.answer)
    if count < 3 or not _known(one) or len(np.unique(chosen)) != count:
        return False
    corners = _millionths(one.points)[chosen - 1]
    ends = np.roll(corners, -1, axis=0)
    # Which side of each edge each corner lies on: edges meet where neither has the other's two ends on one side of it
    # and their boxes meet. Of neighbours, which share a corner, only folding back upon each other counts.
    sides = np.sign(_turns(corners[:, None], ends[:, None], corners[None])).astype(np.int8)
    straddled = sides * np.roll(sides, -1, axis=1) <= 0
    low, high = np.minimum(corners, ends), np.maximum(corners, ends)
    boxes = ((low[:, None] <= high[None]) & (low[None] <= high[:, None])).all(2)
    place = np.arange(count)
    apart = (place[:, None] - place) % count
    meet = straddled & straddled.T & boxes & (apart > 1) & (apart < count - 1)
    edges, after = ends - corners, np.roll(ends - corners, -1, axis=0)
    folded = (edges[:, 0] * after[:, 1] == edges[:, 1] * after[:, 0]) & ((edges * after).sum(1) < 0)
    return not meet.any() and not folded.any()


def covered(one: Asked) -> float:
    """The area within the answer over that within the target, both simple, the target's the hull of all points."""
    places = _millionths(one.points)
    return abs(_area(places[one.answer - 1])) / abs(_area(places[one.target - 1]))


def same_triangulation(one: Asked) -> bool:
    """Whether the answer has the target's triangles, each once, in whatever order."""
    return right_triangles(one) == 1


def right_triangles(one: Asked) -> float:
    """See `triangle_coverage`; 0 for what are no triangles of the question's points."""
    if len(one.answer) % 3 or not len(one.answer) or not _known(one):
        return 0.0
    answered, right = (np.sort(each.reshape(-1, 3), axis=1) for each in (one.answer, one.target))
    if (answered[:, 1:] == answered[:, :-1]).any():
        return 0.0
    both = set(map(tuple, answered.tolist())) & set(map(tuple, right.tolist()))
    return len(both) / max(len(answered), len(right))


def is_tour(one: Asked) -> bool:
    """Whether the answer has every point once."""
    return np.array_equal(np.sort(one.answer), np.arange(1, len(one.points) + 1))


def as_short(one: Asked) -> bool:
    """Whether the answer is a tour as short as the target, or shorter."""
    return is_tour(one) and ratio(one) <= 1 + AS_SHORT


def ratio(one: Asked) -> float:
    """The length of the answer, a tour, over the target's."""
    return tours.length(one.points, one.answer) / tours.length(one.points, one.target)


def _of(
    problem: str, mark: Callable[[Asked], float], answers: pa.Array, targets: pa.Array, questions: pa.Table
) -> Parts:
    """The marks of the questions of one problem, and which questions those are."""
    found = np.zeros((len(answers), 2))
    for row, one in enumerate(_asked(answers, targets, questions)):
        if one.problem == problem:
            found[row] = mark(one), 1
    return found


def _asked(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> Iterator[Asked]:
    problems = questions.column("problem").to_pylist()
    points = questions.column("points").combine_chunks()
    for problem, given, answer, target in zip(problems, *map(_rows, (points, answers, targets)), strict=True):
        yield Asked(problem, given.reshape(-1, 2), answer, target)


def _rows(lists: pa.Array) -> Iterator[np.ndarray]:
    """Each list as an array, without copying."""
    values, offsets = lists.values.to_numpy(zero_copy_only=False), lists.offsets.to_numpy()
    return (values[begin:end] for begin, end in pairwise(offsets))


def _known(one: Asked) -> bool:
    """Whether the answer names points of the question only."""
    return bool(((one.answer >= 1) & (one.answer <= len(one.points))).all())


def _millionths(points: Float[np.ndarray, "point 2"]) -> Int[np.ndarray, "point 2"]:
    return np.rint(points * STEPS).astype(np.int64)


def _turns(
    first: Int[np.ndarray, "*some 2"], second: Int[np.ndarray, "*some 2"], third: Int[np.ndarray, "*some 2"]
) -> Int[np.ndarray, "*some"]:
    one, two = second - first, third - first
    return one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]


def _area(corners: Int[np.ndarray, "corner 2"]) -> int:
    """Twice the area within, above 0 where the corners go counter-clockwise; exact."""
    following = np.roll(corners, -1, axis=0)
    return int((corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0]).sum())
