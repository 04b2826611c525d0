"""Addresses: names as typed, with a variant and parameters. The same spelling labels rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Final

from genbench.cards.values import scalar, spell
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.cards.values import Value

SALT: Final = "salt"  # what a split's label calls a draw of its data that is not the public one
MOST: Final = 100_000  # addresses that the lists of one text may name


@dataclass(frozen=True, slots=True)
class Address:
    """A name as typed: `scan/length`, `mlp@decay5`, `modular/addition:corruption=0.5`, with its overrides."""

    name: str
    variant: str = ""
    given: Mapping[str, Value] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The canonical spelling, overrides sorted by key."""
        text = self.name + (f"@{self.variant}" if self.variant else "")
        return text + (
            ":" + ",".join(f"{key}={spell(self.given[key])}" for key in sorted(self.given)) if self.given else ""
        )


def card_name(submission: str) -> str:
    """The name on the card of a submission's label: without variant and parameters."""
    return submission.partition(":")[0].partition("@")[0]


def draw_of(given: Mapping[str, Value]) -> tuple[dict[str, Value], str]:
    """Parameters given to a split, without the secret draw of its data; and that draw, empty for the public one.

    >>> draw_of({"p": 11, "salt": "x3f9a1c0b5d27e860"})
    ({'p': 11}, 'x3f9a1c0b5d27e860')
    """
    return {name: value for name, value in given.items() if name != SALT}, str(given.get(SALT, ""))


def spread(text: str) -> list[str]:
    """The addresses that `text` names where a value in it is a list, as in `mlp:weight_decay=0|5|15`: one for each.

    >>> spread("mlp:steps=500|1000,weight_decay=0|5")[1]
    'mlp:steps=500,weight_decay=5'
    """
    name, colon, tail = text.partition(":")
    if "|" not in tail:
        return [text]
    lists = []
    for pair in tail.split(","):
        key, equals, raw = pair.partition("=")
        values = raw.split("|")
        if "" in values:
            raise BadValue(f"{text!r}: {pair!r} is a list with nothing between two '|'")
        lists.append([f"{key}{equals}{value}" for value in values])
    count = math.prod(map(len, lists))
    if count > MOST:
        raise BadValue(f"{text[:100]!r}: its lists name {count} addresses; at most {MOST} are gone through")
    return [name + colon + ",".join(chosen) for chosen in product(*lists)]


def address(text: str) -> Address:
    """Read an address. Values are TOML scalars; anything else is a string.

    >>> address("modular/addition:corruption=0.5").given["corruption"]
    0.5
    """
    name, colon, tail = text.partition(":")
    base, at, variant = name.partition("@")
    if at and not variant:
        raise BadValue(f"{text!r} names no variant behind its '@'")
    given: dict[str, Value] = {}
    if colon:
        for pair in tail.split(","):
            key, equals, raw = pair.partition("=")
            if not equals or not key or not raw:
                raise BadValue(f"{text!r}: {pair!r} is not of the form key=value")
            if key in given:
                raise BadValue(f"{text!r}: {key!r} is given twice")
            given[key] = scalar(raw)
    return Address(base, variant, given)
