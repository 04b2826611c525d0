"""Scores of points: what a point alone and the whole set can know, order, and what is refused."""

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

SMALL = {"width": 16, "steps": 150, "batch": 16, "learning_rate": 0.01}
FEATURES = Features({"points": List(Value("float64")), "size": Value("int64"), "answer": List(Value("int64"))})


def two_sides(rows, seed=0, points=10):
    """Sets about -1 or 1 with two strangers about the other."""
    draw = np.random.default_rng(seed)
    given = {"points": [], "size": [2] * rows, "answer": []}
    for _ in range(rows):
        places = np.sort(draw.permutation(points)[:2])
        where = np.full(points, draw.choice([-1.0, 1.0]))
        where[places] *= -1
        given["points"].append((where[:, None] + 0.1 * draw.standard_normal((points, 2))).ravel().tolist())
        given["answer"].append(places.tolist())
    return Dataset.from_dict(given, features=FEATURES)


@pytest.fixture
def fitted(baseline, context):
    def fit(train=None, seed=1, **given):
        inputs = {"points": "list<float64>", "size": "int64"}
        one = baseline("subset_scores").SubsetScores(
            context("subset_scores", inputs, "list<int64>", seed, {**SMALL, **given})
        )
        one.fit(two_sides(100) if train is None else train, None)
        return one

    return fit


def share_right(one, asked):
    return np.mean([said == right for said, right in zip(one.predict(asked), asked["answer"][:], strict=True)])


def test_strangers_are_found_beside_the_whole_set_and_not_alone(fitted):
    asked = two_sides(60, 1)

    assert share_right(fitted(), asked) > 0.95
    assert share_right(fitted(background=False), asked) < 0.7  # one of both sides is right half of the time


def test_sets_of_another_size_are_answered_with_as_many_places_as_asked(fitted):
    one = fitted()
    larger = two_sides(20, 2, points=30)

    assert share_right(one, larger) > 0.9
    asked = {**two_sides(1, 3).to_dict(), "size": [5]}
    assert len(one.predict(Dataset.from_dict(asked, features=FEATURES))[0]) == 5


def test_points_in_another_order_get_the_same_scores(fitted):
    one = fitted(steps=5)
    points = torch.randn(3, 10, 2)
    order = torch.randperm(10)

    with torch.no_grad():
        assert torch.allclose(one.model(points)[:, order], one.model(points[:, order]), atol=1e-6)


def test_the_same_seed_gives_the_same_scores_and_another_one_others(fitted):
    points = torch.randn(1, 10, 2)
    first, again, other = (fitted(seed=seed, steps=5).model(points) for seed in (1, 1, 2))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_what_it_cannot_learn_from_is_named(fitted):
    def of(points, answer=(0,)):
        given = {"points": points, "size": [1] * len(points), "answer": [list(answer)] * len(points)}
        return Dataset.from_dict(given, features=FEATURES)

    with pytest.raises(BadData, match="must be sets of one size; there are none"):
        fitted(of([]))
    with pytest.raises(BadData, match="there are sets of 1 to 2 points"):
        fitted(of([[0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]))
    with pytest.raises(BadData, match="row 0 of 'points' has 3 numbers; a point has 2"):
        fitted(of([[0.0, 0.0, 1.0]]))
    with pytest.raises(BadData, match="row 0 of 'answer' has a place outside its set of 2"):
        fitted(of([[0.0, 0.0, 1.0, 1.0]], (2,)))
    with pytest.raises(BadValue, match="width is 0; it must be 1 or more"):
        fitted(width=0)
