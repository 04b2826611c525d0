from __future__ import annotations

import pyarrow as pa
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from genbench.errors import BadValue
from genbench.kit.vocabulary import END, SPECIAL, START, UNKNOWN, Ragged, Vocabulary, columns_of

WORDS = pa.chunked_array([["jump twice", "walk"], ["  jump\tleft "]])


def rows_of(ragged: Ragged) -> list[list[int]]:
    return [part.tolist() for part in ragged.ids.split(ragged.lengths.tolist())]


def test_tokens_are_numbered_in_order_of_first_appearance_after_the_special_ones():
    words = Vocabulary.from_columns([WORDS])

    assert words.tokens == ("jump", "twice", "walk", "left")
    assert rows_of(words.encode([WORDS])) == [
        [SPECIAL, SPECIAL + 1, END],
        [SPECIAL + 2, END],
        [SPECIAL, SPECIAL + 3, END],
    ]
    assert len(words) == SPECIAL + 4


def test_a_token_never_seen_is_unknown():
    words = Vocabulary.from_columns([WORDS])

    assert rows_of(words.encode([pa.chunked_array([["jump high", "fly"]])])) == [
        [SPECIAL, UNKNOWN, END],
        [UNKNOWN, END],
    ]


def test_strings_of_blanks_have_no_tokens():
    column = pa.chunked_array([["", "a", "  ", "b a", ""]])
    words = Vocabulary.from_columns([column])

    assert rows_of(words.encode([column])) == [[END], [4, END], [END], [5, 4, END], [END]]


def test_no_rows_are_no_rows():
    words = Vocabulary.from_columns([WORDS])

    assert rows_of(words.encode([pa.chunked_array([], pa.string())])) == []
    assert rows_of(words.encode([WORDS.slice(0, 0)])) == []


def test_columns_are_joined_by_a_separator_that_no_token_equals():
    left = pa.chunked_array([[["a", " "], []]])
    right = pa.chunked_array([[7, -3]])
    words = Vocabulary.from_columns([left, right], joined=True)

    encoded = rows_of(words.encode([left, right]))

    separator = SPECIAL
    assert encoded == [[5, 6, separator, 7, END], [separator, 8, END]]
    assert separator not in range(words.first, len(words))


def test_an_integer_and_its_spelling_are_one_token():
    numbers, texts = pa.chunked_array([[3, 14]]), pa.chunked_array([["3 14", "14"]])

    words = Vocabulary.from_columns([numbers, texts])

    assert words.tokens == ("3", "14")


def test_columns_cannot_be_joined_without_a_separator():
    words = Vocabulary.from_columns([WORDS])

    with pytest.raises(BadValue, match="2 columns cannot be encoded as one"):
        words.encode([WORDS, WORDS])


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("string", [["a b", "", "b"]]),
        ("int64", [[3, -12, 3]]),
        ("list<int64>", [[[3, 4], [], [-9223372036854775808, 0]]]),
        ("list<string>", [[["a b", ""], [], ["c"]]]),
    ],
)
def test_what_was_encoded_is_decoded_as_its_type(kind, column):
    arrow = {"list<int64>": pa.list_(pa.int64()), "list<string>": pa.list_(pa.string())}.get(kind)
    given_column = pa.chunked_array(column, arrow)
    words = Vocabulary.from_columns([given_column])
    encoded = words.encode([given_column])
    padded = torch.nn.utils.rnn.pad_sequence(encoded.ids.split(encoded.lengths.tolist()), batch_first=True)

    assert words.decode(padded, kind) == column[0]


def test_an_answer_ends_at_its_end_and_leaves_out_what_is_no_token():
    words = Vocabulary.from_columns([WORDS])

    answers = words.decode(torch.tensor([[START, 4, UNKNOWN, 5, END, 6], [END, 4, 4, 4, 4, 4]]), "string")

    assert answers == ["jump twice", ""]


def test_tokens_that_are_no_integers_are_left_out_of_answers_that_are():
    column = pa.chunked_array([["7 x 007 8 -0"]])
    words = Vocabulary.from_columns([column])

    assert words.decode(words.encode([column]).ids[None], "list<int64>") == [[7, 8]]
    with pytest.raises(BadValue, match="row 1 has no integer"):
        words.decode(torch.tensor([[4, END], [5, END]]), "int64")


def test_a_column_of_another_type_is_refused_by_name():
    table = pa.table({"picture": [1.5]})

    with pytest.raises(BadValue, match="column 'picture' is of type float64; sequences of tokens are made of string"):
        columns_of(table, {"picture": "float64"})
    with pytest.raises(BadValue, match="there is no column 'text'; the columns are picture"):
        columns_of(table, {"text": "string"})
    with pytest.raises(BadValue, match="a column of type double is not made of tokens"):
        Vocabulary.from_columns([table["picture"]])


def test_null_is_refused():
    with pytest.raises(BadValue, match="has null in it"):
        Vocabulary.from_columns([pa.chunked_array([["a", None]])])


@given(st.lists(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), max_size=5), min_size=1))
def test_any_tokens_come_back(rows):
    column = pa.chunked_array([[" ".join(row) for row in rows]])
    words = Vocabulary.from_columns([column])
    encoded = words.encode([column])
    padded = torch.nn.utils.rnn.pad_sequence(encoded.ids.split(encoded.lengths.tolist()), batch_first=True)

    assert words.decode(padded, "string") == [" ".join(row) for row in rows]
