"""Places in a drawing, and the numbers beside it."""

import math

import pytest

from genbench.report.charts.scale import Scale, decades, short, thinned, y_ticks


def test_a_bounded_metric_has_the_whole_range_and_another_what_there_is():
    assert Scale.of([0.2, None, 0.4], bounded=True) == Scale(0.0, 1.0)
    assert Scale.of([20.0, None, 40.0], bounded=False) == Scale(20.0, 40.0)


def test_one_value_has_room_on_both_sides():
    assert Scale.of([3.0, 3.0], bounded=False).at(3.0) == 50


def test_what_lies_beyond_a_scale_stands_at_its_end():
    assert [Scale(0.0, 2.0).at(value) for value in (-1, 0.5, 9)] == [0, 25, 100]


def test_from_the_top_the_most_is_nothing():
    assert [Scale(0.0, 2.0).from_top(value) for value in (0, 0.5, 2)] == [100, 75, 0]


@pytest.mark.parametrize("value", [None, math.nan])
def test_what_is_not_known_has_no_place(value):
    assert Scale(0.0, 1.0).maybe_from_top(value) is None


@pytest.mark.parametrize(
    ("least", "most", "steps"),
    [(0, 2, [1, 10, 100]), (0, 1, [1, 2, 5, 10]), (0, 9, [1, 100, 10**4, 10**6, 10**8]), (1.2, 1.31, [20])],
)
def test_a_logarithmic_scale_has_round_numbers_and_no_more_than_seven(least, most, steps):
    assert decades(Scale(float(least), float(most))) == steps


def test_of_too_many_values_some_are_kept_from_the_first():
    assert thinned([1, 2, 3, 4, 5, 6, 7], 3) == [1, 4, 7]
    assert thinned([1, 2, 3], 3) == [1, 2, 3]


def test_round_numbers_are_short_and_others_whole():
    assert [short(number) for number in (5, 500, 2000, 2500, 2510, 3 * 10**6)] == [
        "5",
        "500",
        "2k",
        "2.5k",
        "2510",
        "3M",
    ]


def test_five_numbers_stand_beside_a_drawing_the_least_at_its_foot():
    assert y_ticks(Scale(0.0, 2.0)) == ((100, "0"), (75, "0.5"), (50, "1"), (25, "1.5"), (0, "2"))
