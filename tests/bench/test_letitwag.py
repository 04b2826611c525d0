"""How many images of the long tail a core paints a second; run with --benchmark-only.

Rates are of CPU time, from nothing to PNG files in Arrow tables, and of the painting alone. Beside each stands a fixed
piece of work of the same kind, passes over small integers in NumPy, so that figures of a busy or slow machine can be
read as ratios. The kit's reading of the same files stands beside them, for a cell does both.
"""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from datasets import Dataset

from genbench import cards
from genbench.data import tables
from genbench.kit import images

CARD = cards.read(Path(__file__).parents[2] / "tasks" / "letitwag", "task")
PARAMS = dict(CARD.splits["synthetic"].params)
ROWS = 4096


def yardstick():
    """CPU seconds of a fixed piece of work."""
    values = np.arange(1 << 18, dtype=np.uint16)
    begin = time.process_time()
    for _ in range(100):
        values *= 3
        values >>= 1
    return time.process_time() - begin


@pytest.fixture(scope="module")
def synthetic(task_module):
    module = task_module("letitwag").synthetic
    for size in (32, 64):
        next(module.stream("synthetic", "train", PARAMS | {"size": size}, 0))  # canvas, noise and sprites are made once
    return module


def told(benchmark, yards):
    """Keep derived figures beside the measured ones, and print them."""
    rate = ROWS / benchmark.stats.stats.median
    figures = {"images_a_cpu_second": rate, "images_a_yardstick": rate * float(np.median(yards))}
    benchmark.extra_info.update({name: round(value, 1) for name, value in figures.items()})
    print(f"\n{benchmark.name}: {json.dumps(benchmark.extra_info)}")  # noqa: T201


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("size", [32, 64])
def test_images_are_painted_and_encoded(benchmark, synthetic, size):
    yards = []

    def some():
        return next(synthetic.stream("synthetic", "train", PARAMS | {"size": size}, 0, ROWS))

    table = benchmark.pedantic(some, setup=lambda: yards.append(yardstick()), rounds=7)

    assert table.num_rows == ROWS
    told(benchmark, yards)


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("size", [32, 64])
def test_images_are_painted(benchmark, synthetic, size):
    yards = []

    def some():
        return sum(map(len, synthetic.images(17, "train", np.arange(ROWS), PARAMS | {"size": size}, 0)))

    painted = benchmark.pedantic(some, setup=lambda: yards.append(yardstick()), rounds=7)

    assert painted == ROWS
    told(benchmark, yards)


@pytest.mark.benchmark(timer=time.process_time)
def test_the_kit_reads_them_back(benchmark, synthetic, tmp_path):
    table = next(synthetic.stream("synthetic", "train", PARAMS, 0, ROWS))
    tables.write(tables.described(table, {"image": "image", "label": "int64"}), tmp_path / "train.arrow")
    given = Dataset.from_file(str(tmp_path / "train.arrow"))
    yards = []

    decoded = benchmark.pedantic(
        images.decoded, args=(given, "image"), setup=lambda: yards.append(yardstick()), rounds=7
    )

    assert len(decoded) == ROWS
    told(benchmark, yards)


@pytest.mark.parametrize("split", [name for name in CARD.splits if name.startswith("synthetic")])
def test_a_split_is_built(benchmark, task_module, split):
    load = task_module("letitwag").load

    data = benchmark.pedantic(load, args=(split, CARD.splits[split].params, 0), rounds=2)

    assert data.train.num_rows == CARD.splits[split].train
