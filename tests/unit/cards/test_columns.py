"""The names of columns' types."""

import pytest

from genbench.cards import columns


@pytest.mark.parametrize("kind", ["vector(1)", "list<vector(784)>", "list<list<string>>", "list<float64>", "image"])
def test_a_card_can_declare_these_types(kind):
    assert columns.is_column_type(kind)


@pytest.mark.parametrize(
    "kind",
    ["vector", "vector(0)", "vector(-1)", "vector(2.5)", "vector(99999999999)", "list<list<vector(2)>>", "list<>", 7],
)
def test_a_card_cannot_declare_these(kind):
    assert not columns.is_column_type(kind)
