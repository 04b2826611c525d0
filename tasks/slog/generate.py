"""Sentences of SLOG's structures from a seed, with words and patterns as often as in the released rows.

The patterns and their weights are data, `structures.toml`; words come by rank, as in `tasks/cogs`. What a sentence
means is read off it by the grammar (`sentences.py`), never carried along from here.

Each category's sentences are distinct. A sentence that can be read in two ways, such as `Who was lent the rose that was
painted by the girl ?`, has one answer of two in the released rows; here it is drawn again.
"""

from __future__ import annotations

import random
import tomllib
from bisect import bisect
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sentences

from genbench import load_entry, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE = Path(__file__).parent
PATTERNS = tomllib.loads((HERE / "structures.toml").read_text(encoding="utf-8"))
TRAINED, ASKED = tuple(PATTERNS["trained"]), tuple(PATTERNS["asked"])
_by_rank = load_entry(sentences.COGS, "constructions:by_rank")
_choice = load_entry(sentences.COGS, "constructions:choice")
# COGS shows these verbs in its exposures alone, and `read` as an infinitive alone.
HELD_OUT = frozenset({"bake", "squeeze", "bless", "shatter", "crawl", "ship", "teleport"})
CLASSES = {"ANY": ("omissible", "transitive", "unaccusative"), "ALONE": ("omissible", "unergative")}
NAMES, NAMES_OF_OBJECTS, ANIMATE = 0.5, 0.2, 0.37
DEFINITE, TAIL, LONGER, CLAUSE = 0.5, 0.5, 0.085, 0.073  # LONGER and CLAUSE: one more within
DEPTHS = {"pp_4": 4, "cp_4": 4, "center_embed_2": 2, "center_embed_4": 4}
DEPTHS |= dict.fromkeys(("PP_3", "CP_3", "center_embed_3"), 3)
DEEP = range(5, 13)  # of the categories whose names end in 5-12, equally often
TRIES = 10_000  # so many draws in a row that were all drawn before: there are hardly any others


class Words(NamedTuple):
    """The words of the lexicon to draw from, by rank."""

    nouns: Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]]
    verbs: Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]]


@cache
def _words() -> Words:
    nouns = {kind: _by_rank(words.split()) for kind, words in sentences.LEXICON["nouns"].items()}
    verbs = {}
    for kind, words in sentences.LEXICON["verbs"].items():
        held_out = HELD_OUT if kind == "infinitive" else HELD_OUT | {"read"}
        verbs[kind] = _by_rank([word for word in words.split() if word not in held_out])
    return Words(nouns, verbs)


