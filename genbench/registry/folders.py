"""Where contributions and pages lie: in a checkout, in a wheel, or where a path as typed points."""

from __future__ import annotations

from pathlib import Path

from genbench import cards
from genbench.errors import BadValue

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS = {"task": "tasks", "submission": "baselines"}
GRIDS = "grids"


def home() -> Path:
    """The folder that holds `tasks`, `baselines` and `page`: the checkout, or `bundled` inside an installed package."""
    checkout = _PACKAGE.parent
    if (checkout / "tasks").is_dir() and (checkout / "baselines").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout
    return _PACKAGE / "bundled"


def page_folder() -> Path:
    """The folder of the page's templates."""
    return home() / "leaderboard" / "page" if home() == _PACKAGE.parent else home() / "page"


def published_folder() -> Path:
    """The folder of published figures."""
    return home() / "leaderboard" / "published" if home() == _PACKAGE.parent else home() / "published"


def papers_folder() -> Path:
    """The folder of the papers and what they found."""
    return home() / "leaderboard" / "papers" if home() == _PACKAGE.parent else home() / "papers"


def folder_of(text: str) -> Path | None:
    """The contribution's folder where `text` is a path (it starts with '.', '/' or '~'), else None."""
    if not text.startswith((".", "/", "~")):
        return None
    if "\0" in text:
        raise BadValue(f"{text!r}: no path holds a NUL")
    try:
        return Path(text).expanduser()
    except RuntimeError as fault:  # ~nobody/x
        raise BadValue(f"{text!r}: {fault}") from None


def is_there(folder: Path, file: str = "") -> bool:
    """Whether there is such a folder, or such a file in it; a name that no file can have has none."""
    try:
        return (folder / file).is_file() if file else folder.is_dir()
    except (OSError, ValueError):  # of 300 letters, or with a NUL; or a folder that may not be looked into
        return False


def is_folder(text: str) -> bool:
    """Whether `text` is the path of a folder that is there."""
    folder = folder_of(text)
    return folder is not None and is_there(folder)


def folder_hint(name: str) -> str:
    """A folder of that name, typed without the './' that makes it one."""
    return f"; did you mean the folder './{name}'?" if is_there(Path(name), cards.FILE) else ""
