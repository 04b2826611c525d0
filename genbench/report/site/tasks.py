"""All tasks at a glance, and a page for each: its splits, its families of settings, what was reported of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.report.contests import QUICK, REPORTED
from genbench.report.site.families import family_section
from genbench.report.site.glance import Line, glance
from genbench.report.site.pages import Made, Page
from genbench.report.site.places import split_path, task_path, up
from genbench.report.site.provenance import life_path
from genbench.report.site.table import Cell, Column, Row, Table, html
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.report.site.subject import Subject


def tasks(about: Subject) -> Iterator[Page]:
    """The page of all tasks, and one for each."""
    lines = glance(about.board.standings)
    if not lines and not about.tasks:
        return
    titles = [(task, about.title(task), task_path(task)) for task in about.tasks]
    everything = (lines, titles)
    yield Page("tasks/index.html", "tasks", "tasks.html", everything, lambda: Made(_all(about, lines, titles)))
    for task in about.tasks:
        own = [line for line in lines if line.task == task]
        alike = [one for one in about.families if one.task == task]
        abouts = _abouts(about, task)
        inputs = (own, alike, abouts)
        path = task_path(task)

        def made(path: str = path, task: str = task, own: list[Line] = own) -> Made:
            return Made(_one(about, task, path, own))

        yield Page(path, about.title(task), "task.html", inputs, made)


def _all(about: Subject, lines: list[Line], titles: list[tuple[str, str, str]]) -> dict[str, object]:
    smoke = bool(lines) and all(line.quick for line in lines)
    return {
        "titles": titles,
        "table": html(_table(lines, "../", smoke=smoke), first=len(lines)),
        "quick": QUICK if smoke else "",
        "splits": len(about.splits),
    }


def _one(about: Subject, task: str, path: str, lines: list[Line]) -> dict[str, object]:
    card = about.known.get(task)
    smoke = bool(lines) and all(line.quick for line in lines)
    root = up(path)
    return {
        "task": task,
        "about": card.about.strip() if card is not None else "",
        "sources": [
            (name, value) for name in ("source", "license") if card is not None and (value := getattr(card, name))
        ],
        "splits": [(split, root + split_path(task, split), told) for split, told in _abouts(about, task)],
        "table": html(_table(lines, root, smoke=smoke), first=len(lines)) if lines else "",
        "quick": QUICK if smoke else "",
        "families": [
            (family_section(one), root + life_path(task, one.base)) for one in about.families if one.task == task
        ],
        "reported": REPORTED,
    }


def _abouts(about: Subject, task: str) -> list[tuple[str, str]]:
    """The splits of a task that have a page, each with what its card says of it."""
    found = []
    for own, split in about.splits:
        if own == task:
            fact = about.board.headlines.get(f"{task}/{split}") or about.board.headlines.get(
                f"{task}/{split.partition(':')[0]}"
            )
            found.append((split, fact.about if fact is not None else ""))
    return found


def _table(lines: list[Line], root: str, *, smoke: bool) -> Table:
    columns = (
        Column("split", "split", "text"),
        Column("questions", "questions", "text"),
        Column("first", "first", "text", "those that may be the best"),
        Column("mean", "mean"),
        Column("chance", "chance"),
    )
    rows = []
    for line in lines:
        who = ", ".join(line.leaders) or NONE
        more = (f" and {line.more} more" if line.more else "") + (" (shared)" if len(line.leaders) > 1 else "")
        why = f"; {line.why}" if line.why and not smoke else ""
        cells = (
            Cell(line.name, head=True, link=root + line.path),
            Cell(f"{line.question_set}, {line.kind}" if line.kind else line.question_set),
            Cell(who + more + why),
            Cell(line.mean, look="n"),
            Cell(line.chance, look="n"),
        )
        rows.append(Row(line.name, cells))
    return Table("glance", "who is first", "At a glance", columns, tuple(rows))
