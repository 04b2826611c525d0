"""What published rows say of the papers' findings: each reading measured, and which cards name which paper."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from genbench.evaluation.cell import DIAGNOSTIC
from genbench.report.results import evidence_of, headlines, tables_of_splits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.analysis.papers import Measured, Paper, Reading
    from genbench.cards import TaskCard

PROFILE = "full"


def measured(papers: Sequence[Paper], results: Sequence[str], tasks: Mapping[str, TaskCard]) -> dict[Reading, Measured]:
    """Every reading of which there are rows, of the full profile; only the splits that are read are opened."""
    readings = dict.fromkeys(one for paper in papers for finding in paper.findings for one in finding.readings)
    at_end = [one for one in readings if not one.of_curve]
    along = [one for one in readings if one.of_curve]
    return _of_scores(at_end, results, tasks) | _of_curves(along, results, tasks)


def _of_scores(
    readings: Sequence[Reading], results: Sequence[str], tasks: Mapping[str, TaskCard]
) -> dict[Reading, Measured]:
    """Readings of means at the end, from standings by the metric of each."""
    from genbench.analysis.papers import Measured
    from genbench.analysis.standings import by_slice, standings
    from genbench.report.figures import by_metric

    known, evidence = headlines(tasks), evidence_of(results, tasks)
    cells, scores = tables_of_splits(results, ("cells", "scores"), {one.split for one in readings})
    together: dict[tuple[str, bool], list[Reading]] = defaultdict(list)
    for one in readings:
        together[one.metric, bool(one.axis)].append(one)
    found = {}
    for (metric, sliced), own in together.items():
        told = by_metric(known, metric, tasks) if metric else known
        splits = {one.split for one in own}
        rows = _of_splits(cells, splits), _of_splits(scores, splits)
        stands: list[Any] = [] if sliced else [*standings(*rows, told, evidence)]
        parts: list[Any] = [*by_slice(*rows, told, evidence)] if sliced else []
        places = {_place(one): one for one in (*stands, *parts) if one.profile == PROFILE}
        for one in own:
            there = places.get((one.split, one.asked, one.submission, one.axis, one.slice))
            if there is not None and there.mean is not None:
                alone = getattr(there, "deterministic", False)
                found[one] = Measured(there.mean, there.low, there.high, there.seeds, alone)
    return found


def _of_splits(table: Any, splits: Iterable[str]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pc.binary_join_element_wise(table["task"], table["split"], "/")
    return table.filter(pc.is_in(names, pa.array(sorted(splits), pa.string())))


def _place(one: Any) -> tuple[str, ...]:
    part = getattr(one, "axis", ""), getattr(one, "slice", "")
    return (f"{one.task}/{one.split}", one.question_set, one.submission, *part)


def _of_curves(
    readings: Sequence[Reading], results: Sequence[str], tasks: Mapping[str, TaskCard]
) -> dict[Reading, Measured]:
    """Readings of learning curves: the points of each seed at a step, or the first step at which each is as good."""
    from genbench.analysis.newest import tuples_of
    from genbench.analysis.standings.cells import newest_cells
    from genbench.analysis.standings.headlines import Facts

    if not readings:
        return {}
    known = headlines(tasks)
    cells, curves = tables_of_splits(results, ("cells", "curves"), {one.split for one in readings})
    standing = {one.cell: one for one in newest_cells(cells, known) if one.profile == PROFILE and one.status == "ok"}
    facts = Facts(known, curves)
    names = ("cell", "question_set", "axis", "slice", "metric", "step", "value", "n")
    points: dict[tuple[str, ...], dict[str, dict[int, tuple[float, int]]]] = defaultdict(lambda: defaultdict(dict))
    for cell, *part, metric, step, value, count in tuples_of(curves, names):
        if (own := standing.get(cell)) is not None and math.isfinite(value):
            place = (f"{own.task}/{own.split}", own.submission, metric, *part)
            points[place][cell][step] = value, count
    found = {}
    for one in readings:
        task, _, split = one.split.partition("/")
        fact = facts.of((task, split))
        metric = one.metric or fact.metric
        seeds = points.get((one.split, one.submission, metric, one.asked, one.axis, one.slice), {})
        if one.step is None:
            told = _first(one.reaches or 0.0, seeds, lower=fact.direction == "lower")
        else:
            told = _at_step(one.step, seeds, metric, tasks.get(task))
        if told is not None:
            found[one] = told
    return found


def _at_step(
    step: int, seeds: Mapping[str, Mapping[int, tuple[float, int]]], metric: str, card: TaskCard | None
) -> Measured | None:
    """The mean at a step over the seeds, None where none of them has it."""
    from genbench.analysis.intervals import interval
    from genbench.analysis.papers import Measured
    from genbench.scoring import metrics

    there = [points[step] for points in seeds.values() if step in points]
    if not there:
        return None
    bounded = metrics.of_questions(metric, card) and not metric.startswith(DIAGNOSTIC)
    values = [value for value, _ in there]
    mean, low, high = interval(values, there[0][1], bounded=bounded, ends=metrics.ends(metric, card))
    return Measured(mean, low, high, len(there))


def _first(wanted: float, seeds: Mapping[str, Mapping[int, tuple[float, int]]], *, lower: bool) -> Measured | None:
    """The mean over seeds of the first step at which the metric is as good; no figure where a seed never is."""
    from genbench.analysis.intervals import interval
    from genbench.analysis.papers import Measured

    def good(value: float) -> bool:
        return value <= wanted if lower else value >= wanted

    steps = [min((step for step, (value, _) in own.items() if good(value)), default=None) for own in seeds.values()]
    if not steps:
        return None
    reached = [float(step) for step in steps if step is not None]
    if len(reached) < len(steps):
        return Measured(None, seeds=len(steps), why=f"{len(steps) - len(reached)} of {len(steps)} seeds never reach it")
    return Measured(*interval(reached, 0, bounded=False), seeds=len(steps))
