"""Exact bits against independent figures, and against a distribution that scipy knows."""

import json
import math

import numpy as np
import pytest

from genbench.analysis.difficulty import exact


def test_bits_of_a_conditioned_process_are_those_of_independent_code(reference):
    known = json.loads((reference / "seeds_theory" / "exact_bias_gp.json").read_text())
    train, asked = np.array(known["X_train"]), np.array(known["X_test"])
    targets, right = np.eye(2)[known["y_train"]], np.eye(2)[known["y_test"]]

    for row in known["rows"]:
        mean, covariance = exact.posterior(train, targets, asked, row["sigma"], noise=0.0)
        assert exact.bits(mean - right, covariance, row["epsilon"]) == pytest.approx(
            row["exact_bits"], rel=1e-8, abs=1e-3
        )


@pytest.mark.parametrize(
    ("outputs", "asked", "epsilon"), [(1, 1, 0.1), (1, 1, 2.0), (2, 1, 0.01), (1, 3, 0.001), (3, 5, 0.3), (1, 1, 0.9)]
)
def test_of_equal_spreads_it_is_the_non_central_chi_square(outputs, asked, epsilon):
    from scipy.stats import ncx2

    errors = 0.5 * np.random.default_rng(outputs + asked).normal(size=(asked, outputs))

    found = exact.bits(errors, 0.3 * np.eye(asked), epsilon)

    size, spread = outputs * asked, 0.3
    expected = -ncx2.logcdf(epsilon * size / spread, size, np.square(errors).sum() / spread) / math.log(2)
    assert found == pytest.approx(expected, rel=1e-9)


def test_where_nothing_is_left_open_bits_are_none_or_without_end():
    errors = np.array([[0.5], [0.0]])

    assert exact.bits(errors, np.zeros((2, 2)), 0.1) == math.inf
    assert exact.bits(errors, np.zeros((2, 2)), 0.2) == pytest.approx(0.0, abs=1e-9)


def test_the_process_goes_through_its_rows_and_knows_nothing_far_away():
    train, targets = np.array([[0.0], [1.0]]), np.array([[1.0], [-2.0]])

    mean, covariance = exact.posterior(train, targets, np.array([[0.0], [1.0], [50.0]]), 1.0)

    assert mean[:, 0] == pytest.approx([1, -2, 0], abs=1e-4)
    assert np.diag(covariance) == pytest.approx([0, 0, 1], abs=1e-5)
