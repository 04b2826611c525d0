import datetime as dt
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.analysis import lengths
from genbench.analysis.standings import interval
from genbench.errors import BadValue
from genbench.rows import schema

CELL = {"task": "sorting", "split": "up_to_20", "submission": "gru", "profile": "full", "seed": 0}


def cell(key="a", minute=0, status="ok", data="sha256:x", **changed):
    filled = {
        field.name: "" if pa.types.is_string(field.type) else None if field.nullable else 1.0 for field in schema.CELLS
    }
    started = dt.datetime(2026, 1, 1, 0, minute, tzinfo=dt.UTC)
    own = {"cell": key, "status": status, "data_fingerprint": data, "edition": 1, "started": started}
    return {**filled, **CELL, **own, **changed}


def scores(accuracy, key="a", n=100, kind="ood", axis="length", metric="exact_match", asked=None, **changed):
    """Rows of SCORES: `accuracy` maps a length, or another slice, to a share."""
    return [
        {
            **CELL,
            "cell": key,
            "question_set": asked or f"length_{part}",
            "kind": kind,
            "axis": axis,
            "slice": str(part),
            "metric": metric,
            "value": float(share),
            "n": n,
            **changed,
        }
        for part, share in accuracy.items()
    ]


def told(cells, rows, wanted=lambda _split, _submission: True, axis="length"):
    tables = schema.to_table(cells, schema.CELLS), schema.to_table(rows, schema.SCORES)
    return lengths.reaches(*tables, wanted, axis)


def reach(accuracy, n=100, seeds=1):
    """The reach of seeds that all have the same accuracy, or of one mapping for each seed."""
    every = accuracy if isinstance(accuracy, list) else [accuracy] * seeds
    cells = [cell(str(seed), seed=seed) for seed in range(len(every))]
    rows = [row for seed, one in enumerate(every) for row in scores(one, str(seed), n, seed=seed)]
    ((found,), _) = told(cells, rows)
    return found


def slow_fit(shares, counts):
    """The nearest accuracies that never rise, by their definition as least of largest means (Robertson et al. 1988)."""
    places = range(len(shares))

    def mean(first, last):
        return np.average(shares[first : last + 1], weights=counts[first : last + 1])

    return [min(max(mean(first, last) for last in places if last >= at) for first in range(at + 1)) for at in places]


curves = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=2, max_size=8)


@given(curves, st.sampled_from([0.9, 0.5, 0.25]))
def test_points_are_where_the_fitted_curve_says(drawn, level):
    counts = np.array([n for _, n in drawn])
    shares = np.array([min(right, n) / n for right, n in drawn])
    asked = np.cumsum(counts).astype(float)  # any lengths that rise

    (last,), (crossing,) = lengths.points(asked, shares[None], counts, level)

    fitted = lengths.fall(shares, counts)
    assert fitted.tolist() == pytest.approx(slow_fit(shares, counts))
    at = int((fitted >= level - 1e-9).sum())
    if at in (0, len(asked)):
        assert last == crossing == (math.inf if at else -math.inf)
    else:
        assert last == asked[at - 1]
        assert np.interp(crossing, asked, fitted) == pytest.approx(level)
        assert asked[at - 1] <= crossing <= asked[at]


def test_a_break_point_is_the_last_length_at_nine_tenths_and_half_accuracy_lies_between_lengths():
    found = reach({10: 1.0, 20: 0.9, 30: 0.8, 50: 0.2, 100: 0.0})

    assert found.break_point.value == 20
    assert found.half_length.value == pytest.approx(30 + 20 * (0.8 - 0.5) / 0.6)


def test_a_dip_by_chance_breaks_nothing_and_a_peak_by_chance_mends_nothing():
    found = reach(
        {length: {5: 0.88, 14: 0.6}.get(length, 1.0 if length < 12 else 0.3) for length in range(1, 16)}, n=50
    )

    assert found.break_point.value == 11
    assert 11 < found.half_length.value < 12


def test_a_curve_that_stays_high_or_low_is_censored_on_that_side():
    high, low = reach({10: 1.0, 20: 0.95}), reach({10: 0.4, 20: 0.0})

    assert [one.value for one in (high.break_point, high.half_length)] == [math.inf, math.inf]
    assert [one.value for one in (low.break_point, low.half_length)] == [-math.inf, -math.inf]
    assert low.half_length.high < 20
    assert high.half_length == lengths.Estimate(math.inf, math.inf, math.inf)


