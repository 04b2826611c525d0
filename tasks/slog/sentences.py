"""The grammar of SLOG read backwards: the tree of a sentence, a question or a noun phrase, and the two forms it means.

Written from the released rows, whose grammar is that of COGS (`tasks/cogs/grammar.py`), relative clauses and questions:

    clause    NP V | NP V NP | NP V NP NP | NP V NP to NP | NP V that clause | NP V to INF
              NP was PART [to NP | NP] [by NP]
    question  Who/What, then a clause without its subject, or `did` and a clause without one of its objects
    NP        name | a N [P NP | that RC] | the N [P NP | that RC]
    RC        a clause without its subject or without one of its objects: the noun stands for that

Which object is missing follows from what stands there: `that Emma gave the rose to` lacks a recipient. A relative
clause may end where the sentence goes on: in `lent a girl that ate a cake` the cake is lent. So a verb that gives has
two objects, and of the ways to read a sentence the first that leaves nothing over is taken; a word joins what stands
nearest where it can.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from genbench import load_entry
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

COGS = Path(__file__).resolve().parents[1] / "cogs"
_of_cogs = load_entry(COGS, "grammar:forms")
_alone = load_entry(COGS, "grammar:alone")
LEXICON = tomllib.loads((COGS / "lexicon.toml").read_text(encoding="utf-8"))
IRREGULAR = {"lend": ("lent", "lent")}  # COGS has `lended`
VERBS = {kind: frozenset(words.split()) for kind, words in LEXICON["verbs"].items()}


def forms(lemma: str) -> tuple[str, str]:
    """Past and participle of a verb."""
    past, participle = IRREGULAR.get(lemma) or _of_cogs(lemma)
    return past, participle


LEMMAS = sorted(frozenset().union(*VERBS.values()))
PAST = {forms(lemma)[0]: lemma for lemma in LEMMAS}
PARTICIPLE = {forms(lemma)[1]: lemma for lemma in LEMMAS}
PREPOSITIONS = ("in", "on", "beside")
ARTICLES = ("a", "the")
WITH_OBJECT = VERBS["omissible"] | VERBS["transitive"] | VERBS["unaccusative"]


class Noun(NamedTuple):
    """A noun phrase: `article` is "", "a" or "the"; `link` is "", the preposition of what is `inside`, or "that"."""

    article: str
    word: str
    position: int
    link: str = ""
    inside: Noun | Verb | None = None


class Verb(NamedTuple):
    """A verb with what fills its roles, in their order in a form; the noun of a relative clause stands in it bare."""

    lemma: str
    position: int
    roles: tuple[tuple[str, Noun | Verb], ...]


ASKED = Noun("", "?", -1)


class _Reader:
    """Every way to read the words of a sentence: each method gives what stands at a place, and where it ends."""

    def __init__(self, words: list[str]) -> None:
        self.words = [*words, "", ""]  # behind the end
        self.farthest = 0

    def word(self, at: int) -> str:
        self.farthest = max(self.farthest, at)
        return self.words[at]

    def phrase(self, at: int) -> Iterator[tuple[Noun, int]]:
        first = self.word(at)
        if first[:1].isupper() and first not in {"Who", "What"}:
            yield Noun("", first, at), at + 1
        if first not in ARTICLES:
            return
        at += 1
        noun = self.word(at)
        if not noun.isalpha():
            return
        bare = Noun(first, noun, at)
        link = self.word(at + 1)
        if link in PREPOSITIONS:
            for inside, end in self.phrase(at + 2):
                yield bare._replace(link=link, inside=inside), end
        elif link == "that":
            for clause, end in self.relative(at + 2, bare):
                yield bare._replace(link=link, inside=clause), end
        else:
            yield bare, at + 1

    def relative(self, at: int, head: Noun) -> Iterator[tuple[Verb, int]]:
        """A clause that lacks what `head` stands for."""
        yield from self.predicate(at, head)
        for subject, end in self.phrase(at):
            yield from self.predicate(end, subject, head)

    def clause(self, at: int, missing: Noun | None = None) -> Iterator[tuple[Verb, int]]:
        for subject, end in self.phrase(at):
            yield from self.predicate(end, subject, missing)

    def predicate(self, at: int, subject: Noun, missing: Noun | None = None) -> Iterator[tuple[Verb, int]]:
        """From the verb on; `missing` is what stands elsewhere of its objects, or of those of the clause it says."""
        word = self.word(at)
        if word == "was" and missing is None:
            yield from self.passive(at + 1, subject)
        elif word in PAST:
            yield from self.active(PAST[word], at, subject, missing)

    def active(self, lemma: str, at: int, subject: Noun, missing: Noun | None) -> Iterator[tuple[Verb, int]]:
        """Behind a verb at `at`, be it in the past or behind `did`."""
        agent = ("agent", subject)
        behind = self.word(at + 1)
        if behind == "that" and lemma in VERBS["clausal"]:
            for said, end in self.clause(at + 2, missing):
                yield Verb(lemma, at, (agent, ("ccomp", said))), end
        if behind == "to" and lemma in VERBS["control"] and self.word(at + 2) in VERBS["infinitive"] and not missing:
            infinitive = Verb(self.words[at + 2], at + 2, (("agent", subject),))
            yield Verb(lemma, at, (agent, ("xcomp", infinitive))), at + 3
        if lemma in VERBS["dative"]:
            for roles, end in self.given(at + 1, missing):
                yield Verb(lemma, at, (agent, *roles)), end
        if missing and lemma in WITH_OBJECT:
            yield Verb(lemma, at, (agent, ("theme", missing))), at + 1
        elif not missing:
            if lemma in WITH_OBJECT:
                for theme, end in self.phrase(at + 1):
                    yield Verb(lemma, at, (agent, ("theme", theme))), end
            if lemma in VERBS["omissible"] | VERBS["unergative"]:
                yield Verb(lemma, at, (agent,)), at + 1
            if lemma in VERBS["unaccusative"]:
                yield Verb(lemma, at, (("theme", subject),)), at + 1

    def given(self, at: int, missing: Noun | None) -> Iterator[tuple[tuple[tuple[str, Noun], ...], int]]:
        """What is given, and to whom."""
        if missing and self.word(at) == "to":
            for recipient, end in self.phrase(at + 1):
                yield (("theme", missing), ("recipient", recipient)), end
        for first, end in self.phrase(at):
            if missing is ASKED:  # a question names what it asks for first, a relative clause whom it is given to
                yield (("theme", missing), ("recipient", first)), end
            elif missing:
                yield (("recipient", first), ("theme", missing)), end
            if missing and self.word(end) == "to":
                yield (("theme", first), ("recipient", missing)), end + 1
            elif self.word(end) == "to":
                for recipient, last in self.phrase(end + 1):
                    yield (("theme", first), ("recipient", recipient)), last
            if not missing:
                for theme, last in self.phrase(end):
                    yield (("recipient", first), ("theme", theme)), last

    def passive(self, at: int, subject: Noun) -> Iterator[tuple[Verb, int]]:
        lemma = PARTICIPLE.get(self.word(at), "")
        if lemma not in WITH_OBJECT | VERBS["dative"]:
            return
        begun: list[tuple[tuple[tuple[str, Noun | Verb], ...], int]] = []
        if lemma in VERBS["dative"]:
            begun += [((("recipient", subject), ("theme", theme)), end) for theme, end in self.phrase(at + 1)]
            if self.word(at + 1) == "to":
                begun += [((("theme", subject), ("recipient", to)), end) for to, end in self.phrase(at + 2)]
        begun.append(((("theme", subject),), at + 1))
        for roles, end in begun:
            if self.word(end) == "by":
                for agent, last in self.phrase(end + 1):
                    yield Verb(lemma, at, (*roles, ("agent", agent))), last
            yield Verb(lemma, at, roles), end

    def question(self, at: int) -> Iterator[tuple[Verb, int]]:
        """What stands behind `Who` or `What`."""
        if self.word(at) != "did":
            yield from self.predicate(at, ASKED)
            return
        for subject, end in self.phrase(at + 1):
            yield from self.active(self.word(end), end, subject, ASKED)


def read(sentence: str) -> Noun | Verb:
    """The tree of a sentence that ends in ` .`, of a question that ends in ` ?`, or of a noun phrase.

    Raises `BadValue` for what is none, with the word beyond which it could not be read.
    """
    for tree in _ways(reader := _reader(sentence)):
        return tree
    there = repr(reader.words[reader.farthest]) if reader.words[reader.farthest] else "the end"
    raise BadValue(f"{sentence!r} is not of SLOG's grammar: it cannot be read beyond {there}")


def readings(sentence: str) -> list[str]:
    """The different forms without variables that a sentence has, the one that `read` takes first."""
    return list(dict.fromkeys(without_variables(tree) for tree in _ways(_reader(sentence))))


def _reader(sentence: str) -> _Reader:
    words = sentence.split()
    if words and words[0] in {"A", "The"}:
        words[0] = words[0].lower()
    return _Reader(words)


def _ways(reader: _Reader) -> Iterator[Noun | Verb]:
    """Every way to read all of the words."""
    words = reader.words[:-2]
    end = words[-1] if words else ""
    ways: Iterator[tuple[Noun | Verb, int]]
    if end == ".":
        ways = reader.clause(0)
    elif end == "?":
        ways = reader.question(1) if words[0] in {"Who", "What"} else iter(())
    else:
        ways = reader.phrase(0)
    whole = len(words) - (end in {".", "?"})
    return (tree for tree, at in ways if at == whole)


def without_variables(tree: Noun | Verb) -> str:
    """The form without variables.

    >>> without_variables(read("The girl liked a cake that Emma ate ."))
    'like ( agent = * girl , theme = cake ( nmod = eat ( agent = Emma , theme = cake ) ) )'
    """
    if isinstance(tree, Verb):
        return f"{tree.lemma} ( {' , '.join(f'{role} = {without_variables(what)}' for role, what in tree.roles)} )"
    word = f"* {tree.word}" if tree.article == "the" else tree.word
    if tree.inside is None:
        return word
    link = "nmod" if tree.link == "that" else f"nmod . {tree.link}"
    return f"{word} ( {link} = {without_variables(tree.inside)} )"


def with_variables(tree: Noun | Verb) -> str:
    """The form with a variable for each place of the sentence, as COGS writes it.

    >>> with_variables(read("the cake that rolled"))
    '* cake ( x _ 1 ) ; cake . nmod ( x _ 1 , x _ 3 ) AND roll . theme ( x _ 3 , x _ 1 )'
    """
    definite: dict[int, str] = {}
    rest: dict[int, list[str]] = {}  # of each place, in the order of its arguments, a noun before what hangs on it
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        at = one.position
        if isinstance(one, Verb):
            rest[at] = [f"{one.lemma} . {role} ( x _ {at} , {_name(what)} )" for role, what in one.roles]
            waiting += [what for _, what in one.roles]
        elif one.article:
            if one.article == "the":
                definite[at] = f"* {one.word} ( x _ {at} ) ; "
            parts = [f"{one.word} ( x _ {at} )"] if one.article == "a" else []
            if one.inside is not None:
                link = "nmod" if one.link == "that" else f"nmod . {one.link}"
                parts.append(f"{one.word} . {link} ( x _ {at} , {_name(one.inside)} )")
                waiting.append(one.inside)
            if len(parts) > len(rest.get(at, ())):  # a bare noun stands for one that is told elsewhere
                rest[at] = parts
    return "".join(definite[at] for at in sorted(definite)) + " AND ".join(
        part for at in sorted(rest) for part in rest[at]
    )


def _name(what: Noun | Verb) -> str:
    return what.word if isinstance(what, Noun) and not what.article else f"x _ {what.position}"


def interpret(sentence: str, variables: bool = False) -> str:
    """The form of a sentence, a question, a noun phrase or a word alone. Raises `BadValue` for what is none."""
    if len(sentence.split()) == 1:
        return str(_alone(sentence.strip())) if variables else sentence.strip()
    tree = read(sentence)
    return with_variables(tree) if variables else without_variables(tree)
