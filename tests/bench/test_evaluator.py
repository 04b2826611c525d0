"""What the evaluator costs beside the same work done bare; run with `pytest tests/bench --benchmark-only`.

Derived figures are in each benchmark's `extra_info` (`--benchmark-json FILE`, or `-s` to see them printed). What is
compared is measured in turn in the same test, so that a busy machine slows both.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from genbench import cards, registry
from genbench.cards import entries
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.evaluation import plan, prepare, run
from genbench.evaluation.cell import ANSWERS, QUESTIONS, Outcome
from genbench.evaluation.executors.process import Process, environment
from genbench.rows.store import Store

TOYS = Path(__file__).parents[1] / "toys"
ECHO = cards.read(TOYS / "echo", "task")
IDLE = registry.ChosenSubmission(cards.read(TOYS / "idle", "submission"), "", {})
# What a worker of a submission that imports nothing imports; and it ends as a worker does, without taking it all down.
IMPORTS = "import datasets, numpy, os, pyarrow; os._exit(0)"
# Answers of `idle` to the questions of `echo`: the number that was asked.
COPYING = f"""
import sys
from pathlib import Path
import pyarrow as pa
from genbench.data import tables
questions, answers = map(Path, sys.argv[1:])
asked = tables.read(questions)
tables.write(pa.table({{"{QUESTION_ID}": asked["{QUESTION_ID}"], "{PREDICTION}": asked["number"]}}), answers)
"""

FEW, MANY = 10_000, 1_000_000
ROUNDS = 7


def planned(questions):
    """A plan of one cell that asks so many questions."""
    chosen = registry.ChosenSplit(ECHO, ECHO.splits["small"], {"questions": questions})
    return plan.plan([chosen], [IDLE], 1, "quick", "cpu")


def evaluated(questions, executor, out):
    """Evaluate one cell from card to rows; it must end well."""
    shutil.rmtree(out, ignore_errors=True)
    (done,) = run.run(planned(questions), executor, Store(str(out)))
    assert done.status == "ok", done.detail


def bare(questions, out):
    """The same work without an evaluator: load, predict, score, write one Parquet file."""
    data = entries.load_entry(ECHO.folder, ECHO.entry)("small", {"questions": questions}, 0)
    asked = data.questions["test"]
    answers, targets = asked.column("number"), asked.column("again")
    correct = pc.equal(answers, targets)
    score = pc.mean(correct.cast(pa.float64())).as_py()
    pq.write_table(pa.table({"prediction": answers, "target": targets, "correct": correct}), out, compression="zstd")
    assert score == 1.0


class Copies:
    """An executor that has a child copy the answers: what that takes is not of this process."""

    def run(self, jobs):
        for job in jobs:
            places = (str(job.folder / name) for name in (QUESTIONS, ANSWERS))
            subprocess.run([sys.executable, "-c", COPYING, *places], check=True)
            yield Outcome(job.key, "ok", "", "none", 0.0, 0.0, job.folder / ANSWERS, fit_seconds=0.0)


def all_cpu():
    """CPU seconds so far of this process and of the children that have ended: what a busy machine changes least."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def seconds_of(work, clock=time.perf_counter):
    begin = clock()
    work()
    return clock() - begin


def child_imports(folder):
    """Start an interpreter as a worker is started, in its environment, for its imports alone."""
    job = prepare.job_of(planned(FEW).cells[0], "imports", folder)
    subprocess.run([sys.executable, "-P", "-s", "-c", IMPORTS], env=environment(job, "imports"), cwd=folder, check=True)


def peak_mib():
    """Largest resident memory of this process so far, in MiB: of the test, where it is run alone."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def told(benchmark, **figures):
    """Keep derived figures beside the measured ones, and print them."""
    benchmark.extra_info.update({name: round(value, 4) for name, value in figures.items()})
    print(f"\n{benchmark.name}: {json.dumps(benchmark.extra_info)}")  # noqa: T201


@pytest.fixture(scope="module", autouse=True)
def warm(tmp_path_factory):
    """Bytecode and the disk's cache are there before anything is timed."""
    out = tmp_path_factory.mktemp("warm")
    evaluated(100, Process(1), out / "results")
    bare(100, out / "bare.parquet")


