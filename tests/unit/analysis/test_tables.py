"""How the tables of analyses are written."""

from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.analysis.tables import SEED, TASK, number, whose, write

SCHEMA = pa.schema([TASK, SEED, number("share", "a share", null=True)])


def test_rows_are_written_whole_and_read_back_with_what_columns_mean(tmp_path):
    rows = [{**whose(SimpleNamespace(task="toy", seed=1, split="echo"), [TASK, SEED]), "share": None}]

    write(rows, SCHEMA, tmp_path / "shares.parquet")

    found = pq.read_table(tmp_path / "shares.parquet")
    assert found.to_pylist() == [{"task": "toy", "seed": 1, "share": None}]
    assert found.schema.field("share").metadata[b"about"] == b"a share"
    assert [path.name for path in tmp_path.iterdir()] == ["shares.parquet"]


def test_a_row_that_is_not_of_the_schema_leaves_what_was_there(tmp_path):
    write([{"task": "toy", "seed": 1, "share": 0.5}], SCHEMA, tmp_path / "shares.parquet")
    before = (tmp_path / "shares.parquet").read_bytes()

    with pytest.raises(Exception, match="shere"):
        write([{"task": "toy", "seed": 1, "shere": 0.5}], SCHEMA, tmp_path / "shares.parquet")

    assert (tmp_path / "shares.parquet").read_bytes() == before
