"""The commands that a page tells its reader to type, and whether they are run by the tests.

A fence without a language holds commands, a line each; output and files have a language (`text`, `toml`, `python`).
Commands are run unless an HTML comment before the fence, which readers do not see, gives a reason: for all of them,

    <!-- not run: it installs packages -->

or for those that begin so, one comment for each reason:

    <!-- not run (genbench evaluate mlp; genbench timing): trains for minutes -->

or at the top of a page for all of its fences:

    <!-- not run on this page (genbench evaluate): this is how rows were made, in hours -->

A fence in a language is typed too where the comment before it says how: `<!-- file: tasks/mine/card.toml -->` writes
that file, `<!-- run -->` before Python runs it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FENCE: Final = re.compile(r"(?P<indent>[ ]*)```(?P<language>\w*)\s*")
_MARK: Final = re.compile(r"<!-- not run(?P<page> on this page)?(?: \((?P<which>[^)]*)\))?: (?P<reason>.+?) -->")
_TYPED: Final = re.compile(r"<!-- (?:file: (?P<file>\S+)|run) -->")
_INLINE: Final = re.compile(r"(?<!`)`(genbench [^`]+)`(?!`)")


@dataclass(frozen=True, slots=True)
class Command:
    """What a reader types: a line, or a whole fence where `whole`; why it is not run, empty where it is."""

    text: str
    line: int
    reason: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The commands of one fence, and the beginnings named in its marks that no command has."""

    commands: tuple[Command, ...]
    stale: tuple[str, ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """The fences of a page that hold commands, in order."""
    everywhere: list[tuple[str, str]] = []  # the beginning of commands, and the reason
    marks: list[tuple[str, str]] = []
    inside: str | None = None
    typed: re.Match[str] | None = None
    commands: list[Command] = []
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.fullmatch(line)
        if fence and inside is None:
            inside, commands = fence["language"], []
        elif inside is not None and line.strip() == "```":
            if not inside:
                yield _marked(commands, marks, everywhere)
            elif typed:
                yield Block((_whole(commands, typed["file"]),))
            inside, marks, typed = None, [], None
        elif inside is None and (mark := _MARK.fullmatch(line.strip())):
            found = everywhere if mark["page"] else marks
            found += [(which.strip(), mark["reason"]) for which in (mark["which"] or "").split(";")]
        elif inside is None and (how := _TYPED.fullmatch(line.strip())):
            typed = how
        elif inside is None and line.strip():
            marks, typed = [], None
        elif inside is not None and (inside or line.strip()):
            commands.append(Command(line if inside else line.strip(), number))


def _marked(commands: list[Command], marks: list[tuple[str, str]], everywhere: list[tuple[str, str]]) -> Block:
    used: set[str] = set()
    found = []
    for command in commands:
        typed = re.sub(r"^uv run (--extra \w+ )?", "", command.text)
        reasons = [(which, reason) for which, reason in [*marks, *everywhere] if typed.startswith(which)]
        used |= {which for which, _ in reasons}
        found.append(replace(command, reason=reasons[0][1]) if reasons else command)
    return Block(tuple(found), tuple(which for which, _ in marks if which not in used))


def _whole(lines: list[Command], file: str | None) -> Command:
    body = "\n".join(line.text for line in lines)
    into = f"cat > {shlex.quote(file)}" if file else "python -"
    return Command(f"{into} <<'END OF FENCE'\n{body}\nEND OF FENCE", lines[0].line, whole=True)


def calls(command: str) -> Iterator[list[str]]:
    """The arguments of each call of genbench in a line, behind `uv run` or not.

    >>> list(calls("uv run genbench evaluate 'mlp@*' --out decay && uv run genbench phases decay  # draws it"))
    [['evaluate', 'mlp@*', '--out', 'decay'], ['phases', 'decay']]
    """
    words: list[str] = []
    for word in [*shlex.split(command, comments=True), "&&"]:
        if word not in {"&&", "|", ">", ";"}:
            words.append(word)
            continue
        rest = words[2:] if words[:2] == ["uv", "run"] else words
        rest = rest[2:] if rest[:1] == ["--extra"] else rest
        if rest[:1] == ["genbench"]:
            yield rest[1:]
        words = []


def mentions(text: str) -> list[str]:
    """What stands in a page's running text as a command, `genbench show scan`."""
    outside = re.sub(r"(?ms)^[ ]*```.*?^[ ]*```[ ]*$", "", text)
    return [" ".join(found.split()) for found in _INLINE.findall(outside)]


def pages(root: Path) -> list[Path]:
    """Every page that may hold commands."""
    return [
        *(root / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((root / "docs").rglob("*.md")),
        *sorted((root / "tasks").glob("*/README.md")),
        *sorted((root / "leaderboard").glob("*/README.md")),
    ]
