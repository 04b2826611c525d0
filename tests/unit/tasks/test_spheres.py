"""Spheres: uniform points, labels of the stated chance, and a best rule of the stated worth."""

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName


@pytest.fixture(scope="module")
def spheres(task_module):
    return task_module("spheres")


def rows_of(table):
    column = table["x"].combine_chunks()
    return column.flatten().to_numpy().reshape(-1, 4).astype(float), table["label"].to_numpy()


@pytest.fixture(scope="module")
def drawn(spheres):
    params = {"rows": 200_000, "questions": 10}
    return {split: rows_of(spheres.load(split, params, 0).train) for split in ("sphere2", "sphere3")}


@pytest.mark.parametrize(("split", "dimension"), [("sphere2", 2), ("sphere3", 3)])
def test_points_are_uniform_on_their_sphere(drawn, split, dimension):
    points, _ = drawn[split]

    assert np.linalg.norm(points, axis=1) == pytest.approx(1, abs=1e-6)
    assert (points[:, dimension + 1 :] == 0).all()
    inside = points[:, : dimension + 1]
    assert np.abs(inside.mean(0)).max() < 0.01
    assert inside.T @ inside / len(inside) == pytest.approx(np.eye(dimension + 1) / (dimension + 1), abs=0.005)


@pytest.mark.parametrize(("split", "best"), [("sphere2", 0.79643), ("sphere3", 0.74418)])
def test_the_best_rule_is_right_as_often_as_the_readme_says(drawn, split, best):
    points, labels = drawn[split]

    right = ((points[:, 0] * points[:, 1] > 0) == labels).mean()
    assert right == pytest.approx(best, abs=0.004)  # more than 4 standard errors of 200,000 rows
    assert abs(labels.mean() - 0.5) < 0.005


def test_labels_near_an_edge_are_noise_and_those_far_from_it_are_all_but_sure(drawn):
    points, labels = drawn["sphere2"]
    product = points[:, 0] * points[:, 1]

    near, far = np.abs(product) < 0.005, product > 0.25
    assert labels[near].mean() == pytest.approx(0.5, abs=0.03)
    assert labels[far].mean() == pytest.approx(0.95, abs=0.01)


def test_fewer_rows_are_the_first_of_more(spheres):
    few = spheres.load("sphere3", {"rows": 50, "questions": 20}, 3)
    many = spheres.load("sphere3", {"rows": 80, "questions": 20}, 3)

    assert many.train.slice(0, 50).equals(few.train)
    assert many.questions["test"].equals(few.questions["test"])
    assert not spheres.load("sphere3", {"rows": 50, "questions": 20}, 4).train.equals(few.train)


@pytest.mark.parametrize("value", [0, -1, 10_000_001, 2.0, True, "many"])
@pytest.mark.parametrize("name", ["rows", "questions"])
def test_what_is_no_number_of_rows_is_named(spheres, name, value):
    with pytest.raises(BadValue, match=f"parameter '{name}' is {value!r}; it must be a whole number from 1"):
        spheres.load("sphere2", {"rows": 10, "questions": 10, name: value}, 0)


def test_a_split_that_is_not_here_is_named(spheres):
    with pytest.raises(UnknownName, match="no split 'sphere4'"):
        spheres.load("sphere4", {"rows": 10, "questions": 10}, 0)
