"""Seeds from names."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.seeds import derive

names = st.lists(st.one_of(st.text(max_size=5), st.integers()), max_size=4).map(tuple)


@given(names, names)
def test_two_streams_are_the_same_only_where_all_their_names_are(one, other):
    assert (derive(*one) == derive(*other)) == (one == other)


@given(names)
def test_a_seed_has_64_bits_and_is_its_own_again(one):
    assert derive(*one) == derive(*one)
    assert 0 <= derive(*one) < 2**64


def test_a_seed_is_the_same_on_every_machine_and_in_every_release():
    assert derive("scan", "length", "questions", 0) == 9274095522587201672


@pytest.mark.parametrize(("one", "other"), [(("ab", "c"), ("a", "bc")), ((1,), ("1",)), ((), ("",)), ((1, 2), (12,))])
def test_names_do_not_run_into_each_other(one, other):
    assert derive(*one) != derive(*other)


def test_neighbouring_seeds_share_no_example():
    drawn = [random.Random(derive("train", seed)).sample(range(10**6), 100) for seed in range(20)]  # noqa: S311

    assert len({number for numbers in drawn for number in numbers}) > 1990
