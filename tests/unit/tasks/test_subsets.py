"""Subsets: strangers found again by geometry, sizes, and what is refused."""

import math

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"points": 40, "strangers": 4, "rows": 60, "validation": 5, "questions": 30}


@pytest.fixture(scope="module")
def subsets(task_module):
    return task_module("subsets")


def sets(table):
    """Of each row its points, and which of them are strangers."""
    for row in table.to_pylist():
        points = np.array(row["points"]).reshape(-1, 2)
        inside = np.isin(np.arange(len(points)), row["subset"])
        assert row["subset"] == sorted(set(row["subset"]))
        assert inside.sum() == row["size"]
        yield points, inside, row.get("component")


def test_strangers_of_gaussians_lie_about_the_other_centre(subsets):
    data = subsets.load("gaussians", {**SMALL, "rows": 400}, 0)
    found = list(sets(data.questions["id"])) + [(*one[:2], None) for one in sets(data.train)]
    own, strange = [], []
    for points, inside, _ in found:
        side = np.sign((points @ [1, 1])[~inside].mean())  # the component, by most points
        own.append(side * points[~inside])
        strange.append(side * points[inside])

    for rows, sign in ((np.concatenate(own), 1), (np.concatenate(strange), -1)):
        assert rows.mean(0) == pytest.approx(np.full(2, sign / math.sqrt(2)), abs=0.04)
        assert rows.std(0) == pytest.approx(np.full(2, 0.5), abs=0.03)


def test_strangers_of_moons_lie_on_the_other_half_circle(subsets):
    """Half circles of radius 2 about (-1, -.2) and (1, .8), the second upside down, are what distances are taken to."""
    data = subsets.load("moons", SMALL, 0)
    for points, inside, component in sets(data.questions["id"]):
        radius = [np.hypot(*(points - centre).T) for centre in ((-1.0, -0.2), (1.0, 0.8))]
        for other in (0, 1):
            rows = inside if other != component else ~inside
            assert np.abs(radius[other][rows] - 2).max() < 1.0  # noise of .2, by five of it
            half = points[rows][:, 1] - (-0.2, 0.8)[other]
            assert ((1 - 2 * other) * half > -1.0).all()


def test_question_sets_have_their_sizes_and_both_components(subsets):
    data = subsets.load("moons", SMALL, 0)
    shapes = {
        name: {(len(points), inside.sum()) for points, inside, _ in sets(table)}
        for name, table in data.questions.items()
    }

    assert shapes == {"id": {(40, 4)}, "larger": {(80, 8)}, "balanced": {(40, 12)}}
    assert set(data.questions["id"]["component"].to_pylist()) == {0, 1}
    assert data.train.column_names == data.validation.column_names == ["points", "size", "subset"]


def test_places_of_strangers_are_equally_frequent(subsets):
    data = subsets.load("gaussians", {**SMALL, "points": 10, "strangers": 2, "rows": 3000}, 0)
    counts = np.bincount([place for row in data.train["subset"].to_pylist() for place in row], minlength=10)

    assert counts / 3000 == pytest.approx(np.full(10, 0.2), abs=0.03)


def test_the_same_seed_draws_the_same_rows_and_another_one_others(subsets):
    first, again, other = (subsets.load("moons", SMALL, seed).train for seed in (0, 0, 1))

    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"strangers": 20}, "'points' and 'strangers' are 40 and 20; strangers must be fewer than half"),
        ({"points": 3}, "'points' is 3; it must be a whole number from 4 to 10,000"),
        ({"strangers": 0}, "'strangers' is 0"),
        ({"rows": True}, "'rows' is True"),
    ],
)
def test_a_parameter_that_makes_no_sets_is_refused(subsets, given, words):
    with pytest.raises(BadValue, match="subsets: parameter") as told:
        subsets.load("moons", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(subsets):
    with pytest.raises(UnknownName, match="no split 'moon'; did you mean 'moons'"):
        subsets.load("moon", SMALL, 0)
