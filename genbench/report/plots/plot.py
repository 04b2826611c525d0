"""A chart: its specification, its rows, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart. `rows` are plain values, with the submission of each as `who`; `says` is the caption's second half.

    `across` is the field that its table of numbers goes by, `value` the one that it shows; empty for no table. `notes`
    are lines to stand below it. `own` says that its lines are no submissions, so that no choice among these rules them.
    """

    title: str
    says: str
    spec: Spec
    rows: tuple[Mapping[str, Any], ...]
    across: str = ""
    value: str = ""
    wide: bool = False
    bounded: bool = True
    notes: tuple[str, ...] = ()
    own: bool = False

    @property
    def who(self) -> tuple[str, ...]:
        """The submissions in it, in the order of its rows."""
        return tuple(dict.fromkeys(row["who"] for row in self.rows if "who" in row))
