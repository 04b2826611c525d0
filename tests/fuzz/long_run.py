"""Unsound inputs, many of them, through every door: no traceback, no hang, genbench's own errors alone.

    nice -n 19 uv run python tests/fuzz/long_run.py --inputs 1000000 --seed 0 --state fuzz.json

Each input follows from the seed and its number, so any of them can be made again. With `--state` the run may be ended
at any time, by Ctrl-C or by an input that takes the process with it, and goes on by the same command; that input is
then a finding. How far it is, is printed each minute. At the end: a table in Markdown, which docs/security.md keeps. An
input that ends otherwise is kept in `--found`, one file each by its digest; what was mended belongs in `corpus` beside
this, which tests/unit/test_corpus.py goes through. Ends with 1 where there was one.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from doors import doors
from mutations import mutated
from progress import Progress

from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from doors import Door

HANGS = 20  # CPU seconds of one input that are called a hang
MEMORY = Path("/dev/shm")  # noqa: S108  where it is there: a disk lets each small file wait
WAITS = 300  # seconds of one that waits for something: a machine that is shared has inputs wait, too


class HangError(Exception):
    """One input took too long."""


def tried(door: Callable[[bytes], object], given: bytes) -> str:
    """What is wrong with how an input ended; "" where nothing is."""
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    signal.alarm(WAITS)
    try:
        door(given)
    except GenbenchError as fault:
        return "" if str(fault) else f"{type(fault).__name__} says nothing"
    except HangError:
        return f"hang: {HANGS} CPU seconds, or {WAITS} of waiting"
    except Exception as fault:
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return f"{type(fault).__name__} at {Path(where.filename).name}:{where.lineno}: {str(fault)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
    return ""


def _alarm(*_: object) -> None:
    raise HangError


def drawn(known: list[tuple[str, int, list[bytes], Door]], seed: int, number: int) -> tuple[str, Door, bytes]:
    """The input of that number: the door's name, the door, and what is sent through it."""
    rng = random.Random(f"{seed}/{number}")
    name, _, sound, door = rng.choices(known, [weight for _, weight, _, _ in known])[0]
    return name, door, mutated(rng.choice(sound), rng)


def kept(found: Path, name: str, given: bytes) -> Path:
    """Where an input that ended in a fault now lies."""
    at = found / name.replace("/", "-") / hashlib.sha256(given).hexdigest()[:16]
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_bytes(given)
    return at


def go_on(progress: Progress, known: list[tuple[str, int, list[bytes], Door]], asked: argparse.Namespace) -> None:
    """Send inputs through the doors until there are enough of them, or the seconds are over."""
    until = time.monotonic() + asked.seconds
    while progress.done < asked.inputs and time.monotonic() < until:
        name, door, given = drawn(known, asked.seed, progress.done)
        start = time.process_time()
        wrong = tried(door, given) if progress.begin() else "the process ended with it"
        if progress.ended(name, time.process_time() - start, wrong):
            print(f"{name}: {wrong}  {kept(asked.found, name, given)}", file=sys.stderr, flush=True)


def main() -> int:
    """Go through the doors in turns until inputs or seconds run out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="of this part of the run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--found", type=lambda given: Path(given).resolve(), default=Path("fuzz-found").resolve())
    parser.add_argument("--state", type=lambda given: Path(given).resolve(), help="where the run is kept, to go on")
    asked = parser.parse_args()
    progress = Progress.at(asked.state, asked.seed)
    signal.signal(signal.SIGALRM, _alarm)
    signal.signal(signal.SIGPROF, _alarm)
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell has its jobs in the background ignore the first
        signal.signal(ending, signal.default_int_handler)
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="genbench-fuzz-", dir=place) as room, contextlib.chdir(room), progress:
        go_on(progress, list(doors(Path(room))), asked)
    print(progress.table())
    return 1 if any(progress.faults.values()) else 0


if __name__ == "__main__":
    os.environ.setdefault("GENBENCH_OFFLINE", "1")
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("ended before its inputs were; with --state the same command goes on")
