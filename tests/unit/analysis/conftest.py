"""Rows of CELLS and SCORES as an evaluation writes them, and the standings that are made of them."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from genbench.analysis.standings import Headline, standings
from genbench.analysis.standings.evidence import Marked
from genbench.rows import schema

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
EXACT = {"toy/echo": Headline("exact_match", chance={"test": 0.25}, kinds={"test": "ood"}, axes=("length",))}


def _a_cell(submission="mlp", seed=0, **changed):
    cell = {
        "cell": f"{submission}-{changed.get('profile', 'full')}-{seed}",
        "task": "toy",
        "split": "echo",
        "submission": submission,
        "profile": "full",
        "seed": seed,
        "status": "ok",
        "detail": "",
        "fit_seconds": 2.0,
        "predict_seconds": 0.1,
        "cell_seconds": 3.0,
        "cpu_seconds": 2.5,
        "peak_memory_bytes": 1 << 28,
        "parameters": None,
        "training_flops": None,
        "device": "cpu",
        "sealing": "process",
        "environment": "[]",
        "asked_during_fit": None,
        "salt": None,
        "start": "fresh",
        "budget_seconds": 60.0,
        "task_params": "{}",
        "submission_params": "{}",
        "data_fingerprint": "sha256:data",
        "task_fingerprint": "sha256:task",
        "submission_fingerprint": "sha256:code",
        "versions": json.dumps({"genbench": "0.1.0"}),
        "edition": 1,
        "lineage": "[]",
        "machine": "{}",
        "started": NOON,
        "log": "",
    }
    assert changed.keys() <= cell.keys()
    return cell | changed


def _a_score(cell, value, n=100, **changed):
    score = {name: cell[name] for name in ("cell", "task", "split", "submission", "profile", "seed")}
    score |= {
        "question_set": "test",
        "kind": "ood",
        "axis": "",
        "slice": "",
        "metric": "exact_match",
        "value": value,
        "n": n,
        "error": None,
    }
    assert changed.keys() <= score.keys()
    return score | changed


def _parted(values):
    names, numbers = np.unique(values, return_inverse=True)
    return numbers, tuple(names.tolist())


class _Given:
    """Marks that are given, in place of those in results folders; and of each question the slices it belongs to."""

    def __init__(self, marks, slices=None, order="order"):
        self.marked = Marked(
            {(cell, "test"): (order, np.asarray(values, dtype=np.float64)) for cell, values in marks.items()},
            {"test": order},
            {("test", axis): _parted(values) for axis, values in (slices or {}).items()},
        )

    def of(self, *_):
        return self.marked


def _stand(graded, headlines=EXACT, evidence=None):
    """Standings of (cell, scores) pairs."""
    cells = [cell for cell, _ in graded]
    scores = [score for _, own in graded for score in own]
    return standings(schema.to_table(cells, schema.CELLS), schema.to_table(scores, schema.SCORES), headlines, evidence)


def _seeds_of(submission, values, **changed):
    """One graded cell per value, as (cell, scores) pairs."""
    cells = [_a_cell(submission, seed, **changed) for seed in range(len(values))]
    return [(cell, [_a_score(cell, value)]) for cell, value in zip(cells, values, strict=True)]


def _failure(submission="mlp", seed=0, status="timeout", **changed):
    return (_a_cell(submission, seed, status=status, detail=status, fit_seconds=None, **changed), [])


def _answered(submission, marks, **changed):
    """One graded cell for each row of marks, as (cell, scores) pairs, and the marks by cell."""
    seeds = changed.pop("seeds", range(len(marks)))
    cells = [_a_cell(submission, seed, **changed) for seed in seeds]
    pairs = [(cell, [_a_score(cell, float(np.mean(own)), len(own))]) for cell, own in zip(cells, marks, strict=True)]
    return pairs, {cell["cell"]: own for cell, own in zip(cells, marks, strict=True)}


def _many(scores):
    return [pair for submission, values in scores.items() for pair in _seeds_of(submission, values)]


@pytest.fixture(scope="session")
def a_cell():
    """Gives `a_cell(submission, seed, column=value, ...)`, a row of CELLS."""
    return _a_cell


@pytest.fixture(scope="session")
def a_point():
    """Gives `a_point(cell, value, n, column=value, ...)`, a row of CURVES but for its step and when that was."""

    def point(*args, **changed):
        return {name: value for name, value in _a_score(*args, **changed).items() if name != "error"}

    return point


@pytest.fixture(scope="session")
def a_score():
    """Gives `a_score(cell, value, n, column=value, ...)`, a row of SCORES."""
    return _a_score


@pytest.fixture(scope="session")
def stand():
    """Gives `stand(graded)`, the standings of (cell, scores) pairs."""
    return _stand


@pytest.fixture(scope="session")
def seeds_of():
    """Gives `seeds_of(submission, values)`, a graded cell per value, as (cell, scores) pairs."""
    return _seeds_of


@pytest.fixture(scope="session")
def failure():
    """Gives `failure(submission, seed, status)`, a cell that failed, without scores."""
    return _failure


@pytest.fixture(scope="session")
def answered():
    """Gives `answered(submission, marks)`, graded cells as (cell, scores) pairs, and the marks by cell."""
    return _answered


@pytest.fixture(scope="session")
def evidence():
    """Gives `evidence(marks, slices)`: marks by cell, and for each axis the slice of each question."""
    return _Given


@pytest.fixture(scope="session")
def many():
    """Gives `many(scores)`, graded cells of several submissions, by name and values."""
    return _many
