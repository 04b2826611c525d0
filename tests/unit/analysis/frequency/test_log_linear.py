"""The log-linear trend against a slow count, and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr

from genbench.analysis import frequency
from genbench.errors import BadValue

CONCEPTS = st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 1)), min_size=2, max_size=60)


@given(CONCEPTS)
def test_bins_are_those_of_a_slow_count(concepts):
    counts, scores = (np.array(column) for column in zip(*concepts, strict=True))
    x = [np.log(max(count, 1)) for count in counts.tolist()]
    if min(x) == max(x):
        return

    found = frequency.trend(counts, scores)

    edges = np.linspace(min(x), max(x), 12)
    places = [next((at for at, edge in enumerate(edges) if edge >= one), 11) for one in x]
    for at in range(12):
        own = [score for score, place in zip(scores, places, strict=True) if place == at]
        assert found.concepts[at] == len(own)
        assert not own or found.means[at] == pytest.approx(np.mean(own), abs=1e-12)
        assert not own or found.deviations[at] == pytest.approx(np.std(own), abs=1e-6)
        assert own or np.isnan(found.means[at])
    assert found.edges == pytest.approx(np.exp(edges))


def test_the_first_bin_holds_the_least_alone_and_zero_stands_with_one():
    found = frequency.trend(np.array([0, 1, 2, 10, 100, 10**6]), np.linspace(0, 1, 6))

    assert found.edges[0] == pytest.approx(1)
    assert found.concepts[0] == 2  # 0 and 1
    assert found.concepts.sum() == 6


def test_the_first_and_the_last_bin_say_nothing_of_the_trend():
    counts = np.round(10 ** np.linspace(0, 6, 500)).astype(int)
    scores = np.log10(counts) / 10
    bent = np.where((counts == 1) | (counts > 10**5.5), 0.9, scores)

    plain, other = frequency.trend(counts, scores), frequency.trend(counts, bent)

    assert (plain.slope, plain.r) == (other.slope, other.r)
    assert plain.slope == pytest.approx(0.1, abs=0.002)


def test_other_bins_can_be_read():
    counts = np.round(10 ** np.linspace(0, 6, 500)).astype(int)
    scores = np.minimum(np.log10(counts), 3) / 10

    assert frequency.trend(counts, scores, (0, 6)).slope > frequency.trend(counts, scores).slope


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=20))
def test_r_and_p_are_those_of_scipy(points):
    x, y = (np.array(column) for column in zip(*points, strict=True))
    if np.std(x) < 1e-3 or np.std(y) < 1e-3:
        return

    r, p = frequency.correlation(x, y)

    assert (r, p) == (pytest.approx(pearsonr(x, y)[0], abs=1e-9), pytest.approx(pearsonr(x, y)[1], abs=1e-7))


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([], "there are no concepts whose frequency is known"),
        ([5, 5, 5], "all 3 concepts are equally frequent, so there is no trend to read"),
        ([0, 1], "all 2 concepts are equally frequent"),
        ([3, -1], "a frequency is -1; it must be a count, 0 or more"),
    ],
)
def test_counts_without_a_trend_are_refused(counts, message):
    with pytest.raises(BadValue, match=message):
        frequency.trend(np.array(counts, dtype=np.int64), np.zeros(len(counts)))
