"""What sentences of COGS are made of: words and clauses with their probabilities, as measured (see `generate`)."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from grammar import LEXICON, VERBS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HELD_OUT_VERBS: Final = frozenset({"bake", "squeeze", "bless", "shatter", "crawl", "ship", "teleport"})
HELD_OUT_NOUNS: Final = frozenset({"hedgehog", "cockroach", "shark", "cobra", "hippo", "Lina", "Charlie", "Paula"})
ZIPF: Final = 1.4  # the exponent, fitted where few draws repeat: verbs of datives, nouns in long sentences
UNIFORM: Final = {20: 0.24, 100: 0.14}  # the uniform law's share, by how many words there are


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
