"""Numbers that a card tells as expressions of parameters."""

import math

import pytest

from genbench.cards.expressions import number
from genbench.errors import BadValue

PARAMS = {"p": 97, "share": 0.25, "name": "plus", "on": True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/p", 1 / 97),
        ("0.5", 0.5),
        ("((2*p-1)**2 + (p-1)**3) / p**4", (193**2 + 96**3) / 97**4),
        ("max(1/p, share)", 0.25),
        ("min(1, share, 1/p)", 1 / 97),
        (" -log(share) ", math.log(4)),
        ("sqrt(share)", 0.5),
    ],
)
def test_an_expression_has_the_value_of_its_arithmetic(text, value):
    assert number(text, PARAMS) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1/q", "'q' is no parameter of the task; there is p, share"),
        ("1/name", "'name' is no number; there is p, share"),
        ("1/on", "'on' is no number"),
        ("1/", "it is no expression; it may be a number or an expression of parameters, as 1/p"),
        ("", "it is no expression"),
        ("1/0", "it has no value: float division by zero"),
        ("9**9**9**9", "it has no value: math range error"),
        ("1e999", "it is inf; it must be finite"),
        ("__import__('os').system('true')", "may not stand in an expression"),
        ("(lambda: 1)()", "may not stand in an expression"),
        ("p.real", "'p.real' may not stand in an expression"),
        ("p if share else 1", "may not stand in an expression"),
        ("log(p, 2)", "'log(p, 2)' may not stand in an expression"),
        ("max(p)", "'max(p)' may not stand in an expression"),
        ("p" * 201, "an expression has at most 200 characters, not 201"),
        ("(" * 150 + "1" + ")" * 49, "it is no expression"),
    ],
)
def test_what_is_no_expression_is_refused_and_told(text, said):
    with pytest.raises(BadValue) as caught:
        number(text, PARAMS)

    assert said in str(caught.value)
