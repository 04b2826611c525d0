"""What a word is."""

import pyarrow as pa

from genbench.analysis.difficulty.words import words_of


def test_words_of_several_columns_are_different_words():
    rows = pa.table({"left": pa.array([5, 3]), "right": pa.array([3, 5])})

    words = words_of(rows, ["left", "right"])

    assert words.to_pylist() == [["left=5", "right=3"], ["left=3", "right=5"]]


def test_words_of_lists_and_strings_are_joined_row_by_row():
    rows = pa.table(
        {"a": pa.array([[1, 2], [], [3]]), "b": pa.array([" x  y ", "z", ""]), "c": pa.array([1.5, 2.5, 3.5])}
    )

    words = words_of(rows, ["a", "b", "c"])

    assert words.to_pylist() == [
        ["a=1", "a=2", "b=x", "b=y", "c=1.5"],
        ["b=z", "c=2.5"],
        ["a=3", "c=3.5"],
    ]
