"""What a page says of the seals of results folders: by which key, when, and whether what lies there was signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genbench.authoring import seal
from genbench.errors import GenbenchError
from genbench.report.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable


def seals(places: Iterable[str]) -> tuple[str, ...]:
    """A line for each results folder; one that lies elsewhere, at a URL, is not looked at."""
    return tuple(f"{place} {_told(Path(place))}" for place in places if "://" not in place)


def _told(root: Path) -> str:
    if not (root / seal.FILE).exists():
        return "is not sealed"
    try:
        one = seal.read(root)
        found = list(seal.check(root))
    except GenbenchError as fault:
        return f"has a seal that cannot be checked: {str(fault).splitlines()[-1].strip()}"
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        return f"is not as its seal has it: {found[0]}{more}"
    return f"was sealed on {one.manifest.get('made', '')!s:.10} by the key {one.key}, and {_are(one)} as signed"


def _are(one: seal.Seal) -> str:
    files = len(one.manifest["rows"])
    return f"{count(files, 'file')} {'is' if files == 1 else 'are'}"
