"""Targets that name source positions: a list of clauses, read off a tree over the source's words.

A numeral in a target that is within the source's length names a word there, counted from 0 or from 1, whichever fits
the links better. What always stands around it belongs to the name: `x _ 4` is one term. Clauses lie between separators,
the tokens that leave the shortest list of rules. A clause belongs to the first word that it names, so the
clauses of an example make a tree: whom a word's clauses mention stands below it. A word with all below it is a
constituent where nobody outside mentions any of it but the word itself; a word for which that fails, as one whose
subject is another's too, shares its parent's frame.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Tokens = tuple[str, ...]

RARE = 0.01  # share of what fills a hole below which it counts for nothing


@dataclass(frozen=True, slots=True)
class Term:
    """In an example's clause: the name of a source word. In a rule's: of the word at a place of the frame."""

    place: int


@dataclass(frozen=True, slots=True)
class Brought:
    """In an example's clause: the token that a source word brings. In a rule's: the word at a place of the frame."""

    place: int


@dataclass(frozen=True, slots=True)
class Handle:
    """In a rule's clause: what stands for the constituent at a place of the frame."""

    place: int


Part = str | Term | Brought | Handle
Clause = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A source and its clauses; each source word that a clause draws on is a `Term` or `Brought` there."""

    source: Tokens
    clauses: tuple[Clause, ...]

    def owner(self, clause: Clause) -> int | None:
        """The first source word that the clause names."""
        return next((part.place for part in clause if isinstance(part, Term)), None)


def anchored(source: Tokens, clauses: Sequence[tuple[str | Term, ...]], links: Mapping[str, str]) -> Example:
    """The example with each token that a word brings traced to it: of several such words, the one nearest the names."""
    bringing: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(source):
        if word in links:
            bringing[links[word]].append(place)
    found = []
    for clause in clauses:
        named = [part.place for part in clause if isinstance(part, Term)]
        parts: list[Part] = []
        for part in clause:
            if isinstance(part, str) and part in bringing:
                near = min(bringing[part], key=lambda place: (sum(abs(place - other) for other in named), place))
                parts.append(Brought(near))
            else:
                parts.append(part)
        found.append(tuple(parts))
    return Example(source, tuple(found))


def arguments(examples: Sequence[Example]) -> set[tuple[object, ...]]:
    """Clauses with a hole that names and words' tokens both fill: there, a token is its constituent's handle.

    Either must fill the hole in the share `RARE` of the cases at least, lest one wrong target make a hole.
    """
    by_name: Counter[tuple[object, ...]] = Counter()
    by_token: Counter[tuple[object, ...]] = Counter()
    for example in examples:
        for clause in example.clauses:
            for place, part in enumerate(clause):
                if isinstance(part, Term):
                    by_name[holed(clause, place)] += 1
                elif isinstance(part, Brought):
                    by_token[holed(clause, place)] += 1
    return {hole for hole, names in by_name.items() if min(names, by_token[hole]) > RARE * (names + by_token[hole])}


def traceable(example: Example, holes: Collection[tuple[object, ...]], links: Mapping[str, str]) -> bool:
    """Whether each handle is brought by one word of the source: where two could be meant, an example shows nothing."""
    for clause in example.clauses:
        for place, part in enumerate(clause):
            if isinstance(part, Brought) and holed(clause, place) in holes:
                token = links[example.source[part.place]]
                if sum(links.get(word) == token for word in example.source) > 1:
                    return False
    return True


def holed(clause: Clause, place: int) -> tuple[object, ...]:
    """The clause with a hole at `place`, words taken out."""
    return tuple(
        None if other == place else part if isinstance(part, str) else type(part).__name__
        for other, part in enumerate(clause)
    )
