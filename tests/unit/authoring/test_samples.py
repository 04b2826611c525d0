"""Samples: asked for only of tasks that have such a form, and written to files that say which form they hold."""

from dataclasses import replace
from pathlib import Path

import pytest

from genbench.authoring.samples import import_samples
from genbench.errors import BadValue

PARSER = """
import json
import pyarrow as pa

def read(path):
    return pa.table({"number": [int(line) for line in path.read_text().splitlines()]})

def make(row, params, split, subset):
    return {"number": row["number"], "of": params["questions"]}
"""


@pytest.fixture
def task(tmp_path, echo):
    """A task's card whose samples are numbers, one a line, and a file of two."""
    (tmp_path / "samples.py").write_text(PARSER)
    (tmp_path / "two.txt").write_text("3\n5\n")
    return replace(echo.task, folder=tmp_path, import_samples="samples:read", export_samples="samples:make")


def test_samples_become_rows(task):
    import pyarrow.parquet as pq

    count = import_samples(task, task.folder / "two.txt", task.folder / "rows.parquet")

    assert count == 2
    assert pq.read_table(task.folder / "rows.parquet").to_pylist() == [{"number": 3}, {"number": 5}]


def test_samples_become_samples_again_with_the_cards_parameters(task):
    import_samples(task, task.folder / "two.txt", task.folder / "again.jsonl")

    assert (task.folder / "again.jsonl").read_text() == '{"number": 3, "of": 100}\n{"number": 5, "of": 100}\n'


@pytest.mark.parametrize(
    ("lacking", "out", "message"),
    [
        ("import_samples", "rows.parquet", "echo names no 'import_samples' on its card: it has no form of its own"),
        ("export_samples", "rows.jsonl.gz", "echo names no 'export_samples' on its card; let --out end in .parquet"),
        ("", "rows.csv", "--out is rows.csv; it must end in .parquet, or in .jsonl or .jsonl.gz for samples again"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_read(task, lacking, out, message):
    card = replace(task, **{lacking: ""}) if lacking else task

    with pytest.raises(BadValue, match=f"^{message}"):
        import_samples(card, Path("no such file"), Path(out))
