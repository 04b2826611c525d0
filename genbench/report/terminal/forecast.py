"""What an evaluation would take, told before it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.analysis.forecast import COLUMNS as TIMED_BY
from genbench.analysis.forecast import course, expectations, lasting
from genbench.errors import StoreFault
from genbench.evaluation.kept import COLUMNS as KEPT_BY
from genbench.evaluation.kept import kept
from genbench.report.reading import store_at
from genbench.report.results import rows_of
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE, count
from genbench.rows.schema import CELLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from genbench.analysis.forecast import Expected
    from genbench.evaluation.plan import Plan
    from genbench.evaluation.salt import Salt
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

HOUR: Final = 3600.0


def _hours(name: str) -> Callable[[Row], str]:
    """Hours with about three digits."""

    def spelled(row: Row) -> str:
        value = row[name]
        if value is None:
            return NONE
        return "<0.001" if 0 < value < 0.0005 else f"{value:,.{3 if value < 1 else 2 if value < 10 else 1}f}"

    return spelled


_COUNTS: Final = (
    Column("cells", "integer", "cells of the plan", "cells"),
    Column("done", "integer", "of these, by their names, there already", "done", lambda row: str(row["done"] or "")),
    Column("timed", "integer", "of those to run, cells that rows have timed", "timed"),
    Column(
        "hours",
        "number",
        "wall clock of the timed ones one after the other, in hours; null where none is timed",
        "hours",
        _hours("hours"),
    ),
    Column(
        "hours_at_most",
        "number",
        "the same with the others at their budgets, in hours",
        "at most",
        _hours("hours_at_most"),
    ),
)
SUBMISSIONS: Final = (
    Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
    *_COUNTS,
    Column("longest_hours", "number", "its longest timed cell, in hours", "longest", _hours("longest_hours")),
    Column("timed_on", "text", "kind of device that the rows were made on", "timed on"),
)
WHOLE: Final = (
    Column("at_a_time", "integer", "cells at a time", "at a time"),
    *_COUNTS,
    Column(
        "wall_hours",
        "number",
        "hours from start to end in the order of the plan; null where not all cells are timed",
        "start to end",
        _hours("wall_hours"),
    ),
    Column(
        "wall_hours_at_most",
        "number",
        "the same with untimed cells at their budgets, in hours",
        "at most",
        _hours("wall_hours_at_most"),
    ),
    Column(
        "least_hours",
        "number",
        "what no order of the cells can go below: the longest cell, or all shared out evenly; null as above",
        "no order below",
        _hours("least_hours"),
    ),
    Column(
        "critical_hours",
        "number",
        "the longest cell, which more cells at a time do not shorten, in hours; untimed ones at their budgets",
        "critical path",
        _hours("critical_hours"),
    ),
    Column("critical", "text", "that cell: split, submission, seed", "which is"),
)
UNTIMED: Final = (
    Column("task", "text", "task, as its card names it", "task"),
    Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
    Column("splits", "integer", "splits of the task", "splits"),
    Column("split", "text", "split, with overridden parameters; the first of several", "the first"),
    Column("cells", "integer", "cells to run", "cells"),
    Column("budget_hours", "number", "the most that one may take, in hours", "budget", _hours("budget_hours")),
)


def forecast(
    planned: Plan,
    slots: int,
    timings: Sequence[str],
    default: str,
    out: str | None,
    output: Output,
    *,
    salt: Salt | None = None,
    long: bool = False,
) -> None:
    """Print what the cells of a plan would take, `slots` at a time, and of which no timing is known.

    Cells that an evaluation into `out`, with that `salt`, would keep are done.

    The splits of a task without timings are one row for each submission, or each a row of its own where `long`.
    `timings` are the results that say how long cells took: the folder `default` here and the published ones where none
    is named. Raises `StoreFault` where there are no results at a place that was named.
    """
    published = registry.home() / "leaderboard" / "results"
    places = tuple(timings) or tuple(str(place) for place in (Path(default), published) if place.is_dir())
    if not places:
        raise StoreFault("no rows are here whose timings could be read; --timings names a results folder")
    for place in (*places, *([out] if out else [])):
        store_at(place)
    recorded = _cells_of(places)
    done = None
    if out:
        done = kept(planned.cells, recorded if places == (out,) else _cells_of((out,)), salt)
    found = expectations(planned.cells, recorded, done)
    left = [one for one in found if not one.done]
    for one in planned.left_out:
        output.warn(f"left out: {one}")
    untimed = _untimed(left, long=long)
    output.show(_by_submission(found), _whole(found, left, slots), *([untimed] if untimed.rows else []))
    if untimed.rows:
        cells = sum(row["cells"] for row in untimed.rows)
        output.warn(
            f"{count(cells, 'cell')} of {len(left):,} to run {'has' if cells == 1 else 'have'} no timing in "
            f"{', '.join(places)}: their time is not known, and at most their budgets"
        )
    if elsewhere := sorted({one.timed_on for one in left if one.timed_on and one.timed_on != one.cell.device}):
        output.warn(
            f"cells that were timed on {', '.join(elsewhere)} only are planned for "
            f"{', '.join(sorted({str(one.cell.device) for one in left}))}, as if they took as long there"
        )


def _cells_of(places: tuple[str, ...]) -> pa.Table:
    """The rows of CELLS there, without the columns that no plan asks for: with them a file takes twice as long."""
    asked = {*TIMED_BY, *KEPT_BY}
    return rows_of(places).table("cells", without=[name for name in CELLS.names if name not in asked])


def _counts(found: Sequence[Expected]) -> list[Any]:
    left = [one for one in found if not one.done]
    timed = [one for one in left if one.seconds is not None]
    hours = sum(map(lasting, timed)) / HOUR if timed or not left else None
    return [
        len(found),
        len(found) - len(left),
        len(timed),
        hours,
        sum(lasting(one, at_most=True) for one in left) / HOUR,
    ]


def _by_submission(found: Sequence[Expected]) -> Table:
    groups: dict[str, list[Expected]] = {}
    for one in found:
        groups.setdefault(one.cell.submission.label, []).append(one)
    rows = []
    for label, own in groups.items():
        timed = [one for one in own if one.seconds is not None and not one.done]
        longest = max(map(lasting, timed)) / HOUR if timed else None
        rows.append([label, *_counts(own), longest, ", ".join(sorted({one.timed_on for one in timed}))])
    return table_of("submissions", SUBMISSIONS, rows, title="by submission", optional=frozenset({"done", "timed_on"}))


def _whole(found: Sequence[Expected], left: Sequence[Expected], slots: int) -> Table:
    known, most = course(left, slots), course(left, slots, at_most=True)
    complete = all(one.seconds is not None for one in left)
    longest = most.longest
    row = [
        slots,
        *_counts(found),
        known.seconds / HOUR if complete else None,
        most.seconds / HOUR,
        known.least / HOUR if complete else None,
        lasting(longest, at_most=True) / HOUR if longest else 0.0,
        longest.cell.label if longest else "",
    ]
    return table_of("whole", WHOLE, [row], title="all of it", optional=frozenset({"done"}))


def _untimed(left: Sequence[Expected], *, long: bool) -> Table:
    groups: dict[tuple[str, ...], list[Expected]] = {}
    for one in left:
        if one.seconds is None:
            split = one.cell.split
            apart = (split.label,) if long else ()
            groups.setdefault((split.task.name, one.cell.submission.label, *apart), []).append(one)
    rows = []
    for (task, submission, *_), own in groups.items():
        splits = list(dict.fromkeys(one.cell.split.label for one in own))
        rows.append([task, submission, len(splits), splits[0], len(own), own[0].at_most / HOUR])
    return table_of("untimed", UNTIMED, rows, title="no timing is known of")
