"""Rows of CELLS and CURVES, and the courses that are read off them."""

import datetime as dt
import json

import pytest

from genbench.analysis import grokking
from genbench.rows import schema

CELL = {
    "task": "modular",
    "split": "addition_phases:share=0.5",
    "submission": "mlp",
    "profile": "full",
    "seed": 0,
}
BLANK = {"question_set": "", "kind": "", "axis": "", "slice": "", "n": 0}
KINDS = {"test": "ood", "trained": "trained", "trained_true": "trained"}


def _cell(key="a", minute=0, corruption=0.35, status="ok", **changed):
    filled = dict.fromkeys(("detail", "device", "log"), "")
    prints = dict.fromkeys(("data_fingerprint", "task_fingerprint", "submission_fingerprint"), "sha256:x")
    nothing = dict.fromkeys(
        ("fit_seconds", "predict_seconds", "cpu_seconds", "peak_memory_bytes", "parameters", "training_flops")
    )
    return {
        **CELL,
        "cell": key,
        "status": status,
        **filled,
        **prints,
        **nothing,
        "cell_seconds": 1.0,
        "sealing": "process",
        "environment": "[]",
        "asked_during_fit": None,
        "salt": None,
        "start": "fresh",
        "budget_seconds": 1.0,
        "task_params": json.dumps({"corruption": corruption, "share": 0.5}),
        "submission_params": json.dumps({"weight_decay": 5.0}),
        "versions": "{}",
        "edition": 1,
        "lineage": "[]",
        "machine": "{}",
        "started": dt.datetime(2026, 1, 1, 0, minute, tzinfo=dt.UTC),
        **changed,
    }


def _curve(steps, key="a", counts=None, **sets):
    """Rows of CURVES. `sets` maps a question set to its values; `memorized`, `recovered` are slices of two of them."""
    rows = []
    for at, step in enumerate(steps):
        for name, values in sets.items():
            where = {"question_set": name, "axis": "", "slice": ""}
            if name in {"memorized", "recovered"}:
                own = "trained" if name == "memorized" else "trained_true"
                where = {"question_set": own, "axis": "label", "slice": "corrupted"}
            kind = KINDS.get(where["question_set"], "ood")
            rows.append({**where, "kind": kind, "metric": "exact_match", "value": values[at], "n": 10, "step": step})
        for metric, values in (counts or {}).items():
            rows.append({**BLANK, "metric": metric, "value": float(values[at]), "step": step})
    return [{**CELL, "cell": key, "fit_seconds": 0.0, **row} for row in rows]


def _told(cells, curves, wanted=lambda _split, _submission: True):
    return grokking.courses(schema.to_table(cells, schema.CELLS), schema.to_table(curves, schema.CURVES), wanted)


def _course(train, test, steps=(1, 10, 100), corruption=0.35, **more):
    (only,), _ = _told([_cell(corruption=corruption)], _curve(steps, trained=train, test=test, **more))
    return only


@pytest.fixture(scope="session")
def cell():
    """Gives `cell(key, minute, corruption, status, column=value, ...)`, a row of CELLS."""
    return _cell


@pytest.fixture(scope="session")
def curve():
    """Gives `curve(steps, key, counts, question_set=values, ...)`, rows of CURVES."""
    return _curve


@pytest.fixture(scope="session")
def told():
    """Gives `told(cells, curves)`, the courses and the lines on what was left out."""
    return _told


@pytest.fixture(scope="session")
def course():
    """Gives `course(train, test, steps, ...)`, the course of one cell."""
    return _course
