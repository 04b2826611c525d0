"""The section of a family of splits on its task's page: its means as grids, shaded by their height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.report.contests import chance_of, kind_of, metric_of, notes_on
from genbench.report.families import mean_at
from genbench.report.site.places import slug
from genbench.report.site.scale import Scale
from genbench.report.wording import count, figure, span

if TYPE_CHECKING:
    from genbench.report.families import Family, Grid


@dataclass(frozen=True, slots=True)
class Heat:
    """A grid of means: its head, and its rows of (text, shade in per cent, what the cell says)."""

    question_set: str
    kind: str
    trained: bool
    metric: str
    chance: str
    submission: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, float, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class FamilySection:
    """A family: its name, how many settings it has, which parameters run where, and its grids."""

    name: str
    anchor: str
    settings: int
    up: str
    across: str
    quick: bool
    heats: tuple[Heat, ...]


def family_section(family: Family) -> FamilySection:
    """The section of a family, a grid for each question set and submission."""
    return FamilySection(
        name=f"{family.task}/{family.title}",
        anchor=slug(family.title),
        settings=len(family.labels),
        up=family.up,
        across=family.across,
        quick=family.profile == "quick",
        heats=tuple(_heat(grid) for grid in family.grids),
    )


def _heat(grid: Grid) -> Heat:
    one = grid.one
    scale = Scale.of((cell.mean for cell in grid.cells.values()), bounded=one.bounded)

    def square(row: str, column: str) -> tuple[str, float, str]:
        cell = grid.cells.get((row, column))
        if cell is None or cell.mean is None:
            return mean_at(grid, row, column), 0.0, "" if cell is None else "; ".join(notes_on(cell))
        within = span(cell.low, cell.high, cell.bounded)
        says = f"{cell.split}: mean {figure(cell.mean, cell.bounded)}, 95 % interval {within}, "
        return mean_at(grid, row, column), scale.at(cell.mean), says + count(cell.seeds, "seed")

    return Heat(
        question_set=grid.question_set,
        kind=kind_of(one),
        trained=one.kind == "trained",
        metric=metric_of(one),
        chance=chance_of(*grid.cells.values()),
        submission=grid.submission,
        head=grid.columns,
        rows=tuple((row, tuple(square(row, column) for column in grid.columns)) for row in grid.rows),
    )
