"""Tables in files, and the fingerprint that names their content."""

import itertools
import tempfile

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import tables
from genbench.errors import BadData

VALUES = {
    "string": st.text(max_size=4),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "list<int64>": st.lists(st.integers(-9, 9), max_size=3),
    "list<string>": st.lists(st.text(max_size=2), max_size=3),
    "list<float64>": st.lists(st.floats(allow_nan=False), max_size=3),
    "list<list<int64>>": st.lists(st.lists(st.integers(-9, 9), max_size=2), max_size=2),
    "list<list<string>>": st.lists(st.lists(st.text(max_size=1), max_size=2), max_size=2),
    "vector(2)": st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2),
    "list<vector(2)>": st.lists(st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2), max_size=2),
    "image": st.fixed_dictionaries({"bytes": st.binary(max_size=3), "path": st.none()}),
}


@st.composite
def columns(draw):
    """A column of a type that a card can declare, with a few values."""
    kind = draw(st.sampled_from(sorted(VALUES)))
    return kind, draw(st.lists(VALUES[kind], max_size=6))


def table_of(kind, values, name="x"):
    return pa.table({name: pa.array(values, tables.ARROW[kind])})


def mark(table, name="train"):
    return tables.fingerprint({name: table})


@given(columns(), st.integers(0, 6), st.integers(0, 3))
def test_a_fingerprint_does_not_depend_on_chunks_or_on_what_lies_around_a_slice(column, cut, before):
    kind, values = column
    whole = table_of(kind, values)
    chunked = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    padded = pa.concat_tables([whole.slice(0, before), whole, whole.slice(0, 2)]).combine_chunks()

    assert mark(chunked) == mark(padded.slice(min(before, len(values)), len(values))) == mark(whole)


@given(columns(), columns())
def test_two_columns_have_one_fingerprint_only_where_type_and_values_agree(one, other):
    assert (mark(table_of(*one)) == mark(table_of(*other))) == (one[0] == other[0] and spelt(one) == spelt(other))


def spelt(column):
    """The column's values as text: 0.0 and -0.0 are equal, and not the same bytes."""
    return repr([value["bytes"] if column[0] == "image" else value for value in column[1]])


@given(columns(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_part_of_a_fingerprint(column, stream):
    kind, values = column
    shuffled = list(values)
    stream.shuffle(shuffled)

    assert (mark(table_of(kind, values)) == mark(table_of(kind, shuffled))) == (
        spelt((kind, values)) == spelt((kind, shuffled))
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.table({"a": [1], "b": [2]}), pa.table({"b": [2], "a": [1]})),
        (pa.table({"a": [1]}), pa.table({"b": [1]})),
        (pa.table({"a": ["12", "3"]}), pa.table({"a": ["1", "23"]})),
        (pa.table({"a": [[1, 2], [3]]}), pa.table({"a": [[1], [2, 3]]})),
        (pa.table({"a": [1]}), pa.table({"a": [1.0]})),
        (pa.table({"a": [1]}), pa.table({"a": pa.array([1], pa.int32())})),
        (pa.table({"a": [1]}), pa.table({"a": [True]})),
    ],
)
def test_what_differs_in_order_name_boundary_or_type_differs(one, other):
    assert mark(one) != mark(other)


def test_the_name_of_a_subset_is_part_of_a_fingerprint_and_their_order_is_not():
    one, other = table_of("int64", [1]), table_of("int64", [2])

    assert mark(one, "train") != mark(one, "test")
    assert tables.fingerprint({"a": one, "b": other}) == tables.fingerprint({"b": other, "a": one})
    assert tables.fingerprint({"a": one, "b": other}) != tables.fingerprint({"a": other, "b": one})


