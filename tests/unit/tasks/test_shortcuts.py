"""Shortcuts: each cue by its intervals, and in which rows the two are of one class."""

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"rows": 400, "unlabelled": 400, "agreement": 0.25, "validation": 40, "questions": 300}


@pytest.fixture(scope="module")
def shortcuts(task_module):
    return task_module("shortcuts")


@pytest.fixture(scope="module")
def data(shortcuts):
    return shortcuts.load("slabs_r25", SMALL, 0)


def said(table):
    """The class that each cue says, read off the numbers by another rule: the sign, and the nearest whole number."""
    x = table["x"].combine_chunks().flatten().to_numpy().reshape(-1, 2).astype(float)
    assert ((np.abs(x[:, 0]) > 0.199) & (np.abs(x[:, 0]) < 1.801)).all()
    assert np.abs(x[:, 1] - np.rint(x[:, 1])).max() < 0.201
    assert np.abs(np.rint(x[:, 1])).max() == 2
    return (x[:, 0] > 0).astype(int), 1 - np.abs(np.rint(x[:, 1])).astype(int) % 2


def test_in_training_both_cues_say_the_label(data):
    easy, right = said(data.train)

    assert (easy == data.train["label"].to_numpy()).all()
    assert (right == data.train["label"].to_numpy()).all()
    assert data.train.column_names == ["x", "label"]


def test_the_label_is_what_the_right_cue_says_and_the_axis_whether_the_other_agrees(data):
    for table in data.questions.values():
        easy, right = said(table)
        assert (right == table["label"].to_numpy()).all()
        assert ((easy == right) == table["agrees"].to_numpy()).all()


@pytest.mark.parametrize(("share", "agreeing"), [(0.0, 0), (0.25, 100), (0.5, 200), (1.0, 400)])
def test_unlabelled_rows_agree_in_the_chosen_share_exactly(shortcuts, share, agreeing):
    table = shortcuts.load("slabs_r0", {**SMALL, "agreement": share}, 0).auxiliary["unlabelled"]
    easy, right = said(table)

    assert table.column_names == ["x"]
    assert (easy == right).sum() == agreeing


def test_half_of_validation_and_of_what_is_asked_out_of_distribution_agrees(data):
    for table in (data.validation, data.questions["ood"]):
        easy, right = said(table)
        assert (easy == right).mean() == 0.5
    assert set(data.questions["id"]["agrees"].to_pylist()) == {1}


def test_slabs_of_a_class_and_classes_are_equally_frequent(shortcuts):
    table = shortcuts.load("slabs_r0", {**SMALL, "rows": 60_000}, 0).train
    middles = np.rint(table["x"].combine_chunks().flatten().to_numpy().reshape(-1, 2)[:, 1])

    shares = {middle: (middles == middle).mean() for middle in (-2, -1, 0, 1, 2)}
    assert shares == pytest.approx({-2: 1 / 6, -1: 1 / 4, 0: 1 / 6, 1: 1 / 4, 2: 1 / 6}, abs=0.01)


def test_the_same_seed_draws_the_same_rows_and_another_or_another_split_others(shortcuts, data):
    assert shortcuts.load("slabs_r25", SMALL, 0).train.equals(data.train)
    assert not shortcuts.load("slabs_r25", SMALL, 1).train.equals(data.train)
    assert not shortcuts.load("slabs_r50", SMALL, 0).train.equals(data.train)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"agreement": 1.5}, "'agreement' is 1.5; it is a share of rows, from 0 to 1"),
        ({"agreement": True}, "'agreement' is True"),
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1 to 10,000,000"),
        ({"validation": 10_001}, "'validation' is 10001; it must be a whole number from 1 to 10,000"),
        ({"unlabelled": 2.0}, "'unlabelled' is 2.0"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(shortcuts, given, words):
    with pytest.raises(BadValue, match="shortcuts: parameter") as told:
        shortcuts.load("slabs_r0", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(shortcuts):
    with pytest.raises(UnknownName, match="no split 'slabs_r10'; did you mean 'slabs_r100'"):
        shortcuts.load("slabs_r10", SMALL, 0)
