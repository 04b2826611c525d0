"""The grammar of COGS read backwards: the tree of a sentence, and the logical form that the tree means.

Written from the description in Kim & Linzen 2020 and from the released sentences, whose authors published no generator.

    clause  NP V | NP V NP | NP V NP NP | NP V NP to NP | NP V that clause | NP V to INF
            NP was PART [to NP | NP] [by NP]
    NP      name | a N [P NP] | the N [P NP]          P: in, on, beside

Which role an argument has follows from the order of words; only a verb without object asks for its class (`rolled` has
a theme, `slept` an agent). A word is named by its position in the sentence, from 0. The verbs are in `lexicon.toml`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

LEXICON = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
VERBS = {kind: words.split() for kind, words in LEXICON["verbs"].items()}
LEMMAS = frozenset(lemma for lemmas in VERBS.values() for lemma in lemmas)
IRREGULAR = {lemma: (past, participle) for lemma, (past, participle) in LEXICON["irregular"].items()}
PREPOSITIONS = ("in", "on", "beside")


def forms(lemma: str) -> tuple[str, str]:
    """Past and participle of a verb.

    >>> forms("freeze"), forms("study"), forms("stab")
    (('froze', 'frozen'), ('studied', 'studied'), ('stabbed', 'stabbed'))
    """
    if lemma in IRREGULAR:
        return IRREGULAR[lemma]
    if lemma.endswith("e"):
        past = f"{lemma}d"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        past = f"{lemma[:-1]}ied"
    else:
        past = f"{lemma}ed"
    return past, past


PAST = {forms(lemma)[0]: lemma for lemma in sorted(LEMMAS)}
PARTICIPLE = {forms(lemma)[1]: lemma for lemma in sorted(LEMMAS)}


class Phrase(NamedTuple):
    """A noun phrase: `article` is "", "a" or "the", `word` its noun or name, `inside` what its preposition joins."""

    article: str
    word: str
    position: int
    preposition: str = ""
    inside: Phrase | None = None

    def chain(self) -> Iterator[Phrase]:
        """This phrase, the one inside it, the one inside that, ..."""
        phrase: Phrase | None = self
        while phrase:
            yield phrase
            phrase = phrase.inside


class Clause(NamedTuple):
    """A clause: its kind, its verb, what has which role in the order of the sentence, and what it says (`that`, `to`).

    Kinds: intr_agent, intr_theme, trans, dat_do, dat_pp, cp, xcomp; pass_theme and pass_recip, by what the subject is,
    the former with `_to`, both with `_by` where such a phrase follows.
    """

    kind: str
    lemma: str
    position: int
    arguments: tuple[tuple[str, Phrase], ...]
    said: Clause | None = None
    infinitive: str = ""

    def chain(self) -> Iterator[Clause]:
        """This clause, the one it says, the one that says, ..."""
        clause: Clause | None = self
        while clause:
            yield clause
            clause = clause.said


class _Reader:
    """A sentence being read from left to right."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.words = sentence.split()
        if self.words and self.words[0] in {"A", "The"}:
            self.words[0] = self.words[0].lower()
        self.words.append("")  # behind the end
        self.at = 0
        self.word = self.words[0]

    def step(self) -> None:
        """On to the next word."""
        self.at += 1
        self.word = self.words[self.at]

    def fail(self, wanted: str) -> BadValue:
        there = repr(self.word) if self.word else "the end"
        return BadValue(f"{self.sentence!r} is not a COGS sentence: {wanted} should stand in place of {there}")

    def opens_phrase(self) -> bool:
        """Whether a noun phrase begins here."""
        return self.word in {"a", "the"} or self.word[:1].isupper()

    def phrase(self) -> Phrase:
        """Read a noun phrase."""
        if not self.opens_phrase():
            raise self.fail("a name, 'a' or 'the'")
        article, position = self.word, self.at
        self.step()
        if article not in {"a", "the"}:
            return Phrase("", article, position)
        noun, position = self.word, self.at
        if not noun or noun == ".":
            raise self.fail("a noun")
        noun = noun.lower()  # TV
        self.step()
        if self.word not in PREPOSITIONS:
            return Phrase(article, noun, position)
        preposition = self.word
        self.step()
        return Phrase(article, noun, position, preposition, self.phrase())

    def clause(self) -> Clause:
        """Read a clause."""
        subject = self.phrase()
        if self.word == "was":
            self.step()
            return self.passive(subject)
        lemma, position = PAST.get(self.word, ""), self.at
        if not lemma:
            raise self.fail("a verb in the past")
        self.step()
        agent = (("agent", subject),)
        if self.word == "that":
            self.step()
            return Clause("cp", lemma, position, agent, said=self.clause())
        if self.word == "to":
            self.step()
            infinitive = self.word
            if infinitive not in LEMMAS:
                raise self.fail("an infinitive")
            self.step()
            return Clause("xcomp", lemma, position, agent, infinitive=infinitive)
        if self.opens_phrase():
            return self.objects(lemma, position, subject)
        if lemma in VERBS["unaccusative"]:
            return Clause("intr_theme", lemma, position, (("theme", subject),))
        return Clause("intr_agent", lemma, position, agent)

    def objects(self, lemma: str, position: int, subject: Phrase) -> Clause:
        """Read what an active verb does something to, and whom it gives it to."""
        agent, first = ("agent", subject), self.phrase()
        if self.opens_phrase():
            return Clause("dat_do", lemma, position, (agent, ("recipient", first), ("theme", self.phrase())))
        if self.word == "to":
            self.step()
            return Clause("dat_pp", lemma, position, (agent, ("theme", first), ("recipient", self.phrase())))
        return Clause("trans", lemma, position, (agent, ("theme", first)))

    def passive(self, subject: Phrase) -> Clause:
        """Read from the participle on."""
        lemma, position = PARTICIPLE.get(self.word, ""), self.at
        if not lemma:
            raise self.fail("a participle")
        self.step()
        kind, arguments = "pass_theme", [("theme", subject)]
        if self.opens_phrase():
            kind, arguments = "pass_recip", [("recipient", subject), ("theme", self.phrase())]
        for preposition, role in (("to", "recipient"), ("by", "agent")):
            if self.word == preposition:
                self.step()
                kind += f"_{preposition}"
                arguments.append((role, self.phrase()))
        return Clause(kind, lemma, position, tuple(arguments))


