"""What the parameters of a card may be, said once and asked of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench import Value

    Ranges = Mapping[str, tuple[Callable[[Any], bool], str]]


def check(params: Mapping[str, Value], ranges: Ranges) -> None:
    """Raise `BadValue` with every parameter that is out of its range.

    `ranges` has for each parameter what tells whether a value is right, and the same in words.

    >>> check({"width": 0}, {"width": (lambda it: it > 0, "1 or more")})
    Traceback (most recent call last):
        ...
    genbench.errors.BadValue: parameters of the card:
      width is 0; it must be 1 or more
    """
    faults = [
        f"{key} is {params[key]}; it must be {form}" for key, (right, form) in ranges.items() if not right(params[key])
    ]
    if faults:
        raise BadValue("parameters of the card:\n  " + "\n  ".join(faults))
