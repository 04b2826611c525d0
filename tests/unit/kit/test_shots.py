"""Rows with shots: which column is which, and where the image that is asked about stands."""

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData
from genbench.kit import shots

INPUTS = {"x": "vector(2)", "shown": "vector(6)", "said": "list<int64>"}


def dataset(shown, said, asked):
    features = {"shown": List(Value("float32"), length=6), "said": List(Value("int64"))}
    return Dataset.from_dict(
        {"shown": shown, "said": said, "x": asked},
        features=Features(features | {"x": List(Value("float32"), length=2)}),
    )


def test_what_is_asked_stands_behind_the_shots_and_nothing_else_does():
    given = dataset(
        [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [7, 7, 7, 7, 7, 7]], [[2, 0, 1], [3], []], [[8, 9], [10, 11], [12, 13]]
    )
    tokens, labels, lengths = shots.sequences(given, INPUTS)

    assert tokens.tolist() == [
        [[1, 2], [3, 4], [5, 6], [8, 9]],
        [[1, 2], [10, 11], [0, 0], [0, 0]],
        [[12, 13], [0, 0], [0, 0], [0, 0]],
    ]
    assert labels.tolist() == [[2, 0, 1, 0], [3, 0, 0, 0], [0, 0, 0, 0]]
    assert lengths.tolist() == [3, 1, 0]


def test_a_row_that_is_a_part_of_a_table_has_its_own_labels():
    given = dataset(np.arange(18).reshape(3, 6), [[1], [2, 3], [4]], np.zeros((3, 2)))

    assert shots.sequences(given.select(range(1, 3)), INPUTS)[1].tolist() == [[2, 3, 0, 0], [4, 0, 0, 0]]


def test_more_labels_than_there_is_room_for_are_refused():
    with pytest.raises(BadData, match="column 'said' has 4 labels in a row, and 'shown' room for 3 shots"):
        shots.sequences(dataset([[0] * 6], [[0] * 4], [[0, 0]]), INPUTS)


@pytest.mark.parametrize(
    "inputs",
    [
        {"x": "vector(2)", "shown": "vector(5)", "said": "list<int64>"},
        {"x": "vector(2)", "said": "list<int64>"},
        {**INPUTS, "more": "int64"},
    ],
)
def test_inputs_that_are_no_shots_are_told(inputs):
    with pytest.raises(BadData, match="inputs are x: vector"):
        shots.columns(inputs)
