"""How often the interval of an exponent holds the true one, where seeds differ as trainings do."""

import numpy as np

from genbench.analysis.exponents import line, together

SIZES = np.array([100, 200, 400, 800, 1600])
TRIALS = 2000


def covered(seeds, per_seed, per_size, stream):
    """Share of the intervals that hold -0.5; seeds differ in their exponent, and each size in its error."""
    hits = 0
    for _ in range(TRIALS):
        lines = []
        for slope in stream.normal(-0.5, per_seed, seeds):
            errors = 2 * SIZES**slope * np.exp(stream.normal(0, per_size, len(SIZES)))
            lines.append(line(SIZES, errors))
        _, low, high, _ = together(lines)
        hits += low <= -0.5 <= high
    return hits / TRIALS


def test_intervals_over_seeds_and_over_sizes_hold_the_truth_nineteen_times_in_twenty(benchmark):
    def simulated():
        stream = np.random.default_rng(14)
        return {
            "5 seeds": covered(5, 0.05, 0.2, stream),
            "3 seeds that differ much": covered(3, 0.2, 0.2, stream),
            "1 seed": covered(1, 0.0, 0.2, stream),
        }

    shares = benchmark.pedantic(simulated, rounds=1)

    assert all(0.935 < share < 0.965 for share in shares.values()), shares
