"""A table as data: its columns with type and meaning, its rows, and how a person reads them.

Whatever a verb tells is built once, as tables; `forms` makes text, JSON, CSV or Markdown of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Row = Mapping[str, Any]
Type = Literal["text", "number", "integer", "boolean"]

_PYTHON: Final[Mapping[Type, tuple[type, ...]]] = {
    "text": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in JSON and CSV, the type of its values (any may be None), and what they are, with the unit.

    `head` stands above it where a person reads; without one it is there for scripts only. `shown` spells the cell from
    the whole row, for a mean and its interval are read together; without it the value stands as it is.
    """

    name: str
    type: Type
    about: str
    head: str | None = None
    shown: Callable[[Row], str] | None = None

    def spelled(self, row: Row) -> str:
        """The cell as a person reads it; nothing where it is None."""
        if self.shown is not None:
            return self.shown(row)
        value = row[self.name]
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, with a title, and notes that stand below where a person reads.

    Where `sections` names columns, rows with equal values there stand together under a `heading`, made of their first
    row; `remarks` are the notes of one section. A shown column that says nothing in a whole section is left out of it,
    where it is among the `optional`; one among the `spare` where a terminal is too narrow for it. Rows of which
    `strong` holds stand out, and those of which `unsure` holds have a dagger in a paper.
    Raises `TypeError` where a row is not what the columns declare: what scripts read must not depend on luck.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    heading: Callable[[Row], str] = lambda _: ""
    remarks: Callable[[Sequence[Row]], Sequence[str]] = lambda _: ()
    strong: Callable[[Row], bool] = lambda _: False
    unsure: Callable[[Row], bool] = lambda _: False
    optional: frozenset[str] = frozenset()
    spare: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        for row in self.rows:
            if list(row) != names:
                raise TypeError(f"table {self.name!r}: a row has the keys {list(row)}; its columns are {names}")
            for column in self.columns:
                value = row[column.name]
                fits = isinstance(value, _PYTHON[column.type]) and (
                    column.type == "boolean" or not isinstance(value, bool)
                )
                if value is not None and not fits:
                    raise TypeError(f"table {self.name!r}: {column.name} is {value!r}; it must be {column.type}")


def table_of(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], **more: Any) -> Table:
    """A table of rows given as values in the order of the columns."""
    names = [column.name for column in columns]
    return Table(name, tuple(columns), tuple(dict(zip(names, row, strict=True)) for row in rows), **more)
