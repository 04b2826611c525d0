"""A cell of very many questions, from answers to rows: what is written is what is written of all answers at once."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench import cards, registry
from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.evaluation import plan, run
from genbench.evaluation.cell import ANSWERS, QUESTIONS, Outcome, Step
from genbench.rows.store import Store
from genbench.scoring import blocks

TOYS = Path(__file__).parents[1] / "toys"
ECHO = cards.read(TOYS / "echo", "task")
IDLE = registry.ChosenSubmission(cards.read(TOYS / "idle", "submission"), "", {})
TABLES = ("scores", "predictions", "marks", "curves")


class Says:
    """An executor that answers a third of the questions wrong, at one step and at the end."""

    def __init__(self, change):
        self.change = change

    def run(self, jobs):
        for job in jobs:
            asked = tables.read(job.folder / QUESTIONS)
            number = asked.column("number").to_numpy()
            given = pa.table({QUESTION_ID: asked.column(QUESTION_ID), PREDICTION: np.where(number % 3, number, -1)})
            step = job.folder / "step.arrow"
            tables.write(given.set_column(1, PREDICTION, asked.column("number")), step)
            tables.write(self.change(given), job.folder / ANSWERS)
            steps = (Step(1, 0.0, step, {}),)
            yield Outcome(job.key, "ok", "", "none", 0.0, 0.0, job.folder / ANSWERS, fit_seconds=0.0, steps=steps)


def evaluated(out, change=lambda given: given):
    split = registry.ChosenSplit(ECHO, ECHO.splits["small"], {"questions": 1000})
    store = Store(str(out))
    (done,) = run.run(plan.plan([split], [IDLE], 1, "quick", "cpu"), Says(change), store)
    return done, {name: store.read(name).table for name in TABLES}


@pytest.fixture
def at_once(tmp_path):
    """The rows as they are where all answers are seen at once."""
    return evaluated(tmp_path / "at once")


@pytest.mark.parametrize(
    "change", [lambda given: given, lambda given: given.take(np.random.default_rng(0).permutation(1000))]
)
def test_rows_do_not_depend_on_whether_they_were_made_in_blocks(tmp_path, monkeypatch, at_once, change):
    monkeypatch.setattr(blocks, "ROWS", 64)

    done, rows = evaluated(tmp_path / "in blocks", change)

    assert (done.status, at_once[0].status) == ("ok", "ok")
    assert rows == at_once[1]
    assert rows["curves"].num_rows


def test_a_fault_is_told_as_of_all_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 64)

    done, _ = evaluated(tmp_path / "rows", lambda given: given.slice(3))

    assert (done.status, done.detail) == ("error", "3 of 1000 questions have no answer, the first 0")


def test_no_more_than_a_block_of_answers_is_in_one_row_group(tmp_path, monkeypatch):
    """So that a reader need not hold more of them than the writer did."""
    monkeypatch.setattr(blocks, "ROWS", 64)

    evaluated(tmp_path / "rows")

    for table in ("predictions", "questions"):
        (file,) = (tmp_path / "rows" / table).rglob("*.parquet")
        groups = pq.ParquetFile(file).metadata
        assert max(groups.row_group(place).num_rows for place in range(groups.num_row_groups)) == 64
