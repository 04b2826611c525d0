"""Files of predictions, in the types that people's tools write."""

import json
import os
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.authoring import reading
from genbench.authoring.predictions_file import read_predictions
from genbench.authoring.reading import PACKED
from genbench.errors import BadPredictions


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pa.array([1, 2], pa.int8()), "int64"),
        (pa.array([1, 2], pa.uint32()), "int64"),
        (pa.array(["a", "b"], pa.large_string()), "string"),
        (pa.array(["a", "b"]).dictionary_encode(), "string"),
        (pa.array([["a"], []]), "list<string>"),
        (pa.array([["a"], []], pa.large_list(pa.large_string())), "list<string>"),
        (pa.array([[1], []], pa.list_(pa.int32())), "list<int64>"),
        (pa.array([[1], [2]], pa.list_(pa.int64(), 1)), "list<int64>"),
        (pa.array([0.5, 1.0], pa.float32()), "float64"),
        (pa.array([1, 2]), "float64"),
        (pa.array([True, False]), "bool"),
    ],
)
def test_types_that_say_the_same_are_taken(path, given, kind):
    found = read_predictions(path(given), kind, 9)

    assert found.column_names == ["question_id", "prediction"]
    assert found.column("prediction").to_pylist() == given.to_pylist()
    assert str(found.column("prediction").type) == kind.replace("list<", "list<item: ").replace("float64", "double")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pa.array([1.0]), "int64"),
        (pa.array([True]), "int64"),
        (pa.array([1]), "bool"),
        (pa.array([1]), "string"),
        (pa.array([b"a"]), "string"),
        (pa.array([[1.0]]), "list<int64>"),
        (pa.array([["a"]]), "string"),
        (pa.array([["a"]]), "list<int64>"),
        (pa.array([None]), "string"),
    ],
)
def test_types_that_say_something_else_are_refused(path, given, kind):
    with pytest.raises(BadPredictions, match=f"prediction is of type .*; the target is of type {re.escape(kind)}$"):
        read_predictions(path(given), kind, 9)


@pytest.mark.parametrize(
    ("given", "kind", "column"),
    [
        (pa.array([[0.5, 1.0]]), "vector(2)", pa.list_(pa.float32(), 2)),
        (pa.array([[1, 2]], pa.list_(pa.int64(), 2)), "vector(2)", pa.list_(pa.float32(), 2)),
        (pa.array([[[0.5, 1.0]], []]), "list<vector(2)>", pa.list_(pa.list_(pa.float32(), 2))),
        (pa.array([[2, 1]], pa.list_(pa.int32())), "set<int64>", pa.list_(pa.int64())),
        (pa.array(["a"]), "any_of<string>", pa.string()),
    ],
)
def test_vectors_sets_and_one_of_several_come_in_what_people_write(path, given, kind, column):
    found = read_predictions(path(given), kind, 9).column("prediction")

    assert (found.type, found.to_pylist()) == (column, given.to_pylist())


def test_a_vector_of_another_length_is_refused(path):
    said = r"mine.parquet: question 1 has a prediction of 1 numbers; the target is of type vector\(2\), 2 numbers"
    with pytest.raises(BadPredictions, match=said):
        read_predictions(path(pa.array([[0.5, 1.0], [0.5]])), "vector(2)", 9)


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".jsonl.gz", ".csv", ".csv.zst"])
def test_more_rows_than_there_are_questions_are_not_read(tmp_path, ending):
    answers = pa.table({"question_id": pa.array(range(30)), "prediction": pa.array(["a"] * 30)})
    at = tmp_path / f"answers{ending}"
    if ending == ".parquet":
        pq.write_table(answers, at)
    else:
        lines = [json.dumps(row) for row in answers.to_pylist()] if "json" in ending else ["question_id,prediction"]
        lines += [] if "json" in ending else [f"{number},a" for number in range(30)]
        with pa.output_stream(str(at), compression=PACKED.get(at.suffix)) as sink:
            sink.write("\n".join(lines).encode())

    assert len(read_predictions(at, "string", 30)) == 30
    with pytest.raises(BadPredictions, match=r"it has (30|10) rows; the split has 9 questions"):
        read_predictions(at, "string", 9)


@pytest.mark.parametrize("ending", [".parquet", ".jsonl.zst", ".csv.gz"])
def test_a_few_bytes_that_stand_for_very_many_are_not_unpacked(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(reading, "MOST_BYTES", 10**6)
    text, at = "a" * 10**5, tmp_path / f"bomb{ending}"
    if ending == ".parquet":
        pq.write_table(pa.table({"question_id": pa.array(range(20)), "prediction": pa.array([text] * 20)}), at)
    else:
        with pa.output_stream(str(at), compression=PACKED[at.suffix]) as sink:
            sink.write(b"question_id,prediction\n" if ".csv" in ending else b"")
            for number in range(20):
                row = (
                    f"{number},{text}" if ".csv" in ending else json.dumps({"question_id": number, "prediction": text})
                )
                sink.write(f"{row}\n".encode())

    assert at.stat().st_size < 10**5
    with pytest.raises(BadPredictions, match=r"unpacked it has (over )?\d+ bytes"):
        read_predictions(at, "string", 20)


def test_a_pipe_is_no_file_of_predictions(tmp_path):
    os.mkfifo(tmp_path / "answers.csv")

    with pytest.raises(BadPredictions, match="a pipe or a device; score takes a file"):
        read_predictions(tmp_path / "answers.csv", "string", 9)


def test_json_that_is_nested_beyond_reason_is_named_by_its_line(tmp_path):
    (tmp_path / "deep.jsonl").write_text("[" * 10**5)

    with pytest.raises(BadPredictions, match="line 1: no JSON"):
        read_predictions(tmp_path / "deep.jsonl", "string", 9)
