"""Measure what docs/performance.md tells of, and write the page's tables, below its line.

    uv run --group peers python docs/performance.py            # all of it: half an hour on two idle cores
    uv run --group peers python docs/performance.py decoding   # one section anew, the others as they were

What was measured is kept in docs/performance.json, with when and on what. Contenders of a section take turns in one
run, and figures are of CPU seconds where nothing else is said, so that a busy machine matters less; read ratios.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HERE: Final = Path(__file__).resolve().parent
BENCH, TOYS = HERE.parent / "tests" / "bench", HERE.parent / "tests" / "toys"
KEPT: Final = HERE / "performance.json"
LINE: Final = "\n---\n\n"
MIB: Final = 2**20
Table = list[list[Any]]  # the first row names the columns

sys.path.insert(0, str(BENCH))


# A process is told to have been as large as what started it was, so a small one starts what is measured.
STARTER = """
import json, os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
took = time.perf_counter() - start
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, took, used.ru_maxrss * 1024]))
"""

# The same between this process and one that prints its own figures.
BETWEEN = "import subprocess, sys; raise SystemExit(subprocess.run(sys.argv[1:]).returncode)"


def spent(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """CPU seconds of a command with all that it started, seconds, and MiB of the largest of its processes."""
    started = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, *command], cwd=folder, capture_output=True, text=True, check=True
    )
    status, cpu, took, largest = json.loads(started.stdout)
    if status:
        raise SystemExit(f"{' '.join(command)}: exit status {status}")
    return cpu, took, largest / MIB


def in_turn(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each contender in each round, after one that does not count."""
    for contender in contenders.values():
        contender()
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            begin = time.process_time()
            contender()
            found[name].append(time.process_time() - begin)
    return found


def times(found: Mapping[str, list[float]], name: str, other: str) -> float:
    """How many times as long the other takes: the median over rounds."""
    return statistics.median(their / own for own, their in zip(found[name], found[other], strict=True))


def training() -> Table:
    """A small encoder-decoder on batches of 1,024 tokens, each contender in a process of its own."""
    import test_kit_training as bench

    found: dict[str, list[dict[str, float]]] = {name: [] for name in bench.CONTENDERS}
    for _ in range(3):
        for name, own in found.items():
            own.append(bench.in_a_process(name))
    rates = {name: [one["tokens_a_cpu_second"] for one in own] for name, own in found.items()}
    peaks = {name: statistics.median(one["peak_mib"] for one in own) for name, own in found.items()}
    called = {"kit": "the kit", "torch": "`torch.nn.Transformer`, a plain loop", "x_transformers": "x-transformers"}
    rows = [
        [called[name], round(statistics.median(rates[name])), round(times(rates, name, "kit"), 2), round(peaks[name])]
        for name in found
    ]
    return [["who trains", "tokens a CPU second", "the kit's rate, times", "peak MiB"], *rows]


def decoding() -> Table:
    """Greedy answers of 48 tokens by every kind of position, beside `generate` and the same model without a cache."""
    import decoders
    import torch
    from test_kit_decoding import peak

    torch.set_num_threads(1)
    rows: Table = [["rows", "who decodes", "ms a token of all rows", "times `generate`", "times uncached", "peak MiB"]]
    for count in (32, 256):
        source = decoders.questions(count)
        made = {name: decoders.kit(name) for name in decoders.POSITIONS}
        groups = [
            ({**made, "generate": decoders.bart_generate(), "uncached": decoders.uncached()}, "encoder-decoder"),
            ({"kit": decoders.decoder_only(), "generate": decoders.gpt2_generate()}, "decoder only"),
        ]
        for group, kind in groups:
            contenders = {name: functools.partial(decode, source) for name, decode in group.items()}
            found = in_turn(contenders, 5)
            for name, own in found.items():
                rows.append(
                    [
                        count,
                        _decoder(kind, name),
                        round(1e3 * statistics.median(own) / decoders.LIMIT, 2),
                        round(times(found, name, "generate"), 2),
                        round(times(found, name, "uncached"), 2) if "uncached" in found else "",
                        round(peak(contenders[name]) or 0),
                    ]
                )
    return rows


