"""How error falls with training rows."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from genbench.analysis.exponents import exponents, line, together
from genbench.analysis.standings import Headline
from genbench.errors import BadValue

SIZES = [100, 200, 400, 800]
CELLS = ("task", "split", "submission", "profile", "seed", "cell", "status", "started", "task_params")


def rows(scored, name="rows"):
    """CELLS and SCORES of one submission: `scored[seed][size]` is its score."""
    cells, scores = [], []
    for seed, by_size in enumerate(scored):
        for size, value in by_size.items():
            split, cell = f"count:p=5,{name}={size}", f"{seed}-{size}"
            params = json.dumps({name: size, "p": 5})
            cells.append(
                ("algorithms", split, "mlp", "full", seed, cell, "ok", datetime(2026, 1, 1, tzinfo=UTC), params)
            )
            scores.append({"cell": cell, "axis": "", "metric": "exact_match", "value": value, "question_set": "test"})
    return (
        pa.Table.from_pylist([dict(zip(CELLS, cell, strict=True)) for cell in cells]),
        pa.Table.from_pylist([{"task": "algorithms", "split": "", **row} for row in scores]),
    )


def told(scored, direction="higher", along="rows", **more):
    cards = {"algorithms/count": Headline("exact_match", direction=direction, **more)}
    return exponents(*rows(scored), cards, lambda *_: True, {"": along})


def test_a_known_exponent_is_found_exactly():
    (found,), _ = told([{size: 1 - 3 * size**-0.6 for size in SIZES}])

    assert found.slope == pytest.approx(-0.6, abs=1e-12)
    assert found.misfit == pytest.approx(0, abs=1e-12)
    assert (found.part, found.sizes) == (("algorithms", "count:p=5", "mlp", "full", "test"), (100, 200, 400, 800))


def test_an_error_that_is_the_score_itself_is_taken_as_it_is():
    (found,), _ = told([{size: 50 * size**-1.2 for size in SIZES}], direction="lower", bounded=False)

    assert found.slope == pytest.approx(-1.2, abs=1e-12)


def test_the_line_is_that_of_scipy_with_its_standard_error():
    errors = [0.5, 0.31, 0.24, 0.13]

    found, theirs = line(SIZES, errors), stats.linregress(np.log(SIZES), np.log(errors))

    assert (found.slope, found.error) == pytest.approx((theirs.slope, theirs.stderr), rel=1e-12)


def test_the_interval_is_over_seeds_and_for_one_seed_over_sizes():
    lines = [line([1, 10], [1, 10**-slope]) for slope in (0.4, 0.5, 0.6)]
    scattered = line(SIZES, [0.5, 0.31, 0.24, 0.13])

    mean, low, high, over = together(lines)

    assert (mean, over) == (pytest.approx(-0.5), "seeds")
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 2, -0.5, 0.1 / 3**0.5))
    assert together([scattered])[1:] == (
        pytest.approx(scattered.slope - stats.t.ppf(0.975, 2) * scattered.error),
        pytest.approx(scattered.slope + stats.t.ppf(0.975, 2) * scattered.error),
        "sizes",
    )
    assert together(lines[:1]) == (pytest.approx(-0.4), None, None, "")


def test_points_without_error_are_left_out_and_counted():
    (found,), _ = told([{100: 0.9, 200: 0.95, 400: 1.0}])

    assert (found.slope, found.without_error) == (pytest.approx(-1.0), 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"along": "examples"}, "it has no parameter 'examples' that is a number of rows"),
        ({"bounded": False}, "more of exact_match is better without end; there is no error"),
        ({"scored": [{100: 0.5}]}, "count:p=5 test  mlp: no seed has errors at 2 sizes"),
    ],
)
def test_what_has_no_exponent_is_said_with_the_reason(arguments, message):
    with pytest.raises(BadValue) as caught:
        told(**{"scored": [{100: 0.5, 200: 0.6}], **arguments})
    assert str(caught.value).startswith("no exponent can be told\n  algorithms/count:p=5")
    assert message in str(caught.value)
