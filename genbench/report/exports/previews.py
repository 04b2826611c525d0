"""Which pictures there are to be shared: one of the whole leaderboard, and one of each task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.report.exports.preview import Bar, draw
from genbench.report.site.places import slug
from genbench.report.wording import count, figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from genbench.analysis.standings import Standing
    from genbench.report.tables import Table

WHOLE = "preview.png"


def name_of(task: str) -> str:
    """The file of a task's picture, beside the pages."""
    return f"preview-{slug(task)}.png"


def pictures(
    standings: Sequence[Standing], summary: Table, overall: Table | None, cells: int, last: datetime | None
) -> Iterator[tuple[str, bytes]]:
    """(name, PNG) of each, drawn of the tables that the page has, too."""
    tasks = list(dict.fromkeys(one.task for one in standings))
    names = {one.submission for one in standings}
    until = "" if last is None else f", until {last:%Y-%m-%d}"
    about = f"{count(len(names), 'submission')} on {count(len(tasks), 'task')}, {count(cells, 'cell')}{until}"
    bars = [] if overall is None else [_bar(row["submission"], row["overall"], 1.0) for row in overall.rows]
    yield WHOLE, draw("genbench leaderboard", f"{about}; mean above the floor" if bars else about, bars)
    for task in tasks:
        one = next(each for each in standings if each.task == task)
        yield name_of(task), draw(*_of_task(task, one, summary))


def _of_task(task: str, one: Standing, summary: Table) -> tuple[str, str, list[Bar]]:
    known = [row for row in summary.rows if task in row and row[task] is not None]
    full = [row for row in known if row["profile"] != "quick"] or known
    full.sort(key=lambda row: row[task], reverse=one.direction == "higher")
    most = 1.0 if one.bounded else max((abs(row[task]) for row in full), default=1.0) or 1.0
    lower = ", lower is better" if one.direction == "lower" else ""
    quick = ", quick profile" if full and full[0]["profile"] == "quick" else ""
    about = f"{one.metric} over {count(max((row[f'{task}_of'] for row in full), default=0), 'split')}{lower}{quick}"
    bars = [_bar(row["submission"], row[task], most, bounded=one.bounded) for row in full]
    return f"genbench: {task}", about, bars


def _bar(name: str, value: float, most: float, *, bounded: bool = True) -> Bar:
    return Bar(name, value / most, figure(value, bounded))
