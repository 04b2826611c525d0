"""Schemas: rows become tables of exactly the columns that are declared."""

import pyarrow as pa
import pytest

from genbench.errors import StoreFault
from genbench.rows.schema import TABLES, VERSIONS, column, to_table

PETS = pa.schema([column("name", pa.string(), "what it is called"), column("age", pa.int64(), "in years", null=True)])


def test_rows_become_a_table_of_the_schema():
    table = to_table([{"age": 3, "name": "Rex"}, {"name": "Tom", "age": None}], PETS)

    assert table.schema.equals(PETS, check_metadata=True)
    assert table.to_pylist() == [{"name": "Rex", "age": 3}, {"name": "Tom", "age": None}]


def test_no_rows_are_an_empty_table():
    assert to_table([], PETS).num_rows == 0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"name": "Rex"}, "row 1: missing columns ['age'], unknown columns []"),
        ({"name": "Rex", "agge": 3}, "row 1: missing columns ['age'], unknown columns ['agge']"),
        ({"name": "Rex", "age": 3, "owner": "Ann"}, "row 1: missing columns [], unknown columns ['owner']"),
        ({"name": None, "age": 3}, "column 'name' must not be null"),
        ({"name": 3, "age": 3}, "column 'name': Expected bytes, got a 'int' object"),
        ({"name": "Rex", "age": "three"}, "column 'age': Could not convert 'three' with type str"),
        ({"name": "Rex", "age": 1.5}, "column 'age' holds integers; Arrow would cut a float to one without a word"),
        ({"name": "Rex", "age": 2**70}, "column 'age': Python int too large to convert to C long"),
        ({"name": "\udcff", "age": 3}, "column 'name': 'utf-8' codec can't encode character"),
    ],
)
def test_a_row_that_is_not_of_the_schema_is_refused(row, message):
    with pytest.raises(StoreFault) as caught:
        to_table([{"name": "Tom", "age": 1}, row], PETS)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_tells_its_name_its_version_and_what_each_column_holds(name):
    schema = TABLES[name]

    assert schema.metadata == {b"genbench": name.encode(), b"genbench-schema": VERSIONS[name]}
    assert all(field.metadata[b"about"] for field in schema)


@pytest.mark.parametrize("name", sorted(TABLES.keys() - {"predictions"}))
def test_every_table_can_be_read_alone(name):
    assert TABLES[name].names[:6] == ["cell", "task", "split", "submission", "profile", "seed"]