def _decoder(kind: str, name: str) -> str:
    peer = "BART" if kind == "encoder-decoder" else "GPT-2"
    return {
        "generate": f"{kind}: `generate` of transformers, {peer}",
        "uncached": f"{kind}: the kit, sinusoidal, without a cache",
        "kit": f"{kind}: the kit",
    }.get(name, f"{kind}: the kit, {name}")


def modular() -> Table:
    """Steps of the modular network's baseline beside the loop that one would first write."""
    import test_modular as bench
    import torch

    torch.set_num_threads(1)
    values, target = bench.pairs()
    network = bench.module()
    rows: Table = [["dropout", "ms a step", "ms a step of the plain loop", "times as fast"]]
    for dropout in (0.0, 0.6):
        own, plain = bench.ours(network, values, target, dropout), bench.plain(values, target, dropout)
        found: dict[str, list[float]] = {"own": [], "plain": []}
        for _ in range(10):
            found["own"].append(bench.seconds_of(own, bench.TURN, flushed=True))
            found["plain"].append(bench.seconds_of(plain, bench.TURN, flushed=False))
        torch.set_flush_denormal(False)
        each = [round(1e3 * statistics.median(found[name]) / bench.TURN, 2) for name in ("own", "plain")]
        rows.append([dropout, *each, round(times(found, "own", "plain"), 2)])
    return rows


def cells() -> Table:
    """A cell that does nothing, and a thousand of them, from plan to rows; beside it one in a fresh interpreter."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        one, many = _idle(out / "one", 1), _idle(out / "many", 1000, splits=10)
        alone, few = _idle(out / "alone", 1, "fresh"), _idle(out / "few", 6, "fresh")
    each = 1e3 * (many[0] - one[0]) / 999
    fresh = 1e3 * (few[0] - alone[0]) / 5
    return [
        ["what", "CPU", "seconds", "peak MiB"],
        ["a cell more, forked (`--executor process`)", f"{each:.0f} ms", "", ""],
        ["a cell more, in a fresh interpreter (`--executor fresh`)", f"{fresh:.0f} ms", "", ""],
        ["1,000 cells, two at a time, with the summary and the page", f"{many[0]:.0f} s", *map(round, many[1:])],
    ]


def _idle(out: Path, count: int, executor: str = "process", splits: int = 1) -> tuple[float, float, float]:
    """So many cells that do nothing, by the command; what it spent."""
    tasks = [word for number in range(splits) for word in ("--task", f"{TOYS}/echo:questions={100 + number}")]
    words = ["evaluate", f"{TOYS}/idle", *tasks, "--seeds", str(count // splits), "--executor", executor]
    return spent([*_genbench(), *words, "--jobs", "2", "--quiet", "--out", str(out)], out.parent)


def _genbench() -> list[str]:
    return [sys.executable, "-m", "genbench.cli"]


def questions() -> Table:
    """One cell of very many questions: what the evaluator's own process spends on each, answers apart."""
    heads = ["questions", "microseconds of CPU a question", "the same of a bare loop", "peak MiB", "of 100 questions"]
    rows: Table = [heads]
    for count in (100_000, 1_000_000, 4_000_000):
        words = [sys.executable, "-S", "-c", BETWEEN, sys.executable, __file__, "--questions", str(count)]
        told = subprocess.run(words, capture_output=True, text=True, check=True)
        rows.append([f"{count:,}", *json.loads(told.stdout)])
    return rows


def _questions(count: int) -> list[float]:
    """Measured in a process of its own: microseconds a question, those of a bare loop, peak MiB, and that of few."""
    import test_evaluator as bench

    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        bench.evaluated(100, bench.Copies(), out / "rows")
        few, peaks, own, bare = bench.peak_mib(), [], [], []
        for _ in range(5):
            own.append(
                bench.seconds_of(lambda: bench.evaluated(count, bench.Copies(), out / "rows"), time.process_time)
            )
            peaks.append(bench.peak_mib())  # the first counts: what follows is beside what a bare loop left
            bare.append(bench.seconds_of(lambda: bench.bare(count, out / "bare.parquet"), time.process_time))
    seconds = (round(1e6 * statistics.median(one) / count, 2) for one in (own, bare))
    return [*seconds, round(peaks[0]), round(few)]


