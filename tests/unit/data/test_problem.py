"""A split's data, by the names of its parts."""

import pyarrow as pa

from genbench.data.problem import Data


def test_subsets_are_named_as_on_disk():
    one = pa.table({"number": [1]})
    data = Data(one, {"b": one, "a": one}, one)

    assert list(data.subsets()) == ["train", "validation", "questions/b", "questions/a"]


def test_the_names_of_classes_are_part_of_what_identifies_the_data():
    one = pa.table({"number": [1]})
    data = Data(one, {"a": one}, classes=("cat", "dog"))

    assert data.subsets()["classes"].to_pylist() == [{"name": "cat"}, {"name": "dog"}]
