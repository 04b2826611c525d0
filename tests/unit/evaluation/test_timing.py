"""Timing: what is counted, and what is believed."""

import pyarrow as pa
import pytest

from genbench.errors import BadValue
from genbench.evaluation import timing
from genbench.evaluation.repeats import Repeats

TRAIN = pa.table({"commands": ["jump   twice", " walk "], "numbers": [[1, 2, 3], []], "actions": ["a b", ""]})


def test_tokens_are_words_of_strings_and_elements_of_lists_and_one_for_any_other_value():
    table = TRAIN.append_column("label", pa.array([4, 5]))

    tokens = timing.tokens_in(table)

    assert tokens == 3 + 3 + 2 + 2


def test_a_submission_that_tells_nothing_has_seen_each_row_once():
    seen = timing._seen({}, TRAIN)

    assert seen == (2, 8, "once")


def test_a_submission_that_tells_its_examples_has_seen_their_share_of_tokens():
    seen = timing._seen({"examples_seen": 10}, TRAIN)

    assert seen == (10, 40, "told")


@pytest.mark.parametrize("told", [-1, 0, "many", None, True, float("nan"), float("inf")])
def test_a_count_that_is_no_number_above_0_is_the_submissions_fault(told):
    with pytest.raises(timing._Failed, match=r"examples_seen is .*; it must be a number above 0"):
        timing._seen({"examples_seen": told}, TRAIN)


@pytest.mark.parametrize(
    "series",
    [None, [], ["fit"], [{"measure": "fit", "batch": None, "ended": "tight", "samples": []}], [{"samples": [0.0]}]],
)
def test_series_of_the_wrong_form_are_refused(series):
    with pytest.raises(timing._Failed):
        list(timing._series(series))


def test_the_latency_has_a_median_a_95th_percentile_and_an_interval():
    samples = tuple(float(rank) for rank in range(1, 101))

    found = dict(timing._statistics("predict_latency", samples))

    assert found == {"p50": 50.5, "p95": 95.0, "low": 40.0, "high": 61.0}


def test_a_rate_is_taken_sample_by_sample():
    rate = timing._rate(10.0, Repeats((2.0, 5.0), "tight"))

    assert rate == Repeats((5.0, 2.0), "tight")


@pytest.mark.parametrize("repeats", [0, -3])
def test_fewer_than_one_repeat_is_refused(repeats):
    with pytest.raises(BadValue, match=f"--repeats is {repeats}; it must be at least 1"):
        timing.rule_of(repeats, 1.0)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("inf"), float("nan")])
def test_no_time_and_endless_time_are_refused(seconds):
    with pytest.raises(BadValue, match=r"--seconds is .*; it must be above 0 and finite"):
        timing.rule_of(1, seconds)