def test_the_area_is_the_mean_accuracy_at_a_length_drawn_from_the_range_asked():
    accuracy = {10: 1.0, 20: 0.9, 30: 0.8, 50: 0.2, 100: 0.0}

    found = reach(accuracy)

    drawn = np.interp(np.linspace(10, 100, 900_001), list(accuracy), list(accuracy.values()))
    assert found.area.value == pytest.approx(drawn.mean(), abs=1e-5)
    assert reach({10: 1.0, 500: 1.0}).area.value == 1


def test_an_area_of_two_lengths_has_the_interval_of_their_mean():
    """By MOVER; the lengths weigh the same, so two halves of one set of questions make nearly the set's own."""
    found = reach([{10: 0.6, 20: 0.6}, {10: 0.7, 20: 0.7}, {10: 0.8, 20: 0.8}], n=500)

    mean, low, high = interval([0.6, 0.7, 0.8], 1000)
    assert found.area.value == pytest.approx(mean)
    assert (found.area.low, found.area.high) == pytest.approx((low, high), abs=2e-3)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """One seed, 60 questions at each of 12 lengths; the truth is known, and 95 % of intervals hold it."""
    stream = np.random.default_rng(5)
    asked = np.arange(2.0, 26.0, 2)
    truth = 1 / (1 + np.exp((asked - 13.2) / 3))
    counts = np.full(12, 60)
    half = lengths.points(asked, truth[None], counts, 0.5)[1][0]
    area = np.trapezoid(truth, asked) / 22
    held = np.zeros(3)
    for trial in range(300):
        shares = tuple((stream.binomial(counts, truth) / counts).tolist())
        found = lengths.reach(
            [lengths.Reading("t", "s", str(trial), "full", "length", 0, "c", tuple(asked), shares, tuple(counts))]
        )
        held += [
            found.half_length.low <= half <= found.half_length.high,
            found.area.low <= area <= found.area.high,
            found.break_point.low <= 6 <= found.break_point.high,  # truth is .917 at 6, .850 at 8
        ]

    assert (held / 300 > 0.92).all()


def test_seeds_that_differ_widen_the_intervals_as_students_t_would():
    apart, alike = (
        reach([{10: 1.0, 20: 0.7 + step, 40: 0.0} for step in steps], n=100_000)
        for steps in ((-0.1, 0.0, 0.1), (0.0, 0.0, 0.0))
    )

    # Over the seeds alone: accuracy at 20 is .7, by t with 2 degrees of freedom .452 to .948; half is at 34.3 then.
    assert alike.half_length.value == apart.half_length.value == pytest.approx(25.71, abs=0.01)
    assert alike.half_length.high - alike.half_length.low < 0.5
    assert apart.half_length.high == pytest.approx(40 - 20 * 0.5 / 0.948, abs=0.5)
    assert apart.half_length.low == pytest.approx(10 + 10 * 0.5 / 0.548, abs=0.5)
    assert apart.area.high - apart.area.low > 10 * (alike.area.high - alike.area.low)


def test_one_seed_has_the_interval_of_its_questions():
    few, many = reach({10: 0.95, 20: 0.1}, n=20), reach({10: 0.95, 20: 0.1}, n=2000)

    assert few.break_point == lengths.Estimate(10, -math.inf, 10)
    assert many.break_point == lengths.Estimate(10, 10, 10)


def test_the_same_rows_give_the_same_intervals_whatever_stands_beside():
    (alone,), _ = told([cell()], scores({10: 0.9, 20: 0.6, 30: 0.3}))
    rows = scores({10: 0.9, 20: 0.6, 30: 0.3}) + scores({10: 0.1, 20: 0.0}, "b", submission="lstm")

    found, _ = told([cell(), cell("b", submission="lstm")], rows)

    assert found[0] == alone
    assert [one.readings[0].submission for one in found] == ["gru", "lstm"]


def test_question_sets_join_and_training_asked_again_and_other_metrics_stay_out():
    rows = [
        *scores({5: 1.0, 10: 0.8}, kind="id", asked="id"),
        *scores({10: 0.4, 20: 0.2}, n=300, asked="longer"),
        *scores({40: 0.0}, kind="trained", asked="trained"),
        *scores({30: 0.5}, metric="token_accuracy"),
        *scores({"": 0.3}, axis=""),
        *scores({50: 0.5}, axis="depth"),
    ]

    ((found,), _) = told([cell()], rows)

    (reading,) = found.readings
    assert reading.lengths == (5, 10, 20)
    assert reading.shares == pytest.approx((1.0, 0.5, 0.2))
    assert reading.counts == (100, 400, 300)
    assert reading.familiar == 10


def test_a_cell_read_from_two_folders_counts_once():
    ((found,), _) = told([cell(), cell()], scores({5: 1.0, 10: 0.8}) * 2)

    assert found.readings[0].counts == (100, 100)


