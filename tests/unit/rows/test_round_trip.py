"""The published rows, written cell by cell and compacted again, are what they were.

Of the smallest splits at every run; of all where GENBENCH_ALL_ROWS is set, which the nightly check of rows does.
"""

import os
from pathlib import Path

import pytest

from genbench.rows.compacting import compact
from genbench.rows.gathering import same
from genbench.rows.schema import TABLES
from genbench.rows.segments import base_of
from genbench.rows.store import OF_CELL, Store

PUBLISHED = Store(str(Path(__file__).parents[3] / "leaderboard" / "results"))
SMALLEST = 4
SEGMENTS = sorted(PUBLISHED.shelf.look().found, key=lambda one: sum(one.files.values()))


def _tables(store, segment, cell):
    base = base_of(segment.said(cell))
    return {name: store.read_cell(name, segment.task, base, cell) for name in OF_CELL}


@pytest.mark.parametrize(
    "segment",
    SEGMENTS if os.environ.get("GENBENCH_ALL_ROWS") else SEGMENTS[:SMALLEST],
    ids=lambda one: f"{one.task}/{one.split}",
)
def test_published_rows_written_again_and_compacted_are_the_same(segment, tmp_path):
    cells = PUBLISHED.shelf.known().held_by(segment)
    store = Store(str(tmp_path))
    for cell in cells:
        tables = {
            name: one.cast(TABLES[name]) for name, one in _tables(PUBLISHED, segment, cell).items() if one is not None
        }
        store.append(segment.task, base_of(segment.said(cell)), cell, tables)

    (done,) = compact(store, lambda *_: [])

    assert (done.status, done.cells, done.notes) == ("compacted", len(cells), ())
    again = Store(str(tmp_path))
    for cell in cells:
        before, after = (_tables(one, segment, cell) for one in (PUBLISHED, again))
        assert [name for name in OF_CELL if before[name] is None] == [name for name in OF_CELL if after[name] is None]
        assert [name for name in OF_CELL if before[name] is not None and not same(before[name], after[name])] == []
