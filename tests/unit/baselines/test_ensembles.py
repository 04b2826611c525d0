"""Ensembles: what members are shown, how they answer together, and how sure label smoothing lets them be."""

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

SMALL = {"width": 16, "steps": 150, "batch": 32, "learning_rate": 0.01}
INPUTS = {"x": "vector(1)", "colours": "vector(4)"}


def cues(rows, seed=0, keep=(0, 1, 2, 3)):
    """Labels 0 to 2 that each of four numbers tells; those that are not kept are drawn at random. And one of noise."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 3, rows)
    shown = np.stack([labels if at in keep else draw.integers(0, 3, rows) for at in range(4)], 1) - 1.0
    given = {"x": draw.normal(size=(rows, 1)).astype(np.float32), "colours": shown.astype(np.float32)}
    features = {name: List(Value("float32"), length=value.shape[1]) for name, value in given.items()}
    return Dataset.from_dict(
        {name: list(value) for name, value in given.items()} | {"answer": labels},
        features=Features(features | {"answer": Value("int64")}),
    )


@pytest.fixture
def fitted(baseline, context):
    def fit(seed=1, inputs=INPUTS, **given):
        one = baseline("ensembles").Ensembles(context("ensembles", inputs, "int64", seed, {**SMALL, **given}))
        one.fit(cues(300), None)
        return one

    return fit


def share_right(said, asked):
    return (said.argmax(-1) == np.array(asked["answer"])).mean()


def test_the_answer_is_the_mean_of_the_members_as_probabilities(fitted):
    one, asked = fitted(members=3), cues(100, 1)
    each, said = one.each(asked), one.predict(asked)

    assert each.shape == (3, 100, 3)
    clipped = np.maximum(each.mean(0), 1e-6)
    np.testing.assert_allclose(said, clipped / clipped.sum(1, keepdims=True))
    np.testing.assert_allclose(said.sum(1), 1, atol=1e-6)
    assert share_right(said, asked) > 0.95


def test_members_differ_by_where_they_began_and_one_seed_gives_them_again(fitted):
    asked = cues(50, 1)
    each, again, other = (fitted(seed, members=2, steps=20).each(asked) for seed in (1, 1, 2))

    assert not np.allclose(each[0], each[1])
    assert (each == again).all()
    assert not np.allclose(each, other)


def test_squared_error_asks_for_one_and_zeros(fitted):
    each = fitted(members=1, steps=400).each(cues(100, 1))

    assert np.abs(each[0].max(1) - 1).mean() < 0.1
    assert np.abs(np.sort(each[0], 1)[:, :2]).mean() < 0.1


def test_each_balanced_member_learns_its_own_half_of_the_cues_and_nothing_of_the_other(fitted):
    one = fitted(method="balanced")
    first, last = cues(400, 1, keep=(0, 1)), cues(400, 1, keep=(2, 3))

    assert share_right(one.each(first)[0], first) > 0.95
    assert share_right(one.each(last)[1], last) > 0.95
    assert share_right(one.each(last)[0], last) < 0.5
    assert share_right(one.each(first)[1], first) < 0.5


def test_a_member_without_label_smoothing_is_surer_and_outvotes_the_other(fitted):
    asked = cues(200, 1)
    sure = {smoothed: fitted(method="balanced", smoothing=0.3, smoothed=smoothed).each(asked).max(2).mean(1)
            for smoothed in (False, True)}  # fmt: skip

    assert sure[False][1] > 0.95
    assert sure[True][1] < 0.87
    assert sure[False][0] == sure[True][0] < 0.87


def test_parameters_and_steps_of_all_members_are_counted(fitted):
    one = fitted(members=3, steps=5)

    assert one.tally.steps == 15
    assert one.parameters == 3 * (5 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"method": "output"}, "method is output; it must be one of outputs, balanced"),
        ({"members": 0}, "members is 0; it must be 1 or more"),
        ({"smoothing": 1.0}, "smoothing is 1.0; it must be from 0 to below 1"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(fitted, given, words):
    with pytest.raises(BadValue, match=words):
        fitted(**given)


def test_a_column_to_be_halved_that_is_not_there_is_named(fitted):
    with pytest.raises(BadData, match="parameter 'halved' is 'patches'; the inputs of toy are x, colours"):
        fitted(method="balanced", halved="patches")