def test_a_cell_beside_a_bare_loop_and_the_childs_imports(benchmark, tmp_path):
    bares, imports, imports_cpu, cells_cpu = [], [], [], []

    def beside():
        bares.append(seconds_of(lambda: bare(FEW, tmp_path / "bare.parquet")))
        begin = all_cpu()
        imports.append(seconds_of(lambda: child_imports(tmp_path)))
        imports_cpu.append(all_cpu() - begin)

    def cell():
        cells_cpu.append(seconds_of(lambda: evaluated(FEW, Process(1), tmp_path / "results"), all_cpu))

    benchmark.pedantic(cell, setup=beside, rounds=ROUNDS)

    median, loop = benchmark.stats.stats.median, statistics.median(bares)
    told(
        benchmark,
        cell_seconds=median,
        bare_loop_seconds=loop,
        child_imports_seconds=statistics.median(imports),
        beyond_imports_seconds=statistics.median(map(float.__sub__, benchmark.stats.stats.data, imports)),
        fastest_beyond_fastest_imports_seconds=benchmark.stats.stats.min - min(imports),
        beyond_imports_cpu_seconds=statistics.median(map(float.__sub__, cells_cpu, imports_cpu)),
        microseconds_a_question=1e6 * median / FEW,
        times_the_bare_loop=median / loop,
    )


@pytest.mark.benchmark(timer=time.process_time)
def test_the_parents_cpu_at_a_million_questions_beside_a_bare_loop(benchmark, tmp_path):
    bares = []

    def beside():
        bares.append(seconds_of(lambda: bare(MANY, tmp_path / "bare.parquet"), time.process_time))

    before = peak_mib()

    benchmark.pedantic(evaluated, args=(MANY, Copies(), tmp_path / "results"), setup=beside, rounds=5)

    cell = benchmark.stats.stats.median
    loop = statistics.median(bares)
    told(
        benchmark,
        microseconds_a_question=1e6 * cell / MANY,
        bare_loop_microseconds_a_question=1e6 * loop / MANY,
        times_the_bare_loop=cell / loop,
        peak_mib_before=before,
        peak_mib=peak_mib(),
    )


@pytest.mark.parametrize("questions", [FEW, MANY])
def test_a_bare_loop(benchmark, tmp_path, questions):
    benchmark.pedantic(bare, args=(questions, tmp_path / "bare.parquet"), rounds=ROUNDS)


def test_the_childs_imports(benchmark, tmp_path):
    benchmark.pedantic(child_imports, args=(tmp_path,), rounds=ROUNDS)


@pytest.mark.parametrize("verb", ["--help", "list"])
def test_the_command_line_starts(benchmark, verb):
    command = [str(Path(sys.executable).with_name("genbench")), verb]

    benchmark.pedantic(
        subprocess.run,
        args=(command,),
        kwargs={"check": True, "stdout": subprocess.DEVNULL},
        rounds=10,
        warmup_rounds=1,
    )


CELLS = 40


def test_cells_that_do_nothing_prepared_beside_fresh(benchmark, tmp_path):
    """CPU seconds from plan to rows of a cell whose own work is next to nothing, the imports of the first one apart."""

    def cpu_of(seeds, *, prepared):
        chosen = registry.ChosenSplit(ECHO, ECHO.splits["small"], {})
        out = tmp_path / f"{prepared}-{seeds}"
        shutil.rmtree(out, ignore_errors=True)
        cells = plan.plan([chosen], [IDLE], seeds, "quick", "cpu")
        begin = all_cpu()
        done = list(run.run(cells, Process(1, prepared=prepared), Store(str(out))))
        assert {one.status for one in done} == {"ok"}
        return all_cpu() - begin

    forked, started = [], []

    def beside():
        forked.append((cpu_of(CELLS, prepared=True) - cpu_of(1, prepared=True)) / (CELLS - 1))
        started.append((cpu_of(4, prepared=False) - cpu_of(1, prepared=False)) / 3)

    benchmark.pedantic(beside, rounds=3)

    told(
        benchmark,
        prepared_cpu_seconds=statistics.median(forked),
        fresh_cpu_seconds=statistics.median(started),
        times_fewer=statistics.median(started) / statistics.median(forked),
    )
