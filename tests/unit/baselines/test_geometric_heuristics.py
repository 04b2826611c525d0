"""Cheap rules of plane geometry: what each gives, by hand and by what must hold of it."""

import itertools
import math

import numpy as np
import pytest
from datasets import Dataset

from genbench.errors import BadData, BadValue

SQUARE = [0.0, 0.0, 1.0, 0.1, 0.9, 1.0, 0.1, 0.9]


@pytest.fixture
def answers(baseline, context):
    def said(problem, *rows, **given):
        one = baseline("geometric_heuristics").GeometricHeuristics(
            context("geometric_heuristics", {"points": "list<float64>", "problem": "string"}, "list<int64>", 1, given)
        )
        one.fit(None, None)
        return one.predict(Dataset.from_dict({"points": [*rows], "problem": [problem] * len(rows)}))

    return said


def turn(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def walked(points, tour):
    return sum(math.dist(points[a - 1], points[b - 1]) for a, b in itertools.pairwise([*tour, tour[0]]))


def test_extreme_points_go_round_the_hull_and_leave_out_what_lies_within(answers):
    [corners] = answers("hull", [*SQUARE, 0.5, 0.5])

    begun = corners[corners.index(1) :] + corners[: corners.index(1)]
    assert begun == [1, 2, 3, 4]


def test_extreme_points_are_a_convex_polygon_of_any_points(answers):
    for numbers in np.random.default_rng(0).random((20, 60)):
        points = numbers.reshape(-1, 2)
        [corners] = answers("hull", numbers.tolist(), directions=9)
        assert len(set(corners)) == len(corners) <= 9
        three = zip(corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True)
        assert all(turn(*(points[one - 1] for one in corner)) > 0 for corner in three)


def test_polar_order_goes_round_the_mean(answers):
    assert answers("hull", SQUARE, hull="polar_order") == answers("tour", SQUARE, tour="polar_order") == [[1, 2, 3, 4]]


def test_a_sweep_is_a_triangulation(answers):
    for numbers in np.random.default_rng(1).random((20, 24)):
        points = numbers.reshape(-1, 2)
        [places] = answers("delaunay", numbers.tolist())
        triangles = [tuple(places[begin : begin + 3]) for begin in range(0, len(places), 3)]
        area = sum(abs(turn(*(points[one - 1] for one in three))) for three in triangles)
        [hull] = answers("hull", numbers.tolist(), directions=5000)
        whole = sum(turn(points[hull[0] - 1], points[a - 1], points[b - 1]) for a, b in itertools.pairwise(hull))
        assert len(set(triangles)) == len(triangles) == 2 * len(points) - 2 - len(hull)
        assert area == pytest.approx(whole)
        assert all(a < b < c for a, b, c in triangles)


@pytest.mark.parametrize("points", [[0.0, 0.0, 0.5, 0.5, 1.0, 1.0, 0.2, 0.2], [0.3, 0.4] * 4])
def test_points_on_a_line_and_equal_ones_have_tours_and_no_triangle(answers, points):
    for tour in ("nearest_neighbour", "polar_order", "two_opt"):
        [places] = answers("tour", points, tour=tour)
        assert sorted(places) == [1, 2, 3, 4]
    assert answers("delaunay", points) == [[]]
    assert all(set(places) <= {1, 2, 3, 4} for places in answers("hull", points))


def test_the_nearest_neighbour_is_next(answers):
    assert answers("tour", [0.0, 0.0, 0.9, 0.0, 0.2, 0.0, 0.5, 0.0]) == [[1, 3, 4, 2]]


def test_two_opt_takes_crossings_away_and_ends_where_no_turn_helps(answers):
    for numbers in np.random.default_rng(2).random((10, 24)):
        points = numbers.reshape(-1, 2)
        [first], [tour] = answers("tour", numbers.tolist()), answers("tour", numbers.tolist(), tour="two_opt")
        length = walked(points, tour)
        assert sorted(tour) == sorted(first) == list(range(1, 13))
        assert length <= walked(points, first) + 1e-12
        for begin, end in itertools.combinations(range(12), 2):
            other = tour[: begin + 1] + tour[begin + 1 : end + 1][::-1] + tour[end + 1 :]
            assert walked(points, other) >= length - 1e-9


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hull": "quick"}, "hull is 'quick'; it must be one of extremes, polar_order"),
        ({"tour": "extremes"}, "tour is 'extremes'; it must be one of nearest_neighbour, two_opt, polar_order"),
        ({"directions": 2}, "directions is 2; it must be a whole number from 3 on"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(answers, given, words):
    with pytest.raises(BadValue, match=words):
        answers("hull", SQUARE, **given)


def test_a_problem_that_no_rule_is_for_is_refused(answers):
    with pytest.raises(BadData, match="problem is 'voronoi'; there are rules for hull, delaunay, tour"):
        answers("voronoi", SQUARE)
