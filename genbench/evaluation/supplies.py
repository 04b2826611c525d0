"""What submissions need of this machine beside their own folder, looked for before any cell runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from genbench.errors import Unavailable
from genbench.evaluation.named_files import Missing, NamedFile, digests, named_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from genbench.cards import Value
    from genbench.evaluation.plan import Cell


@dataclass(frozen=True, slots=True)
class Supply:
    """What one cell is supplied with."""

    files: tuple[NamedFile, ...] = ()

    @property
    def deciding(self) -> dict[str, object]:
        """What of it decides the cell's outcome, and so is in its key; nothing where a card asks for nothing."""
        return {"files": {one.parameter: one.digest for one in self.files}} if self.files else {}

    def settings(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Parameters as the cell is told them: files by absolute paths, for it runs in a folder of its own."""
        return {**given, **{one.parameter: str(one.path) for one in self.files if one.path is not None}}


NOTHING = Supply()


@dataclass(frozen=True, slots=True)
class Supplies:
    """The supplies of many cells; cells that need the same share one."""

    found: Mapping[tuple[Path, str], Supply] = field(default_factory=dict)

    def of(self, cell: Cell) -> Supply:
        """The supply of a cell, which is one of those that were looked for."""
        return self.found.get(_needs(cell), NOTHING)


def supplies(cells: Iterable[Cell]) -> Supplies:
    """Look for all that `cells` need. Raises `Unavailable` with everything that cannot be had."""
    found: dict[tuple[Path, str], Supply] = {}
    faults: list[str] = []
    known = digests()
    for cell in cells:
        if not cell.submission.card.files or (needs := _needs(cell)) in found:
            continue
        found[needs] = NOTHING
        try:
            found[needs] = Supply(tuple(named_files(cell, known)))
        except Missing as fault:
            faults.append(f"{cell.submission.label}: {fault}")
    known.keep()
    if faults:
        raise Unavailable(faults)
    return Supplies(found)


def _needs(cell: Cell) -> tuple[Path, str]:
    """What of a cell decides its needs: the card, and the parameters that name files, with who gave them."""
    card, given = cell.submission.card, cell.submission.given
    named = {name: [cell.settings[name], name in given] for name in card.files}
    return card.folder, json.dumps([named, cell.settings.get("revision")], sort_keys=True, default=str)
