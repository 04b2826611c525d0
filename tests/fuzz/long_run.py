"""Unsound inputs, many of them, through every door: no traceback, no hang, genbench's own errors alone.

    nice -n 15 uv run python tests/fuzz/long_run.py --inputs 1000000 --seed 0

Prints a table in Markdown, which docs/security.md keeps. An input that ends otherwise is kept in `--found`, one file
each by its digest; what was mended belongs in `corpus` beside this, which tests/unit/test_corpus.py goes through. Ends
with 1 where there was one.
"""

from __future__ import annotations

import argparse
import collections
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

from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Callable

HANGS = 20  # CPU seconds of one input that are called a hang
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


def main() -> int:
    """Go through the doors in turns until inputs or seconds run out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--found", type=Path, default=Path("fuzz-found").resolve())
    asked = parser.parse_args()
    signal.signal(signal.SIGALRM, _alarm)
    signal.signal(signal.SIGPROF, _alarm)
    rng, begun = random.Random(asked.seed), time.monotonic()
    count: collections.Counter[str] = collections.Counter()
    spent: collections.Counter[str] = collections.Counter()
    faults: dict[str, set[str]] = collections.defaultdict(set)
    with tempfile.TemporaryDirectory(prefix="genbench-fuzz-") as room, contextlib.chdir(room):
        known = list(doors(Path(room)))
        weights = [weight for _, weight, _, _ in known]
        while sum(count.values()) < asked.inputs and time.monotonic() - begun < asked.seconds:
            name, _, sound, door = rng.choices(known, weights)[0]
            given = mutated(rng.choice(sound), rng)
            start = time.process_time()
            wrong = tried(door, given)
            spent[name] += time.process_time() - start
            count[name] += 1
            if wrong and wrong not in faults[name]:
                faults[name].add(wrong)
                at = asked.found / name.replace("/", "-") / hashlib.sha256(given).hexdigest()[:16]
                at.parent.mkdir(parents=True, exist_ok=True)
                at.write_bytes(given)
                print(f"{name}: {wrong}  {at}", file=sys.stderr, flush=True)
    print("| door | inputs | CPU seconds | tracebacks and hangs |\n| --- | --- | --- | --- |")
    for name in sorted(count):
        print(f"| {name} | {count[name]:,} | {spent[name]:.0f} | {len(faults[name])} |")
    total = sum(map(len, faults.values()))
    print(f"| all | {sum(count.values()):,} | {sum(spent.values()):.0f} | {total} |")
    return 1 if total else 0


if __name__ == "__main__":
    os.environ.setdefault("GENBENCH_OFFLINE", "1")
    sys.exit(main())
