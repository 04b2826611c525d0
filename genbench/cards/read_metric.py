"""The tables of a task's own metrics, `[metric.NAME]`, read into `MetricCard`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, get_args

from genbench.cards.metric import MetricCard
from genbench.cards.task import Direction
from genbench.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.cards.table import Table


def own_metrics(top: Table, listed: Sequence[str]) -> dict[str, MetricCard]:
    """The task's own metrics by name; each must be among those `listed` under `metrics`."""
    if "metrics" not in top.table and not isinstance(top.table.get("metric", {}), dict):
        return {}  # a slip of the pen for `metrics`, as which it is said to be no known key
    found = {}
    for name, table in top.tables("metric", {}).items():
        found[name] = _metric(name, table)
        if name not in listed:
            top.fault(f"key '{table.path}' is not among the card's 'metrics'{nearest(name, listed)}")
    return found


def own_direction(top: Table, own: MetricCard | None) -> Direction:
    """Which direction of the headline is better; where that is the task's `own`, the metric says so."""
    said: Direction = top.choice("direction", get_args(Direction), own.direction if own else "higher")
    if own and "direction" in top.table and said != own.direction:
        top.fault(f"key 'direction' is {said!r}; the headline's own table, 'metric.{own.name}', says {own.direction!r}")
    return said


def _metric(name: str, table: Table) -> MetricCard:
    direction: Direction = table.choice("direction", get_args(Direction), "higher")
    low, high = table.bound("low", 0.0), table.bound("high", 1.0)
    if not low < high:
        table.fault(f"key '{table.name('low')}' is {low:g}; it must be below 'high', which is {high:g}")
    best = high if direction == "higher" else low
    perfect = table.take("perfect", float, best)
    if "perfect" not in table.table and math.isinf(best):
        table.fault(f"missing key '{table.name('perfect')}' (number): what a right answer scores, for there is no end")
    elif not low <= perfect <= high:
        table.fault(f"key '{table.name('perfect')}' is {perfect:g}; it must lie from {low:g} to {high:g}")
    card = MetricCard(
        name=name,
        entry=table.entry("entry"),
        about=table.take("about", str),
        low=low,
        high=high,
        perfect=perfect,
        direction=direction,
        reduce=table.entry("reduce", ""),
    )
    table.done()
    return card
