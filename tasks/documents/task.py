"""Documents: topics of texts in five made languages, with few labelled texts in each or none in one.

An analogue of cross-lingual text classification as Generalized Funnelling has it (Moreo, Pedrotti & Sebastiani 2021,
arXiv:2110.14764): languages share their topics and not one word. The paper's texts are of RCV1/RCV2 and JRC-Acquis;
none is here.

A word is a number, and each language has its own. Behind them lie the same ideas: idea k has a word in each language,
and which that is is drawn. A topic has ideas of its own. A document has one to three topics, of one theme, which are
three topics that go together, or, one time in twenty, of any; six in ten of its words are of no topic, the others of
its own.

    language  elan
    words     817 902 817 998 ...
    topics    2, 7

`five_languages` shows as many documents of each language. `zero_shot_language` shows those of four, and asks for the
fifth. A dictionary lies beside train as the auxiliary table `dictionary`: pairs of words of two languages that are of
one idea, for a share of all ideas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jaxtyping import Float, Int

    from genbench import Value

SPLITS = ("five_languages", "zero_shot_language")
LANGUAGES = ("arun", "brel", "cosi", "doma", "elan")
TOPICS, THEMES = 12, 4  # topics, each of one theme
IDEAS, OWN = 600, 30  # ideas, and how many of them are a topic's own; the rest are of no topic
AT_HOME = 0.95  # of documents, the share whose topics are all of one theme
PLAIN = 0.6  # of a document's words, the share that is of no topic
FEWEST, MOST = 8, 20  # words of a document
SIZES = (0.2, 0.3, 0.5)  # of documents, those with one, two and three topics
TRANSLATED = 0.5  # of ideas, those in the dictionary
LIMITS = {"documents": (10, 100_000), "questions": (10, 100_000)}


class Tongue(NamedTuple):
    """A language: its word for each idea, and how often each idea is used where it may be."""

    words: Int[np.ndarray, " idea"]
    often: Float[np.ndarray, " idea"]


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `words`, `language` and `topics`, 0 to 11 in ascending order; questions carry `of`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"documents has no split {split!r}{nearest(split, SPLITS)}")
    shown, asked = (_whole(params, name) for name in LIMITS)
    tongues = [tongue(number, seed) for number in range(len(LANGUAGES))]
    told = LANGUAGES[:-1] if split == "zero_shot_language" else LANGUAGES
    questions = LANGUAGES[-1:] if split == "zero_shot_language" else LANGUAGES

    def drawn(name: str, languages: Sequence[str], count: int) -> pa.Table:
        parts = []
        for language in languages:
            draw = np.random.default_rng(seeds.derive("documents", name, language, seed))
            parts.append(_table(language, tongues[LANGUAGES.index(language)], count, draw))
        mixed = np.random.default_rng(seeds.derive("documents", name, "order", seed))
        return pa.concat_tables(parts).take(mixed.permutation(count * len(languages)))

    test = drawn("test", questions, asked)
    return Data(
        train=drawn("train", told, shown),
        validation=None,
        questions={"test": test.append_column("of", test["language"])},
        auxiliary={"dictionary": dictionary(tongues, seed)},
        classes=tuple(f"topic {number}" for number in range(TOPICS)),
    )


def tongue(number: int, seed: int) -> Tongue:
    """A language: words from `IDEAS` times its number on, in an order that tells nothing."""
    draw = np.random.default_rng(seeds.derive("documents", LANGUAGES[number], seed))
    words = number * IDEAS + draw.permutation(IDEAS)
    rank = draw.permutation(IDEAS) % OWN + 1  # Zipf's law, by each topic's own ranks
    return Tongue(words, 1.0 / rank)


def document(spoken: Tongue, draw: np.random.Generator) -> tuple[list[int], list[int]]:
    """A document's words and topics."""
    size = int(draw.choice(len(SIZES), p=SIZES)) + 1
    theme = np.arange(draw.integers(THEMES), TOPICS, THEMES)
    among = theme if draw.random() < AT_HOME else np.arange(TOPICS)
    topics = np.sort(draw.choice(among, size, replace=False))
    length = int(draw.integers(FEWEST, MOST + 1))
    plain = draw.random(length) < PLAIN
    of_topic = topics[draw.integers(size, size=length)]
    ideas = np.empty(length, np.int64)
    ideas[plain] = _ideas(np.arange(TOPICS * OWN, IDEAS), int(plain.sum()), spoken, draw)
    for topic in topics:
        own = ~plain & (of_topic == topic)
        ideas[own] = _ideas(np.arange(topic * OWN, (topic + 1) * OWN), int(own.sum()), spoken, draw)
    return spoken.words[ideas].tolist(), topics.tolist()


def _ideas(
    among: Int[np.ndarray, " idea"], count: int, spoken: Tongue, draw: np.random.Generator
) -> Int[np.ndarray, " word"]:
    weights = spoken.often[among]
    return draw.choice(among, count, p=weights / weights.sum())


def dictionary(tongues: Sequence[Tongue], seed: int) -> pa.Table:
    """Pairs of a word of the first language and one of another that are of one idea."""
    draw = np.random.default_rng(seeds.derive("documents", "dictionary", seed))
    ideas = np.sort(draw.permutation(IDEAS)[: round(TRANSLATED * IDEAS)])
    pairs = [(tongues[0].words[ideas], other.words[ideas]) for other in tongues[1:]]
    return pa.table(
        {
            "word": pa.array(np.concatenate([first for first, _ in pairs])),
            "translation": pa.array(np.concatenate([second for _, second in pairs])),
        }
    )


def _table(language: str, spoken: Tongue, count: int, draw: np.random.Generator) -> pa.Table:
    documents = [document(spoken, draw) for _ in range(count)]
    return pa.table(
        {
            "words": pa.array([words for words, _ in documents], pa.list_(pa.int64())),
            "language": pa.array([language] * count),
            "topics": pa.array([topics for _, topics in documents], pa.list_(pa.int64())),
        }
    )


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"documents: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}"
        )
    return value
