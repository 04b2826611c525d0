"""Exported splits as MLCommons' own library reads their description."""

import pyarrow.parquet as pq
import pytest

from genbench.cli import main

pytestmark = pytest.mark.filterwarnings("default")  # of these libraries, which are not ours to mend
lib = pytest.importorskip("mlcroissant", reason="needs --group elsewhere")


@pytest.mark.parametrize(
    "split",
    ["modular/addition:p=7", "gcog_screen/distractor:tasks=40,questions=10", "simplicity/lms5:rows=30,questions=40"],
)
def test_a_description_holds_and_its_records_are_the_rows(split, tmp_path):
    words = ["data", "export", split, "--format", "datasets", "--croissant", "--out", str(tmp_path)]
    assert main(words) == 0

    described = lib.Dataset(jsonld=str(tmp_path / "croissant.json"))

    assert not described.metadata.ctx.issues.errors
    for path in tmp_path.glob("*.parquet"):
        records = list(described.records(path.stem))
        rows = pq.read_table(path).to_pylist()
        assert len(records) == len(rows)
        assert {key.partition("/")[2] for key in records[0]} == rows[0].keys()
