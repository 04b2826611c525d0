from itertools import pairwise

from genbench.kit.curve import PREFERRED


def test_points_are_about_evenly_spaced_on_a_logarithmic_scale_ten_in_a_decade():
    steps = sorted(PREFERRED)

    assert steps[:17] == [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 31, 40, 50, 63, 80]
    assert steps[-1] == 800_000
    assert all(1.15 < later / step < 1.4 for step, later in pairwise(steps[8:]))
    assert sum(1000 <= step < 10_000 for step in steps) == 10
