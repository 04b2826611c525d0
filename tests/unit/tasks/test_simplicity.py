"""Slabs: each coordinate by its intervals, and what is permuted where."""

import json

import numpy as np
import pytest

from genbench.errors import BadValue

PARAMS = {"simple": "linear", "complex": "five", "noise": 0.0, "rows": 300, "questions": 200}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("simplicity")


@pytest.fixture(scope="module")
def slabs(reference):
    return json.loads((reference / "seeds_theory" / "slab_quantiles.json").read_text())


def rows_of(table, dimensions=50):
    column = table["x"].combine_chunks()
    return column.flatten().to_numpy().reshape(-1, dimensions).astype(float), table["label"].to_numpy()


def turned_back(task, table, seed=0):
    """The coordinates before they were turned, by the inverse of the matrix that the task draws."""
    from genbench import seeds

    turn = task.turning(np.random.default_rng(seeds.derive("simplicity", seed, "turn"))) / task.STEPS
    rows, labels = rows_of(table)
    return np.linalg.solve(turn.T, rows.T).T, labels


@pytest.mark.parametrize("kind", ["linear", "five", "seven"])
def test_coordinates_have_the_quantiles_of_the_release(task, slabs, kind):
    labels = np.arange(200_000) % 2
    drawn = task.coordinate(kind, labels, np.random.default_rng(1))

    for known in (row for row in slabs["rows"] if row["coordinate"] == kind):
        own = drawn[labels == known["label"]]
        found = np.quantile(np.abs(own), slabs["levels"])
        # Between two slabs a quantile falls anywhere in the gap: there the share below is compared, in the next test.
        close = np.abs(found - known["abs_quantiles"]) < 0.005
        assert close.sum() >= len(close) - 1
        assert (own > 0).mean() == pytest.approx(known["positive_share"], abs=0.005)


@pytest.mark.parametrize("kind", ["five", "seven"])
@pytest.mark.parametrize("label", [0, 1])
def test_a_coordinate_lies_in_the_slabs_of_its_class_by_their_shares(task, slabs, kind, label):
    drawn = np.abs(task.coordinate(kind, np.full(100_000, label), np.random.default_rng(2)))

    within = 0.0
    for low, high, share in slabs["intervals_of_absolute_value_low_high_probability"][kind][str(label)]:
        inside = ((drawn >= low - 1e-9) & (drawn <= high + 1e-9)).mean()
        assert inside == pytest.approx(share, abs=0.006)
        within += inside
    assert within == pytest.approx(1.0)


def test_the_simple_coordinate_alone_is_permuted_or_all_others_as_they_stand(task):
    data = task.load("lms5", PARAMS, 0)
    plain, labels = turned_back(task, data.questions["test"])
    simple, same = turned_back(task, data.questions["simple_randomised"])
    rest, again = turned_back(task, data.questions["rest_randomised"])

    assert (labels == same).all()
    assert (labels == again).all()
    assert ((plain[:, 0] > 0) == labels).all()
    np.testing.assert_allclose(simple[:, 1:], plain[:, 1:], atol=1e-5)
    np.testing.assert_allclose(np.sort(simple[:, 0]), np.sort(plain[:, 0]), atol=1e-5)
    assert 0.35 < ((simple[:, 0] > 0) == labels).mean() < 0.65
    np.testing.assert_allclose(rest[:, 0], plain[:, 0], atol=1e-5)
    order = np.abs(rest[:, None, 1:] - plain[None, :, 1:]).max(2).argmin(1)
    assert sorted(order) == list(range(200))
    np.testing.assert_allclose(rest[:, 1:], plain[order, 1:], atol=1e-5)


def test_noise_redraws_a_share_of_all_rows_within_the_margin(task):
    data = task.load("lms7_noisy", {**PARAMS, "complex": "seven", "noise": 0.1}, 0)

    for table in (data.train, data.questions["test"]):
        coordinates, _ = turned_back(task, table)
        assert (np.abs(coordinates[:, 0]) < 0.1 - 1e-5).sum() == round(0.1 * len(coordinates))


def test_where_both_kinds_are_one_nothing_is_randomised(task):
    assert set(task.load("ms7", {**PARAMS, "simple": "seven", "complex": "seven"}, 0).questions) == {"test"}


def test_another_data_seed_draws_other_rows_and_another_turn(task):
    first, second = (task.load("lms5", PARAMS, seed) for seed in (0, 1))

    assert not np.allclose(rows_of(first.train)[0], rows_of(second.train)[0])
    assert not ((turned_back(task, second.train, seed=0)[0][:, 0] > 0) == rows_of(second.train)[1]).all()
    assert ((turned_back(task, second.train, seed=1)[0][:, 0] > 0) == rows_of(second.train)[1]).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"simple": "liner"}, "'simple' is 'liner'; did you mean 'linear'"),
        ({"complex": 5}, "'complex' is 5"),
        ({"noise": 1.5}, "'noise' is 1.5; it is a share of rows, from 0 to 1"),
        ({"noise": 0.1, "simple": "five"}, "only a linear coordinate can be noisy, not 'five'"),
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1"),
        ({"questions": 10**9}, "'questions' is 1000000000; it must be a whole number from 1 to 10,000,000"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(task, given, words):
    with pytest.raises(BadValue, match="simplicity") as told:
        task.load("lms5", {**PARAMS, **given}, 0)
    assert words in str(told.value)
