"""What our rows say of published figures: standings by the metric that each figure is of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from genbench.report.results import evidence_of, headlines, tables_of_splits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.analysis.published import Figure
    from genbench.analysis.standings import Board, Evidence, Headline, SliceStanding, Standing
    from genbench.cards import TaskCard


@dataclass(frozen=True, slots=True)
class Held:
    """A published figure, our row that it names where there is one, and what ours says of it."""

    figure: Figure
    ours: Standing | SliceStanding | None
    verdict: str


def measured(
    results: Sequence[str], figures: Sequence[Figure], tasks: Mapping[str, TaskCard]
) -> tuple[list[Standing], list[SliceStanding]]:
    """Our standings and their slices: by headline, and of a task whose figures ask for it by another metric, too.

    Only the splits of figures that ours stands beside are opened.
    """
    from genbench.analysis.standings import by_slice, standings

    splits = {f"{one.task}/{one.split}" for one in figures if one.ours}
    cells, scores = tables_of_splits(results, ("cells", "scores"), splits)
    known, evidence = headlines(tasks), evidence_of(results, tasks)
    ours, slices = [*standings(cells, scores, known, evidence)], [*by_slice(cells, scores, known, evidence)]
    others, their_slices = by_other_metrics(cells, scores, known, evidence, figures, tasks)
    return ours + others, slices + their_slices


def by_other_metrics(
    cells: Any,
    scores: Any,
    known: Mapping[str, Headline],
    evidence: Evidence,
    figures: Sequence[Figure],
    tasks: Mapping[str, TaskCard],
) -> tuple[list[Standing], list[SliceStanding]]:
    """Standings and slices of tasks by a metric that figures are of, and that is not the task's headline."""
    from genbench.analysis.standings import by_slice, standings

    ours: list[Standing] = []
    slices: list[SliceStanding] = []
    others = {(one.task, one.metric) for one in figures if one.task in tasks and one.metric != tasks[one.task].headline}
    for task, metric in sorted(others):
        own, marked = _of_task(cells, task), _of_task(scores, task)
        told = by_metric(known, metric, tasks)
        ours += standings(own, marked, told, evidence)
        slices += by_slice(own, marked, told, evidence)
    return ours, slices


def held(
    results: Sequence[str],
    cells: Any,
    scores: Any,
    board: Board,
    figures: Sequence[Figure],
    tasks: Mapping[str, TaskCard],
) -> dict[tuple[str, str], tuple[Held, ...]]:
    """Each figure held against our rows, by task and split; `board` is made of the rows, by headline."""
    from genbench.analysis.published import beside, verdict

    own = [one for one in figures if one.task in set(cells["task"].unique().to_pylist())]
    ours, slices = by_other_metrics(cells, scores, board.headlines, evidence_of(results, tasks), own, tasks)
    by_split: dict[tuple[str, str], list[Held]] = defaultdict(list)
    standings = _by_split([*board.standings, *ours])
    parts = _by_split([*board.slices, *slices])
    for one in own:
        where = one.task, one.split
        found = beside(one, standings[where], parts[where])
        by_split[where].append(Held(one, found, verdict(one, found)))
    return {where: tuple(those) for where, those in by_split.items()}


def _by_split(rows: Iterable[Any]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for one in rows:
        found[one.task, one.split].append(one)
    return found


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
