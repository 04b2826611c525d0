"""Values of parameters: spelled, read back, and put in each other's place."""

from hypothesis import given
from hypothesis import strategies as st

from genbench.cards import overridden, scalar, spell


@given(st.one_of(st.integers(-(10**9), 10**9), st.floats(allow_nan=False), st.booleans()))
def test_a_value_that_is_spelled_reads_back_as_it_was(value):
    found = scalar(spell(value))

    assert (found, type(found)) == (value, type(value))


def test_an_integer_for_a_number_becomes_one():
    settings = overridden({"rate": 0.1}, {"rate": 2}, "mlp")

    assert repr(settings["rate"]) == "2.0"


def test_what_is_not_given_stays_as_it_was():
    assert overridden({"rate": 0.1, "steps": 3}, {"steps": 4}, "mlp") == {"rate": 0.1, "steps": 4}
