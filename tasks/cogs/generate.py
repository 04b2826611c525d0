"""A grammar of COGS with probabilities: any number of sentences like the official ones, from a seed.

The authors published their sentences and no generator. The constructions, words and probabilities here were measured on
the 24,000 `in_distribution` sentences of train (najoungkim/COGS at 165a7b66) and of dev and test, which come from the
same source. `shares.py` holds what this grammar makes against them; docs/cogs_generator.md is its table.

- The official sentences are distinct, and so are these: a sentence drawn again is drawn anew. Short ones repeat most,
  so they are rarer among the sentences than among the draws. The probabilities here are of the draws.
- A word's probability falls with its rank in `lexicon.toml`: a Zipf law, mixed with a uniform one.
- Held-out words are in no list. They are put into one sentence by its `Case`, which says where.

A sentence is made as words only. What it means is for `grammar.interpret` to say, which knows nothing of how it was
made. `constructions` holds words and clauses, `cases` what may be asked of a sentence.
"""

from __future__ import annotations

import random
from bisect import bisect
from itertools import count, islice
from typing import TYPE_CHECKING, Final

from cases import ALL
from constructions import (
    ANY,
    CLAUSE,
    FRAMES,
    INFINITIVE,
    KINDS,
    LEMMAS,
    NOUNS,
    PARTICIPLE,
    PAST,
)
from grammar import PREPOSITIONS, VERBS, forms

from genbench import seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from cases import Case
    from constructions import Choice, Slot

DEFINITE: Final = 0.5
TAIL: Final = 0.5  # a common noun that may have a preposition behind it has one
TAIL_OF_OBJECT: Final = 0.41  # and so where subjects have one too: .38 of what is left by the most there may be
MOST_WITH_SUBJECTS: Final = 2  # prepositions of a sentence whose subjects have them; no official question has more
LONGER: Final = 0.085  # and what is behind that has one, too
TRAINED_DEPTH: Final = 2  # of prepositions behind each other, and of clauses within each other
DEEPEST: Final = 200  # what may be asked for; far from Python's limit on recursion
TRIES: Final = 10_000  # so many draws in a row that were all drawn before: there are hardly any others
# Words shown alone: names, nouns, and all of two classes of verbs twice over; the last of each are held out.
ALONE_NAMES, ALONE_NOUNS = 20, 40


def _stream(seed: int) -> Callable[[], float]:
    """Random numbers in [0, 1), by the one method of Python's generator whose numbers are guaranteed to stay."""
    return random.Random(seed).random  # noqa: S311  no secrets are made of it


