"""One table of who does how well: a row for each submission, a column for each task.

A task's figure is the mean of the headline metric over the question sets of a split that ask for generalization (the
`ood` ones; where a split has none, those drawn as in training), then over splits. It is no rank: it has no interval,
and figures over different splits compare nothing: the table says how many splits each is over, and which are missing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.standings import OPEN
from genbench.analysis.standings.overall import generalizing
from genbench.report.contests import QUICK
from genbench.report.tables import Column, Table, table_of
from genbench.report.wording import NONE, figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.filters import Filter
    from genbench.report.tables import Row

NAMED: Final = 3  # missing splits that are named where a person reads; all are in the data


@dataclass(frozen=True, slots=True)
class Figure:
    """A submission on a task: the mean over its splits, how many of those that anyone answered, and what is missing."""

    mean: float | None
    splits: int
    of: int
    missing: tuple[str, ...]


def summary(standings: Sequence[Standing], chosen: Filter) -> Table:
    """The summary of standings. What is missing is judged by the splits that any submission has rows of."""
    kept = generalizing([one for one in standings if chosen.takes_split(f"{one.task}/{one.split}")])
    tasks = list(dict.fromkeys(one.task for one in kept))
    facts = {one.task: one for one in reversed(kept)}
    found = _figures(kept)
    rows = [
        (profile, submission, own)
        for (profile, submission), own in found.items()
        if chosen.takes_submission(submission) and chosen.profile in {None, profile}
    ]
    rows.sort(key=lambda row: _place(row, facts))
    both = len({profile for profile, _, _ in rows}) > 1
    columns = [
        Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
        Column("profile", "text", "quick (never ranked) or full", "profile" if both else None),
    ]
    for task in tasks:
        columns += [
            Column(task, "number", _about(facts[task]), task, _spelled(task, facts[task])),
            Column(f"{task}_splits", "integer", f"splits of {task} that the mean is over"),
            Column(f"{task}_of", "integer", f"splits of {task} that any submission has rows of in this profile"),
        ]
    columns.append(Column("missing", "text", "splits without a score, and why", "missing", _shortened))
    values = [_values(row, tasks) for row in chosen.best(rows)]
    return table_of(
        "summary",
        columns,
        values,
        notes=_notes(kept, rows, facts),
        optional=frozenset({"missing"}),
        spare=frozenset({"missing"}),
    )


def _figures(kept: Sequence[Standing]) -> dict[tuple[str, str], dict[str, Figure]]:
    """Profile and submission -> task -> figure."""
    splits: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # in the order of the board
    means: dict[tuple[str, str, str, str], list[Standing]] = defaultdict(list)
    for one in kept:
        splits[one.profile, one.task][one.split] = None
        means[one.profile, one.submission, one.task, one.split].append(one)
    found: dict[tuple[str, str], dict[str, Figure]] = defaultdict(dict)
    for profile, submission, task in dict.fromkeys(key[:3] for key in means):
        values, missing = [], []
        for split in splits[profile, task]:
            own = means.get((profile, submission, task, split), [])
            known = [one.mean for one in own if one.mean is not None]
            if known and len(known) == len(own):
                values.append(math.fsum(known) / len(known))
            else:
                failed = {status for one in own for status, _ in one.failed}
                missing.append(f"{task}/{split}" + (f" ({', '.join(sorted(failed))})" if failed else ""))
        mean = math.fsum(values) / len(values) if values else None
        found[profile, submission][task] = Figure(mean, len(values), len(splits[profile, task]), tuple(missing))
    return found


def _place(row: tuple[str, str, dict[str, Figure]], facts: dict[str, Standing]) -> tuple[Any, ...]:
    """Full before quick, many tasks before few, then by the mean of the figures, each turned so that less is better."""
    profile, submission, own = row
    known = [
        one.mean if facts[task].direction == "lower" else -one.mean for task, one in own.items() if one.mean is not None
    ]
    return profile == "quick", -len(known), math.fsum(known) / len(known) if known else 0.0, submission


def _values(row: tuple[str, str, dict[str, Figure]], tasks: Sequence[str]) -> list[Any]:
    profile, submission, own = row
    values: list[Any] = [submission, profile]
    for task in tasks:
        one = own.get(task)
        values += [None, None, None] if one is None else [one.mean, one.splits, one.of]
    missing = [name for one in own.values() for name in one.missing]
    return [*values, ", ".join(missing)]


def _spelled(task: str, one: Standing) -> Callable[[Row], str]:
    def spelled(row: Row) -> str:
        if row[task] is None:
            return NONE
        mean = figure(row[task], one.bounded)
        whole = row[f"{task}_splits"] == row[f"{task}_of"]
        return mean if whole else f"{row[f'{task}_splits']}/{row[f'{task}_of']} {mean}"

    return spelled


def _shortened(row: Row) -> str:
    return _first(row["missing"].split(", ")) if row["missing"] else ""


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _about(one: Standing) -> str:
    return f"mean {one.metric} over out-of-distribution question sets, then over splits; {one.direction} is better"


def _notes(
    kept: Sequence[Standing], rows: Sequence[tuple[str, str, dict[str, Figure]]], facts: dict[str, Standing]
) -> tuple[str, ...]:
    if not rows:
        return ()
    metrics: dict[str, list[str]] = defaultdict(list)
    for task, one in facts.items():
        metrics[one.metric + (" (lower is better)" if one.direction == "lower" else "")].append(task)
    told = "; ".join(f"{metric} of {', '.join(tasks)}" for metric, tasks in metrics.items())
    notes = [f"mean over out-of-distribution question sets, then over splits: {told}; no ranks, --long has them"]
    if inside := list(dict.fromkeys(f"{one.task}/{one.split}" for one in kept if one.kind == "id")):
        notes.append(f"over questions drawn as in training where nothing else is asked: {_first(inside)}")
    if any(0 < one.splits < one.of for _, _, own in rows for one in own.values()):
        notes.append("2/3: over 2 of the 3 splits that have rows; compare figures over the same splits only")
    shown = {submission for _, submission, _ in rows}
    if unwalled := sorted({one.submission for one in kept if one.unranked == OPEN} & shown):
        notes.append(f"{', '.join(unwalled)}: {OPEN}; shown, and never ranked beside the others")
    if {one.profile for one in kept} == {"quick"}:
        notes.append(QUICK)
    return tuple(notes)
