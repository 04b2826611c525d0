"""How many gCOG samples a core makes a second, each of a new task; run with --benchmark-only.

Rates are of CPU time, from nothing to Arrow tables. Beside each stands a fixed piece of work of the same kind, a copy
and a sort in NumPy, so that figures of a busy or slow machine can be read as ratios.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from genbench import cards

CARD = cards.read(Path(__file__).parents[2] / "tasks" / "gcog", "task")
BLOCKS = 8
RELEASED = {1: 511.9, 3: 547.7, 5: 463.7, 7: 83.9}  # samples a CPU second, new task each, of the original generator
SUBSETS = {1: ("distractor", "train"), 3: ("systematic_depth3", "test"), 5: ("productive", "depth5")} | {
    depth: ("productive", f"depth{depth}") for depth in (7, 9)
}


def yardstick():
    """CPU seconds of a fixed piece of work."""
    begin = time.process_time()
    values = np.random.default_rng(0).random(2_000_000)
    np.sort(values)
    values.copy()
    return time.process_time() - begin


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def told(benchmark, **figures):
    """Keep derived figures beside the measured ones, and print them."""
    benchmark.extra_info.update({name: round(value, 4) for name, value in figures.items()})
    print(f"\n{benchmark.name}: {json.dumps(benchmark.extra_info)}")  # noqa: T201


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("ending", ["", "-released"])
@pytest.mark.parametrize("depth", SUBSETS)
def test_new_tasks_are_streamed(benchmark, task_module, depth, ending):
    split, subset = SUBSETS[depth]
    name = split + ending
    stream = task_module("gcog").stream(name, subset, CARD.splits[name].params, 0)
    next(stream)
    yards = []

    def some():
        for _ in range(BLOCKS):
            next(stream)

    benchmark.pedantic(some, setup=lambda: yards.append(yardstick()), rounds=5)

    rate = BLOCKS * 4096 / benchmark.stats.stats.median
    told(
        benchmark,
        samples_a_cpu_second=rate,
        samples_a_yardstick=rate * float(np.median(yards)),
        times_the_released=rate / RELEASED[depth] if depth in RELEASED else float("nan"),
    )


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("rows", [20_000, 200_000])
def test_time_is_linear_in_samples_and_memory_flat(benchmark, task_module, rows):
    stream = task_module("gcog").stream("distractor", "test40", CARD.splits["distractor"].params, 0)
    next(stream)
    before = peak_mib()

    def some():
        for _ in range(rows // 4096):
            next(stream)

    benchmark.pedantic(some, rounds=3)

    told(
        benchmark,
        samples_a_cpu_second=rows // 4096 * 4096 / benchmark.stats.stats.median,
        peak_mib_before=before,
        peak_mib=peak_mib(),
    )


@pytest.mark.parametrize("split", CARD.splits)
def test_a_split_is_built(benchmark, task_module, split):
    load = task_module("gcog").load

    data = benchmark.pedantic(load, args=(split, CARD.splits[split].params, 0), rounds=2)

    assert data.train.num_rows == CARD.splits[split].train
