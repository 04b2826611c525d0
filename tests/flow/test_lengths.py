"""Where accuracy breaks along length, from stored rows to tables and a picture."""

import pyarrow.parquet as pq
import pytest

from genbench.analysis import lengths
from genbench.cli import main

SPLITS = ["--task", "algorithms/count:train_length=5,rows=50,questions=100", "--task", "modular/addition:p=5"]


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """Results on a split with lengths and on one without."""
    place = tmp_path_factory.mktemp("lengths") / "results"
    assert main(["evaluate", "nearest", *SPLITS, "--out", str(place)]) == 0
    return place


@pytest.mark.slow
def test_points_are_printed_written_and_drawn(evaluated, tmp_path, capsys):
    capsys.readouterr()

    code = main(["lengths", str(evaluated), "--out", str(tmp_path / "out")])

    said = capsys.readouterr()
    assert code == 0
    assert "algorithms/count:questions=100,rows=50,train_length=5: length 1 to 105, as in training up to 5" in said.out
    assert "left out: modular/addition:p=5: no axis 'length' with numbers" in said.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "accuracies.parquet",
        "lengths.svg",
        "reaches.parquet",
        "seeds.parquet",
    ]
    rows = pq.read_table(tmp_path / "out" / "reaches.parquet").to_pylist()
    assert [(row["submission"], row["seeds"], row["familiar"]) for row in rows] == [("nearest", 1, 5)]
    assert pq.read_schema(tmp_path / "out" / "accuracies.parquet").names == lengths.ACCURACIES.names
    assert (tmp_path / "out" / "lengths.svg").read_text().startswith("<svg ")


@pytest.mark.slow
def test_the_same_rows_give_the_same_bytes(evaluated, tmp_path):
    for name in ("one", "other"):
        assert main(["lengths", str(evaluated), "--out", str(tmp_path / name)]) == 0

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--axis", "lenght"], "error: no accuracy by 'lenght' can be told; did you mean 'length'?"),
        (["--submission", "nobody"], "error: no cell of these results matches"),
        (["--task", "modular/*"], "error: no accuracy by 'length' can be told\n  modular/addition:p=5: no axis"),
    ],
)
def test_what_cannot_be_told_is_one_error(evaluated, tmp_path, capsys, arguments, message):
    capsys.readouterr()

    code = main(["lengths", str(evaluated), "--out", str(tmp_path / "out"), *arguments])

    assert code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_results_that_are_not_there_are_one_error(tmp_path, capsys):
    code = main(["lengths", str(tmp_path / "nowhere")])

    assert code == 2
    assert capsys.readouterr().err.startswith("error: there are no results at ")
