"""Very many answers come out block by block as all at once do: scores, marks, answers, the name of what was asked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.data.problem import Targets
from genbench.rows.asked import parted
from genbench.rows.schema import MARKS, SCORES, to_table
from genbench.scoring import blocks, grading, marking

ROWS = 1024
COUNT = ROWS * 2 + 77  # three blocks, and a last byte of bits that is not full
ECHO = cards.read(Path(__file__).parents[2] / "toys" / "echo", "task")
WHO = {"cell": "key", "task": "echo", "split": "small", "submission": "one", "profile": "quick", "seed": 0}
SPLIT = replace(
    ECHO.splits["small"],
    questions=dict.fromkeys(("near", "far"), ECHO.splits["small"].questions["test"]),
)
WORDS = ("walk", "walk left", "walk left and look", "")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", ROWS)


def numbers(metrics=("exact_match",)):
    """A card, targets in two question sets along two axes, and answers of which some are wrong."""
    rng = np.random.default_rng(0)
    values = rng.integers(-(10**12), 10**12, COUNT)
    targets = Targets(
        ("near", "far"),
        rng.integers(0, 2, COUNT).astype(np.int16),
        pa.array(values),
        {
            "length": pa.array(rng.integers(0, 30, COUNT)),
            "parity": pa.array(["even", "odd"]).take(pa.array(values % 2)),
        },
    )
    answers = pa.array(np.where(rng.random(COUNT) < 0.7, values, values + 1))
    return replace(ECHO, metrics=metrics), targets, answers


def texts():
    """The same of texts, with a metric whose marks are shares."""
    card, targets, _ = numbers()
    rng = np.random.default_rng(1)
    right, given = (pa.array(WORDS).take(pa.array(rng.integers(0, 4, COUNT))) for _ in range(2))
    card = replace(card, target_type="string", metrics=("exact_match", "token_accuracy", "prefix_length"))
    return card, replace(targets, target=right), given


def written(path, answers, ids=None, batch=300):
    table = pa.table({"question_id": pa.array(np.arange(len(answers)) if ids is None else ids), "prediction": answers})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=batch)
    return path


@pytest.mark.parametrize("made", [numbers, texts, lambda: numbers(("exact_match", "squared_error"))])
@pytest.mark.parametrize("batch", [ROWS, 300, COUNT])
def test_rows_are_those_of_all_answers_at_once(tmp_path, made, batch):
    card, targets, answers = made()
    path = written(tmp_path / "answers.arrow", answers, batch=batch)

    marked = blocks.mark(blocks.answers_in(path, targets), targets, card)

    graded = grading.grade(answers, targets, card)
    scores = blocks.score_rows(WHO, marked, targets, SPLIT, card), grading.score_rows(WHO, graded, targets, SPLIT, card)
    marks = (
        blocks.mark_rows(WHO, "sha256:d", marked, targets, card),
        marking.mark_rows(WHO, "sha256:d", graded, targets, card),
    )
    for schema, (ours, theirs) in ((SCORES, scores), (MARKS, marks)):
        assert to_table(ours, schema).equals(to_table(theirs, schema))
    whole = parted(grading.prediction_table("key", answers, graded, targets, card), "echo", "small", "sha256:d")
    asked = blocks.asked(targets)
    name = asked.name("echo", "small", "sha256:d")
    assert name == whole.name
    given = blocks.predictions("key", blocks.answers_in(path, targets), marked, targets)
    assert pa.concat_tables(given).to_pydict() == whole.answers.drop_columns(["questions"]).to_pydict()
    assert pa.concat_tables(asked.questions("echo", "small", "sha256:d")).equals(whole.questions)
    assert marked.correct().tolist() == whole.answers.column("correct").to_pylist()


def test_targets_without_axes_have_the_name_that_they_have_at_once():
    card, targets, answers = numbers()
    targets = replace(targets, slices={})

    name = blocks.asked(targets).name("echo", "small", "sha256:d")

    table = grading.prediction_table("key", answers, grading.grade(answers, targets, card), targets, card)
    assert name == parted(table, "echo", "small", "sha256:d").name


SHUFFLED = np.random.default_rng(2).permutation(COUNT)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answers: (answers, SHUFFLED),
        lambda answers: (answers.slice(0, COUNT - 1), None),
        lambda answers: (pa.concat_arrays([answers, answers]), None),
        lambda answers: (answers.cast(pa.float64()), None),
        lambda answers: (pa.concat_arrays([answers.slice(1), pa.nulls(1, pa.int64())]), None),
    ],
    ids=["another order", "one is missing", "twice as many", "another type", "null"],
)
def test_answers_that_are_not_whole_and_in_order_are_left_to_who_sees_all(tmp_path, spoil):
    card, targets, answers = numbers()
    path = written(tmp_path / "answers.arrow", *spoil(answers))

    with pytest.raises(blocks.Unfit):
        blocks.mark(blocks.answers_in(path, targets), targets, card)


@pytest.mark.parametrize(
    ("change", "fit"),
    [
        (lambda card, targets: (card, targets), True),
        (lambda card, targets: (card, replace(targets, target=targets.target.slice(0, ROWS))), False),
        (lambda card, targets: (card, replace(targets, unreadable=(3,))), False),
        (lambda card, targets: (replace(card, answer="ranking"), targets), False),
        (lambda card, targets: (replace(card, metrics=("exact_match", "macro_f1")), targets), False),
        (lambda card, targets: (replace(card, metrics=("exact_match", "its_own")), targets), False),
    ],
    ids=["single marks", "few", "unreadable", "rankings", "of whole sets", "the task's own"],
)
def test_what_needs_all_answers_is_not_marked_block_by_block(change, fit):
    card, targets, _ = numbers()

    assert blocks.fit(*change(card, targets)) is fit
