"""What an example of SCAN says, for a person, and whether an answer could be one.

A command is shown as the tree that the grammar makes of it, each part with its actions:

    command -> phrase after phrase               I_WALK I_WALK I_TURN_LEFT I_TURN_LEFT I_JUMP
      phrase -> verb opposite left               I_TURN_LEFT I_TURN_LEFT I_JUMP
        verb -> jump                             I_JUMP
      phrase -> verb twice                       I_WALK I_WALK
        verb -> walk                             I_WALK
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench import Value

LONGEST: Final = 80  # characters of actions on a line; what is longer is cut
_ACTIONS: Final = re.compile(
    r"\s*I_(?:WALK|LOOK|RUN|JUMP|TURN_LEFT|TURN_RIGHT)\b(?:\s+I_(?:WALK|LOOK|RUN|JUMP|TURN_(?:LEFT|RIGHT)))*\s*"
)
# Words may be renamed, as in `walk7` or `and3`: the same word, with a number.
_JOINED: Final = re.compile(r" ((?:and|after)\d*) ")
_PHRASE: Final = re.compile(
    r"([a-z]+\d*)(?: ((?:opposite|around)\d*))?(?: ((?:left|right)\d*))?(?: ((?:twice|thrice)\d*))?"
)
_TIMES: Final = {"": 1, "twice": 2, "thrice": 3}


def well_formed(answer: str) -> bool:
    """Whether an answer is a sequence of one or more of the six actions.

    >>> well_formed("I_TURN_LEFT I_JUMP"), well_formed("I_TURN_LEFT JUMP"), well_formed("")
    (True, False, False)
    """
    return _ACTIONS.fullmatch(answer) is not None


def example(row: Mapping[str, str], params: Mapping[str, Value]) -> str:  # noqa: ARG001  the tree has no parameters
    """The tree of the row's command: a line for each rule, with the actions that it makes."""
    return "\n".join(_command(row["commands"], 0))


def _command(command: str, depth: int) -> Iterator[str]:
    """`a and b after c` is read from the left: what is said last is joined to all that is said before it."""
    cuts = list(_JOINED.finditer(command))
    if not cuts:
        yield from _phrase(command, depth)
        return
    cut = cuts[-1]
    first = "command" if len(cuts) > 1 else "phrase"
    yield _line(depth, f"command -> {first} {cut[1]} phrase", actions(command))
    yield from _command(command[: cut.start()], depth + 1)
    yield from _phrase(command[cut.end() :], depth + 1)


def _phrase(phrase: str, depth: int) -> Iterator[str]:
    found = _PHRASE.fullmatch(phrase)
    if not found:
        yield _line(depth, f"phrase -> {phrase}", "(no phrase of SCAN)")
        return
    verb, *rest = found.groups(default="")
    yield _line(depth, f"phrase -> {' '.join(['verb', *filter(None, rest)])}", actions(phrase))
    yield _line(depth + 1, f"verb -> {verb}", _plain(verb) if _bare(verb) != "turn" else "(none: it needs a direction)")


def actions(command: str) -> str:
    """The actions of a command of any number of phrases, read from the left, its words renamed or not."""
    done: list[str] = []
    parts = _JOINED.split(command)
    for joined, phrase in zip(["and", *parts[1::2]], parts[::2], strict=True):
        found = _PHRASE.fullmatch(phrase)
        if not found:
            return "(not a command of SCAN)"
        verb, manner, direction, count = found.groups(default="")
        steps = [] if _bare(verb) == "turn" else [_plain(verb)]
        if direction:
            steps = [f"I_TURN_{direction.upper()}"] * (2 if _bare(manner) == "opposite" else 1) + steps
        more = steps * (4 if _bare(manner) == "around" else 1) * _TIMES[_bare(count)]
        done = [*more, *done] if _bare(joined) == "after" else [*done, *more]
    return " ".join(done)


def _bare(word: str) -> str:
    return word.rstrip("0123456789")


def _plain(verb: str) -> str:
    return f"I_{verb.upper()}"


def _line(depth: int, rule: str, said: str) -> str:
    short = said if len(said) <= LONGEST else f"{said[:LONGEST].rsplit(' ', 1)[0]} ... ({len(said.split())} actions)"
    return f"{'  ' * depth}{rule:<{max(1, 40 - 2 * depth)}} {short}"
