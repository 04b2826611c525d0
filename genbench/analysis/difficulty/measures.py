"""The measures of a split, and what decides their figures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from genbench.analysis.difficulty.compounds import divergences
from genbench.analysis.difficulty.floors import floors
from genbench.analysis.difficulty.lengths import lengths, target_lengths
from genbench.analysis.difficulty.seen import shares_seen
from genbench.analysis.difficulty.words import sizes, words_of
from genbench.analysis.tables import QUESTION_SET, SPLIT, TASK, number
from genbench.cards.columns import family
from genbench.edition import EDITION
from genbench.errors import BadValue
from genbench.rows import fingerprints
from genbench.rows.schema import column, to_table
from genbench.scoring import metrics

if TYPE_CHECKING:
    from genbench.cards import SplitCard, TaskCard
    from genbench.data.problem import Data
    from genbench.scoring.metric import Metric

NEIGHBOURS: Final = "neighbouring words"

# The version of the measures, by which figures that were kept are known to be current. It is raised when a change here
# moves a figure or its meaning, and figures of another version are not read; moving or rewording code leaves it. What
# the metrics make of an answer is the edition's to say.
VERSION: Final = 2

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
}

SCHEMA: Final = pa.schema(
    [
        TASK,
        SPLIT,
        QUESTION_SET,
        column("kind", pa.string(), "id, ood or trained"),
        column("measure", pa.string(), "what is measured: " + "; ".join(f"{k}: {v}" for k, v in MEASURES.items())),
        number("value", "the figure; null where the data have no such thing", null=True),
        column("compounds", pa.string(), "what a compound is: neighbouring words, or the task's entry for its parses"),
        column("metric", pa.string(), "the headline metric, of which floors and ceiling are"),
        column("data_fingerprint", pa.string(), "sha256 of train, validation and question sets"),
        column(
            "digest",
            pa.string(),
            "of all that decides the figures: split and data, version of the measures, edition of the metrics, parses",
        ),
    ],
    metadata={b"genbench": b"difficulty", b"genbench-schema": str(VERSION).encode()},
)


def measure(card: TaskCard, split: SplitCard, label: str, data: Data, fingerprint: str) -> pa.Table:
    """The measures of each question set, as rows of `SCHEMA`. `label` is the split with its parameters.

    Raises `BadValue` for inputs that are not made of words (images), `BadData` where the task's parses are none.
    """
    refuse_images(card, split)
    headline = metrics.of_card(card)[0]

    def graded_by(seen: pa.Table) -> Metric:
        return metrics.of_card(card, seen.select(list(card.inputs)))[0]

    tables = [data.train, *(data.questions[name] for name in split.questions)]
    words = [words_of(table, card.inputs) for table in tables]
    rows: list[dict[str, Any]] = []
    measured = zip(
        split.questions.values(),
        tables[1:],
        words[1:],
        divergences(card, tables, words),
        shares_seen(words),
        strict=True,
    )
    for question, asked, own, diverging, seen in measured:
        found: dict[str, float | None] = {
            "train_rows": data.train.num_rows,
            "questions": asked.num_rows,
            **diverging,
            **seen,
            **lengths("input", sizes(words[0]), sizes(own)),
            **target_lengths(data.train[card.target], asked[card.target]),
            **floors(graded_by, data.train, words[0], asked, own, card),
        }
        rows += [
            {
                "task": card.name,
                "split": label,
                "question_set": question.name,
                "kind": question.kind,
                "measure": name,
                "value": found[name],
                "compounds": card.compounds or NEIGHBOURS,
                "metric": headline.name,
                "data_fingerprint": fingerprint,
                "digest": digest(card, label, fingerprint),
            }
            for name in MEASURES
        ]
    return to_table(rows, SCHEMA)


def refuse_images(card: TaskCard, split: SplitCard) -> None:
    """Raise `BadValue` for a task whose inputs or targets are not made of words."""
    columns = [("input", name, kind) for name, kind in card.inputs.items()]
    for role, name, kind in (*columns, ("target", card.target, card.target_type)):
        if kind == "image" or family(kind) != kind or kind.startswith("list<list"):
            what = "an image" if kind == "image" else f"of type {kind}"
            raise BadValue(
                f"{card.name}/{split.name}: {role} {name!r} is {what}; difficulty is measured on {role}s made of words"
            )


def digest(card: TaskCard, label: str, fingerprint: str) -> str:
    """What decides the figures: split and data, version of the measures, edition of the metrics, a task's parses."""
    parses = fingerprints.of_folder(card.folder, label.partition(":")[0]) if card.compounds else ""
    text = repr((VERSION, EDITION, card.name, label, fingerprint, card.metrics[0], parses))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
