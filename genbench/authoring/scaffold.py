"""`genbench new`: a contribution's folder that passes `genbench check` at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Literal, cast

from genbench import cards
from genbench.data import tables
from genbench.errors import BadValue, StoreFault, nearest
from genbench.evaluation import build
from genbench.registry import FOLDERS, Catalogue, ChosenSplit, folders

if TYPE_CHECKING:
    from genbench.cards import TaskCard

Kind = Literal["task", "baseline"]
EXAMPLES = ("sklearn", "torch", "transformers", "lora", "search", "program")  # baselines to start from
_TEMPLATES = Path(__file__).resolve().parent / "templates"
_UNKNOWN = "sha256:" + "0" * 64


def new(kind: Kind, name: str, within: Path | None, found: Catalogue, like: str = "") -> Path:
    """Make the folder of a new task or baseline and return it; a baseline may be `like` one of `EXAMPLES`.

    It is made in `within`; by default in the checkout's `tasks` or `baselines` where the current folder lies in the
    checkout, else in the current folder. Raises `BadValue` for a name that is malformed or taken and for an
    example that is not there, `StoreFault` where the folder exists or cannot be written.
    """
    if like and kind == "task":
        raise BadValue(f"a task cannot be like {like!r}: the examples are baselines")
    if like and like not in EXAMPLES:
        raise BadValue(f"there is no example {like!r}{nearest(like, EXAMPLES)}")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,99}", name):
        raise BadValue(
            f"{name!r} is no name for a {kind}: lower case letters, digits, '_' and '-', a letter first, at most 100"
        )
    if name in (found.tasks if kind == "task" else found.submissions):
        raise BadValue(f"there is a {kind} called {name!r} already; choose another name")
    folder = (within or _default_place(kind)) / name
    if folder.exists():
        raise StoreFault(f"{folder} exists already; nothing was written")
    try:
        folder.mkdir(parents=True)
    except OSError as fault:  # somebody else may have made it by now: it is not ours to remove
        raise StoreFault(f"{folder} cannot be made: {fault.strerror or fault}; nothing was written") from fault
    try:
        for template in sorted((_TEMPLATES / (like or kind)).iterdir()):
            if template.is_file():
                text = template.read_text(encoding="utf-8")
                if template.suffix in {".toml", ".md"}:
                    text = Template(text).safe_substitute(name=name, fingerprint=_UNKNOWN)
                (folder / template.name).write_text(text, encoding="utf-8")
        if kind == "task":
            _fill_in_fingerprints(folder)
    except OSError as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    return folder


def _default_place(kind: Kind) -> Path:
    here, home = Path.cwd(), folders.home()
    if home.name != "bundled" and here.is_relative_to(home):
        return home / FOLDERS["task" if kind == "task" else "submission"]
    return here


def _fill_in_fingerprints(folder: Path) -> None:
    """Replace the unknown fingerprint of the template's split by that of the data it builds."""
    card = cast("TaskCard", cards.read(folder, "task"))
    (split,) = card.splits.values()
    data = build.load_unchecked(ChosenSplit(card, split, {}))
    path = folder / cards.FILE
    text = path.read_text(encoding="utf-8").replace(_UNKNOWN, tables.fingerprint(data.subsets()))
    path.write_text(text, encoding="utf-8")