@cache
def _patterns(*keys: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    found = PATTERNS
    for key in keys:
        found = found[key]
    things, bounds = _choice(found)
    return things, bounds


class _Speaker:
    """One sentence after the other, all from one stream of random numbers."""

    def __init__(self, category: str, seed: int) -> None:
        # By the one method of Python's generator whose numbers are guaranteed to stay.
        self.random: Callable[[], float] = random.Random(seed).random  # noqa: S311  no secrets are made of it
        self.category = category
        self.kind = "trained" if category in TRAINED else "asked"

    def pick(self, given: tuple[tuple[str, ...], tuple[float, ...]]) -> str:
        things, bounds = given
        return things[bisect(bounds, self.random())]

    def sentence(self, depth: int) -> str:
        """A sentence or a question with its mark, or a noun phrase; its first word capitalised where it has a mark."""
        said = self.category.lower().startswith("cp")
        clauses = depth if said else 0
        if not self.category.startswith(("wh_", "Q_", "standalone", "center")):
            while not said and clauses < 2 and self.random() < CLAUSE:
                clauses += 1
        words: list[str] = []
        for _ in range(clauses):
            words += [*self.say("DOER", 0), self.verb("PAST_clausal"), "that"]
        pattern = self.pick(_patterns("say") if said else _patterns(self.kind, self.category))
        words += self.words(pattern, depth)
        if not self.category.startswith("standalone"):
            words.append("?" if words[0] in {"Who", "What"} else ".")
        if words[-1] in ".?" or self.random() < DEFINITE:  # noun phrases come with and without a capital
            words[0] = {"a": "A", "the": "The"}.get(words[0], words[0])
        return " ".join(words)

    def words(self, pattern: str, depth: int) -> list[str]:
        return [word for part in pattern.split() for word in self.say(part, depth)]

    def say(self, part: str, depth: int) -> list[str]:
        """The words of one part of a pattern."""
        part, _, behind = part.partition("+")
        if part == "INF":
            return [self.pick(_words().verbs["infinitive"])]
        if part == "SAY":
            return self.words(self.pick(_patterns("say")), depth)
        if part.startswith(("PAST_", "PART_", "BASE_")):
            return [self.verb(part)]
        if not part.isupper():
            return [part]
        names = {"DOER": NAMES, "OBJECT": NAMES_OF_OBJECTS}.get(part, 0.0)
        if not behind and names and self.random() < names:
            return [self.pick(_words().nouns["name"])]
        animate = part in {"DOER", "PERSON"} or (part in {"THING", "OBJECT"} and self.random() < ANIMATE)
        noun = [self.article(), self.pick(_words().nouns["animate" if animate else "inanimate"])]
        return noun + self.behind(behind, depth, animate=bool(animate))

    def behind(self, what: str, depth: int, *, animate: bool) -> list[str]:
        """What stands behind a noun."""
        if what == "R":
            return self.words(self.pick(_patterns("relative", "person" if animate else "thing")), depth)
        if what == "C":
            inside = ["that", *self.within(depth)]
            return inside + [self.verb("PAST_ANY") for _ in range(depth)]
        tails = 0
        if what == "D":
            tails = depth
        elif what == "P" or (what == "P?" and self.random() < TAIL):
            tails = 1 + (self.random() < LONGER)
        found: list[str] = []
        for _ in range(tails):
            preposition = sentences.PREPOSITIONS[int(self.random() * len(sentences.PREPOSITIONS))]
            noun = self.pick(_words().nouns[preposition])
            found += [preposition, self.article(), "TV" if noun == "tv" else noun]
        return found

    def within(self, depth: int) -> list[str]:
        """The subjects of clauses within each other, all but the innermost with an article."""
        found: list[str] = []
        for _ in range(depth - 1):
            found += [self.article(), self.pick(_words().nouns["animate"]), "that"]
        return found + self.say("DOER", depth)

    def article(self) -> str:
        return "the" if self.random() < DEFINITE else "a"

    def verb(self, part: str) -> str:
        form, _, of = part.partition("_")
        classes = CLASSES.get(of, (of,))
        lemma = self.pick(_words().verbs[classes[int(self.random() * len(classes))]])
        past, participle = sentences.forms(lemma)
        return {"PAST": past, "PART": participle, "BASE": lemma}[form]


def questions(category: str, rows: int, *names: str | int) -> list[tuple[str, str]]:
    """`rows` distinct sentences of a category, each with its form without variables; `names` name the random stream.

    Of a category of depths 5 to 12 each depth has as many, or one more. Raises `BadValue` where there are hardly any
    sentences left that were not drawn.
    """
    depths = [DEEP[row * len(DEEP) // rows] for row in range(rows)] if category.endswith("5-12") else None
    deep = DEPTHS.get(category, 0)
    return list(_distinct(category, depths or [deep] * rows, *names))


def _distinct(category: str, depths: list[int], *names: str | int) -> Iterator[tuple[str, str]]:
    speaker = _Speaker(category, seeds.derive("slog", category, *names))
    given: set[str] = set()
    for depth in depths:
        for _ in range(TRIES):
            sentence = speaker.sentence(depth)
            if sentence not in given:
                readings = sentences.readings(sentence)
                if len(readings) == 1:
                    break
        else:
            raise BadValue(f"slog: there are hardly more than {len(given):,} different sentences of {category}")
        given.add(sentence)
        yield sentence, readings[0]
