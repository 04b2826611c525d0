"""What our rows say of published figures: standings by the metric that each figure is of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from genbench.report.results import evidence_of, headlines, tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.published import Figure
    from genbench.analysis.standings import Headline, SliceStanding, Standing
    from genbench.cards import TaskCard


def measured(
    results: Sequence[str], figures: Sequence[Figure], tasks: Mapping[str, TaskCard]
) -> tuple[list[Standing], list[SliceStanding]]:
    """Our standings and their slices: by headline, and of a task whose figures ask for it by another metric, too."""
    from genbench.analysis.standings import by_slice, standings

    cells, scores = tables_of(results, ("cells", "scores"))
    known, evidence = headlines(tasks), evidence_of(results, tasks)
    ours, slices = [*standings(cells, scores, known, evidence)], [*by_slice(cells, scores, known, evidence)]
    others = {(one.task, one.metric) for one in figures if one.task in tasks and one.metric != tasks[one.task].headline}
    for task, metric in sorted(others):
        own, marked = _of_task(cells, task), _of_task(scores, task)
        told = by_metric(known, metric, tasks)
        ours += standings(own, marked, told, evidence)
        slices += by_slice(own, marked, told, evidence)
    return ours, slices


def by_metric(known: Mapping[str, Headline], metric: str, tasks: Mapping[str, TaskCard]) -> dict[str, Headline]:
    """The facts of splits with another metric in the headline's place; of it neither chance nor floor is known.

    Raises `UnknownName` for what no metric is called.
    """
    from genbench.scoring import metrics

    brings = {name: card for name, card in tasks.items() if metric in card.own_metrics}
    if not brings:
        metrics.named(metric)
    told = {}
    for name, one in known.items():
        card = brings.get(name.partition("/")[0])
        bounded, ends = metrics.of_questions(metric, card), metrics.ends(metric, card)
        told[name] = replace(one, metric=metric, chance={}, floor={}, bounded=bounded, ends=ends)
    return told


def _of_task(table: Any, task: str) -> Any:
    import pyarrow.compute as pc

    return table.filter(pc.equal(table["task"], task))
