"""Parameters that name files: which files those are, and a digest of what is in them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.data.sources import cache_folder
from genbench.rows.contents import Digests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.evaluation.plan import Cell

_HUB: Final = re.compile(r"[\w.-]+/[\w.-]+")  # as the Hugging Face hub names a model
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
REVISION: Final = "revision"  # the parameter that says which state of a model on the hub is meant


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A parameter of `files` as a cell has it: where the files are, None on the hub, and a digest of what they hold."""

    parameter: str
    path: Path | None
    digest: str


class Missing(Exception):  # noqa: N818 - a reason, on its way into the one error of a whole plan
    """Why a parameter's files cannot be had."""


def digests() -> Digests:
    """The digests of files, with those of large ones remembered in the cache."""
    return Digests(cache_folder() / "digests.json")


def named_files(cell: Cell, known: Digests) -> Iterator[NamedFile]:
    """The files that the parameters of a cell name. Raises `Missing`.

    A value that starts with '.', '/' or '~' is a path, as everywhere: a relative one is from where the user stands
    where it was typed, and from the card's folder where it is on the card. `owner/name` is a model on the hub; a
    `revision` that is a commit says all of it, any other one the commit that it stands for in HF_HUB_CACHE. Other
    values name no file: `random`.
    """
    for parameter in cell.submission.card.files:
        value = str(cell.settings[parameter])
        if value.startswith((".", "/", "~")):
            path = _path(cell, parameter, value)
            try:
                yield NamedFile(parameter, path, known.of(path))
            except FileNotFoundError as fault:
                told = str(fault) if fault.errno is None else f"there is no {path}"
                raise Missing(f"parameter {parameter!r} is {value!r}, and {told}") from None
            except OSError as fault:
                raise Missing(f"parameter {parameter!r} is {value!r}: {fault}") from None
        elif _HUB.fullmatch(value) and (commit := _commit(value, str(cell.settings.get(REVISION, "")))):
            yield NamedFile(parameter, None, f"commit:{commit}")


def _path(cell: Cell, parameter: str, value: str) -> Path:
    try:
        path = Path(value).expanduser()
    except RuntimeError as fault:  # ~nobody/x
        raise Missing(f"parameter {parameter!r} is {value!r}: {fault}") from None
    if path.is_absolute():
        return path
    base = Path.cwd() if parameter in cell.submission.given else cell.submission.card.folder
    return Path(os.path.normpath(base / path))


def _commit(name: str, revision: str) -> str:
    """The commit that a branch or tag stands for in the cache; "" for a commit, which the parameters hold already.

    "" also where the cache does not know: the cell says so, for it cannot have the model either.
    """
    cache = os.environ.get("HF_HUB_CACHE", "")
    if _COMMIT.fullmatch(revision) or not cache:
        return ""
    reference = Path(cache, f"models--{name.replace('/', '--')}", "refs", revision or "main")
    try:
        return reference.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
