"""The grammar of COGS read backwards: the logical form of a sentence.

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
from typing import NamedTuple

from genbench.errors import BadValue

_LEXICON = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
VERBS = {kind: words.split() for kind, words in _LEXICON["verbs"].items()}
LEMMAS = frozenset(lemma for lemmas in VERBS.values() for lemma in lemmas)
IRREGULAR = {lemma: (past, participle) for lemma, (past, participle) in _LEXICON["irregular"].items()}
PREPOSITIONS = frozenset(["in", "on", "beside"])


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


class Conjunct(NamedTuple):
    """A part of a logical form, at the position it is ordered by; a definite noun is moved to the front."""

    position: int
    text: str
    definite: bool = False


class _Reader:
    """A sentence being read from left to right: the next position, and the conjuncts found so far."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.words = sentence.split()
        self.at = 0
        self.found: list[Conjunct] = []

    def next(self, ahead: int = 0) -> str:
        """The word at the next position; the article that opens a sentence in lower case; "" behind the end."""
        if self.at + ahead >= len(self.words):
            return ""
        word = self.words[self.at + ahead]
        return word.lower() if self.at + ahead == 0 and word in {"A", "The"} else word

    def fail(self, wanted: str) -> BadValue:
        there = repr(self.next()) if self.next() else "the end"
        return BadValue(f"{self.sentence!r} is not a COGS sentence: {wanted} should stand in place of {there}")

    def add(self, position: int, predicate: str, *arguments: str) -> None:
        self.found.append(Conjunct(position, f"{predicate} ( {' , '.join(arguments)} )"))

    def opens_phrase(self) -> bool:
        """Whether a noun phrase begins here."""
        return self.next() in {"a", "the"} or self.next()[:1].isupper()

    def phrase(self) -> str:
        """Read a noun phrase; how it is named in the logical form."""
        article = self.next()
        if not self.opens_phrase():
            raise self.fail("a name, 'a' or 'the'")
        self.at += 1
        if article not in {"a", "the"}:
            return article
        noun, position = self.next(), self.at
        if not noun or noun == ".":
            raise self.fail("a noun")
        self.at += 1
        noun = noun.lower()  # TV
        self.found.append(Conjunct(position, f"{noun} ( {_x(position)} )", definite=article == "the"))
        if self.next() in PREPOSITIONS:
            preposition = self.next()
            self.at += 1
            self.add(position, f"{noun} . nmod . {preposition}", _x(position), self.phrase())
        return _x(position)

    def clause(self) -> str:
        """Read a clause; how its verb is named."""
        subject = self.phrase()
        if self.next() == "was":
            self.at += 1
            return self.passive(subject)
        lemma, position = PAST.get(self.next(), ""), self.at
        if not lemma:
            raise self.fail("a verb in the past")
        self.at += 1
        verb = _x(position)
        bare = self.next() in {".", ""}
        self.add(
            position, f"{lemma} . {'theme' if bare and lemma in VERBS['unaccusative'] else 'agent'}", verb, subject
        )
        if self.next() == "that":
            self.at += 1
            self.add(position, f"{lemma} . ccomp", verb, self.clause())
        elif self.next() == "to":
            self.at += 1
            if self.next() not in LEMMAS:
                raise self.fail("an infinitive")
            self.add(position, f"{lemma} . xcomp", verb, _x(self.at))
            self.add(self.at, f"{self.next()} . agent", _x(self.at), subject)
            self.at += 1
        elif self.opens_phrase():
            self.objects(lemma, position)
        return verb

    def objects(self, lemma: str, position: int) -> None:
        """Read what an active verb does something to, and whom it gives it to."""
        first = self.phrase()
        if self.opens_phrase():
            self.add(position, f"{lemma} . recipient", _x(position), first)
            self.add(position, f"{lemma} . theme", _x(position), self.phrase())
            return
        self.add(position, f"{lemma} . theme", _x(position), first)
        if self.next() == "to":
            self.at += 1
            self.add(position, f"{lemma} . recipient", _x(position), self.phrase())

    def passive(self, subject: str) -> str:
        """Read from the participle on."""
        lemma, position = PARTICIPLE.get(self.next(), ""), self.at
        if not lemma:
            raise self.fail("a participle")
        self.at += 1
        verb = _x(position)
        receives = self.opens_phrase()
        self.add(position, f"{lemma} . {'recipient' if receives else 'theme'}", verb, subject)
        if receives:
            self.add(position, f"{lemma} . theme", verb, self.phrase())
        for preposition, role in (("to", "recipient"), ("by", "agent")):
            if self.next() == preposition:
                self.at += 1
                self.add(position, f"{lemma} . {role}", verb, self.phrase())
        return verb


def _x(position: int) -> str:
    return f"x _ {position}"


def interpret(sentence: str) -> str:
    """The logical form of a sentence that ends in ` .`, or of a word alone. Raises `BadValue` for what is neither.

    >>> interpret("The sailor dusted a boy .")
    '* sailor ( x _ 1 ) ; dust . agent ( x _ 2 , x _ 1 ) AND dust . theme ( x _ 2 , x _ 4 ) AND boy ( x _ 4 )'
    """
    reader = _Reader(sentence)
    if len(reader.words) == 1:
        return _alone(reader.words[0])
    reader.clause()
    if reader.words[reader.at :] != ["."]:
        raise reader.fail("'.' and nothing behind it")
    definite = sorted(part for part in reader.found if part.definite)
    # A stable sort: at one position, parts stay in the order of their arguments, a noun before what hangs on it.
    rest = sorted((part for part in reader.found if not part.definite), key=lambda part: part.position)
    return "".join(f"* {part.text} ; " for part in definite) + " AND ".join(part.text for part in rest)


def _alone(word: str) -> str:
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
