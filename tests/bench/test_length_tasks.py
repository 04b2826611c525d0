"""How fast sequences are drawn, sorted and made into splits; run with --benchmark-only."""

from pathlib import Path

import numpy as np
import pytest

from genbench import cards

TASKS = Path(__file__).parents[2] / "tasks"
SPLITS = [
    (task, split) for task in ("sorting", "algorithms") for split in cards.read(TASKS / task, "task").splits.values()
]


@pytest.mark.parametrize(("values", "repeats"), [(100, True), (1000, True), (1000, False)])
def test_a_million_sequences_of_length_20_are_drawn_and_sorted(benchmark, task_module, values, repeats):
    draw = task_module("sorting").draw

    def million():
        drawn = draw(np.random.default_rng(0), 1_000_000, 20, values, repeats=repeats)
        return drawn, np.sort(drawn, axis=1)

    drawn, ordered = benchmark.pedantic(million, rounds=5, warmup_rounds=1)

    benchmark.extra_info["sequences_a_second"] = round(1_000_000 / benchmark.stats.stats.min)
    assert drawn.shape == ordered.shape == (1_000_000, 20)


@pytest.mark.parametrize(("task", "split"), SPLITS, ids=lambda one: getattr(one, "name", one))
def test_a_split_is_built(benchmark, task_module, task, split):
    load = task_module(task).load

    data = benchmark.pedantic(load, (split.name, split.params, 0), rounds=2)

    assert data.train.num_rows == split.train