def test_a_fingerprint_is_the_same_in_every_release():
    content = {
        "train": pa.table({"s": ["a", "bc"], "l": [[1], []], "f": [0.5, 1.0], "b": [True, False]}),
        "questions/test": table_of("image", [{"bytes": b"ab", "path": None}]),
    }

    assert tables.fingerprint(content) == "sha256:34f0944fb183201b75d59a9719f3da5d41ee53cdf2f63681840b030215de193e"


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (pa.array([1, None]), "train.x holds 1 nulls; every value must be there"),
        (pa.array([[1, None]]), "train.x holds 1 nulls; every value must be there"),
        (pa.array([1], pa.timestamp("us")), "train.x has type timestamp[us], which no card can declare"),
        (
            pa.array([{"bytes": b"a", "path": None}, {"bytes": None, "path": "b"}], tables.ARROW["image"]),
            "train.x.bytes holds 1 nulls; every value must be there",
        ),
    ],
)
def test_what_no_card_can_declare_has_no_fingerprint(array, message):
    with pytest.raises(BadData) as caught:
        mark(pa.table({"x": array}))

    assert str(caught.value) == message


@given(st.lists(columns(), max_size=3))
def test_a_table_written_is_the_table_read(found):
    import tempfile
    from pathlib import Path

    rows = min((len(values) for _, values in found), default=0)
    arrays = [pa.array(values[:rows], tables.ARROW[kind]) for kind, values in found]
    table = pa.table(arrays, names=[f"c{place}" for place in range(len(arrays))])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.arrow")
        tables.write(table, path)

        assert tables.read(path).equals(table)
        assert [one.name for one in Path(folder).iterdir()] == ["x.arrow"]


def test_a_file_is_cut_into_batches_in_which_a_row_is_found_fast(tmp_path):
    tables.write(table_of("int64", range(tables.BATCH_ROWS * 2 + 1)), tmp_path / "x.arrow")

    assert [len(chunk) for chunk in tables.read(tmp_path / "x.arrow").column(0).chunks] == [*[tables.BATCH_ROWS] * 2, 1]


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "x.arrow"
    tables.write(table_of("int64", [1]), path)

    class Full:
        def __init__(self, *_):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(pa.ipc, "new_stream", Full)
    with pytest.raises(OSError, match="No space left"):
        tables.write(table_of("int64", [2]), path)

    assert tables.read(path).column(0).to_pylist() == [1]


def test_an_image_column_says_so_in_the_way_that_datasets_reads():
    from datasets import Dataset, Features, Image, Value

    kinds = {"picture": "image", "sizes": "list<int64>", "name": "string"}
    table = pa.table(
        [pa.array([], tables.ARROW[kind]) for kind in kinds.values()],
        names=list(kinds),
    )

    found = Dataset(tables.described(table, kinds)).features

    assert found["picture"] == Image()
    assert found["sizes"].feature == Value("int64")
    assert isinstance(found, Features)


def chunked(rows=500, pieces=7):
    """A table of images and numbers in pieces of uneven length."""
    stream = np.random.default_rng(0)
    images = [{"bytes": stream.bytes(int(stream.integers(0, 40))), "path": None} for _ in range(rows)]
    whole = pa.table({"image": pa.array(images, tables.ARROW["image"]), "n": pa.array(range(rows), pa.int64())})
    cuts = [0, *sorted(stream.integers(0, rows, pieces - 1).tolist()), rows]
    return pa.concat_tables([whole.slice(a, b - a) for a, b in itertools.pairwise(cuts)])


def test_rows_gathered_on_disk_are_those_gathered_in_memory(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    table = chunked()
    order = np.random.default_rng(1).permutation(table.num_rows)
    in_memory = tables.taken(table, order)
    monkeypatch.setattr(tables, "SPILLED", 0)
    monkeypatch.setattr(tables, "GATHERED", 64)

    on_disk = tables.taken(table, order)

    assert on_disk.equals(in_memory)
    assert on_disk["n"].num_chunks == 8
    assert on_disk["n"].to_pylist() == order.tolist()
    assert list(tmp_path.iterdir()) == [], "the file has no name any more"


def test_chunks_do_not_matter_for_a_fingerprint_of_images():
    table = chunked()

    assert tables.fingerprint({"a": table}) == tables.fingerprint({"a": table.combine_chunks()})
