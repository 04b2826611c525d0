"""Shortest tours: exact ones of few points by dynamic programming, and the best that local search knows of more.

`exact` is the dynamic program of Held and Karp over sets of visited points, for many questions of one size at once.
`best_known` begins with the nearest-neighbour tour from each point, and improves every one until neither turning a
stretch round (2-opt) nor moving one of up to three points elsewhere, turned or not (Or-opt), makes it shorter; the
shortest of all is given. Nothing shows that it is the shortest there is.

A tour begins with point 1, and its second point is lower than its last, for both directions are as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadValue

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    Many = Float[np.ndarray, "question point 2"]
    Tours = Int[np.ndarray, "question point"]

FEWEST, EXACT = 4, 12  # points of an exact tour; the program takes n^2 * 2^n steps
ELEMENTS = 4_000_000  # numbers that a table of the exact program, or of moves, may hold; bounds memory
MOVED = (1, 2, 3)  # points of a stretch that Or-opt moves
LEAST = 1e-10  # by how much a move must shorten a tour; less is rounding


def distances(points: Many) -> Float[np.ndarray, "question point point"]:
    """How far each point is from each other."""
    apart = points[:, :, None] - points[:, None]
    return np.sqrt(apart[..., 0] ** 2 + apart[..., 1] ** 2)


def length(points: Float[np.ndarray, "point 2"], tour: Int[np.ndarray, " point"]) -> float:
    """How long a closed tour is; `tour` holds indices from 1."""
    along = points[tour - 1]
    steps = along - np.roll(along, -1, axis=0)
    return float(np.sqrt((steps**2).sum(1)).sum())


def exact(points: Many) -> Tours:
    """A shortest tour for each question. Raises `BadValue` for less than `FEWEST` or more than `EXACT` points."""
    count = points.shape[1]
    if not FEWEST <= count <= EXACT:
        raise BadValue(
            f"exact tours are found for {FEWEST} to {EXACT} points, and {count} were given; best_known takes more"
        )
    at_once = max(1, ELEMENTS // (2 ** (count - 1) * count))
    parts = [_exact(distances(points[begin : begin + at_once])) for begin in range(0, len(points), at_once)]
    return _canonical(np.concatenate(parts) if parts else np.empty((0, count), np.int64))


def _exact(apart: Float[np.ndarray, "question point point"]) -> Tours:
    """From 0, for questions that are held at once. Sets of the points after the first are bits of a number."""
    rows, others = np.arange(len(apart)), apart.shape[1] - 1
    home, between = apart[:, 0, 1:], apart[:, 1:, 1:]
    least = np.full((len(apart), 2**others, others), np.inf)  # from point 0 through all of a set to its last point
    sets = np.arange(2**others)
    sizes = np.array([int(one).bit_count() for one in sets])
    for last in range(others):
        least[:, 1 << last, last] = home[:, last]
    for size in range(2, others + 1):
        for last in range(others):
            own = sets[(sizes == size) & (sets >> last & 1 == 1)]
            before = least[:, own ^ (1 << last)] + between[:, None, :, last]
            least[:, own, last] = before.min(2)
    tours = np.zeros((len(apart), others + 1), np.int64)
    left = np.full(len(apart), 2**others - 1)
    last = (least[:, -1] + home).argmin(1)
    for place in range(others, 0, -1):
        tours[:, place] = last + 1
        left = left ^ (1 << last)
        last = (least[rows, left] + between[rows, :, last]).argmin(1)
    return tours


def best_known(points: Many) -> Tours:
    """The shortest tour of each question that local search finds from every nearest-neighbour tour.

    Raises `BadValue` for less than `FEWEST` points.
    """
    questions, count = points.shape[:2]
    if count < FEWEST:
        raise BadValue(f"tours are sought of {FEWEST} points or more, and {count} were given")
    at_once = max(1, ELEMENTS // count**3)
    best = np.empty((questions, count), np.int64)
    for begin in range(0, questions, at_once):
        apart = distances(points[begin : begin + at_once])
        own = np.repeat(np.arange(len(apart)), count)
        found = improved(nearest_neighbour(apart).reshape(-1, count), apart, own)
        lengths = apart[own[:, None], found, np.roll(found, -1, axis=1)].sum(1).reshape(-1, count)
        chosen = np.round(lengths, 9).argmin(1)  # the first of those that are as short, whatever was rounded
        best[begin : begin + at_once] = found.reshape(-1, count, count)[np.arange(len(apart)), chosen]
    return _canonical(best)


def nearest_neighbour(apart: Float[np.ndarray, "question point point"]) -> Int[np.ndarray, "question start point"]:
    """From each point, always on to the nearest that was not visited; indices from 0."""
    questions, count = apart.shape[:2]
    tours = np.empty((questions, count, count), np.int64)
    tours[:, :, 0] = np.arange(count)
    free = np.broadcast_to(~np.eye(count, dtype=bool), (questions, count, count)).copy()
    for place in range(1, count):
        onward = apart[np.arange(questions)[:, None], tours[:, :, place - 1]]
        tours[:, :, place] = np.where(free, onward, np.inf).argmin(2)
        np.put_along_axis(free, tours[:, :, place, None], values=False, axis=2)
    return tours


def improved(
    tours: Int[np.ndarray, "tour point"],
    apart: Float[np.ndarray, "question point point"],
    question: Int[np.ndarray, " tour"],
) -> Int[np.ndarray, "tour point"]:
    """Each tour, until no move shortens it: 2-opt while that helps, and the best move of Or-opt where it does not."""
    tours = tours.copy()
    at_work = np.arange(len(tours))
    while len(at_work):
        own = tours[at_work]
        along = apart[question[at_work][:, None, None], own[:, :, None], own[:, None]]
        gains, places = turning(along)
        stuck = gains > -LEAST
        if stuck.any():
            gains[stuck], places[stuck] = moving(along[stuck])
        better = gains <= -LEAST
        at_work, places = at_work[better], places[better]
        tours[at_work] = np.take_along_axis(own[better], np.argsort(places, axis=1, kind="stable"), axis=1)
    return tours


def turning(
    along: Float[np.ndarray, "tour place place"],
) -> tuple[Float[np.ndarray, " tour"], Float[np.ndarray, "tour place"]]:
    """What the best turning round of a stretch adds to each tour, and where it puts each point."""
    count = along.shape[1]
    following = np.roll(np.arange(count), -1)
    steps = along[:, np.arange(count), following]
    added = along + along[:, following][:, :, following] - steps[:, :, None] - steps[:, None]
    added[:, ~np.triu(np.ones((count, count), bool), 1)] = np.inf
    chosen = added.reshape(len(along), -1).argmin(1)
    first, last = np.divmod(chosen, count)
    place = np.arange(count)[None]
    within = (place > first[:, None]) & (place <= last[:, None])
    turned = np.where(within, (first + last)[:, None] + 1 - place, place)
    return added.reshape(len(along), -1)[np.arange(len(along)), chosen], turned.astype(np.float64)


def moving(
    along: Float[np.ndarray, "tour place place"],
) -> tuple[Float[np.ndarray, " tour"], Float[np.ndarray, "tour place"]]:
    """What the best move of a short stretch adds to each tour, and where it puts each point."""
    tours, count = along.shape[:2]
    place, rows = np.arange(count), np.arange(tours)
    steps = along[:, place, (place + 1) % count]
    best, moved = np.full(tours, np.inf), np.tile(place.astype(np.float64), (tours, 1))
    for size in MOVED:
        if size > count - 3:
            continue
        head, tail, before, after = place, (place + size - 1) % count, (place - 1) % count, (place + size) % count
        saved = along[:, before, head] + along[:, tail, after] - along[:, before, after]
        inside = (place[None] - before[:, None]) % count <= size  # gaps, called by the place before, within or beside
        for turned, (left, right) in enumerate(((head, tail), (tail, head))):
            added = along[:, left] + along[:, right][:, :, (place + 1) % count] - steps[:, None] - saved[:, :, None]
            added[:, inside] = np.inf
            flat = added.reshape(tours, -1)
            chosen = flat.argmin(1)
            better = flat[rows, chosen] < best
            best = np.where(better, flat[rows, chosen], best)
            begin, gap = np.divmod(chosen, count)
            put = np.tile(place.astype(np.float64), (tours, 1))
            for step in range(size):
                rank = size - step if turned else step + 1
                put[rows, (begin + step) % count] = gap + rank / (size + 1)
            moved[better] = put[better]
    return best, moved


def _canonical(tours: Tours) -> Tours:
    """The same tours from point 1, the second point lower than the last; indices from 1."""
    count = tours.shape[1]
    begins = (tours == 0).argmax(1) if len(tours) else np.empty(0, np.int64)
    tours = np.take_along_axis(tours, (begins[:, None] + np.arange(count)) % count, axis=1)
    back = np.concatenate([tours[:, :1], tours[:, :0:-1]], axis=1)
    return np.where((tours[:, 1] > tours[:, -1])[:, None], back, tours) + 1
