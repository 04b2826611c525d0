"""A task on the page: the sections of its splits, then of families of splits, then its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from genbench.report.charts.looks import looks_of
from genbench.report.families import apart_from, families
from genbench.report.page.family import family_section
from genbench.report.page.split import split_section
from genbench.report.wording import TRANSDUCTIVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Board
    from genbench.report.contests import Reported
    from genbench.report.page.family import FamilySection
    from genbench.report.page.split import SplitSection


@dataclass(frozen=True, slots=True)
class TaskSection:
    """A task: its name and title, what it has sections of, and SVG for its end."""

    name: str
    title: str
    splits: tuple[SplitSection, ...]
    families: tuple[FamilySection, ...]
    pictures: tuple[str, ...]


def task_sections(
    board: Board,
    difficulty: Mapping[tuple[str, str], str],
    reported: Reported,
    trends: Sequence[Found],
    reaches: Sequence[Reach],
    pictures: Mapping[str, Sequence[str]],
) -> list[TaskSection]:
    """One section for each task of the board, in its order; the arguments are those of `page.render`."""
    alike = families(board.standings)
    apart = apart_from(board.standings, alike)
    looks = looks_of(apart)
    tasks = []
    for task in dict.fromkeys(one.task for one in board.standings):
        splits = []
        title = next((fact.title for label, fact in board.headlines.items() if label.startswith(f"{task}/")), "")
        of_task = [one for one in apart if one.task == task]
        for split, of_split in groupby(of_task, key=lambda one: one.split):
            fact = board.headlines.get(f"{task}/{split}") or board.headlines.get(f"{task}/{split.partition(':')[0]}")
            told = difficulty.get((task, split), "")
            own = [one for one in trends if (one.task, one.split) == (task, split)]
            far = [one for one in reaches if one.readings[0].who[:2] == (task, split)]
            about = fact.about if fact else ""
            if fact is not None and fact.transductive:
                about += f" (transductive: {TRANSDUCTIVE.removeprefix('yes: ')})"
            splits.append(split_section(list(of_split), board, looks, about, told, reported, own, far))
        folded = tuple(family_section(one) for one in alike if one.task == task)
        tasks.append(TaskSection(task, title, tuple(splits), folded, tuple(pictures.get(task, ()))))
    return tasks
