"""Patches: the hard one in every row, the easy one in a share, and against it in four sizes."""

import numpy as np
import pytest

from genbench.errors import BadValue

PARAMS = {"absent": 0.1, "noise": 1.25, "rows": 200, "questions": 80}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("patches")


def patches_of(table):
    column = table["x"].combine_chunks()
    return column.flatten().to_numpy().reshape(-1, 4, 50).astype(float), table["label"].to_numpy()


def standing_in_every_row(rows):
    """The patch that, but for its sign, stands in every row: found without knowing how rows are made."""
    return next(
        one for one in rows[0] if np.minimum(np.abs(rows - one).max(2), np.abs(rows + one).max(2)).min(1).max() < 1e-5
    )


def test_who_finds_the_patch_that_all_rows_have_is_right_of_every_question(task):
    data = task.load("tenth", PARAMS, 0)
    shown, labels = patches_of(data.train)
    hard = standing_in_every_row(shown)
    means = 1 if (np.abs(shown[labels == 1] - hard).max(2).min(1) < 1e-5).all() else 0

    for table in data.questions.values():
        rows, answers = patches_of(table)
        same = np.abs(rows - hard).max(2).min(1) < 1e-5
        assert (np.where(same, means, 1 - means) == answers).all()
    assert np.linalg.norm(hard) == pytest.approx(0.5, abs=1e-5)


def test_the_easy_patch_is_absent_in_its_share_of_each_class(task):
    data = task.load("tenth", PARAMS, 0)
    rows, labels = patches_of(data.questions["test"])
    _, easy = task.features(np.random.default_rng(_seed()))
    along = (rows @ easy)[np.arange(80), np.abs(rows @ easy).argmax(1)]
    has = np.abs(np.abs(along) - 1) < 1e-5

    assert (data.questions["test"]["easy"].to_numpy() == np.where(has, "present", "absent")).all()
    assert (np.sign(along[has]) == 2 * labels[has] - 1).all()
    assert [(~has & (labels == label)).sum() for label in (0, 1)] == [4, 4]


def test_against_it_stands_in_each_size_equally_often_and_for_the_other_class(task):
    table = task.load("tenth", PARAMS, 0).questions["against"]
    rows, labels = patches_of(table)
    _, easy = task.features(np.random.default_rng(_seed()))
    sizes = np.array([task.AGAINST[name] for name in table["against"].to_pylist()])

    wanted = -(2 * labels - 1) * sizes
    found = np.abs(rows - (wanted[:, None] * easy)[:, None]).max(2).min(1)
    assert found.max() < 1e-5
    assert [(sizes == size).sum() for size in task.AGAINST.values()] == [20] * 4
    assert set(table["easy"].to_pylist()) == {"none"}


def test_noise_has_its_length_and_patches_stand_in_any_place(task):
    rows, _ = patches_of(task.load("tenth", PARAMS, 0).train)
    hard = standing_in_every_row(rows)
    places = np.minimum(np.abs(rows - hard).max(2), np.abs(rows + hard).max(2)).argmin(1)
    lengths = np.sort(np.linalg.norm(rows, axis=2), axis=1)[:, -1]

    assert np.bincount(places, minlength=4).min() > 30
    assert 1.25 < lengths.mean() < 1.45  # the longest of two noises, or of three


def _seed():
    from genbench import seeds

    return seeds.derive("patches", 0, "features")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"absent": 1.5}, "'absent' is 1.5; it must be a number from 0 to 1"),
        ({"noise": -1.0}, "'noise' is -1.0; it must be a number from 0 to 100"),
        ({"rows": 7}, "'rows' is 7; it must be a multiple of 2 from 2 to 1,000,000"),
        ({"questions": 12}, "'questions' is 12; it must be a multiple of 8 from 8 to 1,000,000"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(task, given, words):
    with pytest.raises(BadValue, match="patches") as told:
        task.load("tenth", {**PARAMS, **given}, 0)
    assert words in str(told.value)
