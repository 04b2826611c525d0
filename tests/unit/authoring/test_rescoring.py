"""Stored predictions, scored again: scores that were altered come right, and other cells are left alone."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench.authoring.predictions import score
from genbench.authoring.rescoring import rescore
from genbench.registry import Catalogue, choose_splits
from genbench.rows.store import Store

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def scored(path, echo):
    """Predictions of which one is right."""
    return score(path(pa.array([0] * 100)), echo, "zeros", 0)


@pytest.fixture
def store(tmp_path, scored):
    """A results folder with these predictions, and scores that are not theirs."""
    store = Store(str(tmp_path / "rows"))
    store.prepare()
    altered = [row | {"value": 0.75} for row in scored.scores]
    store.append("echo", "zeros", scored.key, scored.rows | {"scores": altered})
    return store


def test_scores_that_were_altered_come_right(store, scored, echo):
    (one,) = rescore(store, Catalogue(tasks={"echo": echo.task}))

    assert (one.written, one.fault) == (len(scored.scores), "")
    assert [row["value"] for row in store.read("scores").table.to_pylist()] == [row["value"] for row in scored.scores]


def test_a_cell_of_a_task_that_is_not_known_here_is_named_and_left_as_it_was(store):
    before = store.read("scores").table.to_pylist()

    (one,) = rescore(store, Catalogue())

    assert (one.written, one.fault) == (
        0,
        "echo/small zeros: the task is not known here; its scores were left as they were",
    )
    assert store.read("scores").table.to_pylist() == before


@pytest.mark.parametrize(
    ("toy", "answers"),
    [
        ("plane", pa.array(np.linspace(0, 1, 400))),
        ("divisors", pa.array([[at % 9, 1, 1] for at in range(200)])),
        ("divisors", pa.array([[]] * 200, pa.list_(pa.int64()))),
    ],
)
def test_numbers_and_sets_are_scored_again_as_they_were(tmp_path, path, toy, answers):
    (chosen,) = choose_splits([f"{TOYS}/{toy}"], Catalogue())
    before = score(path(answers), chosen, "mine", 0)
    store = Store(str(tmp_path / "rows"))
    store.prepare()
    store.append(toy, "mine", before.key, before.rows)

    (one,) = rescore(store, Catalogue(tasks={toy: chosen.task}))

    assert (one.written, one.fault) == (len(before.scores), "")
    assert [row["value"] for row in store.read("scores").table.to_pylist()] == [row["value"] for row in before.scores]
