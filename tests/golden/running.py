"""Run the golden cells, or those named, and print as JSON what came: `python tests/golden/running.py [CELL ...]`.

In an interpreter of its own, which `golden_digests.run` starts: what runs `here` must find the threads and the order of
hashes that a submission has behind the wall, whatever the caller has.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from genbench import registry
from genbench.evaluation import build
from genbench.evaluation.executors.here import Here
from genbench.evaluation.executors.process import Process
from genbench.evaluation.plan import plan
from genbench.evaluation.run import run
from genbench.rows import provenance
from genbench.rows.store import Store
from genbench.scoring import grading

sys.path.insert(0, str(Path(__file__).parent))
from golden_arithmetic import arithmetic
from golden_cells import CELLS

SECONDS = ("fit_seconds",)


def digest(values):
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()[:16]


def rounded(value):
    """A float to 6 significant digits, exactly spelt: what a sum in another order may change lies beyond."""
    return float(f"{value:.6g}").hex()


def spelt(row):
    return [rounded(value) if isinstance(value, float) else value for name, value in sorted(row.items())]


def outcome_of(golden, found, place, apart):
    """What came of one cell: digests of its answers, of its marks and scores, and of its curve; and its headline."""
    splits = registry.choose_splits([golden.address], found)
    planned = plan(splits, registry.choose_submissions([golden.submission], found), 1, "quick", "cpu")
    store = Store(str(place))
    events = list(run(planned, Here() if golden.executor == "here" else apart, store))
    if [getattr(event, "status", "fault") for event in events] != ["ok"]:
        raise SystemExit(f"{golden.name}: {events}")
    answers = sorted(store.read("predictions").table.to_pylist(), key=lambda row: row["question_id"])
    targets, task = build.build(splits[0]).targets, splits[0].task
    given = store.read("predictions").table.sort_by("question_id").column("prediction").combine_chunks()
    marks = grading.grade(grading.from_text(given, task.answer_type), targets, task)
    dropped = {"cell", "error", *SECONDS}  # how sure a score is came later than the first digests, and moves none
    scores = [{k: v for k, v in row.items() if k not in dropped} for row in store.read("scores").table.to_pylist()]
    curve = [{k: v for k, v in row.items() if k not in dropped} for row in store.read("curves").table.to_pylist()]
    whole = [row["value"] for row in scores if row["metric"] == task.headline and not row["axis"]]
    return {
        "answers": digest([[row["question_id"], row["question_set"], row["prediction"]] for row in answers]),
        "marks": digest(
            [
                {name: [rounded(float(one)) for one in marks[name].ravel()] for name in sorted(marks)},
                [spelt(row) for row in scores],
            ]
        ),
        "curves": digest([spelt(row) for row in curve]),
        "points": len(curve),
        "headline": sum(whole) / len(whole),
    }


def main():
    provenance.device = lambda: "cpu"  # also where there is another: golden answers are the CPU's
    found = registry.catalogue()
    told = {"arithmetic": arithmetic(), "cells": {}}
    with tempfile.TemporaryDirectory() as folder, Process(1).standing() as apart:
        for place, golden in enumerate(CELLS):
            if sys.argv[1:] and golden.name not in sys.argv[1:]:
                continue
            told["cells"][golden.name] = outcome_of(golden, found, Path(folder) / str(place), apart)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
