"""A grammar of COGS with probabilities: any number of sentences like the official ones, from a seed.

The authors published their sentences and no generator. The constructions, words and probabilities here were measured on
the 24,000 `in_distribution` sentences of train (najoungkim/COGS at 165a7b66) and of dev and test, which come from the
same source. `shares.py` holds what this grammar makes against them; docs/cogs_generator.md is its table.

- The official sentences are distinct, and so are these: a sentence drawn again is drawn anew. Short ones repeat most,
  so they are rarer among the sentences than among the draws. The probabilities below are of the draws.
- A word's probability falls with its rank in `lexicon.toml`: a Zipf law, mixed with a uniform one.
- Held-out words are in no list. They are put into one sentence by its `Case`, which says where.

A sentence is made as words only. What it means is for `grammar.interpret` to say, which knows nothing of how it was
made.
"""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from grammar import LEXICON, PREPOSITIONS, VERBS, forms

from genbench import seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

HELD_OUT_VERBS: Final = frozenset({"bake", "squeeze", "bless", "shatter", "crawl", "ship", "teleport"})
HELD_OUT_NOUNS: Final = frozenset({"hedgehog", "cockroach", "shark", "cobra", "hippo", "Lina", "Charlie", "Paula"})
ZIPF: Final = 1.4  # the exponent, fitted where few draws repeat: verbs of datives, nouns in long sentences
UNIFORM: Final = {20: 0.24, 100: 0.14}  # the uniform law's share, by how many words there are
DEFINITE: Final = 0.5
TAIL: Final = 0.5  # a common noun that may have a preposition behind it has one
LONGER: Final = 0.085  # and what is behind that has one, too
TRAINED_DEPTH: Final = 2  # of prepositions behind each other, and of clauses within each other
DEEPEST: Final = 200  # what may be asked for; far from Python's limit on recursion
TRIES: Final = 10_000  # so many draws in a row that were all drawn before: there are hardly any others


class Choice(NamedTuple):
    """Things to draw from, and the upper bound of each one's part of [0, 1)."""

    things: tuple[str, ...]
    bounds: tuple[float, ...]


def choice(weights: Mapping[str, float]) -> Choice:
    """Things by weight; the weights need not sum to 1."""
    total = sum(weights.values())
    bounds = list(accumulate(weight / total for weight in weights.values()))
    return Choice(tuple(weights), (*bounds[:-1], 1.0))


def by_rank(words: Sequence[str]) -> Choice:
    """Words by their rank: (1 - u) of the Zipf law and u of the uniform one, u by how many there are."""
    zipf = [rank**-ZIPF for rank in range(1, len(words) + 1)]
    uniform = UNIFORM[len(words)]
    total = sum(zipf)
    return choice(
        {word: (1 - uniform) * part / total + uniform / len(words) for word, part in zip(words, zipf, strict=True)}
    )


NOUNS: Final = {kind: by_rank(words.split()) for kind, words in LEXICON["nouns"].items()}
LEMMAS: Final = {
    # `read` is met as an infinitive only
    kind: by_rank([word for word in words if word not in HELD_OUT_VERBS and (word != "read" or kind == "infinitive")])
    for kind, words in VERBS.items()
}


class Slot(NamedTuple):
    """A place for a noun phrase: the shares of names, and of animate among common nouns; whether P may follow."""

    names: float
    animate: float
    tail: bool = False


DOER: Final = Slot(0.5, 1.0)
OBJECT: Final = Slot(0.165, 0.385, tail=True)  # of an active verb
GIFT: Final = Slot(0.0, 0.0, tail=True)
SUFFERER: Final = Slot(0.0, 0.0)  # the subject of a passive
CHANGER: Final = Slot(0.2, 0.355)  # the subject of `rolled`

ANY: Final = ("omissible", "transitive", "unaccusative")
CLAUSE, PAST, PARTICIPLE, INFINITIVE = "CLAUSE", "PAST", "PARTICIPLE", "INFINITIVE"


class Frame(NamedTuple):
    """A kind of clause: the classes its verb is of, equally likely, and its parts from left to right.

    A part is a role with its slot, one of the marks above, or a word.
    """

    classes: tuple[str, ...]
    parts: tuple[str | tuple[str, Slot], ...]


