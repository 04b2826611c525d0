"""Intervals of a trend."""

import numpy as np
import pytest

from genbench.analysis import frequency
from genbench.analysis.frequency import replicates


def test_an_analysis_finds_the_slope_and_its_interval_holds_it(made):
    found = frequency.analyse(*made(seeds=3, unseen=0.2), ("a", "name"))

    assert found.slope.low < 10 < found.slope.high
    assert found.slope.high - found.slope.low < 2
    assert 0.98 < found.r.value <= 1
    assert found.concept_r.low < found.concept_r.value < found.concept_r.high < found.r.value
    assert (found.unseen, found.seeds, found.concepts) == (80, 3, 400)
    assert found.unseen_accuracy.value == pytest.approx(0.1, abs=0.02)
    for mean, bin_ in zip(found.trend.means, found.accuracy, strict=True):
        assert bin_.low <= mean <= bin_.high


def test_the_same_name_gives_the_same_interval_and_another_name_another(made):
    one, again, other = (frequency.analyse(*made(), name) for name in (("a",), ("a",), ("b",)))

    assert one.slope == again.slope
    assert one.slope.low != other.slope.low


def test_fewer_concepts_and_seeds_that_differ_make_wider_intervals(made):
    counts, scores = made(seeds=4)
    apart = scores + np.array([-0.1, 0.1, -0.05, 0.05])[:, None] * np.log10(np.maximum(counts, 1)) / 6

    wide = [
        one.slope.high - one.slope.low
        for one in (
            frequency.analyse(counts, scores, ("a",)),
            frequency.analyse(counts[:100], scores[:, :100], ("a",)),
            frequency.analyse(counts, apart, ("a",)),
        )
    ]

    assert wide[0] < wide[1]
    assert wide[0] < wide[2]


def test_without_unseen_concepts_nothing_is_said_of_them(made):
    found = frequency.analyse(*made(), ("a",))

    assert found.unseen == 0
    assert np.isnan(found.unseen_accuracy.value)


def test_blocks_of_replicates_change_nothing(made, monkeypatch):
    whole = frequency.analyse(*made(seeds=2, concepts=50), ("a",))
    monkeypatch.setattr(replicates, "BLOCK", 50 * 1000)

    assert frequency.analyse(*made(seeds=2, concepts=50), ("a",)).slope == whole.slope


def test_two_bins_make_no_trend():
    found = frequency.analyse(np.array([1, 1000, 10**6]), np.array([[0.1, 0.2, 0.3]]), ("a",))

    assert np.isnan([found.slope.value, found.r.value, found.slope.low]).all()
