"""Timings of submissions: progress while they are measured, then a table each."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final, cast

from genbench import registry
from genbench.analysis.timings import CALIBRATION, changes
from genbench.errors import BadValue
from genbench.report.reading import store_at
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits
from genbench.report.terminal.evaluation import PASSING
from genbench.report.terminal.progress import Progress, keep_log
from genbench.rows import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.timings import Change
    from genbench.evaluation.cell import Profile
    from genbench.evaluation.plan import Plan
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


def timing(
    submissions: Sequence[str],
    tasks: Sequence[str],
    profile: str,
    repeats: int,
    seconds: float,
    device: str | None,
    out: str,
    output: Output,
    against: str | None = None,
) -> int:
    """Time submissions with progress, then print what was measured, and `against` what older timings it stands.

    Returns 1 where one failed, 2 where a split did.
    """
    from genbench.evaluation import plan, run
    from genbench.evaluation import timing as clock
    from genbench.rows import provenance
    from genbench.rows.store import Store

    rule = clock.rule_of(repeats, seconds)
    found = registry.catalogue()
    splits = registry.choose_splits(tasks, found) if tasks else registry.default_splits(found)
    chosen = registry.choose_submissions(submissions, found) if submissions else registry.default_submissions(found)
    planned = plan.plan(splits, chosen, 1, cast("Profile", profile), device or provenance.device())
    for line in planned.left_out:
        output.warn(f"left out: {line}")
    older = [] if against is None else _older(against, planned, output)  # first: they may be those that are replaced
    store = Store(out)
    if places.passing(out):
        output.warn(PASSING.format(place=out))
    events = clock.run(planned, store, rule)
    timed: list[clock.Timed] = []
    code = exits.OK
    try:
        with contextlib.closing(events), Progress(len(planned.cells), output) as progress:
            for event in events:
                if isinstance(event, run.Unsupplied):
                    code = code or exits.FAILED_CELLS
                    progress.show(event)
                    continue
                if isinstance(event, run.SplitFault):
                    code = exits.BAD_INPUT
                    progress.show(event)
                    keep_log(store, event, output)
                    continue
                progress.show(event.done)
                timed.append(event)
                code = code or (exits.OK if event.rows else exits.FAILED_CELLS)
    except KeyboardInterrupt:
        output.warn("\ninterrupted: what was timed up to here is kept")
        code = exits.INTERRUPTED
    rows = [row for one in timed for row in one.rows]
    output.show(measured(rows), *([changed(changes(older, rows))] if older else []))
    if older:
        output.say(SAYS)
    if any(one.rows for one in timed):
        output.say(f"timings: {out}")
    return code


def _older(place: str, planned: Plan, output: Output) -> list[Mapping[str, Any]]:
    """Timings of what is to be timed; of files that cannot be read, a line.

    Raises `StoreFault` where there are no results, `BadValue` where none fits.
    """
    found = store_at(place, MAKES).read("timings")
    for line in found.skipped:
        output.warn(f"skipped: {line}")
    rows = found.table.to_pylist()
    wanted = {(cell.split.task.name, cell.split.label, cell.submission.label, cell.profile) for cell in planned.cells}
    kept = [row for row in rows if (row["task"], row["split"], row["submission"], row["profile"]) in wanted]
    if kept:
        return kept
    known = sorted({f"{row['submission']} on {row['task']}/{row['split']} ({row['profile']})" for row in rows})
    there = f"it has those of {', '.join(known[:NAMED])}" if known else f"{MAKES.format(place=place)}"
    if found.skipped and not known:
        there = "what is there cannot be read"
    raise BadValue(f"--compare: {place!r} has no timings of these submissions on these splits; {there}")


def _named(row: Row) -> str:
    name = str(row["measure"]) + ("" if row["batch"] is None else f", batch {row['batch']:,}")
    return (
        name + (", each row once" if row["counted"] == "once" else "") + (", p95" if row["statistic"] == "p95" else "")
    )


def _scaled(row: Row, name: str) -> str:
    from genbench.evaluation.timing import scaled

    return f"{row[name] / scaled(row['value'], row['unit'])[0]:.4g}"


def _ends(row: Row) -> str:
    return "" if row["low"] is None else f"{_scaled(row, 'low')} to {_scaled(row, 'high')}"


def _unit(row: Row) -> str:
    from genbench.evaluation.timing import scaled

    return scaled(row["value"], row["unit"])[1]


MEASURED: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters"),
    Column("submission", "text", "submission, with variant and overridden parameters"),
    Column("profile", "text", "whose parameters were timed: quick or full"),
    Column("seed", "integer", "training seed"),
    Column("device", "text", "cpu, cuda or mps; the matrix multiplication is the CPU's"),
    Column("threads", "integer", "threads of the submission and of the matrix multiplication"),
    Column("measure", "text", "what was timed", "measure", _named),
    Column("batch", "integer", "batch size asked; null where it has none"),
    Column("statistic", "text", "median or p95"),
    Column("value", "number", "the figure, in `unit`", "median", lambda row: _scaled(row, "value")),
    Column("low", "number", "lower end of the 95 % interval of the median", "95 % interval", _ends),
    Column("high", "number", "upper end of it"),
    Column("unit", "text", "seconds, examples/s, tokens/s, bytes, bytes/s, flop/s, or 1", "unit", _unit),
    Column("repeats", "integer", "timed repeats after warm-up", "repeats"),
    Column("ended", "text", "why the repeats ended: tight, repeats or seconds", "ended"),
    Column("counted", "text", "how fit's examples were counted: told (by the submission) or once; else empty"),
)


MAKES: Final = "`genbench timing --out {place}` makes some"
NAMED: Final = 5
SAYS: Final = """
ratio: now over before, of two medians; beside matmul: what it would be if the CPU had multiplied matrices as fast both
times; p: of all measures in the table, adjusted for their number (Holm); better: sure at 5 %, by the ratio, or by the
one beside matmul where the machine is another. How much two runs differ by themselves is learned of matmul and copy;
too few repeats: of the measure, or of those two"""


def _told(row: Row, name: str) -> str:
    from genbench.evaluation.timing import scaled

    size, unit = scaled(row[name], row["unit"])
    return f"{row[name] / size:.4g} {unit}"


def _between(row: Row) -> str:
    return "" if row["low"] is None else f"{row['low']:.3g} to {row['high']:.3g}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _p(row: Row) -> str:
    return "" if row["p"] is None else "<.001" if row["p"] < 0.001 else f"{row['p']:.3f}"


def _verdict(row: Row) -> str:
    if row["measure"] in CALIBRATION:
        return "of the machine"
    return "too few repeats" if row["verdict"] == "unknown" else str(row["verdict"])


CHANGED: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters"),
    Column("submission", "text", "submission, with variant and overridden parameters"),
    Column("profile", "text", "whose parameters were timed: quick or full"),
    Column("device", "text", "cpu, cuda or mps"),
    Column("measure", "text", "what was timed", "measure", lambda row: _named({**row, "counted": "", "statistic": ""})),
    Column("batch", "integer", "batch size asked; null where it has none"),
    Column("unit", "text", "seconds, examples/s, tokens/s, bytes, bytes/s, flop/s, or 1"),
    Column("before", "number", "the older median, in `unit`", "before", lambda row: _told(row, "before")),
    Column("now", "number", "the newer median, in `unit`", "now", lambda row: _told(row, "now")),
    Column("ratio", "number", "now over before", "ratio", lambda row: f"{row['ratio']:.3g}"),
    Column("low", "number", "lower end of its 95 % interval", "95 % interval", _between),
    Column("high", "number", "upper end of it"),
    Column(
        "beside", "number", "the ratio at equal speed of the CPU", "beside matmul", lambda row: _short(row["beside"])
    ),
    Column("p", "number", "two-sided, adjusted for the number of measures (Holm)", "p", _p),
    Column("verdict", "text", "better, worse, no difference, or unknown", "verdict", _verdict),
    Column("moved", "boolean", "whether the machine is another"),
)


def changed(found: Sequence[Change]) -> Table:
    """What changed since older timings, a row for each measure that both have."""
    return table_of(
        "changes",
        CHANGED,
        [[getattr(one, column.name) for column in CHANGED] for one in found],
        sections=("task", "split", "submission", "profile"),
        heading=lambda row: (
            f"{row['task']}/{row['split']}  {row['submission']}  {row['profile']}, {row['device']}, beside older"
            + (" ones of another machine" if row["moved"] else "")
        ),
    )


def measured(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Rows of TIMINGS with the statistics of a measure beside each other: a row for its median, one for its p95."""
    whole: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        about = tuple(row[name] for name in ("task", "split", "submission", "profile", "measure", "batch", "unit"))
        whole.setdefault(about, dict(row))[row["statistic"]] = row["value"]
    found = []
    for one in whole.values():
        middle = one.get("median", one.get("p50"))
        for statistic, value in (("median", middle), ("p95", one.get("p95"))):
            if value is not None:
                ends = (one.get("low"), one.get("high")) if statistic == "median" else (None, None)
                own = {**one, "statistic": statistic, "value": value, "low": ends[0], "high": ends[1]}
                found.append([own[column.name] for column in MEASURED])
    return table_of(
        "timings",
        MEASURED,
        found,
        sections=("task", "split", "submission", "profile"),
        heading=lambda row: (
            f"{row['task']}/{row['split']}  {row['submission']}  seed {row['seed']}  "
            f"{row['profile']}, {row['device']}, threads {row['threads']}"
        ),
    )
