"""The measures of a split, and what decides their figures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from genbench.analysis.difficulty.compounds import divergences
from genbench.analysis.difficulty.floors import by_distance, by_words, floors
from genbench.analysis.difficulty.fragments import fragments
from genbench.analysis.difficulty.geometry import OF_QUESTIONS, OF_TRAINING, of_questions, of_training
from genbench.analysis.difficulty.lengths import lengths, target_lengths
from genbench.analysis.difficulty.points import points_of
from genbench.analysis.difficulty.seen import shares_seen
from genbench.analysis.difficulty.words import sizes, words_of
from genbench.analysis.tables import QUESTION_SET, SPLIT, TASK, number
from genbench.cards.columns import family, vector_length
from genbench.edition import EDITION
from genbench.errors import BadValue
from genbench.rows import fingerprints
from genbench.rows.schema import column, to_table
from genbench.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.difficulty.geometry import Figures
    from genbench.cards import SplitCard, TaskCard
    from genbench.cards.values import Value
    from genbench.data.problem import Data
    from genbench.scoring.metric import Metric

NEIGHBOURS: Final = "neighbouring words"

# The version of the measures, by which figures that were kept are known to be current. It is raised when a change here
# moves a figure or its meaning, and figures of another version are not read; moving or rewording code leaves it. What
# the metrics make of an answer is the edition's to say.
VERSION: Final = 4

# Each measure with what it says, in the order in which they are shown.
MEASURES: Final = {
    "train_rows": "rows of training, repeats counted",
    "questions": "rows of the question set",
    "atom_divergence": "divergence of words or rules, alpha 0.5",
    "compound_divergence": "divergence of compounds, alpha 0.1",
    "compound_nodes": "words or rules of the largest compound; 3 where all compounds would be too many",
    "words_seen": "share of questions all of whose words are in training",
    "pairs_seen": "share of questions all of whose neighbouring pairs of words are in training",
    "triples_seen": "share of questions all of whose neighbouring triples of words are in training",
    "input_overlap": "overlap of the input lengths of training and questions, in words",
    "longer_inputs": "share of questions with more words than any training input",
    "target_overlap": "overlap of the target lengths of training and questions, in words",
    "longer_targets": "share of questions whose target has more words than any in training",
    "majority": "headline metric of the commonest training answer",
    "nearest": "headline metric of the answer of the nearest training input; of every nth question where they are many",
    "ceiling": "headline metric of the right answers",
    "intrinsic_dimension": "dimensions that training fills, by distances to 5 neighbours",
    "radius": "greatest norm of a row of training",
    "class_distance": "least distance seen between rows of unlike classes",
    "class_distance_extrapolated": "the same of all pairs, by extreme value theory where they are many",
    "bound_bits": "bits of inductive bias that an error of .01 asks for, by a bound of training alone",
    "log2_bound_bits": "log2 of the same, for they may be very many",
    "kernel_width": "median distance of the rows of training that gp_bits is of",
    "gp_bits": "-log2 of the share of smooth functions fitting training that answer at 2/9 of a guess's squared error",
    "diversity": "mean distance of two nuisances of one environment of training",
    "disparity": "mean distance of two nuisances of different environments of training",
    "fragmentation": "disparity over diversity; 1 where environments are alike",
    "nmi": "normalized mutual information of the target and the nuisance, which lies in the bin of the nearest mean",
}
WORDED: Final = tuple(MEASURES)[2:10]  # those of inputs that are made of words
UNMIXED: Final = ("nearest", *OF_TRAINING, *OF_QUESTIONS)  # those that ask how far two rows are apart
NO_WORDS: Final = "inputs are not made of words"
MIXED: Final = "some inputs are words and some numbers: there is no one distance, and the card names no embedding"

SCHEMA: Final = pa.schema(
    [
        TASK,
        SPLIT,
        QUESTION_SET,
        column("kind", pa.string(), "id, ood or trained"),
        column("measure", pa.string(), "what is measured: " + "; ".join(f"{k}: {v}" for k, v in MEASURES.items())),
        number("value", "the figure; null where the data have no such thing", null=True),
        column("why", pa.string(), "why there is no figure; null where there is one, or nothing to say", null=True),
        column(
            "compounds",
            pa.string(),
            "what a compound is: neighbouring words, the task's entry for its parses, or nothing",
        ),
        column("metric", pa.string(), "the headline metric, of which floors and ceiling are"),
        column("data_fingerprint", pa.string(), "sha256 of train, validation and question sets"),
        column(
            "digest",
            pa.string(),
            "of all that decides the figures: split and data, version of the measures, edition of metrics, own code",
        ),
    ],
    metadata={b"genbench": b"difficulty", b"genbench-schema": str(VERSION).encode()},
)


def measure(
    card: TaskCard,
    split: SplitCard,
    label: str,
    data: Data,
    fingerprint: str,
    params: Mapping[str, Value] | None = None,
) -> pa.Table:
    """The measures of each question set, as rows of `SCHEMA`. `label` is the split with its parameters.

    `params` are those, which an embedding is given; the split's own where nothing is said. Raises `BadValue` for inputs
    that are neither words nor vectors and have no embedding, `BadData` where the task's parses or embedding are none.
    """
    refuse(card, split)
    headline = metrics.of_card(card)[0]

    def graded_by(seen: pa.Table) -> Metric:
        return metrics.of_card(card, seen.select(list(card.inputs)))[0]

    tables = [data.train, *(data.questions[name] for name in split.questions)]
    worded, mixed = _worded(card), _mixed(card)
    words = [words_of(table, worded) for table in tables] if worded else []
    long = [words_of(table, _listed(card)) for table in tables] if _reals(card) and worded else words
    points = [points_of(card, table, split.params if params is None else params) for table in tables]
    bounded = of_training(points[0], data.train, card.target, (card.name, label))
    in_parts = fragments(card, data.train)
    rows: list[dict[str, Any]] = []
    for place, (question, of_words) in enumerate(
        zip(split.questions.values(), _told(card, tables, words, long), strict=True)
    ):
        asked, there = tables[place + 1], points[place + 1]
        near = (
            by_words(words[0], words[place + 1])
            if words and not mixed
            else (None if points[0] is None or there is None else by_distance(points[0], there))
        )
        found: Figures = {
            "train_rows": data.train.num_rows,
            "questions": asked.num_rows,
            **of_words,
            **target_lengths(data.train[card.target], asked[card.target]),
            **floors(graded_by, data.train, asked, near, card),
            **bounded,
            **of_questions(points[0], there, data.train, asked, card.target, (card.name, label, question.name)),
            **in_parts,
            **(dict.fromkeys(UNMIXED, MIXED) if mixed else {}),
        }
        rows += [
            {
                "task": card.name,
                "split": label,
                "question_set": question.name,
                "kind": question.kind,
                "measure": name,
                "value": None if isinstance(found[name], str) else found[name],
                "why": found[name] if isinstance(found[name], str) else None,
                "compounds": (card.compounds or NEIGHBOURS) if words else "",
                "metric": headline.name,
                "data_fingerprint": fingerprint,
                "digest": digest(card, label, fingerprint),
            }
            for name in MEASURES
        ]
    return to_table(rows, SCHEMA)


def _told(
    card: TaskCard, tables: Sequence[pa.Table], words: Sequence[pa.Array], long: Sequence[pa.Array]
) -> Iterator[Figures]:
    """What the words of each question set say, beside those of training, the first; where there are none, that.

    `long` is what has a length: the words, and numbers in lists.
    """
    if not words:
        for _ in tables[1:]:
            yield dict.fromkeys(WORDED, NO_WORDS)
        return
    several = zip(long[1:], divergences(card, tables, words), shares_seen(words), strict=True)
    for own, diverging, seen in several:
        yield {**diverging, **seen, **lengths("input", sizes(long[0]), sizes(own))}


def _worded(card: TaskCard) -> list[str]:
    """The inputs that are made of words, where all are or the others are vectors or lists of numbers."""
    names = [name for name, kind in card.inputs.items() if _of_words(kind) and not _real(kind)]
    return names if len(names) == len(card.inputs) or _mixed(card) else []


def _mixed(card: TaskCard) -> bool:
    """Whether some inputs are words and all others vectors or numbers, and no embedding says how far rows are apart."""
    kinds = {
        "numbers" if vector_length(kind) or _real(kind) else _of_words(kind) and "words"
        for kind in card.inputs.values()
    }
    return kinds == {"words", "numbers"} and not card.embedding


def _listed(card: TaskCard) -> list[str]:
    return [name for name, kind in card.inputs.items() if _of_words(kind)]


def _reals(card: TaskCard) -> bool:
    return any(_real(kind) for kind in card.inputs.values())


def _real(kind: str) -> bool:
    """Whether a column holds numbers with a fraction, of which hardly one recurs: they are no words."""
    return kind in {"float64", "list<float64>"}


def _of_words(kind: str) -> bool:
    return kind != "image" and family(kind) == kind and not kind.startswith("list<list")


def refuse(card: TaskCard, split: SplitCard) -> None:
    """Raise `BadValue` for inputs and targets that are neither words nor vectors."""
    columns = [("target", card.target, card.target_type)]
    if not card.embedding:
        columns = [*(("input", name, kind) for name, kind in card.inputs.items()), *columns]
    for role, name, kind in columns:
        if not _of_words(kind) and not vector_length(kind):
            what = "an image" if kind == "image" else f"of type {kind}"
            also = ", and where the card names an embedding" if role == "input" else ""
            raise BadValue(
                f"{card.name}/{split.name}: {role} {name!r} is {what}; "
                f"difficulty is measured on {role}s made of words, on vectors{also}"
            )


def digest(card: TaskCard, label: str, fingerprint: str) -> str:
    """What decides the figures: split and data, version of the measures, edition of the metrics, a task's own code."""
    parses = fingerprints.of_folder(card.folder, label.partition(":")[0]) if card.compounds or card.embedding else ""
    embedded = (card.embedding,) if card.embedding else ()
    parts = (card.fragments.environment, card.fragments.nuisance) if card.fragments else ()
    reals = ("numbers are no words",) if _reals(card) else ()  # once they were
    told = (VERSION, EDITION, card.name, label, fingerprint, card.metrics[0], parses, *embedded, *parts, *reals)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]
