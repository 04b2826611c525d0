"""The rows of results: what each submission scored on each split and what it cost, the cells, and what one printed."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from genbench import registry, strangers
from genbench.cards.addresses import card_name
from genbench.errors import BadValue, UnknownName, nearest
from genbench.report.reading import store_at
from genbench.report.results import headlines, tables_of
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE, count, figure, seconds
from genbench.rows import clocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


def _mean(row: Row) -> str:
    return figure(row["mean"], row["mean"] is None or 0 <= row["mean"] <= 1)


COSTS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters", "split", lambda row: f"{row['task']}/{row['split']}"),
    Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
    Column("profile", "text", "quick (never ranked) or full", "profile"),
    Column("mean", "number", "mean of the headline over its out-of-distribution question sets", "mean", _mean),
    Column("cells", "integer", "cells that ended well, one a seed", "cells"),
    Column("failed", "integer", "cells that did not", "failed", lambda row: str(row["failed"] or "")),
    Column(
        "cell_seconds",
        "number",
        "wall clock of a cell, start of the interpreter included; median",
        "seconds",
        lambda row: seconds(row["cell_seconds"]),
    ),
    Column(
        "cpu_seconds",
        "number",
        "user and system time of a cell; median, null where it is not known",
        "CPU s",
        lambda row: NONE if row["cpu_seconds"] is None else seconds(row["cpu_seconds"]),
    ),
)


def costs(place: str, chosen: Filter, output: Output) -> Table:
    """What each submission scored on each split, and what its cells cost; the best first, `--top` of each split."""
    from genbench.analysis.newest import newest_rows
    from genbench.analysis.standings import standings

    cells, scores = tables_of((place,), ("cells", "scores"))
    output.tell(f"read {cells.num_rows:,} cells of {place}")
    means: dict[tuple[str, ...], list[float | None]] = defaultdict(list)
    lower = set()
    for one in standings(cells, scores, headlines(registry.catalogue().tasks)):
        if one.kind == "ood" or (one.kind == "id" and (one.task, one.split, one.submission, one.profile) not in means):
            means[one.task, one.split, one.submission, one.profile].append(one.mean)
        lower |= {one.task} if one.direction == "lower" else set()
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in newest_rows(cells, ("cell_seconds", "cpu_seconds"), lambda *_: True):
        if _taken(row, chosen):
            groups[row["task"], row["split"], row["submission"], row["profile"]].append(row)
    made = []
    for who, own in groups.items():
        known = [mean for mean in means.get(who, []) if mean is not None]
        good = [row for row in own if row["status"] == "ok"]
        mean = sum(known) / len(known) if known else None
        cost = [_median([row[name] for row in good]) for name in ("cell_seconds", "cpu_seconds")]
        made.append([*who, mean, len(good), len(own) - len(good), *cost])

    def place_of(row: list[Any]) -> tuple[Any, ...]:
        better = 0.0 if row[4] is None else row[4] if row[0] in lower else -row[4]
        return row[0], row[1], row[3], row[4] is None, better, row[2]

    made.sort(key=place_of)
    if chosen.top is not None:
        kept: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
        for values in made:
            kept[str(values[0]), str(values[1]), str(values[3])].append(values)
        made = [values for rows in kept.values() for values in chosen.best(rows)]
    return table_of("rows", COSTS, made, optional=frozenset({"failed"}), title=f"rows in {place}")


def _taken(row: dict[str, Any], chosen: Filter) -> bool:
    """Whether a row is told of; a split or a submission that is named stands for its settings too."""
    split, submission = f"{row['task']}/{row['split']}", row["submission"]
    plain = split.partition(":")[0]
    named = {submission, submission.partition(":")[0], card_name(submission)}
    return (
        (chosen.takes_split(split) or chosen.takes_split(plain))
        and any(map(chosen.takes_submission, named))
        and chosen.profile in {None, row["profile"]}
    )


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


KEY: Final = 10  # characters of a cell's key that a person is shown
CELLS: Final = (
    Column(
        "cell",
        "text",
        "key of the cell; `genbench log` takes it, or how it begins",
        "cell",
        lambda row: str(row["cell"][:KEY]),
    ),
    Column("status", "text", "ok, error, timeout, out_of_memory or crashed", "status"),
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters", "split", lambda row: f"{row['task']}/{row['split']}"),
    Column("submission", "text", "submission, with variant and overridden parameters", "submission"),
    Column("profile", "text", "quick (never ranked) or full", "profile"),
    Column("seed", "integer", "training seed", "seed"),
    Column(
        "cell_seconds", "number", "wall clock of the whole cell", "seconds", lambda row: f"{row['cell_seconds']:.1f}"
    ),
    Column("cpu_seconds", "number", "user and system time of the worker; null where it was killed"),
    Column("detail", "text", "one line: why the status is not ok, or what there is to say", "detail"),
)


def cells(place: str, chosen: Filter, output: Output) -> None:
    """List the cells of a results folder."""
    store = store_at(place)
    read = store.read("cells", [column.name for column in CELLS])
    order = ("task", "split", "submission", "profile", "seed")
    rows = sorted(read.table.to_pylist(), key=lambda row: [str(row[name]) for name in order])
    rows = [row for row in rows if _taken(row, chosen)]
    told = [[row[column.name] for column in CELLS] for row in rows]
    output.show(table_of("cells", CELLS, told, optional=frozenset({"detail"}), spare=frozenset({"cell"})))
    for line in read.skipped:
        output.warn(f"skipped: {line}")
    output.say(f"{len(rows)} cells in {place}")


LOGS: Final = (*CELLS, Column("log", "text", "what it printed, the first and last part where it was long", "log"))


def log(words: Sequence[str], seed: int | None, profile: str | None, place: str, output: Output) -> None:
    """Print what a cell printed, its traceback among it.

    `words` are a cell's key or how it begins, or a split, a submission and perhaps a seed. Of cells that were run again
    the newest is meant. Raises `UnknownName` for none, `BadValue` for several, which are named.
    """
    store = store_at(place)
    names = [*(column.name for column in LOGS), "started", "sealing"]
    read = store.read("cells", names)
    rows = read.table.to_pylist()
    found = _cells_named(words, rows, seed, profile)
    if not found:
        raise UnknownName(f"there is no cell {' '.join(words)!r} in {place}{_hint(words, rows)}")
    if len(found) > 1:
        listed = "\n  ".join(
            f"{row['cell'][:KEY]}  {row['task']}/{row['split']}  {row['submission']}  {row['profile']}  "
            f"seed {row['seed']}  {row['status']}"
            for row in found[:10]
        )
        more = f"\n  and {len(found) - 10} more" if len(found) > 10 else ""
        raise BadValue(f"{' '.join(words)!r} names {count(len(found), 'cell')}; say which:\n  {listed}{more}")
    (row,) = found
    if not output.for_people:
        output.show(table_of("logs", LOGS, [[row[column.name] for column in LOGS]]))
        return
    output.note(
        f"{row['task']}/{row['split']}  {row['submission']}  {row['profile']}  seed {row['seed']}: {row['status']}"
        + (f", {row['detail']}" if row["detail"] else "")
    )
    nothing = "nothing is kept of what it printed" if row["sealing"] == "none" else "it printed nothing"
    print(strangers.plain(row["log"].rstrip("\n")) or nothing)


def _hint(words: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    """The nearest name to the word that names nothing; where each is known, how a cell is named."""
    splits, submissions = {f"{row['task']}/{row['split']}" for row in rows}, {row["submission"] for row in rows}
    for word, known in zip(words, (splits | submissions, submissions), strict=False):
        if word not in known:
            return nearest(word, known) if known else ""
    return "; a cell is named by its key, or by split, submission and seed: scan/length transformer 0" if rows else ""


def _cells_named(
    words: Sequence[str], rows: Sequence[dict[str, Any]], seed: int | None, profile: str | None
) -> list[dict[str, Any]]:
    if len(words) == 1 and "/" not in words[0]:
        found = [row for row in rows if row["cell"].startswith(words[0])]
    else:
        split, *rest = words
        if len(rest) == 2:
            if not rest[1].isdecimal():
                raise BadValue(f"{rest[1]!r} is no seed; a cell is named by split, submission and seed")
            seed = int(rest[1])
        found = [
            row
            for row in rows
            if f"{row['task']}/{row['split']}" == split and (not rest or row["submission"] == rest[0])
        ]
    found = [row for row in found if seed in {None, row["seed"]} and profile in {None, row["profile"]}]
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(found, key=lambda row: clocks.when(row["started"])):
        newest[row["task"], row["split"], row["submission"], row["profile"], row["seed"]] = row
    return list(newest.values())
