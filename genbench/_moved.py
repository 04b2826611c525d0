"""Modules that had another place until 0.1: their old names still import, with a warning, for one release.

Only names that plug-ins had a reason to import are kept; everything they need has a public name in `genbench` itself.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

MOVED: Final = {
    "genbench.cell": "genbench.evaluation.cell",
    "genbench.difficulty": "genbench.analysis.difficulty",
    "genbench.executors": "genbench.evaluation.executors",
    "genbench.frequency": "genbench.analysis.frequency",
    "genbench.grading": "genbench.scoring.grading",
    "genbench.loading": "genbench.cards.entries",
    "genbench.metrics": "genbench.scoring.metrics",
    "genbench.provenance": "genbench.rows.provenance",
    "genbench.rankings": "genbench.data.rankings",
    "genbench.replay": "genbench.analysis.replay",
    "genbench.schema": "genbench.rows.schema",
    "genbench.sources": "genbench.data.sources",
    "genbench.standings": "genbench.analysis.standings",
    "genbench.store": "genbench.rows.store",
    "genbench.tables": "genbench.data.tables",
    "genbench.task": "genbench.data.problem",
}


class _Moved:
    """Finds a module under its old name, and gives the very module that has the new one."""

    def __init__(self) -> None:
        self.specs: dict[str, ModuleSpec | None] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self) if fullname in MOVED else None  # type: ignore[arg-type]  # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        new = MOVED[spec.name]
        module = importlib.import_module(new)
        self.specs[new] = module.__spec__
        warnings.warn(
            f"{spec.name} is now {new}, and what contributions need of it is in genbench itself; "
            "the old name goes with the next release",
            DeprecationWarning,
            stacklevel=2,
        )
        return module

    def exec_module(self, module: ModuleType) -> None:
        """The module was made under its new name; only the import has given it the old one's spec."""
        module.__spec__ = self.specs[module.__name__]


def install() -> None:
    """Let old names be found, after all that are really there."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())
