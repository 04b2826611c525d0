"""Tables: a row that is not what the columns declare is refused."""

import pytest

from genbench.report.tables import Column, Table, table_of

COLUMNS = (
    Column("name", "text", "what it is called", "name"),
    Column("share", "number", "a share"),
    Column("count", "integer", "how many"),
    Column("holds", "boolean", "whether it holds"),
)


def test_values_of_the_declared_types_are_taken_and_none_everywhere():
    table = table_of("toy", COLUMNS, [["a", 0.5, 3, True], ["b", 1, 0, False], [None] * 4])

    assert [row["share"] for row in table.rows] == [0.5, 1, None]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ([1, 0.5, 3, True], "name is 1; it must be text"),
        (["a", "0.5", 3, True], "share is '0.5'; it must be number"),
        (["a", True, 3, True], "share is True; it must be number"),
        (["a", 0.5, 3.0, True], "count is 3.0; it must be integer"),
        (["a", 0.5, True, True], "count is True; it must be integer"),
        (["a", 0.5, 3, 1], "holds is 1; it must be boolean"),
    ],
)
def test_a_value_of_another_type_is_refused(row, fault):
    with pytest.raises(TypeError, match=f"^table 'toy': {fault}$"):
        table_of("toy", COLUMNS, [row])


def test_a_row_with_other_keys_is_refused():
    with pytest.raises(TypeError, match=r"a row has the keys \['name'\]; its columns are \['name', 'share', "):
        Table("toy", COLUMNS, ({"name": "a"},))
