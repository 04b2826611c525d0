"""The types of columns that a card can declare, by name: `string`, `list<int64>`, `vector(784)`.

A vector is a fixed number of float32 values, which its name says; whoever accepts vectors of any length says `vector`.
"""

from __future__ import annotations

import re
from typing import Final

ColumnType = str

VECTOR: Final = "vector"  # of any length, where a submission says what it accepts
_LONGEST: Final = 2**31 - 1  # Arrow's
_VECTOR: Final = re.compile(r"vector\(([1-9]\d*)\)")
_PLAIN: Final = (
    "string",
    "int64",
    "float64",
    "bool",
    "list<int64>",
    "list<string>",
    "image",
    "list<float64>",
    "list<list<int64>>",
    "list<list<string>>",
)
# As messages and the documentation list them: N stands for a number.
COLUMN_TYPES: Final = (*_PLAIN, "vector(N)", "list<vector(N)>")


def is_column_type(kind: object) -> bool:
    """Whether `kind` is the name of a column's type.

    >>> is_column_type("vector(784)"), is_column_type("vector(0)"), is_column_type("list<list<bool>>")
    (True, False, False)
    """
    return isinstance(kind, str) and (kind in _PLAIN or vector_length(element(kind) or kind) is not None)


def element(kind: str) -> str:
    """The type of a list's elements; empty for what is no list.

    >>> element("list<list<int64>>"), element("vector(3)")
    ('list<int64>', '')
    """
    return kind[5:-1] if kind.startswith("list<") and kind.endswith(">") else ""


def vector_length(kind: str) -> int | None:
    """How many numbers a vector has; None for another type."""
    found = _VECTOR.fullmatch(kind)
    length = int(found[1]) if found else None
    return length if length is not None and length <= _LONGEST else None


def family(kind: str) -> str:
    """The type without the lengths of its vectors, as who accepts any length names it.

    >>> family("list<vector(3)>"), family("int64")
    ('list<vector>', 'int64')
    """
    return _VECTOR.sub(VECTOR, kind)


FAMILIES: Final = (*_PLAIN, VECTOR, f"list<{VECTOR}>")


def answer_type(answer: str, target_type: str) -> str:
    """The type of an answer where the target is of type `target_type` and a card's `answer` is `answer`.

    >>> [answer_type(*one) for one in (("target", "int64"), ("set", "list<int64>"), ("any_of", "list<string>"))]
    ['int64', 'set<int64>', 'any_of<string>']
    >>> [answer_type("ranking", kind) for kind in ("int64", "list<int64>")]
    ['ranking', 'ranking<set>']
    """
    if answer in {"set", "any_of"}:
        return f"{answer}<{element(target_type)}>"
    if answer == "ranking":
        return "ranking<set>" if element(target_type) else "ranking"
    return target_type


def answer_column(kind: str) -> str:
    """The type of a column that holds answers of the type `kind`, but for rankings, which no card can declare.

    >>> answer_column("set<int64>"), answer_column("any_of<list<string>>"), answer_column("bool")
    ('list<int64>', 'list<string>', 'bool')
    """
    if kind.startswith("set<"):
        return f"list<{kind[4:-1]}>"
    return kind[7:-1] if kind.startswith("any_of<") else kind
