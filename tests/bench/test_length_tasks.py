"""How fast sequences are drawn, sorted and made into splits; run with --benchmark-only."""

from pathlib import Path
from time import process_time

import numpy as np
import pytest

from genbench import cards

TASKS = Path(__file__).parents[2] / "tasks"
CARD = cards.read(TASKS / "sorting", "task")
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


@pytest.mark.parametrize("rows", [1_000, 8_192, 100_000])
@pytest.mark.parametrize("split", ["up_to_20", "up_to_20_values_1000", "up_to_20_unique"])
def test_a_million_rows_of_length_20_are_streamed_as_text(benchmark, task_module, split, rows):
    streamed = task_module("sorting").stream(split, "length_20", CARD.splits[split].params, 0, rows)
    next(streamed)
    tables = 1_000_000 // rows

    spent = []  # seconds of this process, for on a shared core the clock tells who else was there

    def million():
        began = process_time()
        count = sum(next(streamed).num_rows for _ in range(tables))
        spent.append(process_time() - began)
        return count

    count = benchmark.pedantic(million, rounds=5, warmup_rounds=1)

    benchmark.extra_info["sequences_a_second"] = round(count / benchmark.stats.stats.min)
    benchmark.extra_info["sequences_a_cpu_second"] = round(count / min(spent))
    assert count == tables * rows


@pytest.mark.parametrize("hint", ["none", "successor", "successor+predecessor+count+fill+parity"])
def test_training_rows_are_streamed(benchmark, task_module, hint):
    params = {**CARD.splits["up_to_20"].params, "hint": hint}
    streamed = task_module("sorting").stream("up_to_20", "train", params, 0)
    next(streamed)

    benchmark.pedantic(lambda: next(streamed), rounds=20, warmup_rounds=1)

    benchmark.extra_info["rows_a_second"] = round(8_192 / benchmark.stats.stats.min)


@pytest.mark.parametrize(("task", "split"), SPLITS, ids=lambda one: getattr(one, "name", one))
def test_a_split_is_built(benchmark, task_module, task, split):
    load = task_module(task).load

    data = benchmark.pedantic(load, (split.name, split.params, 0), rounds=2)

    assert data.train.num_rows == split.train
