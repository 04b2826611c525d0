"""How long the difficulty of a split takes, its data left out; run with --benchmark-only."""

import time

import pytest

from genbench import registry
from genbench.analysis import difficulty
from genbench.evaluation import build

FOUND = registry.catalogue()


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("name", ["scan/length", "scan/addprim_jump_zero200", "modular/addition", "sorting/up_to_20"])
def test_a_split_is_measured(benchmark, name):
    (chosen,) = registry.choose_splits([name], FOUND)
    data = build.load(chosen)

    rows = benchmark.pedantic(
        difficulty.measure, args=(chosen.task, chosen.split, chosen.label, data, ""), rounds=3, warmup_rounds=1
    )

    assert rows.num_rows == len(difficulty.MEASURES) * len(chosen.split.questions)
