"""The law of a distance: each law's own course is told from the others', and what has no course has no law."""

import numpy as np
import pytest
import torch

from genbench.kit import distance

STEPS = np.arange(1, 401)
COURSES = {"log": 3 + 2 * np.log(STEPS), "sqrt": np.sqrt(STEPS), "linear": 0.5 * STEPS}


@pytest.mark.parametrize("law", COURSES)
def test_the_law_of_a_course_is_the_one_that_fits_it_wholly(law):
    found = distance.fits(COURSES[law])

    assert found[law] == pytest.approx(1, abs=1e-12)
    assert max(value for other, value in found.items() if other != law) < 0.98


def test_r2_is_the_square_of_the_correlation():
    course = np.log(STEPS) + np.random.default_rng(0).normal(0, 0.3, 400)

    assert distance.fits(course)["sqrt"] == pytest.approx(np.corrcoef(np.sqrt(STEPS), course)[0, 1] ** 2)


def test_two_steps_and_a_course_that_stands_still_have_no_law():
    assert distance.fits(np.array([1.0, 2.0])) == {}
    assert distance.fits(np.full(9, 2.5)) == {}


def test_flat_weights_are_a_copy():
    weight = torch.nn.Parameter(torch.tensor([[1.0, 2.0]]))
    kept = distance.flat([weight, torch.tensor([3.0])])
    with torch.no_grad():
        weight.zero_()

    assert kept.tolist() == [1.0, 2.0, 3.0]
