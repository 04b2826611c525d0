"""Cards found: in a checkout, in a wheel, and behind entry points. Imports no contribution."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from genbench import cards
from genbench.errors import BadCard
from genbench.registry import folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.cards import SubmissionCard, TaskCard

GROUPS = {"task": "genbench.tasks", "submission": "genbench.baselines"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every card that was found, by name, and the faults of those that could not be read."""

    tasks: Mapping[str, TaskCard] = field(default_factory=dict)
    submissions: Mapping[str, SubmissionCard] = field(default_factory=dict)
    faults: tuple[BadCard, ...] = ()


def catalogue() -> Catalogue:
    """Read every card: bundled ones first, then plug-ins. A card with faults is reported, the others are there."""
    tasks: dict[str, TaskCard] = {}
    submissions: dict[str, SubmissionCard] = {}
    faults: list[BadCard] = []
    for kind in ("task", "submission"):
        for folder in (*_bundled(kind), *_plugged_in(kind, faults)):
            try:
                card = cards.read(folder, kind)
            except BadCard as fault:
                faults.append(fault)
                continue
            known: dict[str, TaskCard] | dict[str, SubmissionCard] = tasks if kind == "task" else submissions
            if card.name in known:
                other = known[card.name].folder
                faults.append(BadCard(str(folder / cards.FILE), [f"key 'name': {card.name!r} is taken by {other}"]))
            else:
                known[card.name] = card  # type: ignore[assignment]  # `kind` decides the card's type and the table
    return Catalogue(tasks, submissions, tuple(faults))


def reviewed(submissions: Iterable[SubmissionCard]) -> frozenset[str]:
    """The names of those that are baselines of this repository, whose code reviewers read before it came in."""
    home = folders.home() / folders.FOLDERS["submission"]
    return frozenset(card.name for card in submissions if card.folder.is_relative_to(home))


def _bundled(kind: str) -> list[Path]:
    root = folders.home() / folders.FOLDERS[kind]
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and (path / cards.FILE).is_file())


def _plugged_in(kind: str, faults: list[BadCard]) -> list[Path]:
    from importlib.metadata import entry_points

    found = []
    for point in sorted(entry_points(group=GROUPS[kind]), key=lambda point: (point.name, point.value)):
        top, *inner = point.value.replace(":", ".").split(".")
        spec = importlib.util.find_spec(top)
        roots = list(spec.submodule_search_locations or []) if spec else []
        folder = next((Path(root, *inner) for root in roots if Path(root, *inner).is_dir()), None)
        if folder is None:
            faults.append(
                BadCard(
                    f"entry point {GROUPS[kind]}:{point.name}",
                    [f"{point.value!r} names no folder; it must be a package, dot, folder with a card.toml"],
                )
            )
        else:
            found.append(folder)
    return found


def grids() -> list[Path]:
    """The grids of the checkout or the installed package."""
    root = folders.home() / folders.GRIDS
    return sorted(root.glob("*.toml")) if root.is_dir() else []
