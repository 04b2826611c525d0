"""Who is first on each question set that asks for generalization, a line for each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from genbench.report.contests import contest, kind_of
from genbench.report.families import apart_from, families
from genbench.report.site.places import split_path, task_path
from genbench.report.wording import NONE, between, figure, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import Standing
    from genbench.report.families import Family, Grid


@dataclass(frozen=True, slots=True)
class Line:
    """One question set, or one family of settings; `path` is its page."""

    task: str
    name: str
    path: str
    question_set: str
    kind: str
    chance: str
    leaders: tuple[str, ...]
    more: int
    mean: str
    why: str
    quick: bool


def glance(standings: Sequence[Standing]) -> list[Line]:
    """Who is first on each question set that asks for generalization; quick rows only where there are no full ones."""
    full = {(one.task, one.split) for one in standings if one.profile != "quick"}
    alike = families(standings)
    found: dict[str, list[Line]] = {one.task: [] for one in standings}  # tasks in the page's order
    for (task, split, _, profile), own in groupby(apart_from(standings, alike), key=contest):
        rows = list(own)
        if rows[0].kind != "trained" and not (profile == "quick" and (task, split) in full):
            found[task].append(_at_a_glance(rows))
    for family in alike:
        asked = (grid for grid in family.grids if grid.one.kind != "trained")
        found[family.task] += [_family_at_a_glance(family, grid) for grid in asked]
    return [line for lines in found.values() for line in lines]


def _at_a_glance(rows: Sequence[Standing]) -> Line:
    first = rows[0]
    leaders = [one.submission for one in rows if one.first] or [first.submission]
    return Line(
        task=first.task,
        name=f"{first.task}/{first.split}",
        path=split_path(first.task, first.split),
        question_set=first.question_set,
        kind=kind_of(first),
        chance=NONE if first.chance is None else figure(first.chance, first.bounded),
        leaders=tuple(leaders[:3]) if first.mean is not None else (),
        more=max(0, len(leaders) - 3),
        mean=figure(first.mean, first.bounded),
        why=f"{'provisional' if first.provisional else 'unranked'}: {first.unranked}" if first.unranked else "",
        quick=first.profile == "quick",
    )


def _family_at_a_glance(family: Family, grid: Grid) -> Line:
    means = [cell.mean for cell in grid.cells.values() if cell.mean is not None]
    one = grid.one
    return Line(
        task=family.task,
        name=f"{family.task}/{family.title}",
        path=task_path(family.task),
        question_set=grid.question_set,
        kind=kind_of(one),
        chance=between((cell.chance for cell in grid.cells.values()), one.bounded),
        leaders=(grid.submission,) if means else (),
        more=0,
        mean=span(min(means, default=None), max(means, default=None), one.bounded),
        why=f"{len(family.labels)} settings",
        quick=family.profile == "quick",
    )
