"""Painted digits as vectors: blocks of pixels, each ten rows all ten digits, and exactly so many wrong labels."""

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName
from genbench.painting import segments

PARAMS = {"rows": 200, "questions": 100, "corruption": 0.4}


@pytest.fixture(scope="module")
def digits(task_module):
    return task_module("digits")


@pytest.fixture(scope="module")
def data(digits):
    return {split: digits.load(split, PARAMS, 0) for split in digits.SPLITS}


def column(table, name="digit"):
    return np.array(table[name].to_pylist())


def test_a_number_is_the_mean_of_four_pixels(digits):
    image = np.zeros((1, 16, 16), np.uint8)
    image[0, 2, 4:6] = 255  # two of the four pixels of the block in the second line, third from the left

    shown = digits.averaged(image).reshape(8, 8)
    assert shown[1, 2] == 0.5
    assert shown.sum() == 0.5


def test_rows_are_what_the_painter_paints_of_their_digits(data):
    painter = segments.Painter(("digits", "plain"), 16, 0, "train")
    painted = painter.images(np.array(segments.DIGITS)[column(data["plain"].train)]).astype(float)
    means = (painted[:, ::2] + painted[:, 1::2]) / 2
    means = (means[:, :, ::2] + means[:, :, 1::2]) / 2

    assert column(data["plain"].train, "pixels") == pytest.approx(means.reshape(200, 64) / 255, abs=1e-7)


def test_each_ten_rows_hold_each_digit_once(data):
    for one in data.values():
        for table in (one.questions["test"], one.questions.get("trained_true", one.train)):
            assert (np.sort(column(table).reshape(-1, 10), axis=1) == np.arange(10)).all()


def test_two_in_five_labels_of_each_twenty_are_wrong_and_trained_asks_them_as_given(data):
    one = data["noisy"]
    given, true = column(one.train), column(one.questions["trained_true"])
    corrupted = column(one.questions["trained"], "label") == "corrupted"

    assert (corrupted == (given != true)).all()
    assert corrupted.reshape(-1, 20).sum(axis=1).tolist() == [8] * 10
    assert (given == column(one.questions["trained"])).all()
    assert one.train["pixels"].equals(one.questions["trained"]["pixels"])
    assert one.train["pixels"].equals(one.questions["trained_true"]["pixels"])
    assert set(one.questions["test"]["label"].to_pylist()) == {"none"}
    assert set(((given - true) % 10)[corrupted]) == set(range(1, 10))


def nearest_mean(train, table):
    """The class of the nearest mean: another way to answer."""
    shown, labels = column(train, "pixels"), column(train)
    means = np.stack([shown[labels == at].mean(0) for at in range(10)])
    return ((column(table, "pixels")[:, None] - means) ** 2).sum(2).argmin(1)


def test_labels_tell_digits_where_they_are_right_and_nothing_where_they_are_random(data):
    right = {split: (nearest_mean(one.train, one.questions["test"]) == column(one.questions["test"])).mean()
             for split, one in data.items()}  # fmt: skip

    assert right["plain"] > 0.65
    assert right["random_labels"] < 0.25
    assert right["random_labels"] < right["noisy"] < right["plain"]
    assert (column(data["random_labels"].train) == column(data["random_labels"].questions["trained"])).all()


def test_a_smaller_training_set_begins_a_larger_one_also_in_its_wrong_labels(digits, data):
    for split in digits.SPLITS:
        small = digits.load(split, {**PARAMS, "rows": 100}, 0)

        assert small.train.equals(data[split].train.slice(0, 100))
        assert small.questions["test"].equals(data[split].questions["test"])


def test_the_same_seed_draws_the_same_rows_and_another_seed_or_split_others(digits, data):
    assert digits.load("noisy", PARAMS, 0).train.equals(data["noisy"].train)
    assert not digits.load("noisy", PARAMS, 1).train["digit"].equals(data["noisy"].train["digit"])
    assert not data["plain"].train["pixels"].equals(data["random_labels"].train["pixels"])


def test_a_row_is_drawn_as_the_image_that_it_is(digits, data):
    row = data["plain"].train.slice(0, 1).to_pylist()[0]

    assert np.asarray(digits.draw(row, {})).ravel() / 255 == pytest.approx(row["pixels"], abs=0.5 / 255)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1 to 100,000"),
        ({"questions": True}, "'questions' is True; it must be a whole number"),
        ({"rows": 210}, "'rows' is 210; where labels are wrong it must be a multiple of 20"),
        ({"corruption": 0.42}, "'corruption' is 0.42; it must be a multiple of 0.05"),
        ({"corruption": 0.9}, "'corruption' is 0.9; it must be a share from 0 to below 0.9"),
        ({"corruption": float("nan")}, "'corruption' is nan; it must be a share"),
        ({"corruption": "half"}, "'corruption' is 'half'; it must be a share"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(digits, given, words):
    with pytest.raises(BadValue, match=words):
        digits.load("noisy", {**PARAMS, **given}, 0)


def test_right_labels_may_be_of_any_number_of_rows(digits):
    one = digits.load("noisy", {**PARAMS, "rows": 33, "corruption": 0.0}, 0)

    assert one.train.num_rows == 33
    assert set(one.questions["trained"]["label"].to_pylist()) == {"clean"}


def test_a_split_that_is_not_here_is_named(digits):
    with pytest.raises(UnknownName, match="digits has no split 'noise'; did you mean 'noisy'"):
        digits.load("noise", PARAMS, 0)
