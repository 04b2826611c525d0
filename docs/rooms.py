"""The pictures of the house, made of its code: `uv run python docs/rooms.py` writes rooms.svg and one_number.svg.

The floors are those that import-linter keeps (pyproject.toml), the imports those that it sees (grimp reads the code,
also what is imported late or for types only), the words those of each room's first docstring. Lines are rounded to
hundreds and imports to bands, so that the picture changes when the house does and not with each edit. The way of one
number is told by `making/one_number.py`.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

import grimp
from making import ink, one_number

ROOT: Final = Path(__file__).parents[1]
ALONE: Final = "single files"  # the box of modules that are no folder
HIDDEN: Final = {"_moved"}  # finds old names; no reader needs it
WIDE: Final = 1000
BOX: Final = (150, 40)
STEP: Final = (44, 58)  # from one room to the next, to the right and down
MARGIN: Final = 24
HEAD: Final = 68
LEGEND: Final = 640  # where it begins
ABOUT: Final = "A wire goes down from a room; a dot says that it imports the room whose row it meets there. Never up."
LETTER: Final = 6.8  # pixels a letter of a text takes at most
BANDS: Final = ((1, 3), (4, 4.5), (8, 6), (16, 8))  # imports from which on, and the radius of their dot


@dataclass(frozen=True, slots=True)
class Room:
    """A room and how much is in it: what it says of itself, its floor from above, its files and their lines."""

    name: str
    about: str
    floor: int
    files: int
    lines: int


def floors(pyproject: Path) -> list[list[str]]:
    """The names on each floor, from above, as import-linter is told them."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    return [[name.strip(" ()") for name in layer.split("|")] for layer in layers]


def rooms(package: Path, stated: list[list[str]]) -> list[Room]:
    """The rooms in the order of their floors; modules of a floor that are single files share a box."""
    found = []
    for floor, names in enumerate(stated):
        folders = [name for name in names if (package / name).is_dir()]
        for name in folders:
            files = sorted((package / name).rglob("*.py"))
            tree = ast.parse((package / name / "__init__.py").read_text(encoding="utf-8"))
            about = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].replace("`", "").split())
            found.append(Room(name, about, floor, len(files), _lines(files)))
        alone = [name for name in names if name not in folders and name not in HIDDEN]
        if alone:
            files = [package / f"{name}.py" for name in alone]
            found.append(Room(ALONE, ", ".join(sorted(alone)), floor, len(files), _lines(files)))
    return found


def _lines(files: list[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)


def imports(package: str, known: list[Room]) -> Counter[tuple[str, str]]:
    """How often a module of one room imports one of another."""
    graph = grimp.build_graph(package, cache_dir=None)
    names = {room.name for room in known}
    found: Counter[tuple[str, str]] = Counter()
    for importer in sorted(graph.modules):
        for imported in graph.find_modules_directly_imported_by(importer):
            pair = [module.split(".")[1] for module in (importer, imported) if "." in module]
            here, there = (name if name in names else ALONE for name in pair) if len(pair) == 2 else ("", "")
            if here != there and not HIDDEN & set(pair):
                found[here, there] += 1
    return found


def draw(known: list[Room], found: Counter[tuple[str, str]]) -> str:
    """The picture: a room a step below the one before it; a dot where the wire of one reaches the row of another.

    Raises `ValueError` where a room imports from one above it, which has no place in this picture or in the house.
    """
    at = {room.name: place for place, room in enumerate(known)}
    for here, there in found:
        if at[here] > at[there]:
            raise ValueError(f"genbench.{here} imports from genbench.{there}, which stands above it")
    high = HEAD + STEP[1] * len(known) + MARGIN
    parts = []
    for floor in sorted({room.floor for room in known}):
        own = [place for place, room in enumerate(known) if room.floor == floor]
        if floor % 2 == 0:
            top, deep = HEAD + STEP[1] * own[0] - 9, STEP[1] * len(own)
            parts.append(f'<rect y="{top}" width="{WIDE}" height="{deep}" fill="var(--band)"/>')
    parts += _legend()
    for place, room in enumerate(known):
        below = [at[there] for here, there in found if here == room.name]
        if below:
            x, y = _wire(place), HEAD + STEP[1] * place + BOX[1]
            parts.append(f'<path class="wire" d="M{x} {y}V{_middle(max(below))}" stroke-width="1.5"/>')
        above = [at[here] for here, there in found if there == room.name]
        if above:
            x, y = MARGIN + STEP[0] * place, _middle(place)
            parts.append(f'<path class="wire" d="M{_wire(min(above))} {y}H{x - 5}" stroke-width="1.5"/>')
            parts.append(f'<path class="dot" d="M{x} {y}l-9 -5v10z"/>')
    for (here, there), number in sorted(found.items(), key=lambda pair: (at[pair[0][0]], at[pair[0][1]])):
        radius = max(size for least, size in BANDS if number >= least)
        x, y, says = _wire(at[here]), _middle(at[there]), f"<title>{here} imports {there}</title>"
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="{radius}">{says}</circle>')
    for place, room in enumerate(known):
        parts += _box(room, MARGIN + STEP[0] * place, HEAD + STEP[1] * place)
    return ink.drawing("The rooms of genbench and what they import", WIDE, high, parts)


def _wire(place: int) -> int:
    return MARGIN + STEP[0] * place + STEP[0] // 2


def _middle(place: int) -> int:
    return HEAD + STEP[1] * place + BOX[1] // 2


def _box(room: Room, x: int, y: int) -> list[str]:
    size = f"{room.files} file{'s' * (room.files != 1)}, {max(1, round(room.lines / 100)) * 100:,} lines"
    about = textwrap.wrap(room.about.rstrip("."), int((WIDE - MARGIN - x - BOX[0] - 14) / LETTER))
    top = y + BOX[1] // 2 + 4 - 8 * (len(about) - 1)
    return [
        f'<rect x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}" rx="5" class="box"/>',
        f'<text class="name" x="{x + 10}" y="{y + 17}">{escape(room.name)}</text>',
        f'<text class="faint" x="{x + 10}" y="{y + 33}">{size}</text>',
        *(f'<text x="{x + BOX[0] + 14}" y="{top + 16 * row}">{escape(line)}</text>' for row, line in enumerate(about)),
    ]


def _legend() -> list[str]:
    parts = [
        f'<text class="name" x="{MARGIN}" y="28">The rooms of genbench, floor by floor</text>',
        f'<text class="faint" x="{MARGIN}" y="48">{ABOUT}</text>',
        f'<text class="faint" x="{LEGEND}" y="28">imports:</text>',
    ]
    x = LEGEND + 66
    for (least, radius), following in zip(BANDS, [*(least for least, _ in BANDS[1:]), None], strict=True):
        says = f"{least}+" if following is None else f"{least} to {following - 1}"
        parts.append(f'<circle class="dot" cx="{x}" cy="24" r="{radius}"/>')
        parts.append(f'<text class="faint" x="{x + 13}" y="28">{says}</text>')
        x += 30 + round(LETTER * len(says))
    return parts


def picture() -> str:
    """The rooms as they stand."""
    known = rooms(ROOT / "genbench", floors(ROOT / "pyproject.toml"))
    return draw(known, imports("genbench", known))


def pictures() -> dict[str, str]:
    """Every picture, by the name of its file in docs/."""
    return {"rooms.svg": picture(), "one_number.svg": one_number.picture(ROOT)}


if __name__ == "__main__":
    for name, content in pictures().items():
        (ROOT / "docs" / name).write_text(content, encoding="utf-8")
        print(f"written: docs/{name}")
