"""At which value a parameter does nothing: the table `neutral` of a card.

A parameter that joins a card would rename every cell that has it at its default. Where the card says at which value it
does nothing, a cell is named, and its row told, as if the parameter were not there; what was published before stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.cards.values import Value, overridden
from genbench.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.cards.table import Table


def read_neutral(top: Table, params: Mapping[str, Value]) -> dict[str, Value]:
    """The table `neutral`: some of the card's parameters, each with the value at which it does nothing."""
    found: dict[str, Value] = {}
    for name, value in top.params("neutral").items():
        try:
            found[name] = overridden(params, {name: value}, "neutral")[name]
        except (UnknownName, BadValue) as fault:
            top.fault(str(fault))
    return found


def counted(
    params: Mapping[str, Value], neutral: Mapping[str, Value], given: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    """The parameters that name a cell: those of `params` that do something, and those that were `given` by hand."""
    return {
        name: value
        for name, value in params.items()
        if name in (given or {}) or name not in neutral or value != neutral[name]
    }
