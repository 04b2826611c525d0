"""Results with very many cells, made without running any: all that `evaluate` does, with answers of zero."""

from __future__ import annotations

import time

import pyarrow as pa

from genbench.api.evaluating import prepare
from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.evaluation import run
from genbench.evaluation.cell import ANSWERS, QUESTIONS, Outcome
from genbench.rows.store import Store

SUBMISSIONS = ("majority", "chance")
PRIMES = (11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89)
SPLITS = tuple(f"modular/addition:p={p}" for p in PRIMES)
EACH = len(SUBMISSIONS) * len(SPLITS)  # cells of a seed


class Zero:
    """An executor that answers every question with 0 itself."""

    sealing = "process"

    def run(self, jobs):
        for job in jobs:
            ids = tables.read(job.folder / QUESTIONS).column(QUESTION_ID)
            tables.write(pa.table({QUESTION_ID: ids, PREDICTION: pa.array([0] * len(ids))}), job.folder / ANSWERS)
            yield Outcome(
                job.key, "ok", "", "process", time.time(), 0.1, job.folder / ANSWERS, fit_seconds=0.0, start="fresh"
            )


def filled(out, seeds):
    """Write EACH cells a seed to `out`; what one types to name them."""
    made = prepare(SUBMISSIONS, SPLITS, seeds=seeds, out=out)
    ended = {event.status for event in run.run(made.planned, Zero(), Store(str(out)))}
    if not ended <= {"ok", "kept"}:
        raise RuntimeError(f"a cell ended otherwise than well: {ended}")
    return [*SUBMISSIONS, *(word for split in SPLITS for word in ("--task", split))]
