"""Rows as files: equal rows are equal bytes, and half a file never has the whole one's name."""

import gzip
import json

import pyarrow as pa
import pytest

from genbench.authoring.writing import write

ROWS = [{"word": "é", "places": [1, 2]}, {"word": "", "places": []}]


def test_rows_are_written_as_json_one_a_line(tmp_path):
    write(tmp_path / "rows.jsonl", pa.Table.from_pylist(ROWS))

    text = (tmp_path / "rows.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in text.splitlines()] == ROWS
    assert "é" in text


def test_packed_rows_tell_neither_name_nor_time(tmp_path):
    for name in ("one.jsonl.gz", "other.jsonl.gz"):
        write(tmp_path / name, iter(ROWS))

    one, other = ((tmp_path / name).read_bytes() for name in ("one.jsonl.gz", "other.jsonl.gz"))
    assert one == other
    assert one[4:8] == bytes(4)  # the time in a gzip header
    assert len(gzip.decompress(one).splitlines()) == len(ROWS)


def test_rows_that_end_early_leave_the_file_that_was_there(tmp_path):
    def broken():
        yield ROWS[0]
        raise ValueError("the second row cannot be made")

    (tmp_path / "rows.jsonl").write_text("as before")

    with pytest.raises(ValueError, match="the second row"):
        write(tmp_path / "rows.jsonl", broken())

    assert (tmp_path / "rows.jsonl").read_text() == "as before"
