"""Scores of answers that are there already: a predictions file, or the stored answers of a results folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.report.reading import store_at
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits, leaderboard
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.registry import ChosenSplit
    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


def score(rows: Sequence[dict[str, Any]], chosen: ChosenSplit, out: str, beside: Filter, output: Output) -> None:
    """Print the scores of predictions on a split, SCORES rows, the headline first.

    With `out`, where their rows were added, the standings there on the same split follow, kept to what `beside` says.
    """
    told = _score_tables(rows, chosen)
    if out:
        told += _beside(out, chosen, beside, output)
    output.show(*told)
    if out:
        output.say(f"rows added to {out}; a predictions file is shown and never ranked")


def _beside(out: str, chosen: ChosenSplit, beside: Filter, output: Output) -> list[Table]:
    """The standings at `out` on the same split."""
    told = leaderboard.read((out,), own=[chosen.task])
    where = f"{chosen.task.name}/{chosen.label}"
    own = [one for one in told.standings if f"{one.task}/{one.split}" == where]
    return leaderboard.standings_of(own, told.reported, beside, output)


def _score_tables(rows: Sequence[dict[str, Any]], chosen: ChosenSplit) -> list[Table]:
    """The headline of each question set with its interval; then the other metrics and the slices."""
    from genbench.analysis.standings import KINDS

    headline = chosen.task.headline
    whole = [row for row in rows if not row["axis"] and row["metric"] == headline]
    whole.sort(key=lambda row: KINDS.index(row["kind"]) if row["kind"] in KINDS else len(KINDS))
    others = [row for row in rows if row not in whole]
    tables = [table_of("headline", HEADLINE, [_values(row, chosen) for row in whole], title=_title(chosen))]
    if others:
        tables.append(table_of("scores", SCORES, [_part(row, chosen) for row in others]))
    return tables


def _title(chosen: ChosenSplit) -> str:
    better = f", {chosen.task.direction} is better"
    return f"{chosen.task.name}/{chosen.label}  {chosen.task.headline}{better}"


def _mean(row: Row) -> str:
    return NONE if row["value"] is None else f"{row['value']:.4f}"


def _span(row: Row) -> str:
    return NONE if row["low"] is None else f"{row['low']:.4f} {NONE} {row['high']:.4f}"


_METRIC: Final = Column("metric", "text", "name of the metric")
_SET: Final = Column("question_set", "text", "name of the question set", "question set")
_KIND: Final = Column("kind", "text", "how it was drawn: ood, id or trained", "kind")
_VALUE: Final = Column("value", "number", "mean of the metric over the questions", "mean", _mean)
_LOW: Final = Column("low", "number", "lower end of its 95 % interval over questions", "95 % interval", _span)
_HIGH: Final = Column("high", "number", "upper end of it")
_N: Final = Column("n", "integer", "number of questions", "questions")
HEADLINE: Final = (_SET, _KIND, _METRIC, _VALUE, _LOW, _HIGH, Column("chance", "number", "of guessing", "chance"), _N)
SCORES: Final = (
    _SET,
    _KIND,
    Column("axis", "text", "the axis of the slice; empty for the whole question set", "axis"),
    Column("slice", "text", "the value on that axis; empty likewise", "slice"),
    Column("metric", "text", "name of the metric", "metric"),
    _VALUE,
    _LOW,
    _HIGH,
    _N,
)


def _estimate(row: dict[str, Any], chosen: ChosenSplit) -> list[Any]:
    """The value of a score with its interval over questions, where there is ground for one."""
    from genbench.analysis.intervals import of_score

    return [float(row["value"]), *of_score(row, chosen.task)]


def _values(row: dict[str, Any], chosen: ChosenSplit) -> list[Any]:
    chance = None if chosen.given else float(chosen.split.chance_of(row["question_set"]))
    return [row["question_set"], row["kind"], row["metric"], *_estimate(row, chosen), chance, row["n"]]


def _part(row: dict[str, Any], chosen: ChosenSplit) -> list[Any]:
    who = [row["question_set"], row["kind"], row["axis"], row["slice"], row["metric"]]
    return [*who, *_estimate(row, chosen), row["n"]]


RESCORED: Final = (
    Column("cell", "text", "key of the cell; empty where a file could not be read"),
    Column("scores", "integer", "rows of SCORES written, or that would be"),
    Column("changed", "text", "those that are others than before, `; ` between"),
    Column("fault", "text", "why it was left as it was; empty where it was not"),
)
CHANGED: Final = 5  # changed scores of a cell that a person is told of


def rescore(place: str, output: Output, *, dry: bool = False) -> int:
    """Rescore stored predictions. Returns 2 where a cell could not be rescored."""
    from genbench.authoring import rescoring

    store = store_at(place)
    rows, cells, changed, faults = [], 0, 0, 0
    for one in rescoring.rescore(store, registry.catalogue(), dry=dry):
        rows.append([one.cell, one.written, "; ".join(one.changed), one.fault])
        cells, changed, faults = cells + bool(one.written), changed + bool(one.changed), faults + bool(one.fault)
        if one.fault:
            output.warn(f"left as it was: {one.fault}")
        elif one.changed:
            more = len(one.changed) - CHANGED
            told = "; ".join(one.changed[:CHANGED]) + (f" (and {more} more)" if more > 0 else "")
            output.say(f"{one.cell}: {told}") if dry else output.tell(f"scored again: {one.cell}: {told}")
        else:
            output.tell(f"{'as it was' if dry else 'scored again'}: {one.cell}")
    if not output.for_people:
        output.show(table_of("rescored", RESCORED, rows))
    done = f"{cells} cells would be scored again" if dry else f"{cells} cells scored again"
    others = f", {changed} of them otherwise than before" if changed else ""
    output.say(f"{done} in {place}{others}" + (f", {faults} left as they were" if faults else ""))
    return exits.BAD_INPUT if faults else exits.OK
