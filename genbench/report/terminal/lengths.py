"""Up to which length submissions are right, printed; its tables and picture written."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.report.results import made, page_place, tables_of, wanted_by
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE, figure, point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.lengths import Reach
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


def lengths(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, out: str | None, output: Output
) -> None:
    """Print up to which length submissions are right; write tables and the picture of accuracy by length."""
    from genbench.analysis import lengths as measures
    from genbench.analysis.tables import write
    from genbench.report.plots import of_lengths, rendering
    from genbench.report.plots.looks import MOST

    cells, scores = tables_of(results, ("cells", "scores"))
    reaches, left_out = measures.reaches(cells, scores, wanted_by(tasks, submissions), axis)
    for line in left_out:
        output.note(f"left out: {line}")
    output.show(_reach_table(reaches))
    folder = (page_place(results[0], out).parent / "lengths") if out is None else Path(out)
    written = {
        "accuracies.parquet": (measures.accuracy_rows(reaches), measures.ACCURACIES),
        "seeds.parquet": (measures.seed_rows(reaches), measures.SEEDS),
        "reaches.parquet": (measures.reach_rows(reaches), measures.REACHES),
    }
    plots, drawn = of_lengths.frames(reaches)
    with made(folder):
        for name, (rows, schema) in written.items():
            write(rows, schema, folder / name)
        (folder / "lengths.svg").write_text(rendering.svg(plots, drawn, [of_lengths.FAMILIAR]), encoding="utf-8")
    names = {one.readings[0].submission for one in reaches}
    if len(names) > MOST:
        output.say(f"lengths.svg shows {MOST} of {len(names)} submissions; --submission chooses others")
    output.say(f"tables and picture: {folder}")


NOTES: Final = (
    ".9 up to: the largest value asked with exact match of .9 at least; .5 at: where it falls below one half;",
    "area under exact match, 0 to 1; in brackets 95 % intervals, with one seed over questions only;",
    "n+: beyond all that was asked, <n: before it; prefix: tokens before the first wrong one, at the longest",
)


def _reach_table(found: Sequence[Reach]) -> Table:
    """A row for each submission on each split; its name, which may be long, comes last."""
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters"),
        Column("profile", "text", "quick (never ranked) or full"),
        Column("axis", "text", "the axis whose slices are numbers"),
        Column("least", "number", "the smallest value asked"),
        Column("most", "number", "the largest value asked"),
        Column("familiar", "number", "up to where questions are as in training; null where the split does not say"),
    ]
    for name, head, about in (
        ("break_point", ".9 up to", "the largest value asked with exact match of .9 at least"),
        ("half_length", ".5 at", "where exact match falls below one half"),
    ):
        columns += [
            Column(f"{name}_text", "text", f"{about}: with its 95 % interval; 500+ is beyond all that was asked", head),
            Column(name, "number", f"{about}; null where it is beyond or before all that was asked"),
            Column(f"{name}_low", "number", "lower end of its 95 % interval; null likewise"),
            Column(f"{name}_high", "number", "upper end of its 95 % interval; null likewise"),
        ]
    columns += [
        Column("area", "number", "area under exact match, 0 to 1", "area", _area),
        Column("area_low", "number", "lower end of its 95 % interval"),
        Column("area_high", "number", "upper end of its 95 % interval"),
        Column("prefix", "number", "tokens before the first wrong one, at the longest", "prefix", _prefix),
        Column("seeds", "integer", "training seeds that were graded", "seeds", _seeds),
        Column("failed", "integer", "training seeds that failed"),
        Column("misfit", "number", "mean distance of accuracy from one that falls steadily"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission", _name),
    ]
    return table_of(
        "lengths",
        columns,
        [_values(one) for one in found],
        sections=("task", "split"),
        heading=_heading,
        notes=NOTES,
    )


def _values(one: Reach) -> list[Any]:
    task, split = one.readings[0].who[:2]
    first, asked = one.readings[0], one.lengths
    values: list[Any] = [task, split, first.profile, first.axis, float(asked[0]), float(asked[-1])]
    values.append(None if first.familiar is None else float(first.familiar))
    for of in (one.break_point, one.half_length):
        numbers = [float(value) if isfinite(value) else None for value in (of.value, of.low, of.high)]
        values += [point(of.value, of.low, of.high, asked), *numbers]
    before = one.mean_of("prefix_length")
    return [
        *values,
        *(float(value) for value in (one.area.value, one.area.low, one.area.high)),
        None if before is None else float(before[-1]),
        len(one.readings),
        one.failed,
        float(one.misfit),
        first.submission,
    ]


def _heading(row: Row) -> str:
    seen = "" if row["familiar"] is None else f", as in training up to {row['familiar']:g}"
    return f"{row['task']}/{row['split']}: {row['axis']} {row['least']:g} to {row['most']:g}{seen}"


def _area(row: Row) -> str:
    area, low, high = (figure(row[name], True) for name in ("area", "area_low", "area_high"))
    return f"{area} ({low} to {high})"


def _prefix(row: Row) -> str:
    return NONE if row["prefix"] is None else f"{row['prefix']:.1f}"


def _seeds(row: Row) -> str:
    return f"{row['seeds']} of {row['seeds'] + row['failed']}" if row["failed"] else str(row["seeds"])


def _name(row: Row) -> str:
    from genbench.analysis.lengths import UNSTEADY

    name = row["submission"] + (" (quick)" if row["profile"] == "quick" else "")
    if row["misfit"] > UNSTEADY:
        name += f"  accuracy does not fall steadily with {row['axis']}: {row['misfit']:.2f} from one that does"
    return str(name)