def read(sentence: str) -> Clause:
    """The tree of a sentence that ends in ` .`. Raises `BadValue` for what is none, with the word it fails at."""
    reader = _Reader(sentence)
    clause = reader.clause()
    if reader.words[reader.at :] != [".", ""]:
        raise reader.fail("'.' and nothing behind it")
    return clause


def meaning(clause: Clause) -> str:
    """The logical form of a tree."""
    definite: list[tuple[int, str]] = []
    rest: list[tuple[int, str]] = []
    said: Clause | None = clause
    while said:
        position, lemma = said.position, said.lemma
        for role, phrase in said.arguments:
            rest.append((position, f"{lemma} . {role} ( x _ {position} , {_name(phrase)} )"))
            inside: Phrase | None = phrase
            while inside:
                if inside.article:
                    noun, at = inside.word, inside.position
                    (definite if inside.article == "the" else rest).append((at, f"{noun} ( x _ {at} )"))
                    if inside.inside:
                        joined = f"{noun} . nmod . {inside.preposition} ( x _ {at} , {_name(inside.inside)} )"
                        rest.append((at, joined))
                inside = inside.inside
        if said.infinitive:
            at = position + 2  # behind `to`
            rest.append((position, f"{lemma} . xcomp ( x _ {position} , x _ {at} )"))
            rest.append((at, f"{said.infinitive} . agent ( x _ {at} , {_name(said.arguments[0][1])} )"))
        if said.said:
            rest.append((position, f"{lemma} . ccomp ( x _ {position} , x _ {said.said.position} )"))
        said = said.said
    definite.sort()
    # A stable sort: at one position, parts stay in the order of their arguments, a noun before what hangs on it.
    rest.sort(key=_position)
    return "".join([f"* {text} ; " for _, text in definite]) + " AND ".join([text for _, text in rest])


def _position(part: tuple[int, str]) -> int:
    return part[0]


def _name(phrase: Phrase) -> str:
    return f"x _ {phrase.position}" if phrase.article else phrase.word


def interpret(sentence: str) -> str:
    """The logical form of a sentence that ends in ` .`, or of a word alone. Raises `BadValue` for what is neither.

    >>> interpret("The sailor dusted a boy .")
    '* sailor ( x _ 1 ) ; dust . agent ( x _ 2 , x _ 1 ) AND dust . theme ( x _ 2 , x _ 4 ) AND boy ( x _ 4 )'
    """
    return meaning(read(sentence)) if len(sentence.split(maxsplit=1)) != 1 else alone(sentence.strip())


def alone(word: str) -> str:
    """What a word means on its own."""
    if word[0].isupper():
        return word
    if word in VERBS["unergative"]:
        return f"LAMBDA a . LAMBDA e . {word} . agent ( e , a )"
    if word in VERBS["unaccusative"]:
        return f"LAMBDA a . LAMBDA e . {word} . theme ( e , a )"
    if word in VERBS["omissible"] or word in VERBS["transitive"]:
        return f"LAMBDA a . LAMBDA b . LAMBDA e . {word} . agent ( e , b ) AND {word} . theme ( e , a )"
    return f"LAMBDA a . {word} ( a )"
