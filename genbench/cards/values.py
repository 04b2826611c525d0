"""Values of parameters: how they are typed on a command line, and what may replace what."""

from __future__ import annotations

import math
import tomllib
from typing import TYPE_CHECKING, Final

from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | int | float | bool
KINDS: Final[dict[type, str]] = {  # as TOML calls them
    str: "string",
    int: "integer",
    float: "number",
    bool: "true or false",
    dict: "table",
    list: "array",
}
HUGE: Final = 2**1000  # TOML's integers have no bound in Python, and float() refuses those near 2**1024


def spell(value: Value) -> str:
    """A value as it is typed on the command line: TOML's spelling, strings bare."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def scalar(raw: str) -> Value:
    """A TOML scalar where `raw` is one, the text itself otherwise.

    >>> scalar("1e-3"), scalar("true"), scalar("rotary")
    (0.001, True, 'rotary')
    """
    try:
        value = tomllib.loads(f"value = {raw}")["value"]
    except (ValueError, RecursionError):  # not TOML, or a number or nesting beyond Python's
        return raw
    return value if isinstance(value, (str, int, float)) else raw


def overridden(values: Mapping[str, Value], given: Mapping[str, Value], owner: str) -> dict[str, Value]:
    """`values` with `given` on top; a key `owner` does not have, or a value of another type, is refused."""
    result = dict(values)
    for key, value in given.items():
        if key not in result:
            raise UnknownName(f"{owner} has no parameter {key!r}{nearest(key, result)}")
        kind = type(result[key])
        if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < HUGE:
            result[key] = float(value)
        elif type(value) is kind and not (isinstance(value, float) and not math.isfinite(value)):
            result[key] = value
        else:
            raise BadValue(
                f"{owner}: parameter {key!r} is {value!r}; it must be of type {KINDS.get(kind, kind.__name__)}"
            )
    return result