def sweep() -> Table:
    """Ten thousand cells that are there, of which nothing is left to run; and the site of two thousand cells."""
    from filled import filled

    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        names = filled(out / "large", 250)
        plan = spent([*_genbench(), "plan", *names, "--seeds", "250", "--out", "large", "--timings", "large"], out)
        import_alone = spent([*_genbench(), "--version"], out)
        words = ["evaluate", *names, "--seeds", "250", "--out", "large", "--quiet", "--format", "csv"]
        resumed = spent([*_genbench(), *words], out)
        _idle(out / "small", 2000, splits=20)
        site = spent([*_genbench(), "leaderboard", "small", "--out", "site", "--quiet"], out)
        pages = sum(1 for _ in (out / "site").rglob("*.html"))
        size = sum(path.stat().st_size for path in (out / "site").rglob("*") if path.is_file()) / MIB
    return [
        ["what", "CPU s", "seconds", "peak MiB"],
        *(
            [what, *(round(value, 1) for value in told)]
            for what, told in (
                ("`genbench plan --out` of 10,000 cells that are there", plan),
                ("`genbench evaluate` of the same, which keeps them all, with the summary and the page", resumed),
                ("`genbench --version`, for comparison", import_alone),
                (f"`genbench leaderboard` of 2,000 cells that do nothing: {pages} pages, {size:.1f} MiB", site),
            )
        ),
    ]


def first_run() -> Table:
    """The README's `genbench evaluate`, into an empty folder, with packages installed."""
    with tempfile.TemporaryDirectory() as place:
        cpu, wall, peak = spent([*_genbench(), "evaluate", "--quiet"], Path(place))
    return [["what", "CPU s", "seconds", "peak MiB"], ["`genbench evaluate`", round(cpu), round(wall), round(peak)]]


SECTIONS: Final[dict[str, tuple[str, Callable[[], Table]]]] = {
    "training": ("Training", training),
    "decoding": ("Decoding", decoding),
    "modular": ("The modular network", modular),
    "cells": ("Cells that do nothing", cells),
    "questions": ("Very many questions", questions),
    "sweep": ("Large sweeps", sweep),
    "first_run": ("The first run", first_run),
}


def machine() -> str:
    """What a section was measured on, and how busy it was."""
    from importlib.metadata import version

    from genbench.rows import provenance

    of = provenance.machine()
    size = f"{of['processor']}, {of['cores']} cores, {int(of['memory_bytes']) // 2**30} GiB"
    busy = f"load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "load not known"
    libraries = f"Python {platform.python_version()}, torch {version('torch').partition('+')[0]}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {size}, {busy}; {libraries}"


def page(kept: Mapping[str, Any]) -> str:
    """The tables in Markdown, of what was kept."""
    parts = []
    for name, (title, measured) in SECTIONS.items():
        if name in kept:
            head, *rows = [[str(value) for value in row] for row in kept[name]["table"]]
            lines = [head, ["---"] * len(head), *rows]
            table = "\n".join(f"| {' | '.join(row)} |" for row in lines)
            command = f"`uv run --group peers python docs/performance.py {name}`"
            parts.append(f"## {title}\n\n{measured.__doc__}\n\n{table}\n\n{command}: {kept[name]['on']}\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Measure the sections that are named, all where none is, and write the page; the exit status."""
    if arguments[:1] == ["--questions"]:
        print(json.dumps(_questions(int(arguments[1]))))
        return 0
    if unknown := [name for name in arguments if name not in SECTIONS]:
        print(f"there is no section {unknown[0]!r}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    for name in arguments or SECTIONS:
        measured = {"on": machine(), "table": SECTIONS[name][1]()}
        kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
        kept[name] = measured
        in_order = {one: kept[one] for one in SECTIONS if one in kept}
        KEPT.write_text(json.dumps(in_order, indent=1) + "\n", encoding="utf-8")
        print(f"measured: {name}")
    told = HERE / "performance.md"
    head, line, _ = told.read_text(encoding="utf-8").partition(LINE)
    told.write_text(head + line + page(json.loads(KEPT.read_text(encoding="utf-8"))), encoding="utf-8")
    print(f"written: docs/{told.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
