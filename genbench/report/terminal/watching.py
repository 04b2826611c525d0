"""The leaderboard written again whenever rows change, until Ctrl-C."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from time import sleep, strftime
from typing import TYPE_CHECKING, Final

from genbench.errors import BadValue, GenbenchError
from genbench.report.results import page_place
from genbench.report.terminal import leaderboard
from genbench.report.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.terminal.leaderboard import Told

POLL: Final = 1.0  # seconds between two looks
NAMED: Final = 5  # splits that are named; of more there is a number

Seen = dict[str, tuple[int, int]]  # path -> when it changed, in nanoseconds, and its bytes
Splits = dict[str, frozenset[tuple[str, str]]]  # task/split -> its cells, and how each ended


def watch(
    results: Sequence[str], out: str | None, chosen: Filter, output: Output, *, long: bool = False, home: str = ""
) -> None:
    """Print and write the leaderboard, then write it again after each change of rows, and say what changed.

    Returns at Ctrl-C. Raises `BadValue` for results that are not on this disk; what is amiss with rows later is said,
    and the next change waited for.
    """
    for place in results:
        if "://" in place:
            raise BadValue(f"results at {place!r} are not on this disk, so changes cannot be seen; copy them here")
    page = page_place(results[0], out)
    try:
        seen = look(results, page)
        known = splits_of(leaderboard.leaderboard(results, out, chosen, output, long=long, home=home))
        output.say(f"watching {', '.join(results)}; Ctrl-C ends")
        while True:
            sleep(POLL)
            now = look(results, page)
            if now == seen:
                continue
            while now != (seen := look(results, page)):  # somebody still writes
                sleep(POLL)
                now = seen
            try:
                told = leaderboard.read(results)
                leaderboard.write_page(told, out, home)
            except GenbenchError as fault:
                output.warn(f"not written again: {fault}")
                continue
            before, known = known, splits_of(told)
            output.say(f"{strftime('%H:%M:%S')} written again: {difference(before, known)}")
    except KeyboardInterrupt:
        output.note("\nno longer watching")


def look(results: Sequence[str], page: Path) -> Seen:
    """The files of results folders, but for those of the page itself and those that are still written."""
    own = page.resolve()
    seen: Seen = {}
    for place in results:
        for folder, within, names in os.walk(place):
            within[:] = [name for name in within if Path(folder, name).resolve() != own]
            for name in names:
                path = f"{folder}/{name}"
                try:
                    told = os.stat(path)  # noqa: PTH116  thousands of files, once a second
                except OSError:  # gone meanwhile
                    continue
                if not name.endswith(".partial"):
                    seen[path] = (told.st_mtime_ns, told.st_size)
    return seen


def splits_of(told: Told) -> Splits:
    """The cells that a leaderboard was made of, by split."""
    found: Mapping[str, set[tuple[str, str]]] = defaultdict(set)
    for row in told.cells.select(["task", "split", "cell", "status"]).to_pylist():
        found[f"{row['task']}/{row['split']}"].add((row["cell"], row["status"]))
    return {name: frozenset(cells) for name, cells in found.items()}


def difference(before: Splits, after: Splits) -> str:
    """What changed, in words: the splits with cells that came or went."""
    told = []
    for name in sorted(before.keys() | after.keys()):
        came = len(after.get(name, frozenset()) - before.get(name, frozenset()))
        went = len(before.get(name, frozenset()) - after.get(name, frozenset()))
        parts = [f"{count(came, 'new cell')}" if came else "", f"{count(went, 'cell')} gone" if went else ""]
        if came or went:
            told.append(f"{name} ({', '.join(part for part in parts if part)})")
    more = f" and {count(len(told) - NAMED, 'split')} more" if len(told) > NAMED else ""
    return (", ".join(told[:NAMED]) + more) or "files changed, and no cell with them"
