"""Forms as SLOG writes them. Those without variables are read into a tree, and a tree is told to a person.

    freeze ( agent = Avery , theme = girl ( nmod . on = bed ) )

A word has roles, each filled with a word that has roles; `*` stands before a definite noun, `?` for what is asked. A
relative clause is `nmod` without a preposition: its verb, whose roles name the noun again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench import Value

_WORD = re.compile(r"[A-Za-z]+|\?")
_ROLES = frozenset({"agent", "theme", "recipient", "ccomp", "xcomp", "nmod"})
_PREPOSITIONS = frozenset({"in", "on", "beside"})
_VARIABLE = r"(?:x _ \d+|[a-z])"
_PART = rf"[A-Za-z]+ (?:\( {_VARIABLE} \)|(?:\. [a-z]+ )+\( {_VARIABLE} , (?:{_VARIABLE}|[A-Za-z]+|\?) \))"
_WITH_VARIABLES = re.compile(rf"(?:LAMBDA [a-z] \. )*(?:\* [A-Za-z]+ \( x _ \d+ \) ; )*{_PART}(?: AND {_PART})*")


class Node(NamedTuple):
    """A word, `*` before it where it is definite, and what fills its roles."""

    word: str
    roles: tuple[tuple[str, Node], ...]


def read(form: str) -> Node | None:
    """The tree of a form; None for what is none. Nothing recurses, so depth has no bound.

    >>> read("bake ( agent = * goose )")
    Node(word='bake', roles=(('agent', Node(word='* goose', roles=())),))
    """
    tokens = form.split()[::-1]  # the next one last
    inside: list[tuple[str, list[tuple[str, Node]]]] = []  # words whose roles are being read, the innermost last
    named: list[str] = []  # the role that each of them is at
    while True:
        word = _word(tokens)
        if word is None:
            return None
        if _next_is(tokens, "("):
            inside.append((word, []))
        else:
            node = Node(word, ())
            while True:  # a node stands whole: the role it fills goes on, or ends the word that has it
                if not inside:
                    return None if tokens else node
                inside[-1][1].append((named.pop(), node))
                if _next_is(tokens, ","):
                    break
                if not _next_is(tokens, ")"):
                    return None
                node = Node(inside[-1][0], tuple(inside.pop()[1]))
        role = _role(tokens)
        if role is None:
            return None
        named.append(role)


def well_formed(answer: str) -> bool:
    """Whether an answer is a form of SLOG at all, with variables or without, of whatever words.

    >>> well_formed("* cake ( x _ 1 ) ; roll . theme ( x _ 2 , x _ 1 )"), well_formed("roll . theme ( x _ 2 ,")
    (True, False)
    """
    return read(answer) is not None or _WITH_VARIABLES.fullmatch(answer) is not None


def depth(form: str) -> int:
    """How many brackets of a form stand inside one another, at most.

    >>> depth("freeze ( agent = Avery , theme = girl ( nmod . on = bed ) )")
    2
    """
    deepest = now = 0
    for part in form.split():
        now += (part == "(") - (part == ")")
        deepest = max(deepest, now)
    return deepest


def example(row: Mapping[str, str], params: Mapping[str, Value]) -> str:  # noqa: ARG001  the task has no parameters
    """The tree of the row's form, a line for each word, its role before it; with variables, a line for each part."""
    tree = read(row["form"])
    if tree is None:
        return row["form"].replace(" ; ", " ;\n").replace(" AND ", " AND\n")
    return "\n".join(_lines(tree))


def _lines(tree: Node) -> Iterator[str]:
    waiting = [("", tree, 0)]
    while waiting:
        role, node, indent = waiting.pop()
        yield f"{'  ' * indent}{role}{': ' if role else ''}{node.word}"
        waiting += [(name, filler, indent + 1) for name, filler in reversed(node.roles)]


def _next_is(tokens: list[str], token: str) -> bool:
    if tokens and tokens[-1] == token:
        tokens.pop()
        return True
    return False


def _word(tokens: list[str]) -> str | None:
    star = "* " if _next_is(tokens, "*") else ""
    if not tokens or not _WORD.fullmatch(tokens[-1]):
        return None
    return star + tokens.pop()


def _role(tokens: list[str]) -> str | None:
    if not tokens or tokens[-1] not in _ROLES:
        return None
    role = tokens.pop()
    if role == "nmod" and _next_is(tokens, "."):
        if not tokens or tokens[-1] not in _PREPOSITIONS:
            return None
        role = f"{role} . {tokens.pop()}"
    return role if _next_is(tokens, "=") else None
