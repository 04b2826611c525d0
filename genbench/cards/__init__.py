"""Cards: what a contribution says of itself, read without running its code.

A card is a TOML file, `card.toml`, in the contribution's folder. Reading one imports the standard library only, so a
thousand tasks can be listed in the time it takes to read a thousand small files. All faults of a card are said at once.
"""

from __future__ import annotations

from genbench.cards.addresses import SALT, Address, address, draw_of, spread
from genbench.cards.columns import COLUMN_TYPES, ColumnType
from genbench.cards.grids import GridCard, read_grid
from genbench.cards.metric import MetricCard
from genbench.cards.neutral import counted
from genbench.cards.reading import FILE, read
from genbench.cards.submission import Needs, Override, SubmissionCard, Variant
from genbench.cards.task import (
    RESERVED,
    UNSEEN,
    Answer,
    AuxiliaryCard,
    Direction,
    Fragments,
    QuestionCard,
    QuestionKind,
    SplitCard,
    TaskCard,
    Tolerance,
)
from genbench.cards.values import Value, overridden, scalar, spell

__all__ = [
    "COLUMN_TYPES",
    "FILE",
    "RESERVED",
    "SALT",
    "UNSEEN",
    "Address",
    "Answer",
    "AuxiliaryCard",
    "ColumnType",
    "Direction",
    "Fragments",
    "GridCard",
    "MetricCard",
    "Needs",
    "Override",
    "QuestionCard",
    "QuestionKind",
    "SplitCard",
    "SubmissionCard",
    "TaskCard",
    "Tolerance",
    "Value",
    "Variant",
    "address",
    "counted",
    "draw_of",
    "overridden",
    "read",
    "read_grid",
    "scalar",
    "spell",
    "spread",
]
