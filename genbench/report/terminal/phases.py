"""When submissions memorized and generalized, printed; its tables and phase diagrams written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import UnknownName, nearest
from genbench.report.results import made, page_place, tables_of, wanted_by
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE, figure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from genbench.analysis.grokking import Event, Summary, Unit
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


def phases(
    results: Sequence[str],
    tasks: Sequence[str],
    submissions: Sequence[str],
    across: str,
    up: str,
    out: str | None,
    output: Output,
    *,
    unit: Unit = "steps",
    diagnostics: bool = False,
) -> None:
    """Print when submissions memorized and generalized and in which phase they ended; write tables and pictures.

    Times are printed in `unit`; the tables have all of them. With `diagnostics` also what they said of themselves at
    the last point of their curves.
    """
    from genbench.analysis import grokking
    from genbench.analysis.tables import write
    from genbench.report.plots import of_courses, of_phases

    cells, curves = tables_of(results, ("cells", "curves"))
    courses, left_out = grokking.courses(cells, curves, wanted_by(tasks, submissions))
    for line in left_out:
        output.note(f"left out: {line}")
    summaries = grokking.summaries(courses)
    panels = of_phases.panels(summaries, across, up)
    if not panels:
        known = {name for one in summaries for name in one.courses[0].params}
        missing = next((name for name in (across, up) if name not in known), across)
        raise UnknownName(f"no split and submission have {across!r} and {up!r}{nearest(missing, known)}")
    output.show(_phase_table(summaries, unit), *([_diagnostics_table(summaries)] if diagnostics else []))
    folder = (page_place(results[0], out).parent / "phases") if out is None else Path(out)
    written = {
        "courses.parquet": (grokking.course_rows(courses), grokking.COURSES),
        "ends.parquet": (grokking.end_rows(courses), grokking.ENDS),
        "medians.parquet": (grokking.median_rows(summaries), grokking.MEDIANS),
    }
    with made(folder):
        for name, (rows, schema) in written.items():
            write(rows, schema, folder / name)
        (folder / "phases.svg").write_text(of_phases.picture(panels, across, up), encoding="utf-8")
        (folder / "courses.svg").write_text(of_courses.picture(summaries), encoding="utf-8")
    drawn = of_courses.DRAWN
    if len(summaries) > drawn:
        output.say(f"courses.svg shows the first {drawn} of {len(summaries)}; --task and --submission choose others")
    output.say(f"tables and pictures: {folder}")


EVENTS: Final[Mapping[Event, str]] = {"memorize": "memorized at", "generalize": "generalized at", "delay": "delay"}
SHARES: Final = {
    "train": ("train", "accuracy on training rows at the end"),
    "test": ("test", "accuracy on held-out questions at the end"),
    "memorized": ("mem.", "share of corrupted training rows answered as given"),
    "recovered": ("rec.", "share of corrupted training rows answered as is true"),
    "neither": ("nei.", "share of corrupted training rows answered as neither"),
}


def _phase_table(summaries: Sequence[Summary], unit: Unit) -> Table:
    """A row for each submission on each split; its name, which may be long, comes last."""
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters"),
        Column("profile", "text", "quick (never ranked) or full"),
        *(Column(name, "number", about, head, _share(name)) for name, (head, about) in SHARES.items()),
    ]
    for event, head in EVENTS.items():
        columns += [
            Column(event, "number", f"median over seeds, in {unit}; null where not half did", head, _time(event)),
            Column(f"{event}_low", "number", f"lower end of its 95 % interval, in {unit}"),
            Column(f"{event}_high", "number", f"upper end of its 95 % interval, in {unit}"),
            Column(f"{event}_seeds", "integer", "seeds to which it happened; null where it is not measured"),
        ]
    columns += [
        Column("phase", "text", "the phase of the means", "phase"),
        Column("seeds", "integer", "training seeds", "seeds"),
        Column("phases", "text", "seeds by phase, where they differ"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission", _name),
    ]
    note = "mem., rec., nei.: corrupted training rows answered as given, as is true, and neither; "
    return table_of(
        "phases",
        columns,
        [_values(one, unit) for one in summaries],
        sections=("task", "split"),
        heading=lambda row: f"{row['task']}/{row['split']}",
        notes=(f"{note}times in {unit}, medians over seeds",),
    )


def _values(one: Summary, unit: Unit) -> list[Any]:
    first = one.courses[0]
    values: list[Any] = [first.task, first.split, first.profile]
    values += [getattr(one, name) for name in SHARES]
    for event in EVENTS:
        timed = one.medians.get((event, unit))
        if timed is None or not timed.seeds:
            values += [None] * 4
        else:
            values += [timed.median, timed.low, timed.high, timed.happened]
    apart = ", ".join(f"{count} {phase}" for phase, count in one.phases) if len(one.phases) > 1 else ""
    return [*values, one.phase, len(one.courses), apart, first.submission]


def _share(name: str) -> Callable[[Row], str]:
    return lambda row: figure(row[name], True)


def _name(row: Row) -> str:
    name = str(row["submission"]) + (" (quick)" if row["profile"] == "quick" else "")
    return name + (f"  ({row['phases']})" if row["phases"] else "")


def _diagnostics_table(summaries: Sequence[Summary]) -> Table:
    """What submissions said of themselves at the last point, a row for each number."""
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters"),
        Column("profile", "text", "quick (never ranked) or full"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
        Column("diagnostic", "text", "what it is called by the submission; empty where it offers none", "diagnostic"),
        Column("value", "number", "mean over seeds at the last point", "value", _value),
    ]
    rows: list[list[Any]] = []
    for one in summaries:
        first = one.courses[0]
        who = [first.task, first.split, first.profile, first.submission]
        rows += [[*who, name, value] for name, value in one.diagnostics.items()] or [[*who, "none offered", None]]
    return table_of(
        "diagnostics",
        columns,
        rows,
        title="diagnostics at the last point, means over seeds",
        sections=("task", "split"),
        heading=lambda row: f"{row['task']}/{row['split']}",
    )


def _value(row: Row) -> str:
    return figure(row["value"], False)


def _time(event: str) -> Callable[[Row], str]:
    """A median with its interval; `never` where it happened to no seed, `beyond` the curve where to fewer than half."""

    def spelled(time: float) -> str:
        return f"{time:,.0f}" if time < 1e7 else f"{time:.3g}"

    def shown(row: Row) -> str:
        if row[f"{event}_seeds"] is None:
            return NONE
        if not row[f"{event}_seeds"]:
            return "never"
        middle = "beyond" if row[event] is None else spelled(row[event])
        ends = row[f"{event}_low"], row[f"{event}_high"]
        if ends == (None, None):
            return middle
        low, high = ("" if end is None else spelled(end) for end in ends)
        return f"{middle} ({low}-{high})"

    return shown
