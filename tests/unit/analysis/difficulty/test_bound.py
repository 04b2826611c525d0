"""The bound in bits: figures of the authors' code, harmonics counted by hand, numbers that no float holds."""

import csv
import math

import pytest

from genbench.analysis.difficulty.bound import bound, highest_degree, log_harmonics, log_wasserstein


def test_each_step_is_that_of_the_authors_code(reference):
    with (reference / "seeds_theory" / "difficulty_bound.csv").open() as file:
        rows = [{name: float(value) for name, value in row.items() if name != "case"} for row in csv.DictReader(file)]

    signs = set()
    for row in rows:
        degree = highest_degree(row["m"], 2 * math.pi * row["R"] / row["delta"])
        told = bound(row["error"], row["n"], row["m"], row["R"], row["prod_d"], row["delta"], row["D"], row["B"])
        signs.add(told.sign)
        assert degree == pytest.approx(row["K"], rel=1e-9)
        assert math.exp(log_harmonics(row["m"], degree)) == pytest.approx(row["eigenvalues"], rel=1e-9)
        assert log_wasserstein(row["n"], row["m"], row["R"], row["prod_d"]) == pytest.approx(row["log_wasserstein"])
        assert told.bits == pytest.approx(row["bits"], rel=1e-9)
    assert signs == {1, -1}


def test_harmonics_are_counted_as_on_a_circle_and_on_a_ball():
    assert highest_degree(1, 7.0) == 7.0
    assert [round(math.exp(log_harmonics(1, degree))) for degree in (1, 2, 3)] == [3, 5, 7]  # 1, cosines and sines
    assert [round(math.exp(log_harmonics(2, degree))) for degree in (1, 2, 3)] == [4, 9, 16]  # (degree + 1) squared


def test_more_than_a_float_holds_has_a_logarithm():
    told = bound(0.01, 1000, 400, 50.0, 10, 0.1, 9)

    assert (told.sign, told.bits) == (1, math.inf)
    assert 1024 < told.log2 < math.inf
