"""How many rows of SCAN's generated training sets a core makes a second; run with --benchmark-only.

Rates are of CPU time, from nothing to Arrow tables. Beside each stands a fixed piece of work of the same kind, a take
and a join of strings in Arrow, so that figures of a busy or slow machine can be read as ratios.
"""

import json
import resource
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

ROWS = 100_000
STREAMS = {  # rows that the stream is asked for; those of star_ splits do not end
    "addprim_jump_prim20": 1_000_000,
    "addprim_jump_prim200": 5_000_000,
    "template_around_right_prim200": 0,
    "addprim_jump_zero200": 0,
    "template_around_right_zero200": 0,
    "star_length62": 0,
    "star_length500": 0,
    "star_primitives2": 0,
    "star_primitives128": 0,
}


def yardstick():
    """CPU seconds of joining 2 million words into 100,000 texts."""
    words = pa.array([f"I_ACT{number}" for number in range(1000)])
    codes = np.random.default_rng(0).integers(0, 1000, 2_000_000)
    begin = time.process_time()
    pc.binary_join(pa.ListArray.from_arrays(np.arange(0, 2_000_001, 20, np.int32), words.take(pa.array(codes))), " ")
    return time.process_time() - begin


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def told(benchmark, **figures):
    """Keep derived figures beside the measured ones, and print them."""
    benchmark.extra_info.update({name: round(value, 4) for name, value in figures.items()})
    print(f"\n{benchmark.name}: {json.dumps(benchmark.extra_info)}")  # noqa: T201


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("split", STREAMS)
def test_rows_are_streamed(benchmark, task_module, split):
    scan = task_module("scan")
    yards, made = [], []

    def some():
        rows = 0
        for block in scan.stream(split, 0, STREAMS[split]):
            rows += block.num_rows
            if rows >= ROWS:
                break
        made.append(rows)

    before = peak_mib()

    benchmark.pedantic(some, setup=lambda: yards.append(yardstick()), rounds=5, warmup_rounds=1)

    rate = made[-1] / benchmark.stats.stats.median
    told(
        benchmark,
        rows_a_cpu_second=rate,
        best_rows_a_cpu_second=made[-1] / benchmark.stats.stats.min,
        rows_a_yardstick=rate * float(np.median(yards)),
        peak_mib_before=before,
        peak_mib=peak_mib(),
    )
