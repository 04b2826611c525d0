"""How difficult splits are: measured, or taken from where it was kept, and shown."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from genbench import registry
from genbench.errors import GenbenchError, StoreFault
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.registry import ChosenSplit
    from genbench.report.output import Output
    from genbench.report.tables import Table


def difficulty(names: Sequence[str], out: str | None, output: Output, *, fresh: bool) -> int:
    """Measure splits and print their difficulty: every measure of one, a line a question set of several.

    What was measured before is taken from `out` or the cache. Returns 2 where a split could not be measured.
    """
    from genbench.analysis import difficulty as measures

    chosen = registry.choose_splits(names, registry.catalogue())
    code = exits.OK
    every: list[dict[str, Any]] = []
    if len(chosen) > 1 and output.for_people:
        print(measures.head(max(len(f"{one.task.name}/{one.label}") for one in chosen)))
    for one in chosen:
        try:
            table = _measured(one, out, fresh=fresh)
        except GenbenchError as fault:
            name = f"{one.task.name}/{one.label}: "
            output.warn(f"error: {name}{str(fault).removeprefix(name)}")
            code = exits.BAD_INPUT
            continue
        rows = table.to_pylist()
        every += rows
        if not output.for_people:
            continue
        if len(chosen) == 1:
            _lines_of_measures(rows)
            continue
        wide = max(len(f"{other.task.name}/{other.label}") for other in chosen)
        for line in measures.lines(rows, wide):
            print(line, flush=True)
    if not output.for_people:
        output.show(_table(every))
    if out:
        output.say(f"figures: {out}")
    return code


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    """All figures, with the columns of their Parquet files."""
    from genbench.analysis.difficulty import SCHEMA

    kept = [field for field in SCHEMA if field.name != "digest"]
    columns = [
        Column(one.name, "number" if one.name == "value" else "text", one.metadata[b"about"].decode(), one.name)
        for one in kept
    ]
    return table_of("difficulty", columns, [[row[one.name] for one in kept] for row in rows])


def _measured(chosen: ChosenSplit, out: str | None, *, fresh: bool) -> Any:
    """The difficulty of a split, from where it was kept or from its data, and kept where it was not.

    A split with the card's own parameters has the card's fingerprint, so its data need not be built to be known.
    """
    from genbench.analysis import difficulty as measures
    from genbench.data import sources, tables
    from genbench.evaluation import build

    task, label = chosen.task, chosen.label
    measures.refuse(task, chosen.split)
    own = chosen.params == dict(chosen.split.params)
    data = None if own else build.load(chosen)
    fingerprint = chosen.split.fingerprint if data is None else tables.fingerprint(data.subsets())
    key = measures.digest(task, label, fingerprint)
    kept = f"{sources.cache_folder()}/{measures.FOLDER}/{key}.parquet"
    shown = measures.path_of(out, task.name, label) if out else kept
    found = None
    for place in () if fresh else dict.fromkeys((shown, kept)):
        there = measures.read(place)
        if there is not None and there["digest"].to_pylist()[0] == key:
            found = there
            break
    if found is None:
        found = measures.measure(task, chosen.split, label, data or build.load(chosen), fingerprint, chosen.params)
        with contextlib.suppress(StoreFault):  # a cache that cannot be written costs time, nothing else
            measures.write(found, kept)
    if out:
        measures.write(found, shown)
    return found


def _lines_of_measures(rows: Sequence[dict[str, Any]]) -> None:
    """Every measure of one split with what it says; a column for each question set."""
    from genbench.analysis import difficulty as measures

    sets = list(dict.fromkeys(row["question_set"] for row in rows))
    value = {(row["question_set"], row["measure"]): row["value"] for row in rows}
    print(f"{rows[0]['task']}/{rows[0]['split']}")
    compounds = f"compounds: {rows[0]['compounds']}; " if rows[0]["compounds"] else ""
    print(f"{compounds}headline metric: {rows[0]['metric']}")
    wide = max(10, *(len(name) + 2 for name in sets))
    name_wide = max(map(len, measures.MEASURES)) + 2
    print(f"{'':<{name_wide}}" + "".join(f"{name:>{wide}}" for name in sets))
    for name, about in measures.MEASURES.items():
        print(
            f"{name:<{name_wide}}" + "".join(f"{measures.spelled(name, value[one, name]):>{wide}}" for one in sets),
            "",
            about,
        )
    for line in measures.unknown(rows):
        print(line)
