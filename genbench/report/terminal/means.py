"""Means of submissions beside each other, by question set or along an axis."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.errors import UnknownName, nearest
from genbench.report.figures import by_metric
from genbench.report.results import evidence_of, headlines, tables_of
from genbench.report.tables import Column, table_of
from genbench.report.wording import figure, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import SliceStanding, Standing
    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

WHOLE = "question_set"  # what means are told by where no axis is asked for


def beside(results: Sequence[str], chosen: Filter, by: str, output: Output, metric: str | None = None) -> None:
    """Print the means of each split as one table: a row a submission, a column a question set, or a slice of an axis.

    `by` is `question_set` or the name of an axis, of which each question set has a table. Chance and floor, where they
    are known, are the first rows. `metric` is shown in place of the headline, by the splits that have it, and of it
    neither is known. Raises `UnknownName` where no split has the axis or the metric, or none is among the `chosen`.
    """
    from genbench.analysis.standings import SliceStanding, by_slice, standings

    cells, scores = tables_of(results, ("cells", "scores"))
    known = registry.catalogue().tasks
    told = headlines(known)
    if metric is not None:
        told = by_metric(told, metric, known)
    find = standings if by == WHOLE else by_slice
    rows: Sequence[Standing | SliceStanding] = find(cells, scores, told, evidence_of(results, known))
    named = chosen.chosen(rows)
    if metric is not None:
        named = [one for one in named if one.mean is not None]
        if not named:
            raise UnknownName(
                f"there are no rows of the metric {metric!r} of {' or '.join(chosen.tasks) or 'any split'}"
            )
    own = [one for one in named if not isinstance(one, SliceStanding) or one.axis == by]
    if not own:
        axes = sorted({one.axis for one in named if isinstance(one, SliceStanding)})
        raise UnknownName(f"no split of these has the axis {by!r}{nearest(by, [WHOLE, *axes])}")

    output.show(*_tables(own, by))


def _tables(own: Sequence[Any], by: str) -> list[Table]:
    """A table of means for each split, and along an axis for each of its question sets; chance is the first row."""

    def where(one: Any) -> tuple[str, ...]:
        return (one.task, one.split, one.profile, *(() if by == WHOLE else (one.question_set,)))

    made = []
    for place, group in groupby(sorted(own, key=where), key=where):
        parts = list(group)
        slices = list(dict.fromkeys(_column(one) for one in parts))
        known = {(one.submission, _column(one)): one for one in parts}
        seeds = {one.submission: (one.seeds, _failed(one)) for one in parts}
        rows: list[list[Any]] = []
        asked = "" if by == WHOLE else place[3]
        for name, level in (("chance level", "chance"), ("floor", "floor")):
            told = {_column(one): getattr(one, level) for one in parts if getattr(one, level) is not None}
            if told:
                rows.append(
                    [*place[:3], asked, name, None, "", *(end for one in slices for end in (told.get(one), None, None))]
                )
        for name, (count, failed) in seeds.items():
            own = [known.get((name, one)) for one in slices]
            ends = [end for one in own for end in ((None,) * 3 if one is None else (one.mean, one.low, one.high))]
            rows.append([*place[:3], asked, name, count, failed, *ends])
        columns = [*COLUMNS, *(column for one in slices for column in _mean_of(one, parts[0], by))]
        title = ", ".join([f"{place[0]}/{place[1]}", *place[3:], parts[0].metric, f"{place[2]} profile"])
        optional = frozenset({"failed"})
        made.append(table_of("means", columns, rows, heading=lambda _, title=title: title, optional=optional))
    return made


COLUMNS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters"),
    Column("profile", "text", "quick (never ranked) or full"),
    Column("question_set", "text", "whose slices these are; empty where the columns are question sets"),
    Column("submission", "text", "submission, or `chance level`", "submission"),
    Column("seeds", "integer", "training seeds that were graded", "seeds"),
    Column("failed", "text", "cells that failed, and are in no mean, by status", "failed"),
)


def _failed(one: Any) -> str:
    return ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in one.failed)


def _mean_of(name: str, one: Any, by: str) -> tuple[Column, Column, Column]:
    """The columns of a slice or a question set: its mean, and the ends of the 95 % interval, which stand beside it.

    One named as a column before it, `seeds`, keeps apart by its axis.
    """
    taken = {column.name for column in COLUMNS}
    key = f"{by}={name}" if name in taken else name

    def shown(row: Row) -> str:
        if row[key] is None:
            return ""
        within = "" if row[low] is None else f" ({span(row[low], row[high], one.bounded)})"
        return figure(row[key], one.bounded) + within

    low, high = f"{key}_low", f"{key}_high"
    return (
        Column(key, "number", f"mean {one.metric} where {by} is {name}, with its 95 % interval", name, shown),
        Column(low, "number", "lower end of the interval"),
        Column(high, "number", "upper end of the interval"),
    )


def _column(one: Any) -> str:
    return str(getattr(one, "slice", one.question_set))
