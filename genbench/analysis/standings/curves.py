"""Learning curves: the headline metric by training step, averaged over seeds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench.analysis.newest import rows_of
from genbench.analysis.ordering import by_number
from genbench.analysis.standings.cells import newest_cells
from genbench.analysis.standings.headlines import Facts
from genbench.analysis.standings.order import section
from genbench.analysis.standings.scores import worse
from genbench.evaluation.cell import DIAGNOSTIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.analysis.standings.headlines import Headline


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
    groups: dict[tuple[Any, ...], dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in rows_of(curves):
        where = (row["task"], row["split"])
        cell = kept.get(row["cell"])
        shown = row["metric"] == facts.of(where).metric or row["metric"].startswith(DIAGNOSTIC)
        if cell is None or not shown or not math.isfinite(row["value"]):
            continue
        key = (
            *where,
            row["question_set"],
            row["kind"],
            row["axis"],
            row["slice"],
            cell.submission,
            cell.profile,
            row["metric"],
            row["step"],
        )
        value, seconds = groups[key].get(row["cell"], (row["value"], row["fit_seconds"]))
        groups[key][row["cell"]] = (
            worse(value, row["value"], facts.of(where).direction),
            max(seconds, row["fit_seconds"]),
        )
    found = []
    for (task, split, question_set, kind, axis, part, submission, profile, metric, step), points in groups.items():
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
                metric=metric,
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
