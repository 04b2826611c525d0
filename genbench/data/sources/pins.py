"""What a task declares in `sources.toml`: the homes of its official files, and the sha256 of each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from genbench.errors import BadCard, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Rebuild = Callable[[Path, str], bytes | None]
    Pinned = Callable[[bytes], bytes]

FILE: Final = "sources.toml"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEYS: Final = {"url": str, "archive": str, "inside": str, "places": list, "sha256": dict}


@dataclass(frozen=True, slots=True)
class Source:
    """A public home of official files.

    `files` maps the path of a file at its home to the sha256 of its bytes. `url` and the `places` under
    `GENBENCH_DATA` are templates over `{path}` and `{name}`, the path's last part; a place may also hold the file as
    `.gz`. Where `archive` (a sha256) is given, `url` names one tar archive and `inside` says where in it a file lies.
    `rebuild(folder, path)` makes a file's bytes from a folder that holds the same content in another form, or returns
    None where it does not. `pinned` makes of a file's bytes those that the sha256 is of, where it is not of them all.
    """

    name: str
    url: str
    files: Mapping[str, str]
    places: tuple[str, ...] = ("{path}",)
    archive: str = ""
    inside: str = "{path}"
    rebuild: Rebuild | None = field(default=None, compare=False)
    pinned: Pinned = field(default=lambda content: content, compare=False)

    def address(self, path: str) -> str:
        """The URL of a file, or of the archive that holds it."""
        return filled(self.url, path)


def declared(folder: Path, rebuild: Rebuild | None = None, pinned: Pinned | None = None) -> dict[str, Source]:
    """The sources that `sources.toml` in a task's folder declares, by name.

    Raises `BadCard` with every fault of the file.
    """
    where = folder / FILE
    try:
        tables = tomllib.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCard(str(where), ["there is no such file"]) from None
    except (OSError, ValueError, RecursionError) as fault:
        raise BadCard(str(where), [f"not readable as TOML: {fault}"]) from None
    faults: list[str] = []
    found = {name: _source(name, table, rebuild, faults) for name, table in tables.items()}
    if faults:
        raise BadCard(str(where), faults)
    return found if pinned is None else {name: replace(one, pinned=pinned) for name, one in found.items()}


def _source(name: str, table: object, rebuild: Rebuild | None, faults: list[str]) -> Source:
    """One table of `sources.toml`; what is wrong with it is added to `faults`."""
    if not isinstance(table, dict):
        faults.append(f"key '{name}' must be a table")
        return Source(name, "", {})
    before = len(faults)
    faults += [f"missing key '{name}.{key}'" for key in ("url", "sha256") if key not in table]
    for key, value in table.items():
        if key not in _KEYS:
            hint = nearest(key, _KEYS)
            faults.append(f"unknown key '{name}.{key}'" + (hint if "did you mean" in hint else ""))
        elif not isinstance(value, _KEYS[key]):
            kinds = {str: "a string", list: "an array of strings", dict: "a table"}
            faults.append(f"key '{name}.{key}' is {value!r}; it must be {kinds[_KEYS[key]]}")
    if len(faults) > before:
        return Source(name, "", {})
    if not table["url"].startswith(("https://", "http://")):
        faults.append(f"key '{name}.url' is {table['url']!r}; it must begin with https:// or http://")
    pins = {f"sha256.{path}": digest for path, digest in table["sha256"].items()}
    for key, digest in (pins | ({"archive": table["archive"]} if "archive" in table else {})).items():
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            faults.append(f"key '{name}.{key}' is {digest!r}; it must be 64 hexadecimal digits")
    for path in map(PurePosixPath, table["sha256"]):
        if path.is_absolute() or ".." in path.parts:
            faults.append(f"key '{name}.sha256.{path}': a path must be relative and have no '..'")
    optional = {key: table[key] for key in ("archive", "inside") if key in table}
    places = tuple(str(place) for place in table.get("places", ["{path}"]))
    return Source(name, table["url"], dict(table["sha256"]), places, rebuild=rebuild, **optional)


def filled(template: str, path: str) -> str:
    """A template of a `Source` for one of its files."""
    return template.replace("{path}", path).replace("{name}", PurePosixPath(path).name)
