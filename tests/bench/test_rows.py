"""Reading rows: twenty thousand cells in small files, and the same cells compacted, as `genbench leaderboard` does.

The bound on small files is for two cores with nothing beside them; the gain of compaction is a ratio within one run.
"""

import os
import time
from datetime import UTC, datetime

import pyarrow as pa

from genbench.analysis.standings.sources import COLUMNS, NEEDED
from genbench.rows.compacting import compact
from genbench.rows.schema import CELLS, SCORES
from genbench.rows.store import Store

SMALL = 20_000  # cells that are read from small files
COMPACTED = 1_000  # cells that are read both ways


def of_cell(key, split):
    """The rows of a cell with eight scores."""
    who = {"cell": key, "task": "toy", "split": split, "submission": "mlp", "profile": "full", "seed": 0}
    plain = {pa.float64(): 1.5, pa.int64(): 1, pa.string(): "text"}
    cell = {field.name: who.get(field.name, plain.get(field.type)) for field in CELLS}
    cell |= {"status": "ok", "started": datetime(2026, 1, 1, tzinfo=UTC), "lineage": "[]"}
    score = {field.name: who.get(field.name, plain.get(field.type)) for field in SCORES}
    return {"cells": [cell], "scores": [{**score, "slice": str(place)} for place in range(8)]}


def seconds(place):
    """Wall clock to read what standings are made of, of CELLS and SCORES, warm."""
    read = {"cells": NEEDED, "scores": COLUMNS}
    for name, columns in read.items():
        Store(place).read(name, columns)
    start = time.perf_counter()
    rows = [Store(place).read(name, columns).table.num_rows for name, columns in read.items()]
    return time.perf_counter() - start, rows


def test_twenty_thousand_small_files_are_read_in_twenty_seconds(tmp_path, benchmark):
    store = Store(str(tmp_path))
    store.append("toy", "mlp", "a", of_cell("a", "small"))
    for name in ("cells", "scores"):
        whole = store.path(name, "toy", "mlp", "a")
        for number in range(SMALL - 1):
            os.link(whole, store.path(name, "toy", "mlp", f"{number:024x}"))

    took, rows = benchmark.pedantic(seconds, (str(tmp_path),), rounds=1)

    assert rows == [SMALL, 8 * SMALL]
    assert took < 20


def test_compacted_rows_are_read_many_times_faster(tmp_path, benchmark):
    store = Store(str(tmp_path))
    for number in range(COMPACTED):
        store.append("toy", "mlp", f"{number:024x}", of_cell(f"{number:024x}", f"split{number % 20}"))
    small, before = seconds(str(tmp_path))

    assert all(one.status == "compacted" for one in compact(store, lambda *_: []))

    together, after = benchmark.pedantic(seconds, (str(tmp_path),), rounds=1)
    benchmark.extra_info["times_faster"] = round(small / together, 1)
    assert before == after == [COMPACTED, 8 * COMPACTED]
    assert together < small / 3
