"""Boosted units: their gradients and Newton's step by other means, and networks of which the last units are off."""

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value
from scipy import optimize

from genbench.errors import BadData, BadValue

SMALL = {"units": 12, "portion": 3, "eta": 0.25, "iterations": 40, "curve": 4}


def dataset(rows, labels=None):
    features, given = {"x": List(Value("float32"), length=rows.shape[1])}, {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


def rings(rows, seed=0):
    """Points in the plane, of which three rings are the classes."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 3, rows)
    angle, away = draw.uniform(0, 2 * np.pi, rows), labels + draw.uniform(0.2, 0.8, rows)
    return np.stack([away * np.cos(angle), away * np.sin(angle)], 1), labels


@pytest.fixture
def module(baseline):
    return baseline("gbnn")


@pytest.fixture
def fitted(module, context):
    def fit(rows, labels, asked, seed=1, **given):
        one = module.Gbnn(context("gbnn", {"x": "vector(2)"}, "int64", seed, {**SMALL, **given}))
        one.points = {units: one.predict(dataset(asked)) for units in one.fit(dataset(rows, labels), None)}
        return one

    return fit


@pytest.mark.parametrize("loss", ["squared", "cross_entropy"])
def test_gradients_are_those_of_differences(module, loss):
    draw = np.random.default_rng(3)
    rows, wanted = draw.normal(size=(9, 4)), np.eye(3)[draw.integers(0, 3, 9)]
    begun = module.Network.drawn(4, 5, 3, draw)
    valued = module.objective(begun, rows, wanted, getattr(module, loss), 0.3)

    gradient = valued(begun.flat())[1]
    np.testing.assert_allclose(
        gradient, optimize.approx_fprime(begun.flat(), lambda flat: valued(flat)[0], 1e-7), atol=1e-6
    )


def test_newtons_step_is_that_of_numbers_done_by_hand(module):
    # Two rows and two classes, all equally likely: (1 * .5 + 2 * .5) / (1 * .25 + 4 * .25) = 1.2.
    said, likely = np.array([[1.0, 0.0], [0.0, 2.0]]), np.full((2, 2), 0.5)

    assert module.newton(said, np.eye(2) - likely, likely) == pytest.approx(1.2)


def test_with_its_last_units_off_it_is_the_network_that_had_not_been_given_them(fitted):
    (rows, labels), (asked, _) = rings(200), rings(50, 1)
    one = fitted(rows, labels, asked)

    assert list(one.points) == [3, 6, 9, 12]
    for units in (3, 6):
        shorter = fitted(rows, labels, asked, units=units, curve=1)
        assert np.array_equal(shorter.points[units], one.points[units])
    one.asked = 6  # and so does the whole network, but for what portions add to all rows alike
    sums = [np.log(one.predict(dataset(asked))), np.log(one.points[6])]
    alike = (sums[0] - sums[1]) - (sums[0] - sums[1]).mean(1, keepdims=True)
    assert np.ptp(alike, axis=0).max() < 1e-9


def test_each_portion_lowers_the_loss_of_all_rows(fitted):
    rows, labels = rings(200)
    losses = [-np.log(said[np.arange(200), labels]).mean() for said in fitted(rows, labels, rows).points.values()]

    assert [np.log(3), *losses] == sorted([np.log(3), *losses], reverse=True)
    assert losses[-1] < 0.8


def test_rings_are_told_apart_and_a_network_trained_at_once_needs_its_last_units(fitted):
    (rows, labels), (asked, right) = rings(400), rings(300, 1)
    grown, whole = (fitted(rows, labels, asked, units=24, curve=2, kind=kind) for kind in ("boosted", "whole"))
    shares = [{units: (said.argmax(1) == right).mean() for units, said in one.points.items()} for one in (grown, whole)]

    assert min(shares[0][24], shares[1][24]) > 0.9
    lost = [share[24] - share[12] for share in shares]
    assert lost[0] < lost[1] - 0.1
    assert grown.parameters == whole.parameters == 24 * (2 + 1 + 3) + 3
    assert whole.tally.flops == whole.tally.steps * 6 * 400 * 24 * (2 + 3)


def test_one_seed_gives_the_same_network_again_and_another_one_another(fitted):
    rows, labels = rings(100)
    first, again, other = (fitted(rows, labels, rows, seed).points[12] for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "grown"}, "kind is grown; it must be one of boosted, whole"),
        ({"shown": 0.0}, "shown is 0.0; it must be above 0, and at most 1"),
        ({"units": 10}, "units is 10, portion 3 and curve 4; each point of the curve must come after whole portions"),
        ({"curve": 3}, "units is 12, portion 3 and curve 3"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(module, context, given, words):
    with pytest.raises(BadValue, match=words):
        module.Gbnn(context("gbnn", {"x": "vector(2)"}, "int64", 1, {**SMALL, **given}))


def test_no_rows_and_labels_below_0_are_refused(fitted):
    for rows, labels in ((np.zeros((0, 2)), []), (np.zeros((1, 2)), [-1])):
        with pytest.raises(BadData, match="labels from 0 on"):
            fitted(rows, labels, rows)
