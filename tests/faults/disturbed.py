"""Evaluations that something happens to, and what a resume makes of them: no row may be lost, nothing may stay behind.

    uv run python tests/faults/disturbed.py --points 40 --seed 0

Each point begins with an empty results folder, disturbs one evaluation of four cells at a moment drawn from the seed,
types the same command again, and holds all rows against those of an evaluation that nothing happened to. What a clock
measures is left out. Prints a table in Markdown, which docs/security.md keeps, and ends with 1 where a row was lost. A
full disk and a read-only one are file systems of their own (tmpfs), which root alone can mount; without root they are
left out, by name.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from genbench.cards.addresses import card_name
from genbench.rows.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOYS = Path(__file__).parents[1] / "toys"
WHAT = [str(TOYS / "guesses"), str(TOYS / "stepping"), "--task", str(TOYS / "echo"), "--seeds", "2", "--quiet"]
CLOCKED = {
    "cells": {
        *("fit_seconds", "predict_seconds", "cell_seconds", "cpu_seconds", "peak_memory_bytes"),
        *("started", "machine", "log"),
    },
    "curves": {"fit_seconds"},
}
FEW, MANY = 40_000, 400_000  # bytes of a disk that is soon full; the rows of the four cells have some 150,000
AHEAD = 12 * 365 * 86_400.0  # seconds
SETTLES = 3.0  # seconds in which a warden has tidied up
# Begun with another clock, which jumps after some seconds.
JUMPS = """
import sys, time
real, since, after, by = time.time, time.monotonic(), float(sys.argv[1]), float(sys.argv[2])
time.time = lambda: real() + (by if time.monotonic() - since > after else 0.0)
from genbench.cli import main
sys.exit(main(sys.argv[3:]))
"""


@dataclass
class Place:
    """Where one point happens: results, job folders and checkpoints of its own."""

    root: Path
    rng: random.Random
    seconds: float  # that an undisturbed evaluation takes
    done: list[str] = field(default_factory=list)

    @property
    def results(self) -> Path:
        return self.root / "disk" / "results"

    def start(self, *before: str) -> subprocess.Popen[bytes]:
        own = {"TMPDIR": self.root / "jobs", "GENBENCH_CHECKPOINTS": self.root / "checkpoints"}
        for folder in (*own.values(), self.root / "disk"):
            folder.mkdir(exist_ok=True)
        words = before or ("-m", "genbench.cli")
        return subprocess.Popen(
            [sys.executable, *words, "evaluate", *WHAT, "--out", str(self.results)],
            env={**os.environ, **{name: str(folder) for name, folder in own.items()}},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def ended(self, child: subprocess.Popen[bytes]) -> str:
        """What an evaluation said on standard error; a traceback is a finding."""
        said = child.communicate(timeout=600)[1].decode(errors="replace")
        if "Traceback" in said:
            self.done.append(f"traceback: {said.strip().splitlines()[-1]}")
        return said

    def left(self) -> list[str]:
        """What stayed behind: workers, job folders, checkpoint folders."""
        workers = []
        for one in psutil.process_iter():
            try:
                if one.environ().get("TMPDIR", "").startswith(str(self.root)):
                    workers.append(f"process {one.pid}")
            except psutil.Error:
                continue
        kept = [path for name in ("jobs", "checkpoints") for path in (self.root / name).glob("*")]
        return workers + [path.name for path in kept if not path.name.startswith(".")]


def killed(place: Place) -> None:
    """SIGKILL to the evaluation itself; its workers and folders are a warden's to end."""
    child = place.start()
    time.sleep(place.rng.uniform(0, place.seconds))
    child.send_signal(signal.SIGKILL)
    place.ended(child)


def full(place: Place) -> None:
    """A disk that is full before all rows are written, and has room later."""
    with disk(place, place.rng.randrange(FEW, MANY)) as enlarge:
        place.ended(place.start())
        enlarge()
        resumed(place)


def read_only(place: Place) -> None:
    """A results folder that becomes read-only meanwhile."""
    with disk(place, 2**26) as _:
        child = place.start()
        time.sleep(place.rng.uniform(0, place.seconds))
        subprocess.run(["mount", "-o", "remount,ro", str(place.root / "disk")], check=False, capture_output=True)
        place.ended(child)
        subprocess.run(["mount", "-o", "remount,rw", str(place.root / "disk")], check=True)
        resumed(place)


def two_at_once(place: Place) -> None:
    """Two evaluations of the same cells into the same folder, the second some time after the first."""
    first = place.start()
    time.sleep(place.rng.uniform(0, place.seconds / 2))
    second = place.start()
    for child in (first, second):
        place.ended(child)