def test_the_newest_of_cells_run_again_counts_and_failed_seeds_are_told():
    cells = [cell("old"), cell("new", minute=1), cell("b", seed=1, status="timeout")]
    rows = scores({5: 0.0, 10: 0.0}, "old") + scores({5: 1.0, 10: 1.0}, "new")

    (found,), lines = told(cells, rows)

    assert [one.cell for one in found.readings] == ["new"]
    assert found.failed == 1
    assert lines == ["gru on sorting/up_to_20: seed 1 ended with timeout"]


def test_answers_to_an_older_edition_of_the_questions_are_left_out():
    cells = [cell("a"), cell("b", seed=1, minute=1, data="sha256:y")]

    (found,), lines = told(cells, scores({5: 0.0, 10: 0.0}) + scores({5: 1.0, 10: 1.0}, "b", seed=1))

    assert [one.cell for one in found.readings] == ["b"]
    assert lines == ["gru on sorting/up_to_20: seed 0 answered an older edition of the questions"]


def test_another_axis_is_told_where_it_is_asked_for():
    ((found,), _) = told([cell()], scores({3: 1.0, 5: 0.2}, axis="depth"), axis="depth")

    assert found.break_point.value == 3


@pytest.mark.parametrize(
    ("rows", "axis", "message"),
    [
        (
            scores({"short": 1.0, "long": 0.0}),
            "length",
            (
                "no accuracy by 'length' can be told\n"
                "  sorting/up_to_20: no axis 'length' with numbers and graded by exact_match"
            ),
        ),
        (
            scores({5: 1.0}),
            "length",
            ("no accuracy by 'length' can be told\n  gru on sorting/up_to_20: one length is asked only"),
        ),
        (
            scores({5: 1.0, 10: 1.0}),
            "lenght",
            (
                "no accuracy by 'lenght' can be told; did you mean 'length'?\n"
                "  sorting/up_to_20: no axis 'lenght' with numbers and graded by exact_match"
            ),
        ),
    ],
)
def test_where_nothing_can_be_told_one_error_says_why(rows, axis, message):
    with pytest.raises(BadValue) as fault:
        told([cell()], rows, axis=axis)

    assert str(fault.value) == message


def test_cells_that_nobody_asked_for_are_no_fault_of_the_axis():
    with pytest.raises(BadValue, match="no cell of these results matches"):
        told([cell()], scores({5: 1.0, 10: 1.0}), wanted=lambda _split, submission: submission == "lstm")


def test_rows_are_of_their_schemas_and_say_what_was_found():
    found = [reach([{10: 1.0, 20: 0.9, 50: 0.2}, {10: 1.0, 20: 0.8, 50: 0.0}])]

    accuracies, alone, whole = (
        schema.to_table(rows(found), kind).to_pylist()
        for rows, kind in (
            (lengths.accuracy_rows, lengths.ACCURACIES),
            (lengths.seed_rows, lengths.SEEDS),
            (lengths.reach_rows, lengths.REACHES),
        )
    )

    assert [(row["length"], row["accuracy"]) for row in accuracies] == [(10, 1), (20, pytest.approx(0.85)), (50, 0.1)]
    assert [(row["seed"], row["break_point"]) for row in alone] == [(0, 20), (1, 10)]
    (row,) = whole
    assert (row["break_point"], row["break_low"] <= 10, row["break_high"]) == (10, True, math.inf)
    assert (row["shortest"], row["longest"], row["familiar"], row["seeds"], row["failed"]) == (10, 50, None, 2, 0)
    assert row["questions"] == 300


def test_token_accuracy_and_prefix_length_are_told_beside_where_every_seed_has_them():
    cells = [cell(str(seed), seed=seed) for seed in (0, 1)]
    rows = [
        row
        for seed in (0, 1)
        for row in (
            *scores({10: 1.0, 50: 0.0}, str(seed), seed=seed),
            *scores({10: 10.0, 50: 20.0 + seed}, str(seed), metric="prefix_length", seed=seed),
        )
    ]
    rows += scores({10: 1.0, 50: 0.8}, "0", metric="token_accuracy")

    (found,), _ = told(cells, rows)

    accuracies = list(lengths.accuracy_rows([found]))
    assert [row["prefix_length"] for row in accuracies] == [10, 20.5]
    assert [row["token_accuracy"] for row in accuracies] == [None, None]


def test_misfit_is_how_far_accuracy_is_from_falling():
    assert reach({10: 1.0, 20: 0.5, 30: 0.1}).misfit == 0
    assert reach({10: 0.0, 20: 1.0}).misfit == pytest.approx(0.5)
