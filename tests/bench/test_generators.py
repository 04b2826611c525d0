"""How long the bundled tasks take to build their data; run with --benchmark-only."""

from pathlib import Path

import pytest

from genbench import cards

TASKS = Path(__file__).parents[2] / "tasks"
SCAN = cards.read(TASKS / "scan", "task")
MODULAR = cards.read(TASKS / "modular", "task")


def test_all_of_scan_is_generated(benchmark, task_module):
    language = task_module("scan").language

    every = benchmark(language)

    assert every.num_rows == 20910


@pytest.mark.parametrize("split", [name for name, split in SCAN.splits.items() if split.embedded])
def test_a_split_of_scan_is_built(benchmark, task_module, split):
    load = task_module("scan").load

    data = benchmark(load, split, SCAN.splits[split].params, 0)

    assert data.train.num_rows == SCAN.splits[split].train


@pytest.mark.parametrize("split", MODULAR.splits)
def test_a_split_of_modular_is_built(benchmark, task_module, split):
    load = task_module("modular").load

    data = benchmark(load, split, MODULAR.splits[split].params, 0)

    assert data.train.num_rows == MODULAR.splits[split].train