class _Speaker:
    """One sentence after the other, all from one stream of random numbers."""

    def __init__(self, case: Case, seed: int) -> None:
        self.random = _stream(seed)
        self.case, self.kinds = case, case.of()
        self.words: list[str] = []

    def pick(self, given: Choice) -> str:
        return given.things[bisect(given.bounds, self.random())]

    def sentence(self) -> str:
        """A sentence, ` .` at its end, its first word capitalised."""
        depth, kind = self.depth(), ""
        while not kind or (self.case.subjects and self.prepositions() > MOST_WITH_SUBJECTS):
            self.words = []
            for _ in range(depth):
                self.clause("cp", self.case if self.case.subjects else ALL)
            if depth or not kind:  # within `that` not each kind has room for its prepositions
                kind = self.pick(self.kinds)
            self.clause(kind, self.case)
        self.words.append(".")
        self.words[0] = {"a": "A", "the": "The"}.get(self.words[0], self.words[0])
        return " ".join(self.words)

    def prepositions(self) -> int:
        """How many stand in the sentence."""
        return sum(word in PREPOSITIONS for word in self.words)

    def depth(self) -> int:
        """How many clauses the innermost one stands in."""
        if self.case.clauses is not None:
            return self.case.clauses
        depth = 0
        most = MOST_WITH_SUBJECTS - 1 if self.case.subjects else TRAINED_DEPTH  # the innermost subject needs one, too
        while depth < most and self.random() < KINDS["cp"]:
            depth += 1
        return depth

    def clause(self, kind: str, case: Case) -> None:
        """Say a clause, up to the clause in it where it has one."""
        classes, parts = FRAMES[kind]
        classes = case.classes or classes
        if case.role == "verb":
            lemma = case.word
        else:
            lemma = self.pick(LEMMAS[classes[0] if len(classes) == 1 else classes[int(self.random() * len(classes))]])
        for at, part in enumerate(parts):
            if isinstance(part, tuple):
                role, slot = part
                above = self.case.subjects and (at == 0 or role == "agent")
                self.phrase(slot, case.word if case.role == role else "", role, case, above=above)
            elif part is PAST:
                self.words.append(_PAST[lemma])
            elif part is PARTICIPLE:
                self.words.append(_PARTICIPLE[lemma])
            elif part is INFINITIVE:
                self.words.append(case.word if case.role == "infinitive" else self.pick(LEMMAS["infinitive"]))
            elif part is not CLAUSE:
                self.words.append(part)

    def phrase(self, slot: Slot, word: str, role: str, case: Case, *, above: bool) -> None:
        """Say a noun phrase: with `word` where it is not "", with a preposition behind it where the case wants one."""
        deep = case.phrases if role == "theme" else None
        if word[:1].isupper():
            self.words.append(word)
            return
        if not word and not above and deep is None and slot.names and self.random() < slot.names:
            self.words.append(self.pick(NOUNS["name"]))
            return
        self.words.append("the" if self.random() < DEFINITE else "a")
        animate = slot.animate == 1.0 or (slot.animate and self.random() < slot.animate)
        self.words.append(word or self.pick(NOUNS["animate" if animate else "inanimate"]))
        if deep is None:
            deep = 0
            if above or (slot.tail and self.random() < (TAIL_OF_OBJECT if self.case.subjects else TAIL)):
                deep = 1
                while deep < TRAINED_DEPTH and self.random() < LONGER:
                    deep += 1
        for _ in range(deep):
            preposition = PREPOSITIONS[int(self.random() * len(PREPOSITIONS))]
            article = "the" if self.random() < DEFINITE else "a"
            self.words += (preposition, article, _SPELT.get(noun := self.pick(NOUNS[preposition]), noun))


_SPELT: Final = {"tv": "TV"}
_PAST: Final = {lemma: forms(lemma)[0] for lemmas in VERBS.values() for lemma in lemmas}
_PARTICIPLE: Final = {lemma: forms(lemma)[1] for lemmas in VERBS.values() for lemma in lemmas}


def sentences(case: Case, *names: str | int) -> Iterator[str]:
    """Distinct sentences of a case, without end while there are any; `names` name the stream of random numbers.

    The case's `frames` is part of the name: two cases that share it and differ in a word give the same sentences but
    for that word. Raises `BadValue` where hardly any sentence is left that was not given before.
    """
    speaker = _Speaker(case, seeds.derive("cogs", case.frames, *names))
    given: set[str] = set()
    while True:
        for _ in range(TRIES):
            sentence = speaker.sentence()
            if sentence not in given:
                break
        else:
            raise BadValue(f"cogs: there are hardly more than {len(given):,} different sentences of the kind asked for")
        given.add(sentence)
        yield sentence


def by_blocks(case: Case, block: int, *names: str | int, without: AbstractSet[str] = frozenset()) -> Iterator[str]:
    """Sentences of a case without end, of which each `block`, from the first on, are distinct and drawn anew.

    So any number of them has the shares of the official sentences, which are `block` distinct ones: were all distinct,
    the short constructions would be used up, and then the next ones.
    """
    for begun in count():
        again = ("again", begun) if begun else ()
        yield from islice((one for one in sentences(case, *names, *again) if one not in without), block)


def words_alone(*names: str | int) -> list[str]:
    """The 143 words shown alone: 20 names and 40 nouns by lot, the verbs of four classes, Paula, shark and crawl."""
    stream = _stream(seeds.derive("cogs", "alone", *names))

    def some(words: Sequence[str], count: int) -> list[str]:
        return sorted(sorted(words, key=lambda _: stream())[:count])

    nouns = [*NOUNS["animate"].things, *NOUNS["inanimate"].things]
    verbs = [lemma for kind in (*ANY, "unergative") for lemma in LEMMAS[kind].things]
    return [
        *some(NOUNS["name"].things, ALONE_NAMES),
        "Paula",
        *some(nouns, ALONE_NOUNS),
        "shark",
        *verbs,
        "crawl",
    ]
