"""Lists as sets."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import answer_sets


@given(st.lists(st.lists(st.sampled_from("cab"), max_size=5), max_size=5), st.integers(0, 3))
def test_a_set_is_its_distinct_elements_in_order(lists, start):
    found = answer_sets.canonical(pa.array(lists, pa.list_(pa.string())).slice(start))

    assert found.to_pylist() == [sorted(set(one)) for one in lists[start:]]


def test_numbers_are_ordered_as_numbers():
    assert answer_sets.canonical(pa.array([[10, 9, 10, -1]])).to_pylist() == [[-1, 9, 10]]
