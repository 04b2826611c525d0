"""Grids: cells that belong together, by the addresses of their splits and submissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.cards.table import REQUIRED, Table, parsed
from genbench.errors import BadCard

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class GridCard:
    """Cells that belong together, by the addresses of their splits and submissions: a phase diagram, a table."""

    path: Path
    name: str
    title: str
    about: str
    paper: str
    tasks: tuple[str, ...]
    submissions: tuple[str, ...]
    profile: str
    seeds: int


def read_grid(path: Path) -> GridCard:
    """The grid in the TOML file `path`. Raises `BadCard` with every fault, or where there is no readable file."""
    table = parsed(path, "a grid is a TOML file")
    faults: list[str] = []
    top = Table(table, faults, "grid")
    top.choice("kind", ("grid",))
    card = GridCard(
        path=path,
        name=top.own_name(),
        title=top.take("title", str),
        about=top.take("about", str, "").strip(),
        paper=top.take("paper", str, ""),
        tasks=top.strings("tasks", REQUIRED),
        submissions=top.strings("submissions", REQUIRED),
        profile=top.choice("profile", ("quick", "full"), "full"),
        seeds=top.count("seeds", 1, least=1),
    )
    for key in ("tasks", "submissions"):
        if key in table and not getattr(card, key):
            top.fault(f"key {key!r} must name at least one")
    top.done()
    if faults:
        raise BadCard(str(path), faults)
    return card
