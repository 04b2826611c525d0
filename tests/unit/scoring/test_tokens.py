"""Sequences as tokens, as Python's own `str.split` cuts them."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from genbench.scoring.tokens import token_counts, tokens

# Whitespace of many kinds, and characters that look like it.
pieces = st.sampled_from(["a", "b", "é", "\u200b", "", " ", "  ", "\n", "\t", "\u00a0", "\u2003", "\x1c", "\u3000"])
texts = st.lists(st.one_of(st.lists(pieces, max_size=6).map("".join), st.text(max_size=3)), max_size=8)


@given(texts)
def test_strings_are_cut_as_python_cuts_them(given):
    found = tokens(pa.array(given, pa.string())).to_pylist()

    assert found == [text.split() or [""] for text in given]


@given(texts)
def test_blank_strings_have_no_token(given):
    assert token_counts(pa.array(given, pa.string())).tolist() == [len(text.split()) for text in given]


@given(st.lists(st.lists(st.integers(-2, 2), max_size=4), max_size=8))
def test_a_list_has_as_many_tokens_as_elements(given):
    assert token_counts(pa.array(given, pa.list_(pa.int64()))).tolist() == [len(values) for values in given]
