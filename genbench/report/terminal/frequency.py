"""How accuracy grows with frequency, printed; its tables and picture written."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue
from genbench.report.results import made, page_place, tables_of, trends_of, wanted_by
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.analysis.frequency import Found
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


def frequency(
    results: Sequence[str],
    tasks: Sequence[str],
    submissions: Sequence[str],
    axis: str,
    by: str,
    out: str | None,
    output: Output,
) -> None:
    """Print how accuracy grows with frequency, for each submission on each split that has the axis; write and draw."""
    from genbench.analysis import frequency as measure
    from genbench.report.plots import of_frequency

    cells, scores = tables_of(results, ("cells", "scores"))
    found, left_out = trends_of(results, cells, scores, wanted_by(tasks, submissions), axis, by)
    for line in left_out:
        output.note(f"left out: {line}")
    if not found:
        raise BadValue(f"no results along an axis {axis!r}; --axis names another")
    output.show(trend_table(found))
    folder = (page_place(results[0], out).parent / "frequency") if out is None else Path(out)
    with made(folder):
        measure.write(found, folder)
        (folder / "frequency.svg").write_text(of_frequency.picture(found), encoding="utf-8")
    output.say(f"tables and picture: {folder}")


ESTIMATES: Final = {
    "slope": "points of accuracy per decade of frequency",
    "r": "Pearson's r of accuracy and log frequency over the inner bins",
    "concept_r": "Pearson's r over single concepts",
    "unseen_accuracy": "accuracy on concepts of count 0, 0 to 1",
}


def trend_table(found: Sequence[Found]) -> Table:
    """A row for each submission on each question set; its name, which may be long, comes last."""
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters"),
        Column("question_set", "text", "name of the question set"),
        Column("profile", "text", "quick (never ranked) or full"),
    ]
    heads = {
        "slope": ("points a decade", _slope),
        "r": ("r", _three("r")),
        "concept_r": ("concept r", _three("concept_r")),
    }
    heads["unseen_accuracy"] = ("unseen", _unseen)
    for name, about in ESTIMATES.items():
        head, shown = heads[name]
        columns += [
            Column(name, "number", f"{about}; null where there is no ground for it", head, shown),
            Column(f"{name}_low", "number", "lower end of its 95 % interval"),
            Column(f"{name}_high", "number", "upper end of its 95 % interval"),
        ]
        if name == "r":
            columns.append(Column("p", "number", "p of r over the inner bins", "p", _p))
    columns += [
        Column("unseen", "integer", "concepts of count 0"),
        Column("concepts", "integer", "concepts", "concepts"),
        Column("seeds", "integer", "training seeds", "seeds"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission", _name),
    ]
    note = "r: of accuracy and log frequency over the inner bins; concept r: over single concepts; unseen: of count 0"
    return table_of(
        "trends",
        columns,
        [_values(one) for one in found],
        sections=("task", "split", "question_set"),
        heading=lambda row: f"{row['task']}/{row['split']}, {row['question_set']}",
        notes=(note,) if found else (),
    )


def _values(one: Found) -> list[Any]:
    of = one.analysis
    values: list[Any] = [one.task, one.split, one.question_set, one.profile]
    for name in ESTIMATES:
        estimate = getattr(of, name)
        values += [_known(value) for value in (estimate.value, estimate.low, estimate.high)]
        if name == "r":
            values.append(_known(of.trend.p))
    return [*values, int(of.unseen), int(of.concepts), int(of.seeds), one.submission]


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _slope(row: Row) -> str:
    ends = f"({row['slope_low']:.2f} to {row['slope_high']:.2f})" if row["slope_low"] is not None else ""
    return NONE if row["slope"] is None else f"{row['slope']:.2f} {ends}".rstrip()


def _three(name: str) -> Callable[[Row], str]:
    return lambda row: NONE if row[name] is None else f"{row[name]:.3f}"


def _p(row: Row) -> str:
    return NONE if row["p"] is None else f"{row['p']:.1e}"


def _unseen(row: Row) -> str:
    return f"{100 * row['unseen_accuracy']:.1f} % of {row['unseen']}" if row["unseen"] else NONE


def _name(row: Row) -> str:
    return str(row["submission"]) + (" (quick)" if row["profile"] == "quick" else "")
