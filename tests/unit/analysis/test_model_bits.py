"""How rare a loss is among seeds: the release's figures, exact ones where it has none, and what has no figure."""

import csv
import math
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import gammaln

from genbench.analysis.model_bits import Shape, fitted, model_bits, nats, of_tasks
from genbench.errors import BadValue

CELLS = ("task", "split", "submission", "profile", "seed", "cell", "status", "started")
LOSSES = {"linear_teacher": "squared_error"}


def told(values, epsilon, losses=LOSSES):
    when = datetime(2026, 1, 1, tzinfo=UTC)
    cells = [
        ("linear_teacher", "linear_over", "linear_gd", "full", at, str(at), "ok", when) for at in range(len(values))
    ]
    scores = [
        {"cell": str(at), "axis": axis, "metric": metric, "value": value + shift, "question_set": "test"}
        for at, value in enumerate(values)
        for metric, axis, shift in (("squared_error", "", 0.0), ("squared_error", "part", 5.0), ("within", "", 9.0))
    ]
    tables = (
        pa.Table.from_pylist([dict(zip(CELLS, cell, strict=True)) for cell in cells]),
        pa.Table.from_pylist(scores),
    )
    return model_bits(*tables, lambda *_: True, losses, epsilon)


def drawn(count):
    return list(0.01 * np.random.default_rng(2).noncentral_chisquare(8, 6, count))


def test_nats_are_those_of_the_release_where_floating_point_holds_the_chance(reference):
    with (reference / "seeds_theory" / "exact_bias_ncx2_nats.csv").open() as lines:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines)]
    own = [row for row in rows if row["nats"] != row["sankaran_nats"]]

    assert len(own) > 60
    for row in own:
        assert nats(row["error"], Shape(row["df"], row["nc"], row["scale"])) == pytest.approx(row["nats"], rel=1e-6)


def test_where_it_does_not_the_chance_is_exact():
    # Of a central chi square near 0, P = (x/2)^(k/2) e^(-x/2) / Gamma(k/2 + 1) (1 + x/(k+2) + ...).
    x, degrees = 0.01, 500.0
    wanted = degrees / 2 * math.log(x / 2) - x / 2 - gammaln(degrees / 2 + 1) + math.log1p(x / (degrees + 2))

    assert nats(x, Shape(degrees, 1e-12, 1.0)) == pytest.approx(-wanted, rel=1e-9)


def test_a_shape_that_was_drawn_from_is_found_again():
    losses = drawn(2000)
    found = fitted(losses)

    assert nats(0.05, found) == pytest.approx(-math.log(np.mean(np.array(losses) < 0.05)), rel=0.15)
    assert found.scale * (found.degrees + found.noncentrality) == pytest.approx(np.mean(losses), rel=0.01)


def test_bits_are_nats_over_ln_2_and_marked_where_no_seed_was_as_good():
    losses = drawn(12)
    ((low,), _), ((high,), _) = told(losses, 0.01), told(losses, float(np.median(losses)))

    assert low.bits == pytest.approx(nats(0.01, fitted(losses)) / math.log(2))
    assert (low.extrapolated, high.extrapolated) == (True, False)
    assert 0.5 < high.bits < 1.5  # about half of the seeds are as good
    assert (low.part, low.metric, low.seeds) == (
        ("linear_teacher", "linear_over", "linear_gd", "full", "test"), "squared_error", 12
    )  # fmt: skip
    assert low.least == min(losses)


@pytest.mark.parametrize(
    ("values", "epsilon", "losses", "words"),
    [
        (
            drawn(9),
            0.1,
            LOSSES,
            "linear_teacher/linear_over test  linear_gd: 9 seeds; a shape of three numbers is fitted",
        ),
        ([0.2] * 12, 0.1, LOSSES, "all seeds have the loss 0.2"),
        ([1 + at * 1e-12 for at in range(12)], 0.1, LOSSES, "the fit came to no end"),
        ([*drawn(11), 0.0], 0.1, LOSSES, "a loss of 0; the shape is of losses above 0"),
        (drawn(12), 0.0, LOSSES, "epsilon is 0; it is a loss above 0"),
        (drawn(12), math.nan, LOSSES, "epsilon is nan"),
        (drawn(12), 0.1, {"linear_teacher": None}, "linear_teacher/linear_over: none of its metrics is a loss"),
    ],
)
def test_what_has_no_figure_is_one_error(values, epsilon, losses, words):
    with pytest.raises(BadValue, match=words):
        told(values, epsilon, losses)


def test_the_loss_of_a_task_is_the_one_named_or_its_first():
    from genbench import registry

    known = registry.catalogue().tasks
    found = of_tasks(known, "")

    assert (found["linear_teacher"], found["digits"], found["scan"]) == ("squared_error", "nll", None)
    assert of_tasks(known, "nll")["linear_teacher"] is None
    with pytest.raises(BadValue, match="'top_1' is no loss; losses are squared_error, absolute_error, nll"):
        of_tasks(known, "top_1")
