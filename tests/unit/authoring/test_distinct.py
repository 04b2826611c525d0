import pyarrow as pa
import pytest

from genbench.authoring.distinct import distinct, shown

KINDS = {
    "list<int64>": (pa.list_(pa.int64()), [[1, 2], [], [3], [1, 2]]),
    "list<float64>": (pa.list_(pa.float64()), [[1.5, 0.0], [], [3.0], [1.5, -0.0]]),
    "list<string>": (pa.list_(pa.string()), [["a", "b"], [], ["c"], ["a", "b"]]),
    "int64": (pa.int64(), [1, 2, 3, 1]),
    "vector(2)": (pa.list_(pa.float32(), 2), [[1, 2], [0, 0], [3, 4], [1, 2]]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_equal_values_are_one_wherever_they_stand(kind):
    type_of, values = KINDS[kind]
    table = pa.table({"x": pa.array(values, type_of), "y": ["u", "v", "w", "u"]})
    cut = pa.concat_tables([table.slice(1, 2), table.slice(0, 1)])

    assert len(distinct(table, ["x", "y"])) == 3
    assert distinct(cut, ["x", "y"]) == distinct(table, ["x", "y"])
    assert distinct(table.slice(2), ["x"]) < distinct(table, ["x"])


def test_a_list_is_shown_by_its_numbers():
    assert shown(distinct(pa.table({"x": pa.array([[10, -2]], pa.list_(pa.int64()))}), ["x"])) == "(10, -2)"
    assert shown(distinct(pa.table({"x": pa.array([[0.5, -2]], pa.list_(pa.float64()))}), ["x"])) == "(0.5, -2.0)"
