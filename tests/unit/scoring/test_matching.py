"""Whether an answer is right, against the slow definition."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from genbench.data import tables
from genbench.scoring import matching

# Few tokens, so that answers agree in part; whitespace of many kinds, so that tokens are what str.split says.
spaces = st.sampled_from(["", " ", "  ", "\n", "\t", "\u00a0", "\u2003", "\x1c", "\u3000"])
texts = st.lists(st.one_of(st.sampled_from(["a", "b", "é", "\u200b"]), spaces), max_size=6).map("".join)
numbers = st.integers(-2, 2)
values = {
    "string": st.one_of(texts, st.text(max_size=3)),
    "int64": st.one_of(numbers, st.integers(-(2**63), 2**63 - 1)),
    "float64": st.one_of(st.sampled_from([0.0, -0.0, 1.5]), st.floats(allow_nan=False)),
    "bool": st.booleans(),
    "list<int64>": st.lists(numbers, max_size=3),
    "list<string>": st.lists(st.sampled_from(["a", "b", ""]), max_size=3),
}


@st.composite
def graded(draw):
    """A type, and as many answers as targets of it."""
    kind = draw(st.sampled_from(list(values)))
    pairs = draw(st.lists(st.tuples(values[kind], values[kind]), min_size=1, max_size=8))
    return kind, [one for one, _ in pairs], [other for _, other in pairs]


def tokens(value):
    return value.split() if isinstance(value, str) else value


@given(graded())
def test_exact_match_is_that_the_tokens_are_the_same(drawn):
    kind, answers, targets = drawn

    found = matching.exact_match(*(pa.array(column, tables.ARROW[kind]) for column in (answers, targets)))

    assert found.tolist() == [float(tokens(one) == tokens(other)) for one, other in zip(answers, targets, strict=True)]
    assert found.dtype == np.float64
