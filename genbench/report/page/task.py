"""A task on the page: the sections of its splits, then of families of splits, then its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from genbench.report.charts.looks import looks_of
from genbench.report.families import apart_from, families
from genbench.report.page.family import family_section
from genbench.report.page.split import split_section
from genbench.report.wording import BIMODAL, TRANSDUCTIVE, clustered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.lengths import Reach
    from genbench.analysis.standings import Board, Headline
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
            about = "" if fact is None else _about(fact)
            splits.append(split_section(list(of_split), board, looks, about, told, reported, own, far))
        folded = tuple(family_section(one) for one in alike if one.task == task)
        tasks.append(TaskSection(task, title, tuple(splits), folded, tuple(pictures.get(task, ()))))
    return tasks


def _about(fact: Headline) -> str:
    """What a split's card says of it that a reader of its standings must know."""
    told = [f"transductive: {TRANSDUCTIVE.removeprefix('yes: ')}"] if fact.transductive else []
    told += [f"by {clustered(fact.cluster)}"] if fact.cluster else []
    told += [f"bimodal: {BIMODAL}"] if fact.bimodal else []
    return fact.about + (f" ({'; '.join(told)})" if told else "")
