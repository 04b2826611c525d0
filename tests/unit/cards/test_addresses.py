"""What a name with parameters stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench import cards
from genbench.errors import BadValue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scan/length", cards.Address("scan/length")),
        ("mlp@decay5", cards.Address("mlp", "decay5")),
        ("mlp@*:steps=3", cards.Address("mlp", "*", {"steps": 3})),
        (
            "m:a=1,b=0.5,c=true,d=1e-3,e=words,f=-7",
            cards.Address("m", "", {"a": 1, "b": 0.5, "c": True, "d": 0.001, "e": "words", "f": -7}),
        ),
        ('m:a="1"', cards.Address("m", "", {"a": "1"})),
        ("m:a=x=y", cards.Address("m", "", {"a": "x=y"})),
        ("m:a=2020-01-01", cards.Address("m", "", {"a": "2020-01-01"})),
        ("m:a=[1]", cards.Address("m", "", {"a": "[1]"})),
        (f"m:a={'1' * 5000}", cards.Address("m", "", {"a": "1" * 5000})),
    ],
)
def test_an_address_is_a_name_a_variant_and_parameters(text, expected):
    assert cards.address(text) == expected


@pytest.mark.parametrize("text", ["m:", "m:a", "m:=1", "m:a=", "m:a=1,", "m:a=1,,b=2"])
def test_an_address_with_half_a_parameter_is_refused(text):
    with pytest.raises(BadValue, match="is not of the form key=value"):
        cards.address(text)


def test_an_address_with_half_a_variant_is_refused():
    with pytest.raises(BadValue, match="^'mlp@:a=1' names no variant behind its '@'$"):
        cards.address("mlp@:a=1")


def test_a_label_spells_its_parameters_in_one_order():
    assert cards.address("m@v:b=true,a=0.50").label == cards.address("m@v:a=0.5,b=true").label == "m@v:a=0.5,b=true"


plain = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.booleans())


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), plain, max_size=4))
def test_a_label_read_as_an_address_gives_its_parameters_back(given):
    one = cards.Address("m", "v", given)

    assert cards.address(one.label) == one


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("mlp", ["mlp"]),
        ("mlp@decay0:steps=5", ["mlp@decay0:steps=5"]),
        ("mlp:steps=1|2", ["mlp:steps=1", "mlp:steps=2"]),
        (
            "a/b:share=0.3|0.5,p=97,corruption=0|0.1",
            [f"a/b:share={share},p=97,corruption={wrong}" for share in ("0.3", "0.5") for wrong in ("0", "0.1")],
        ),
        ("a|b", ["a|b"]),
    ],
)
def test_a_list_of_values_names_an_address_for_each(text, addresses):
    assert cards.spread(text) == addresses


@pytest.mark.parametrize("text", ["mlp:steps=1|", "mlp:steps=|1", "mlp:steps=1||2"])
def test_a_list_with_nothing_between_two_bars_is_refused(text):
    with pytest.raises(BadValue, match="is a list with nothing between two '|'"):
        cards.spread(text)
