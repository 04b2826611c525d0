"""What our rows say of findings: by the interval, and where that holds a bound by the mean."""

import math

import pytest

from genbench.analysis.papers import Finding, Measured, Reading, joined, verdict

ONE, OTHER = Reading("echo/small", "lstm", "test"), Reading("echo/small", "gru", "test")


def finding(**bounds):
    return Finding("it echoes", "stated", "the abstract", of=ONE, **bounds)


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (Measured(0.5, 0.45, 0.55, 3), "reached"),
        (Measured(0.4, 0.4, 0.6, 3), "reached"),
        (Measured(0.5, 0.35, 0.55, 3), "reached on the mean"),
        (Measured(0.35, 0.3, 0.45, 3), "not reached on the mean"),
        (Measured(0.3, 0.2, 0.39, 3), "not reached"),
        (Measured(0.7, 0.61, 0.8, 3), "not reached"),
        (Measured(0.5, 0.45, 0.55, 1), "reached, one seed"),
        (Measured(0.5, 0.45, 0.55, 1, alone=True), "reached"),
        (Measured(0.5, seeds=2), "reached on the mean"),
        (Measured(None, seeds=3, why="2 of 3 seeds never reach it"), "open: 2 of 3 seeds never reach it"),
        (None, "open: no rows yet"),
    ],
)
def test_the_interval_decides_and_where_it_holds_a_bound_the_mean(ours, said):
    assert verdict(finding(least=0.4, most=0.6), ours) == said


def test_a_finding_that_a_test_holds_asks_for_no_rows():
    assert (
        verdict(Finding("it echoes", "ours", "a run", test="tests/test_echo.py::test_echo"), None) == "held by a test"
    )


def test_one_figure_is_itself_and_one_without_rows_is_none():
    ours = Measured(0.5, 0.4, 0.6, 3)

    assert joined(finding(least=0.4), {ONE: ours}) == ours
    assert joined(finding(least=0.4, minus=OTHER), {ONE: ours}) is None


def test_the_ends_of_a_difference_are_as_far_as_both_together():
    told = joined(finding(least=0, minus=OTHER), {ONE: Measured(0.9, 0.8, 0.95, 3), OTHER: Measured(0.5, 0.4, 0.7, 2)})

    assert told.value == pytest.approx(0.4)
    assert told.low == pytest.approx(0.4 - math.sqrt(0.1**2 + 0.2**2))
    assert told.high == pytest.approx(0.4 + math.sqrt(0.05**2 + 0.1**2))
    assert told.seeds == 2


def test_the_ends_of_a_ratio_are_those_of_a_difference_of_logarithms():
    told = joined(finding(most=0.2, over=OTHER), {ONE: Measured(2, 1, 4, 3), OTHER: Measured(20, 10, 40, 3)})

    assert told.value == pytest.approx(0.1)
    assert told.low == pytest.approx(0.1 * 2 ** -math.sqrt(2))
    assert told.high == pytest.approx(0.1 * 2 ** math.sqrt(2))


def test_without_an_interval_of_both_there_is_none_of_a_ratio_or_difference():
    known = {ONE: Measured(2, 1, 4, 3), OTHER: Measured(20, seeds=1)}

    assert joined(finding(most=0.2, over=OTHER), known) == Measured(0.1, seeds=1)
    assert joined(finding(most=0.2, minus=OTHER), known) == Measured(-18, seeds=1)


def test_there_is_no_ratio_of_what_is_not_above_0_or_was_never_reached():
    never = Measured(None, seeds=3, why="1 of 3 seeds never reach it")

    none = joined(finding(most=1, over=OTHER), {ONE: Measured(0.5, seeds=3), OTHER: Measured(0, seeds=3)})

    assert verdict(finding(most=1), none) == "open: there is no ratio of what is not above 0"
    assert joined(finding(most=1, over=OTHER), {ONE: Measured(5, seeds=3), OTHER: never}) == never
