"""What an example of COGS says, for a person: the rules of the grammar that make the sentence, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grammar import Clause, Phrase

    from genbench import Value

RULES: Final = {
    "intr_agent": "NP V",
    "intr_theme": "NP V",
    "trans": "NP V NP",
    "dat_do": "NP V NP NP",
    "dat_pp": "NP V NP to NP",
    "cp": "NP V that clause",
    "xcomp": "NP V to INF",
    "pass_theme": "NP was PART",
    "pass_theme_by": "NP was PART by NP",
    "pass_theme_to": "NP was PART to NP",
    "pass_theme_to_by": "NP was PART to NP by NP",
    "pass_recip": "NP was PART NP",
    "pass_recip_by": "NP was PART NP by NP",
}


def example(row: Mapping[str, str], params: Mapping[str, Value]) -> str:  # noqa: ARG001  the tree has no parameters
    """The tree of the row's sentence: a line for each rule, what it is for, and words with their positions from 0."""
    sentence = row["sentence"]
    if len(sentence.split()) == 1:
        return f"a word alone: {sentence}"
    return "\n".join(_clause(grammar.read(sentence), "clause", 0))


def _clause(clause: Clause, what: str, depth: int) -> Iterator[str]:
    yield _line(depth, f"{what} -> {RULES[clause.kind]}", clause.kind)
    depth += 1
    yield _line(depth, "V" if "NP V" in RULES[clause.kind] else "PART", f"{clause.lemma}, word {clause.position}")
    for role, phrase in clause.arguments:
        yield from _phrase(phrase, role, depth)
    if clause.infinitive:
        yield _line(depth, "INF", f"{clause.infinitive}, word {clause.position + 2}")
    if clause.said:
        yield from _clause(clause.said, "clause", depth)


def _phrase(phrase: Phrase, role: str, depth: int) -> Iterator[str]:
    if not phrase.article:
        yield _line(depth, f"{role}: NP -> name", f"{phrase.word}, word {phrase.position}")
        return
    tail = f" {phrase.preposition} NP" if phrase.inside else ""
    yield _line(depth, f"{role}: NP -> {phrase.article} N{tail}", f"{phrase.word}, word {phrase.position}")
    if phrase.inside:
        yield from _phrase(phrase.inside, phrase.preposition, depth + 1)


def _line(depth: int, rule: str, said: str) -> str:
    return f"{'  ' * depth}{rule:<{max(1, 44 - 2 * depth)}} {said}"
