"""Questions and answers as text, for language models: how a row is asked, and how what was generated is read.

    commands: jump twice and walk right
    actions: I_JUMP I_JUMP I_TURN_RIGHT I_WALK

A text stands as it is, and so does a number; of a list the elements stand between blanks. What is asked ends behind the
colon after the target's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.cards import TaskCard

KINDS: Final = frozenset({"string", "int64", "list<int64>", "list<string>"})
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")


def check(task: TaskCard) -> None:
    """Refuse a task whose questions or answers are no tokens. Raises `BadValue`, naming the column."""
    for column, kind in {**task.inputs, task.target: task.target_type}.items():
        if kind not in KINDS:
            raise BadValue(
                f"{task.name} is no task of tokens: its column {column!r} is of type {kind}; "
                f"these can be spelled: {', '.join(sorted(KINDS))}"
            )
    if task.answer == "any_of":
        raise BadValue(f"{task.name} takes any of several right answers, of which other programs would know but one")


def spelled(value: Any) -> str:
    """A value as text: a list's elements between blanks.

    >>> spelled([3, 1, 2]), spelled("I_WALK"), spelled(7)
    ('3 1 2', 'I_WALK', '7')
    """
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def prompt(row: Mapping[str, Any], task: TaskCard) -> str:
    """What is asked, a line for each input, and the target's name with a colon."""
    lines = [f"{column}: {spelled(row[column])}" for column in task.inputs]
    return "\n".join([*lines, f"{task.target}:"])


def cut(text: str, ends: Sequence[str], dropped: Sequence[str]) -> str:
    """What was generated up to the first of `ends`, without the tokens `dropped`, and without blanks around it.

    >>> cut(" I_WALK <pad> I_RUN</s> I_JUMP", ["</s>"], ["<pad>"])
    'I_WALK I_RUN'
    """
    for end in ends:
        text = text.partition(end)[0]
    for token in dropped:
        if token in text:
            text = " ".join(text.replace(token, " ").split())
    return text.strip()


def read(text: str, kind: str) -> Any:
    """A text as a value of a target's type; None where it is none.

    >>> read("3 1 2", "list<int64>"), read("seven", "int64")
    ([3, 1, 2], None)
    """
    if kind == "string":
        return text
    words = text.split()
    if kind == "list<string>":
        return words
    if not all(_NUMBER.fullmatch(word) for word in words):
        return None
    numbers = [int(word) for word in words]
    if kind == "int64":
        return numbers[0] if len(numbers) == 1 else None
    return numbers
