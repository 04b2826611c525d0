"""Learning curves: the headline metric by training step, averaged over seeds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.newest import tuples_of
from genbench.analysis.ordering import by_number
from genbench.analysis.standings.cells import newest_cells
from genbench.analysis.standings.headlines import Facts
from genbench.analysis.standings.order import section
from genbench.analysis.standings.scores import worse
from genbench.evaluation.cell import DIAGNOSTIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.analysis.standings.headlines import Headline

COLUMNS: Final = ("task", "split", "question_set", "kind", "axis", "slice", "metric", "step")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a learning curve: the mean at one step over the seeds that reached it, and their least and most.

    `axis` and `slice` are empty for the whole question set. `fit_seconds` is the mean wall clock in fit up to here.
    """

    task: str
    split: str
    question_set: str
    kind: str
    axis: str
    slice: str
    submission: str
    profile: str
    metric: str
    step: int
    mean: float
    least: float
    most: float
    seeds: int
    fit_seconds: float


def learning_curves(cells: pa.Table, curves: pa.Table, headlines: Mapping[str, Headline]) -> tuple[CurvePoint, ...]:
    """The headline metric by training step, averaged over the seeds that reached the step.

    So is what submissions said of themselves by `diagnostics`, for which there is no question set.
    Cells that failed later keep their points: what they had learnt by then was measured. Sorted by split, question
    set, slice, metric, submission and step.
    """
    kept = {cell.cell: cell for cell in newest_cells(cells, headlines)}
    facts = Facts(headlines, curves)
    shown = [facts.of((cell.task, cell.split)).metric for cell in kept.values()]
    metric = curves.column("metric")
    mask = pc.or_(pc.is_in(metric, value_set=pa.array(sorted(set(shown)))), pc.starts_with(metric, DIAGNOSTIC))
    mask = pc.and_(mask, pc.is_in(curves.column("cell"), value_set=pa.array(sorted(kept), pa.string())))
    groups: dict[tuple[Any, ...], dict[str, tuple[float, float]]] = defaultdict(dict)
    for *row, cell, value, seconds in tuples_of(curves.filter(mask), (*COLUMNS, "cell", "value", "fit_seconds")):
        fact, name = facts.of((row[0], row[1])), row[6]
        if (name != fact.metric and not name.startswith(DIAGNOSTIC)) or not math.isfinite(value):
            continue
        own = groups[(*row, kept[cell].submission, kept[cell].profile)]
        before, took = own.get(cell, (value, seconds))
        own[cell] = worse(before, value, fact.direction), max(seconds, took)
    found = []
    for (task, split, question_set, kind, axis, part, name, step, submission, profile), points in groups.items():
        values = sorted(value for value, _ in points.values())
        found.append(
            CurvePoint(
                task=task,
                split=split,
                question_set=question_set,
                kind=kind,
                axis=axis,
                slice=part,
                submission=submission,
                profile=profile,
                metric=name,
                step=step,
                mean=math.fsum(values) / len(values),
                least=values[0],
                most=values[-1],
                seeds=len(values),
                fit_seconds=math.fsum(seconds for _, seconds in points.values()) / len(points),
            )
        )

    def order(one: CurvePoint) -> tuple[object, ...]:
        return (*section(one), one.axis, by_number(one.slice), one.metric, one.submission, one.step)

    return tuple(sorted(found, key=order))
