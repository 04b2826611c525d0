"""Repeat a measurement until its median is known well enough, or time is up.

The interval of a median is that of order statistics: between the k-th smallest and the k-th largest of n samples lies
the median of whatever they were drawn from with a probability that the binomial distribution gives, for any
distribution. Timings are skewed, with a tail of interruptions, so nothing that assumes a normal one would do.
"""

from __future__ import annotations

import functools
import itertools
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Ended = Literal["tight", "repeats", "seconds"]

MISSED: Final = 20  # the interval leaves the median out at most once in so many: 95 %
FEWEST: Final = 6  # samples with which there is an interval at all: 2 / 2**6 is the first below 1 / 20
GROWTH: Final = 1.1  # the interval is looked at again once there are so many times more samples
WARMING: Final = 0.1  # of the seconds may go into warm-up


@dataclass(frozen=True, slots=True)
class Rule:
    """When to stop: an interval narrower than `tight` times the median, else `most` repeats, else `seconds`.

    `seconds` are wall clock, preparation and warm-up included; at least one repeat is made, however long it takes.
    """

    most: int
    seconds: float
    least: int = FEWEST
    tight: float = 0.05


@dataclass(frozen=True, slots=True)
class Repeats:
    """The samples, in the order taken, without warm-up, and what ended them."""

    samples: tuple[float, ...]
    ended: Ended


def interval(samples: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % interval of the median, or None for fewer than six samples, which hold none.

    >>> interval([5.0, 1.0, 4.0, 2.0, 6.0, 3.0])
    (1.0, 6.0)
    """
    rank = _rank(len(samples))
    if rank == 0:
        return None
    ordered = sorted(samples)
    return ordered[rank - 1], ordered[-rank]


@functools.cache
def _rank(count: int) -> int:
    """The largest k with 2 P(Binomial(count, 1/2) < k) <= 1 / MISSED, in whole numbers, so exact at any count."""
    below, ways, rank = 0, 1, 0
    while 2 * MISSED * (below + ways) <= 2**count:
        below += ways
        ways = ways * (count - rank) // (rank + 1)
        rank += 1
    return rank


def is_tight(samples: Sequence[float], tight: float) -> bool:
    """Whether the interval of the median is narrower than `tight` times the median."""
    found = interval(samples)
    return found is not None and found[1] - found[0] < tight * statistics.median(samples)


def repeat(
    once: Callable[[int], float], rule: Rule, *, warm_up: int, clock: Callable[[], float] = time.perf_counter
) -> Repeats:
    """Call `once(0)`, `once(1)`, ... for the samples it returns, leaving out the first `warm_up` of them.

    The interval is looked at only when the samples have grown by a tenth: each look is a chance to stop on a lucky
    one. A call that leaves no time for another of its length is the last, and is a sample even where it would have
    been warm-up.
    """
    begin = before = clock()
    samples: list[float] = []
    look = rule.least
    for number in itertools.count():
        sample = once(number)
        now = clock()
        took, spent, before = now - before, now - begin, now
        late = spent + took > rule.seconds
        if warm_up and not late:
            warm_up = 0 if spent > WARMING * rule.seconds else warm_up - 1
            continue
        samples.append(sample)
        full = len(samples) >= rule.most
        if late or full or len(samples) >= look:
            if len(samples) >= rule.least and is_tight(samples, rule.tight):
                return Repeats(tuple(samples), "tight")
            if full or late:
                return Repeats(tuple(samples), "repeats" if full else "seconds")
            look = max(len(samples) + 1, int(len(samples) * GROWTH))
    raise AssertionError  # an endless loop has no end; this line tells the type checker so


def repeat_after(
    first: float,
    cost: float,
    once: Callable[[int], float],
    rule: Rule,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Repeats:
    """Repeat what was done once already, `first` being what came of it and `cost` its seconds.

    Where another would take longer than the rule allows, `first` is the only sample; otherwise it was the warm-up.
    """
    return Repeats((first,), "seconds") if cost > rule.seconds else repeat(once, rule, warm_up=0, clock=clock)
