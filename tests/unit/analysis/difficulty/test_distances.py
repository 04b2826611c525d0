"""Distances between rows: estimates of the authors' code, and shapes whose figures are known."""

import csv
import json

import numpy as np
import pytest

from genbench.analysis.difficulty import distances


@pytest.fixture(scope="module")
def cloud(reference):
    """300 points in six dimensions that fill three, their labels, and what the authors' code says of them."""
    folder = reference / "seeds_theory"
    with (folder / "difficulty_points.csv").open() as file:
        rows = np.array(list(csv.reader(file))[1:], float)
    return rows[:, :-1], rows[:, -1].astype(int), json.loads((folder / "difficulty_estimators.json").read_text())


@pytest.fixture
def chance():
    return np.random.default_rng(0)


def test_dimension_and_distance_are_those_of_the_authors_code(cloud, chance):
    points, labels, known = cloud

    assert distances.intrinsic_dimension(points, chance) == pytest.approx(
        known["intrinsic_dim_k5_all_points"], rel=1e-6
    )
    least, extrapolated = distances.class_distances(points, labels, chance)
    assert least == extrapolated == pytest.approx(known["closest_distance_between_labels"], rel=1e-6)


def test_the_tail_is_extrapolated_as_by_the_authors_code(reference, cloud):
    evt = cloud[2]["evt"]
    text = (reference / "seeds_theory" / "difficulty_evt_largest_inverse_distances.csv").read_text()
    largest = np.array([float(line) for line in text.splitlines()[1:]])

    assert len(largest) == evt["k"] + 1
    found = distances.extrapolated(largest, evt["num_samples"], evt["n"], evt["classes"])
    assert found == pytest.approx(evt["delta"], rel=1e-6)


def test_drawn_pairs_lead_near_the_least_distance_of_all(cloud, chance, monkeypatch):
    points, labels, known = cloud
    monkeypatch.setattr(distances, "ALL_PAIRS", 10)
    monkeypatch.setattr(distances, "PAIRS", 20_000)
    monkeypatch.setattr(distances, "TAIL", 50)

    least, extrapolated = distances.class_distances(points, labels, chance)

    assert known["closest_distance_between_labels"] <= least * (1 + 1e-9)
    assert extrapolated <= least
    assert extrapolated == pytest.approx(known["closest_distance_between_labels"], rel=0.25)


@pytest.mark.parametrize("dimension", [1, 2, 4])
def test_a_flat_piece_of_space_has_its_dimension_wherever_it_lies(chance, dimension):
    turned = np.linalg.qr(chance.normal(size=(7, 7)))[0][:dimension]

    points = chance.uniform(size=(3000, dimension)) @ turned + 100

    assert distances.intrinsic_dimension(points, chance) == pytest.approx(dimension, rel=0.1)


def test_repeats_and_equal_tails_are_taken_as_they_are(chance):
    rows = np.repeat(np.array([[0.0], [1.0], [3.0], [4.0], [9.0], [11.0], [12.0]]), 3, axis=0)

    found = distances.neighbour_distances(np.unique(rows, axis=0), np.array([0, 4]), 2)

    assert found.tolist() == [[1, 3], [2, 3]]
    assert isinstance(distances.intrinsic_dimension(rows, chance), float)
    assert distances.extrapolated(np.full(6, 4.0), 100, 50, 2) == 0.25


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (np.zeros((9, 2)), "there are 1 different rows"),
        (np.eye(9), "all neighbours of a row are equally far"),
    ],
)
def test_what_fills_no_dimension_says_so(chance, points, why):
    assert distances.intrinsic_dimension(points, chance).startswith(why)


def test_one_class_has_no_distance(chance):
    assert distances.class_distances(np.eye(4), np.ones(4), chance) == "all rows of training are of one class"


def test_nearest_rows_and_the_median_are_found_in_blocks(chance, monkeypatch):
    monkeypatch.setattr(distances, "AT_ONCE", 7)
    rows = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]])

    assert distances.nearest_rows(rows, np.array([[3.0, 1.0], [0.0, 2.0], [-1.0, 0.0]])).tolist() == [1, 2, 0]
    assert distances.median_distance(rows) == 4.0
