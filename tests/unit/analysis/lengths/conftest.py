"""Rows of CELLS and SCORES with accuracy by length, and the reaches that are read off them."""

import datetime as dt

import pyarrow as pa
import pytest

from genbench.analysis import lengths
from genbench.rows import schema

CELL = {"task": "sorting", "split": "up_to_20", "submission": "gru", "profile": "full", "seed": 0}


def _cell(key="a", minute=0, status="ok", data="sha256:x", **changed):
    filled = {
        field.name: "" if pa.types.is_string(field.type) else None if field.nullable else 1.0 for field in schema.CELLS
    }
    started = dt.datetime(2026, 1, 1, 0, minute, tzinfo=dt.UTC)
    own = {"cell": key, "status": status, "data_fingerprint": data, "edition": 1, "started": started}
    return {**filled, **CELL, **own, **changed}


def _scores(accuracy, key="a", n=100, kind="ood", axis="length", metric="exact_match", asked=None, **changed):
    """Rows of SCORES: `accuracy` maps a length, or another slice, to a share."""
    return [
        {
            **CELL,
            "cell": key,
            "question_set": asked or f"length_{part}",
            "kind": kind,
            "axis": axis,
            "slice": str(part),
            "metric": metric,
            "error": None,
            "value": float(share),
            "n": n,
            **changed,
        }
        for part, share in accuracy.items()
    ]


def _told(cells, rows, wanted=lambda _split, _submission: True, axis="length"):
    tables = schema.to_table(cells, schema.CELLS), schema.to_table(rows, schema.SCORES)
    return lengths.reaches(*tables, wanted, axis)


def _reach(accuracy, n=100, seeds=1):
    """The reach of seeds that all have the same accuracy, or of one mapping for each seed."""
    every = accuracy if isinstance(accuracy, list) else [accuracy] * seeds
    cells = [_cell(str(seed), seed=seed) for seed in range(len(every))]
    rows = [row for seed, one in enumerate(every) for row in _scores(one, str(seed), n, seed=seed)]
    ((found,), _) = _told(cells, rows)
    return found


@pytest.fixture(scope="session")
def cell():
    """Gives `cell(key, minute, status, column=value, ...)`, a row of CELLS."""
    return _cell


@pytest.fixture(scope="session")
def scores():
    """Gives `scores({length: share}, key, n)`, rows of SCORES."""
    return _scores


@pytest.fixture(scope="session")
def told():
    """Gives `told(cells, rows)`, the reaches and the lines on what was left out."""
    return _told


@pytest.fixture(scope="session")
def reach():
    """Gives `reach({length: share}, n, seeds)`, the reach of seeds with that accuracy."""
    return _reach
