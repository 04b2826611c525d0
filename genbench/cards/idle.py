"""Where a parameter does nothing: the table `idle` of a task's card."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from genbench.cards.values import Value, spell
from genbench.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from genbench.cards.table import Table

Idle = dict[str, dict[str, tuple[Value, ...]]]  # parameter -> what makes it idle: another's values, or globs of splits
SPLITS: Final = "splits"  # in the place of another parameter: globs of the splits where it does nothing


def read_idle(top: Table, params: Mapping[str, Value], splits: Collection[str]) -> Idle:
    """The table `idle`: for each parameter, the values of others that make it idle, or globs of splits; any of them."""
    found: Idle = {}
    for name, table in top.tables("idle", {}).items():
        if name not in params:
            top.fault(f"key '{table.path}' is of no parameter of the task{nearest(name, params)}")
        found[name] = {}
        for other, raw in table.table.items():
            values: list[Any] = raw if isinstance(raw, list) else [raw]
            found[name][other] = tuple(values)
            if other == SPLITS:
                for glob in values:
                    if not isinstance(glob, str) or not any(fnmatchcase(one, glob) for one in splits):
                        top.fault(f"key '{table.name(other)}' names {glob!r}, which no split of the task matches")
            elif other not in params or other == name:
                top.fault(f"key '{table.name(other)}' is of no other parameter of the task{nearest(other, params)}")
            elif any(type(value) is not type(params[other]) for value in values):
                top.fault(f"key '{table.name(other)}' is {raw!r}; {other} is of another type, as {params[other]!r}")
    return found


def why_idle(
    idle: Mapping[str, Mapping[str, tuple[Value, ...]]], name: str, split: str, params: Mapping[str, Value]
) -> str:
    """Why the parameter `name` does nothing in a split under `params`; nothing where it does something."""
    for other, values in idle.get(name, {}).items():
        if other == SPLITS:
            if any(fnmatchcase(split, str(glob)) for glob in values):
                return f"in {split}"
        elif params[other] in values:
            return f"where {other} is {spell(params[other])}"
    return ""
