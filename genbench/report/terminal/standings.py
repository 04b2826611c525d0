"""Standings as tables: each contest with ranks and intervals, and many settings of one split as a grid of means."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.inference.gaps import Gap
from genbench.report.contests import (
    QUICK,
    REPORTED,
    chance_of,
    contest,
    gap_of,
    kind_of,
    normalised,
    notes_on,
    ranks_of,
    reported_on,
    units_of,
)
from genbench.report.families import apart_from, families, mean_at
from genbench.report.tables import Column, Table, table_of
from genbench.report.wording import figure, seconds, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.contests import Reported
    from genbench.report.families import Family
    from genbench.report.tables import Row


def _mean(row: Row) -> str:
    return figure(row["mean"], row["bounded"])


def _span(row: Row) -> str:
    return span(row["low"], row["high"], row["bounded"])


def _gap(row: Row) -> str:
    if row["gap"] is None:
        return ""
    return gap_of(Gap(row["gap"], row["gap_low"], row["gap_high"], row["gap_of_seeds"]), row["bounded"])


COLUMNS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters"),
    Column("question_set", "text", "name of the question set; empty where nothing was graded"),
    Column("kind", "text", "how the question set was drawn: id, ood or trained"),
    Column("profile", "text", "quick (never ranked) or full"),
    Column("metric", "text", "the headline metric of the task"),
    Column("direction", "text", "which is better: higher or lower"),
    Column("chance", "number", "the metric of right answers in random order; null where it is not known"),
    Column("floor", "number", "the metric of the best that looks at no question; null where it is not known"),
    Column(
        "rank",
        "integer",
        "1 + the number of submissions that are surely better; null where unranked or provisional",
        "#",
        lambda row: ranks_of(None if row["rank"] is None else (row["rank"], row["rank_last"])),
    ),
    Column("rank_last", "integer", "the number of those ranked, less those that are surely worse; null likewise"),
    Column("provisional", "boolean", "whether more seeds would give it a rank; notes say which are missing"),
    Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
    Column("mean", "number", "mean of the metric over seeds and questions", "mean", _mean),
    Column("low", "number", "lower end of the 95 % interval of the mean", "95 % interval", _span),
    Column("high", "number", "upper end of the 95 % interval of the mean"),
    Column(
        "above_floor",
        "number",
        "(mean - floor) / (best - floor), of the better of chance and floor; null where it is not known or 0",
        "above floor",
        lambda row: "" if row["above_floor"] is None else figure(row["above_floor"], row["bounded"]),
    ),
    Column(
        "gap",
        "number",
        "mean on questions drawn as in training, less this one; more is worse; null where none are asked",
        "gap",
        _gap,
    ),
    Column("gap_low", "number", "lower end of the 95 % interval of the gap"),
    Column("gap_high", "number", "upper end of the 95 % interval of the gap"),
    Column("gap_of_seeds", "number", "share of the gap's variance that comes of seeds; null for one seed"),
    Column("bounded", "boolean", "whether the metric lies between 0 and 1 for each question"),
    Column("seeds", "integer", "training seeds that were graded", "seeds"),
    Column("questions", "integer", "questions of one seed"),
    Column("clusters", "integer", "units that the interval counts in place of questions; 0 where the card has none"),
    Column("strata", "integer", "units, all there are, within which the interval counts questions; 0 where none are"),
    Column(
        "fit_seconds", "number", "wall clock in fit, mean over seeds", "fit s", lambda row: seconds(row["fit_seconds"])
    ),
    Column("sealing", "text", "how its cells were walled off: process, sandbox:bwrap, ...; several where they differ"),
    Column("notes", "text", "failures by status, and what to know before believing the row", ""),
)


def standings_table(standings: Sequence[Standing], reported: Reported | None = None) -> Table:
    """All standings as one table, a section for each contest; published figures are remarks on the full profile's.

    Rows must be in the order of a board, contest after contest.
    """
    beside: dict[tuple[str, ...], bool] = {}
    for where, own in groupby(standings, key=contest):
        beside[where] = normalised(list(own))
    first = {contest(one): one for one in reversed(standings)}

    def remarks(rows: Sequence[Row]) -> list[str]:
        one = first[_where(rows[0])]
        told = reported_on(one, reported or {})
        quick = [QUICK] if one.profile == "quick" else []
        return [*quick, *((f"{REPORTED}:", *told) if told else ())]

    def heading(row: Row) -> str:
        return _heading(first[_where(row)])

    return table_of(
        "standings",
        COLUMNS,
        [_values(one, above=beside[contest(one)]) for one in standings],
        sections=("task", "split", "question_set", "profile"),
        heading=heading,
        remarks=remarks,
        strong=lambda row: row["rank"] == 1,
        unsure=lambda row: row["provisional"],
        optional=frozenset({"above_floor", "gap", "notes"}),
    )


def long_tables(standings: Sequence[Standing], reported: Reported | None = None) -> list[Table]:
    """The tables that a person reads: contests, and after them each family of settings as grids of means."""
    alike = families(standings)
    apart = apart_from(standings, alike)
    told = [standings_table(apart, reported)] if apart else []
    return told + [grid for family in alike for grid in _grids(family)]


def _where(row: Row) -> tuple[str, str, str, str]:
    return row["task"], row["split"], row["question_set"], row["profile"]


def _heading(one: Standing) -> str:
    asked = f"{one.question_set} ({kind_of(one)})" if one.question_set else ""
    about = " · ".join(part for part in (asked, one.metric, chance_of(one), units_of(one)) if part)
    return f"{one.task}/{one.split}  {about}"


def _values(one: Standing, *, above: bool) -> list[Any]:
    own = {
        "rank": None if one.ranks is None else one.ranks[0],
        "rank_last": None if one.ranks is None else one.ranks[1],
        "above_floor": one.above_floor if above else None,
        "gap": None if one.gap is None else one.gap.value,
        "gap_low": None if one.gap is None else one.gap.low,
        "gap_high": None if one.gap is None else one.gap.high,
        "gap_of_seeds": None if one.gap is None else one.gap.of_seeds,
        "notes": "; ".join(notes_on(one)),
    }
    return [own[column.name] if column.name in own else getattr(one, column.name) for column in COLUMNS]


def _grids(family: Family) -> list[Table]:
    tables = []
    for grid in family.grids:
        kind = kind_of(grid.one)
        asked = f"{grid.question_set} ({kind})" if kind else grid.question_set
        parts = (asked, grid.one.metric, chance_of(*grid.cells.values()), grid.submission)
        columns = [
            Column("setting", "text", f"values of {family.up}", family.up),
            *(Column(name, "text", f"mean where {family.across} is {name}", name) for name in grid.columns),
        ]
        rows = [[row, *(mean_at(grid, row, column) for column in grid.columns)] for row in grid.rows]
        title = f"{family.task}/{family.title}  " + " · ".join(part for part in parts if part)
        notes = (QUICK,) if family.profile == "quick" else ()
        tables.append(table_of("grid", columns, rows, sections=(), heading=lambda _, title=title: title, notes=notes))
    return tables
