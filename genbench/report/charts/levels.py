"""Floor and best attainable on a chart: lines across, where the card tells them of the question set that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from genbench.analysis.standings import Standing

Levels = tuple[tuple[str, float], ...]  # name and value


def levels_of(one: Standing) -> Levels:
    """The levels of a standing's question set that its card tells."""
    told = (("floor", one.floor), ("best attainable", one.bayes))
    return tuple((name, value) for name, value in told if value is not None)


def of_all(sets: Iterable[Levels]) -> Levels:
    """The levels that several question sets have in common, for a chart that shows them together."""
    found = list(sets)
    return tuple(level for level in found[0] if all(level in other for other in found)) if found else ()


def placed(levels: Levels, at: Callable[[float], float]) -> Levels:
    """The levels by their places on a scale."""
    return tuple((name, at(value)) for name, value in levels)