_BY: Final = ("by", ("agent", DOER))
_TO: Final = ("to", ("recipient", DOER))
_PASSIVE: Final = (("theme", SUFFERER), "was", PARTICIPLE)
_GIVEN: Final = (("recipient", DOER), "was", PARTICIPLE, ("theme", GIFT))
FRAMES: Final = {
    "trans": Frame(ANY, (("agent", DOER), PAST, ("theme", OBJECT))),
    "intr_agent": Frame(("omissible", "unergative"), (("agent", DOER), PAST)),
    "intr_theme": Frame(("unaccusative",), (("theme", CHANGER), PAST)),
    "dat_do": Frame(("dative",), (("agent", DOER), PAST, ("recipient", DOER), ("theme", GIFT))),
    "dat_pp": Frame(("dative",), (("agent", DOER), PAST, ("theme", GIFT), *_TO)),
    "xcomp": Frame(("control",), (("agent", DOER), PAST, "to", INFINITIVE)),
    "cp": Frame(("clausal",), (("agent", DOER), PAST, "that", CLAUSE)),
    "pass_theme": Frame(ANY, _PASSIVE),
    "pass_theme_by": Frame(ANY, (*_PASSIVE, *_BY)),
    "pass_theme_to": Frame(("dative",), (*_PASSIVE, *_TO)),
    "pass_theme_to_by": Frame(("dative",), (*_PASSIVE, *_TO, *_BY)),
    "pass_recip": Frame(("dative",), _GIVEN),
    "pass_recip_by": Frame(("dative",), (*_GIVEN, *_BY)),
}
KINDS: Final = {  # of all draws, matrix and embedded clauses alike; tuned until the distinct sentences have theirs
    "trans": 0.1566,
    "pass_theme": 0.1442,
    "pass_theme_by": 0.1442,
    "intr_agent": 0.1063,
    "cp": 0.0734,
    "intr_theme": 0.0586,
    "xcomp": 0.052,
    "dat_pp": 0.048,
    "dat_do": 0.048,
    "pass_theme_to": 0.0467,
    "pass_theme_to_by": 0.0465,
    "pass_recip_by": 0.0381,
    "pass_recip": 0.0373,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of a sentence's innermost clause; where a field is empty, the grammar's own choice stands.

    `kinds` are the clauses that may be (by their weights in KINDS, unless `weights` has others). `word` stands in
    `role`, or as the verb (`verb`), or behind `to` (`infinitive`). `classes` are those its verb is of. `clauses` and
    `phrases` are how often `that` and a preposition stand within each other, `phrases` behind the theme. With
    `subjects`, a preposition stands behind every subject and behind every agent. Cases of one `frames` draw alike.
    """

    frames: str
    kinds: tuple[str, ...]
    weights: tuple[float, ...] = ()
    role: str = ""
    word: str = ""
    classes: tuple[str, ...] = ()
    clauses: int | None = None
    phrases: int | None = None
    subjects: bool = False

    def of(self) -> Choice:
        """Its kinds by weight."""
        weights = self.weights or tuple(KINDS[kind] for kind in self.kinds)
        return choice(dict(zip(self.kinds, weights, strict=True)))


ALL: Final = Case("in_distribution", tuple(kind for kind in KINDS if kind != "cp"))
_SUBJECT: Final = ("trans", "dat_do", "dat_pp", "xcomp", "intr_agent")
_OBJECT: Final = ("trans", "dat_do", "dat_pp")
_ACTIVE: Final = ("trans",)
# Measured on gen.tsv: these two have clauses of other shares than training has.
_INNERMOST: Final = {
    "intr_theme": 311,
    "pass_theme": 137,
    "pass_recip": 127,
    "pass_theme_by": 86,
    "trans": 80,
    "pass_recip_by": 75,
    "intr_agent": 60,
    "pass_theme_to": 36,
    "dat_pp": 27,
    "pass_theme_to_by": 21,
    "dat_do": 20,
    "xcomp": 20,
}
_WITH_SUBJECT_PHRASE: Final = {
    "trans": 193,
    "intr_agent": 154,
    "pass_recip": 122,
    "pass_theme": 104,
    "intr_theme": 84,
    "pass_theme_by": 80,
    "xcomp": 78,
    "dat_pp": 52,
    "dat_do": 47,
    "pass_recip_by": 34,
    "pass_theme_to": 30,
    "pass_theme_to_by": 22,
}
CASES: Final = {
    "active_to_passive": Case("bless", ("pass_theme", "pass_theme_by"), role="verb", word="bless"),
    "cp_recursion": Case("cp", tuple(_INNERMOST), tuple(_INNERMOST.values()), clauses=3),
    "do_dative_to_pp_dative": Case("teleport", ("dat_pp",), role="verb", word="teleport"),
    "obj_omitted_transitive_to_transitive": Case("transitive", _ACTIVE, role="verb", word="bake"),
    "obj_pp_to_subj_pp": Case(
        "subjects", tuple(_WITH_SUBJECT_PHRASE), tuple(_WITH_SUBJECT_PHRASE.values()), subjects=True
    ),
    "obj_to_subj_common": Case("cockroach", _SUBJECT, role="agent", word="cockroach"),
    "obj_to_subj_proper": Case("Charlie", _SUBJECT, role="agent", word="Charlie"),
    "only_seen_as_transitive_subj_as_unacc_subj": Case("cobra", ("intr_theme",), role="theme", word="cobra"),
    "only_seen_as_unacc_subj_as_obj_omitted_transitive_subj": Case(
        "hippo", ("intr_agent",), role="agent", word="hippo", classes=("omissible",)
    ),
    "only_seen_as_unacc_subj_as_unerg_subj": Case(
        "hippo", ("intr_agent",), role="agent", word="hippo", classes=("unergative",)
    ),
    "passive_to_active": Case("squeeze", _ACTIVE, role="verb", word="squeeze"),
    "pp_dative_to_do_dative": Case("ship", ("dat_do",), role="verb", word="ship"),
    "pp_recursion": Case("pp", _OBJECT, phrases=3),
    "prim_to_inf_arg": Case("crawl", ("xcomp",), role="infinitive", word="crawl"),
    "prim_to_obj_common": Case("object", _OBJECT, role="theme", word="shark"),
    "prim_to_obj_proper": Case("named object", _OBJECT, role="theme", word="Paula"),
    "prim_to_subj_common": Case("shark", _SUBJECT, role="agent", word="shark"),
    "prim_to_subj_proper": Case("Paula", _SUBJECT, role="agent", word="Paula"),
    "subj_to_obj_common": Case("object", _OBJECT, role="theme", word="hedgehog"),
    "subj_to_obj_proper": Case("named object", _OBJECT, role="theme", word="Lina"),
    "unacc_to_transitive": Case("transitive", _ACTIVE, role="verb", word="shatter"),
}
EXPOSURES: Final = {
    "exposure_example_active": Case("exposed bless", _ACTIVE, role="verb", word="bless"),
    "exposure_example_do_dative": Case("exposed teleport", ("dat_do",), role="verb", word="teleport"),
    "exposure_example_obj_common": Case("exposed cockroach", _OBJECT, role="theme", word="cockroach"),
    "exposure_example_obj_omitted_transitive": Case("exposed bake", ("intr_agent",), role="verb", word="bake"),
    "exposure_example_obj_proper": Case("exposed Charlie", _OBJECT, role="theme", word="Charlie"),
    "exposure_example_passive": Case("exposed squeeze", ("pass_theme",), role="verb", word="squeeze"),
    "exposure_example_pp_dative": Case("exposed ship", ("dat_pp",), role="verb", word="ship"),
    "exposure_example_subj_common": Case("exposed hedgehog", _SUBJECT, role="agent", word="hedgehog"),
    "exposure_example_subj_proper": Case("exposed Lina", _SUBJECT, role="agent", word="Lina"),
    "exposure_example_transitive_subj": Case("exposed cobra", _ACTIVE, role="agent", word="cobra"),
    "exposure_example_unacc": Case("exposed shatter", ("intr_theme",), role="verb", word="shatter"),
    "exposure_example_unacc_subj": Case("exposed hippo", ("intr_theme",), role="theme", word="hippo"),
}
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
        self.words = []
        for _ in range(self.depth()):
            self.clause("cp", self.case if self.case.subjects else ALL)
        self.clause(self.pick(self.kinds), self.case)
        self.words.append(".")
        self.words[0] = {"a": "A", "the": "The"}.get(self.words[0], self.words[0])
        return " ".join(self.words)

    def depth(self) -> int:
        """How many clauses the innermost one stands in."""
        if self.case.clauses is not None:
            return self.case.clauses
        depth = 0
        while depth < TRAINED_DEPTH and self.random() < KINDS["cp"]:
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
            if above or (slot.tail and self.random() < TAIL):
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


def case_of(category: str) -> Case:
    """The case of one of the 21 categories. Raises `UnknownName` with a hint."""
    if category not in CASES:
        raise UnknownName(f"cogs has no category {category!r}{nearest(category, CASES)}")
    return CASES[category]


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