def clock_ahead(place: Place) -> None:
    """A clock that jumps twelve years ahead."""
    place.ended(place.start("-c", JUMPS, str(place.rng.uniform(0, place.seconds)), str(AHEAD)))


def clock_back(place: Place) -> None:
    """A clock that jumps twelve years back."""
    place.ended(place.start("-c", JUMPS, str(place.rng.uniform(0, place.seconds)), str(-AHEAD)))


FAULTS: dict[str, Callable[[Place], None]] = {
    "kill -9": killed,
    "disk full": full,
    "disk read-only": read_only,
    "two evaluations at once": two_at_once,
    "clock 12 years ahead": clock_ahead,
    "clock 12 years back": clock_back,
}
MOUNTS = {"disk full", "disk read-only"}


@contextmanager
def disk(place: Place, size: int) -> Iterator[Callable[[], None]]:
    """A file system of `size` bytes for the results; gives what makes it large."""
    at = place.root / "disk"
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)], check=True)
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(at)], check=True) and None
        # What was written is looked at after the disk is gone.
        shutil.copytree(at, place.root / "copy")
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)
    shutil.copytree(place.root / "copy", at, dirs_exist_ok=True)


def resumed(place: Place) -> None:
    """The same command once more, by a clock that is right."""
    place.ended(place.start())


def rows_of(results: Path) -> dict[tuple[str, str], Any]:
    """All that is kept, by table and cell, without what a clock measured."""
    store = Store(str(results))
    found: dict[tuple[str, str], Any] = {}
    for row in store.read("cells").table.to_pylist():
        found["cells", row["cell"]] = {name: value for name, value in row.items() if name not in CLOCKED["cells"]}
        for name in ("scores", "predictions", "marks", "curves"):
            table = store.read_cell(name, row["task"], card_name(row["submission"]), row["cell"])
            if table is not None and not isinstance(table, str):
                kept = [column for column in table.column_names if column not in CLOCKED.get(name, ())]
                found[name, row["cell"]] = sorted(map(repr, table.select(kept).to_pylist()))
    return found


def undisturbed(root: Path) -> tuple[dict[tuple[str, str], Any], float]:
    """The rows of an evaluation that nothing happens to, and the seconds it takes."""
    place = Place(root, random.Random(0), 0.0)
    place.root.mkdir()
    began = time.monotonic()
    resumed(place)
    return rows_of(place.results), time.monotonic() - began


def main() -> int:
    """Try the faults in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="one fault by its name, such as 'kill -9'")
    asked = parser.parse_args()
    faults = [name for name in FAULTS if name not in MOUNTS or os.geteuid() == 0]
    if asked.only and asked.only not in faults:
        parser.error(f"--only is {asked.only!r}; here it may be {', '.join(faults)}")
    if len(faults) < len(FAULTS):
        print(f"left out without root: {', '.join(sorted(MOUNTS))}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="genbench-faults-") as folder:
        wanted, seconds = undisturbed(Path(folder) / "undisturbed")
        print(f"{len(wanted)} tables of cells, {seconds:.1f} s undisturbed", file=sys.stderr, flush=True)
        count = dict.fromkeys(faults, 0)
        lost, left, findings = (dict.fromkeys(faults, 0) for _ in range(3))
        for point in range(asked.points):
            name = (
                asked.only or faults[1 + point // 2 % (len(faults) - 1)] if point % 2 else faults[0]
            )  # half of them are kills
            place = Place(Path(folder) / f"point-{point}", random.Random(f"{asked.seed}/{point}"), seconds)
            place.root.mkdir()
            FAULTS[name](place)
            if name not in MOUNTS:
                resumed(place)
            found = rows_of(place.results)
            gone = [key for key in wanted if found.get(key) != wanted[key]]
            end = time.monotonic() + SETTLES
            while (behind := place.left()) and time.monotonic() < end:
                time.sleep(0.2)
            count[name], lost[name], left[name] = count[name] + 1, lost[name] + len(gone), left[name] + len(behind)
            findings[name] += len(place.done)
            told = "; ".join([*place.done, *(f"lost {key}" for key in gone[:3]), *behind]) or "as undisturbed"
            print(f"{point + 1}/{asked.points} {name}: {told}", file=sys.stderr, flush=True)
            shutil.rmtree(place.root, ignore_errors=True)
    print("| what happened | runs | rows lost | left behind | tracebacks |\n| --- | --- | --- | --- | --- |")
    for name in filter(count.get, faults):
        print(f"| {name} | {count[name]} | {lost[name]} | {left[name]} | {findings[name]} |")
    return 1 if sum(lost.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
