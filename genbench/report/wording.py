"""How figures are spelled wherever a person reads them: in the terminal and on the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BIMODAL: Final = "seeds part into those that succeed and those that fail, so a mean of them misleads"
TRANSDUCTIVE: Final = "yes: questions stand, without their targets, in an auxiliary table"
LEARNS_OF_QUESTIONS: Final = "yes: it looks at the questions where it is asked them during fit, and learns of them"
NONE: Final = "\N{EN DASH}"  # where there is no figure


def figure(value: float | None, bounded: bool) -> str:
    """A score as it is shown: three decimals within [0, 1], four significant digits otherwise, a dash for none."""
    if value is None:
        return NONE
    return f"{value:z.3f}" if bounded else f"{value:z.4g}"


def between(values: Iterable[float | None], bounded: bool) -> str:
    """The lowest and the highest of scores, one figure where they are the same; a dash where none is known."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=None), max(known, default=None)
    return figure(low, bounded) if low == high else span(low, high, bounded)


def seconds(value: float | None) -> str:
    """Seconds with about three digits: 0.042, 1.25, 38.1, 1,204.

    >>> [seconds(value) for value in (0.0421, 1.254, 38.06, 1203.6)]
    ['0.042', '1.25', '38.1', '1,204']
    """
    if value is None:
        return NONE
    if 0 < value < 0.0005:
        return "<0.001"
    return f"{value:,.{3 if value < 0.1 else 2 if value < 10 else 1 if value < 100 else 0}f}"


def span(low: float | None, high: float | None, bounded: bool) -> str:
    """An interval as it is shown, a dash where an end is not known."""
    return NONE if low is None or high is None else f"{figure(low, bounded)} {NONE} {figure(high, bounded)}"


def count(number: int, noun: str) -> str:
    """A number and its noun: 1 cell, 1,204 cells."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def point(value: float, low: float, high: float, asked: Sequence[float]) -> str:
    """A place on an axis with its interval; beyond what was asked (inf) it is `500+`, before it (-inf) `<1`.

    >>> point(37.42, 31.0, math.inf, (1, 500)), point(20, 20, 20, (1, 500)), point(-math.inf, -math.inf, 1, (1, 500))
    ('37.4 (31 to 500+)', '20', '<1 (<1 to 1)')
    """

    def text(at: float) -> str:
        if math.isinf(at):
            return f"{asked[-1]:g}+" if at > 0 else f"<{asked[0]:g}"
        return f"{at:g}" if at == round(at) else f"{at:.3g}"

    middle, least, most = map(text, (value, low, high))
    return middle if middle == least == most else f"{middle} ({least} to {most})"


def within_strata(axis: str) -> str:
    """What it says of questions that the values of an axis are all there are."""
    return f"{axis}: its values are all there are, and questions were drawn within each"


def clustered(axis: str) -> str:
    """What it says of questions that the values of an axis were drawn."""
    return f"{axis}: questions of one value go together"
