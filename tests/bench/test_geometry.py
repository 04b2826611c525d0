"""What right answers of geometry cost, by problem and number of points; run with --benchmark-only.

    uv run pytest tests/bench/test_geometry.py --benchmark-only --benchmark-columns=min,median,ops

CPU milliseconds a question stand in `extra_info` of the stored file, and in tasks/geometry/README.md.
"""

from time import process_time

import numpy as np
import pytest

QUESTIONS = 50
SOLVED = [
    *(("hull", size) for size in (10, 50, 500)),
    *(("delaunay", size) for size in (5, 10, 20)),
    *(("exact", size) for size in (5, 10, 12)),
    *(("best_known", size) for size in (12, 20, 30, 50)),
]


@pytest.mark.parametrize(("what", "size"), SOLVED)
def test_questions_are_solved(benchmark, task_module, what, size):
    task = task_module("geometry")
    points = np.random.default_rng(0).random((QUESTIONS, size, 2))
    spent = []  # seconds of this process, for on a shared core the clock tells who else was there

    def solve():
        begun = process_time()
        if what in task.SOLVERS:  # points of which several answers are right are drawn again, as the task does
            found = task.solved(what, [size] * QUESTIONS, np.random.default_rng(0))[1]
        else:
            found = getattr(task.tours, what)(points)
        spent.append(process_time() - begun)
        return found

    found = benchmark.pedantic(solve, rounds=3)

    benchmark.extra_info["milliseconds_a_question"] = round(1000 * min(spent) / QUESTIONS, 3)
    assert len(found) == QUESTIONS
