"""Standings of very many rows: intervals, paired tests, sets of ranks and the overall, from compacted marks.

    uv run pytest tests/bench/test_scale.py -n0 -s --benchmark-only
    GENBENCH_SCALE=1000,100 uv run pytest tests/bench/test_scale.py -n0 -s --benchmark-only

The scale is submissions, splits: each with 5 seeds of 200 questions, so 1000,100 are 100,000,000 predictions. Rows are
made as `genbench compact` leaves them, without answers, which standings do not read. Each measurement is a process of
its own: its CPU seconds, wall clock and highest memory; beside them those of pandas, which takes the means of the same
marks and nothing else. Half as many splits are measured too: standings must not cost more than in proportion.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from genbench import seeds
from genbench.rows import files
from genbench.rows.gathering import scores_digest
from genbench.rows.marks import row_of
from genbench.rows.schema import CELLS, MARKS, SCORES, to_table
from genbench.rows.segments import MANIFEST, SAID, folder_of, manifest

SUBMISSIONS, SPLITS = map(int, os.environ.get("GENBENCH_SCALE", "100,4").split(","))
SEEDS, QUESTIONS = 5, 200
MOST_SECONDS, MOST_BYTES = 300, 500 << 20  # of 100,000,000 predictions
NOON = datetime(2026, 1, 1, tzinfo=UTC)
_PLAIN = {pa.float64(): 1.5, pa.int64(): 1, pa.string(): "{}"}

MEASURED = """
import json, resource, sys, time
start = time.perf_counter()
{work}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss * 1024, found]))
"""
STANDINGS = """
from genbench.analysis.standings import Evidence, Headline, Stored, standings_of
from genbench.analysis.standings.overall import overall
from genbench.rows.store import Store
store = Store(sys.argv[1])
source = Stored([store])
fact = Headline("exact_match", floor={"test": 0.0}, kinds={"test": "ood"}, ends=(0, 1))
facts = {f"{task}/{split}": fact for task, split in source.labels()}
rows = standings_of(source, facts, Evidence([store]))
whole, _ = overall(rows)
found = [len(rows), sum(one.ranks is not None for one in rows), len(whole), sum(one.mean for one in rows)]
"""
PANDAS = """
import glob
import numpy, pandas, pyarrow.parquet
total, count = 0.0, 0
for path in glob.glob(sys.argv[1] + "/compact/**/marks.parquet", recursive=True):
    read = lambda name, *columns: pyarrow.parquet.read_table(
        path.replace("marks.parquet", name + ".parquet"), columns=list(columns), partitioning=None
    ).to_pandas()
    frame = read("marks", "cell", "n", "marks")
    frame["mean"] = [
        numpy.unpackbits(numpy.frombuffer(one, numpy.uint8), count=n, bitorder="little").mean()
        for one, n in zip(frame.marks, frame.n)
    ]
    means = frame.merge(read("cells", "cell", "submission"), on="cell").groupby("submission")["mean"].mean()
    total, count = total + means.sum(), count + len(means)
found = [count, 0, 0, total]
"""


def _row(schema, who):
    return {field.name: who.get(field.name, _PLAIN.get(field.type)) for field in schema}


def _split(place, number):
    """One split with all its cells, compacted."""
    split = f"s{number:03d}"
    stream = np.random.default_rng(seeds.derive("scale", number))
    hard = 1.5 * stream.standard_normal(QUESTIONS)
    cells, scores, marks, said = [], [], [], []
    for submission in range(SUBMISSIONS):
        for seed in range(SEEDS):
            who = {"cell": f"{number:04x}{submission:012x}{seed:08x}", "task": "toy", "split": split}
            who |= {"submission": f"m{submission:04d}", "profile": "full", "seed": seed}
            answers = stream.random(QUESTIONS) < 1 / (1 + np.exp(-(submission / SUBMISSIONS + hard)))
            at = {"question_set": "test", "kind": "ood", "axis": "", "slice": "", "metric": "exact_match"}
            cell = {**_row(CELLS, who), "status": "ok", "started": NOON, "sealing": "process", "lineage": "[]"}
            score = {**_row(SCORES, who), **at, "value": float(answers.mean()), "n": QUESTIONS, "error": None}
            packed = row_of("{}", "test", "exact_match", np.arange(QUESTIONS), answers.astype(np.float64))
            cells.append(cell)
            scores.append(score)
            marks.append({**{name: who[name] for name in MARKS.names if name in who}, **packed})
            rows = {"cells": 1, "logs": 1, "scores": 1, "marks": 1}
            said.append({**{name: cell[name] for name in SAID}, "started": NOON, "scores": "", "rows": rows})
    whole = to_table(cells, CELLS)
    tables = {"cells": whole.drop_columns(["log"]), "logs": whole.select(["log"])}
    tables |= {"scores": to_table(scores, SCORES), "marks": to_table(marks, MARKS)}
    for one in said:
        one["scores"] = scores_digest(None)
    folder = place / folder_of("toy", split) / "all"
    folder.mkdir(parents=True)
    for name, table in tables.items():
        with (folder / f"{name}.parquet").open("wb") as sink:
            files.write(table, sink)
    sizes = {name: (folder / f"{name}.parquet").stat().st_size for name in tables}
    (folder / MANIFEST).write_bytes(manifest("toy", split, (), said, sizes))


def _measured(work, place):
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED.format(work=work), str(place)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_standings_cost_in_proportion_to_rows(tmp_path, benchmark):
    half, whole = tmp_path / "half", tmp_path / "whole"
    for number in range(SPLITS):
        _split(whole, number)
        if number < SPLITS // 2:
            _split(half, number)

    measured = benchmark.pedantic(
        lambda: {
            "standings, half": _measured(STANDINGS, half),
            "standings": _measured(STANDINGS, whole),
            "pandas, means alone": _measured(PANDAS, whole),
        },
        rounds=1,
    )

    predictions = SUBMISSIONS * SPLITS * SEEDS * QUESTIONS
    print(f"\n{predictions:,} predictions of {SUBMISSIONS * SPLITS * SEEDS:,} cells")
    for name, (cpu, wall, memory, _) in measured.items():
        print(f"{name:20s} {cpu:7.1f} CPU s {wall:7.1f} s {memory / 1e6:6.0f} MB")
    (before, *_), (cpu, wall, memory, found), (*_, means) = measured.values()
    assert found[:3] == [SUBMISSIONS * SPLITS, SUBMISSIONS * SPLITS, SUBMISSIONS]
    assert abs(found[3] - means[3]) < 1e-6 * found[0]
    assert cpu < 2.2 * before + 1
    assert wall < MOST_SECONDS
    assert memory < MOST_BYTES
