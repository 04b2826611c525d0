"""How many more seeds or questions would separate two submissions, were their difference to stay as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from genbench.analysis.inference.means import student

if TYPE_CHECKING:
    from genbench.analysis.inference import Layout, Pair

MOST: Final = 100  # seeds; whoever needs more is told that seeds will not do it
NORMAL: Final = 1.96


def more(one: Layout, other: Layout, found: Pair) -> tuple[int | None, int | None]:
    """(seeds of each, questions) from which the difference would be sure at 5 %, by themselves; None where none would.

    The variance of the difference is a/S + b/Q + c/(SQ): what seeds are in themselves, what questions are, and the
    noise of single answers.
    """
    size, groups = abs(found.difference), one.groups
    counts = [len(each.values) for each in (one, other)]
    noise = sum(each.rest * count for each, count in zip((one, other), counts, strict=True))
    seeds = sum(max(each.seeds - each.rest, 0.0) * count for each, count in zip((one, other), counts, strict=True))
    questions = max(found.variance - found.of_seeds * found.variance - one.rest - other.rest, 0.0)
    if size == 0:
        return None, None
    enough = next(
        (
            count
            for count in range(max(2, min(counts)), MOST + 1)
            if size >= student(2 * (count - 1)) * math.sqrt((seeds + noise) / count + questions)
        ),
        None,
    )
    least = min(counts)
    room = (size / NORMAL) ** 2 - seeds / least
    needed = None if room <= 0 else math.ceil(groups * (questions + noise / least) / room)
    return enough, needed if needed is not None and needed > groups else None
