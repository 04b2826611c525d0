"""Medians of times that may not have ended."""

import pytest

from genbench.analysis import grokking


def kaplan_meier(times):
    """The median by the definition: survival falls by the share of those at risk to whom it happens."""
    left = 1.0
    for moment in sorted({time for time, happened in times if happened}):
        at_risk = sum(time >= moment for time, _ in times)
        left *= 1 - sum(time == moment and happened for time, happened in times) / at_risk
        if left <= 0.5 + 1e-12:
            return moment
    return None


@pytest.mark.parametrize(
    "times",
    [
        [(10, True)],
        [(10, True), (20, True), (30, True)],
        [(10, True), (20, False), (30, True)],
        [(10, True), (20, False), (30, False)],
        [(10, False), (10, True), (10, True), (40, True), (50, False), (60, True)],
        [(0, True), (0, True), (5, False)],
    ],
)
def test_medians_are_kaplan_and_meiers(times):
    found = grokking.median(times)

    assert found.median == kaplan_meier(times)
    assert (found.happened, found.seeds) == (sum(happened for _, happened in times), len(times))


def test_a_median_lies_within_its_interval():
    found = grokking.median([(float(time), time % 4 > 0) for time in range(1, 41)])

    assert found.low < found.median < found.high


def test_what_never_happened_has_no_median():
    assert grokking.median([(10, False), (20, False)]) == grokking.Median(None, None, None, 0, 2)
