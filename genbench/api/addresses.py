"""Names as a notebook gives them: one or several, a text or a path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from genbench import registry
from genbench.errors import BadValue

if TYPE_CHECKING:
    from genbench.registry import ChosenSplit

    Names = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def text_of(given: object, what: str) -> str:
    """An address as the registry reads it: a path object is a folder's, so it begins as one does."""
    if isinstance(given, os.PathLike):
        path = os.fspath(given)
        if isinstance(path, str):
            return path if registry.folder_of(path) is not None else os.path.join(os.curdir, path)  # noqa: PTH118  Path drops "./"
    if not isinstance(given, str) or not given:
        raise BadValue(f"{what} is {given!r}; it must be a name as on the command line, or a path")
    return given


def texts_of(given: object, what: str) -> list[str]:
    """One address or several, each as the registry reads it."""
    if isinstance(given, (str, os.PathLike)):
        return [text_of(given, what)]
    if not isinstance(given, Sequence) or isinstance(given, bytes):
        raise BadValue(f"{what} is {given!r}; it must be a name, a path, or a list of them")
    return [text_of(one, what) for one in given]


def one_split(given: object, taker: str = "") -> ChosenSplit:
    """The split that an address names. Raises `UnknownName` with the nearest, `BadValue` where it names several.

    `taker` is the verb of the command line that takes one.
    """
    text = text_of(given, "split")
    chosen = registry.choose_splits([text], registry.catalogue())
    if len(chosen) != 1 and taker:
        raise BadValue(f"{text!r} names {len(chosen)} splits; {taker} takes one")
    if len(chosen) != 1:
        some = ", ".join(f"{one.task.name}/{one.label}" for one in chosen[:3])
        raise BadValue(f"{text!r} names {len(chosen)} splits ({some}, ...); one is wanted")
    return chosen[0]
