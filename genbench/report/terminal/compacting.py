"""What `genbench compact` says of each split, and its sums at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.report.reading import store_at
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits
from genbench.report.wording import count

if TYPE_CHECKING:
    from genbench.report.output import Output
    from genbench.report.tables import Row

_NAMED: Final = 10  # of what there is to say, the lines a person is shown


def _size(name: str) -> Any:
    def told(row: Row) -> str:
        return f"{row[name] / 1e6:.2f}" if row["status"] == "compacted" else ""

    return told


def _files(name: str) -> Any:
    return lambda row: f"{row[name]:,}" if row["status"] == "compacted" else ""


SPLITS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, all its parameters together", "split", lambda row: f"{row['task']}/{row['split']}"),
    Column("status", "text", "compacted, as it was (nothing was new), or left (why, is said)", "status"),
    Column("cells", "integer", "cells that are compacted now", "cells"),
    Column("again", "integer", "cells among them that were run again or scored again since the last time"),
    Column("marked", "integer", "older cells among them that were given marks, made of their answers"),
    Column("files_before", "integer", "files that held them before", "files", _files("files_before")),
    Column("files_after", "integer", "files that hold them now", "now", _files("files_after")),
    Column("bytes_before", "integer", "bytes of these files before", "MB", _size("bytes_before")),
    Column("bytes_after", "integer", "bytes of these files now, without what was asked", "now ", _size("bytes_after")),
)


def compact(place: str, output: Output) -> int:
    """Compact a results folder. Returns 2 where rows could not be read, and so were left as they are."""
    from genbench.authoring import compacting

    store = store_at(place)
    rows: list[list[Any]] = []
    notes: list[str] = []
    for one in compacting.compact(store, registry.catalogue()):
        notes += one.notes
        if one.task:
            counts = [one.cells, one.again, one.marked, *one.files, *one.bytes]
            rows.append([one.task, one.split, one.status, *counts])
            output.tell(f"{one.task}/{one.split}: {one.status}, {count(one.cells, 'cell')}")
    output.show(table_of("splits", SPLITS, rows, title=f"compacted rows in {place}"))
    for line in notes[:_NAMED] if output.for_people else notes:
        output.warn(line)
    if output.for_people and len(notes) > _NAMED:
        output.warn(f"and {len(notes) - _NAMED} more; --format json says all")
    done = [row for row in rows if row[2] == "compacted"]
    sums = [sum(row[place] for row in done) for place in range(3, 10)]
    cells, again, marked, before, after, bytes_before, bytes_after = sums
    told = f"{count(cells, 'cell')} of {count(len(done), 'split')}: {before:,} files with {bytes_before / 1e6:.1f} MB"
    told += f" are {after:,} with {bytes_after / 1e6:.1f} MB now"
    told += f"; {count(again, 'cell')} run again since" if again else ""
    told += f"; {count(marked, 'cell')} given marks" if marked else ""
    output.say(told if done else f"nothing new to compact in {place}")
    return exits.BAD_INPUT if notes else exits.OK
