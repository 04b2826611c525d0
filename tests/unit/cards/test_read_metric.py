"""A task's own metrics on its card."""

import math

import pytest

from genbench import cards

OWN = """\
[metric.closeness]
entry = "scoring:closeness"
about = "how close the answer comes"
"""


@pytest.fixture
def with_metric(task_text, changed):
    """The text of a card that lists `closeness` first, with these lines in its table."""

    def text(*lines, table=OWN):
        listed = changed(task_text, ('metrics = ["exact_match"', 'metrics = ["closeness", "exact_match"'))
        return listed + table + "\n".join(lines)

    return text


def test_a_metric_of_the_tasks_own_lies_from_0_to_1_and_is_better_when_higher(folder, with_metric):
    card = cards.read(folder(with_metric()))

    assert card.own_metrics == {
        "closeness": cards.MetricCard(
            "closeness", "scoring:closeness", "how close the answer comes", 0.0, 1.0, 1.0, "higher"
        )
    }
    assert (card.headline, card.direction) == ("closeness", "higher")


def test_a_headline_of_the_tasks_own_says_which_direction_is_better(folder, with_metric):
    card = cards.read(folder(with_metric("high = inf", 'direction = "lower"')))

    assert card.direction == "lower"
    assert (card.own_metrics["closeness"].high, card.own_metrics["closeness"].perfect) == (math.inf, 0.0)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["low = 2"], "key 'metric.closeness.low' is 2; it must be below 'high', which is 1"),
        (["perfect = 2"], "key 'metric.closeness.perfect' is 2; it must lie from 0 to 1"),
        (
            ["high = inf"],
            "missing key 'metric.closeness.perfect' (number): what a right answer scores, for there is no end",
        ),
        (["high = nan"], "key 'metric.closeness.high' is nan; it must be finite"),
        (['reduce = "scoring"'], "key 'metric.closeness.reduce' is 'scoring'; it must be written as module:object"),
        (["lowest = 0"], "unknown key 'metric.closeness.lowest'; did you mean 'low'?"),
        (['direction = "up"'], "key 'metric.closeness.direction' is 'up'; it must be one of higher, lower"),
    ],
)
def test_what_is_wrong_with_such_a_metric_is_said(with_metric, faults, lines, fault):
    assert fault in faults(with_metric(*lines))


def test_a_metric_that_is_not_listed_is_a_fault(task_text, faults):
    assert faults(task_text + OWN) == [
        "key 'metric.closeness' is not among the card's 'metrics'; there is exact_match, token_accuracy"
    ]


def test_a_direction_that_the_headlines_own_table_denies_is_a_fault(with_metric, faults, changed):
    text = changed(with_metric(), ("embedded = true", 'embedded = true\ndirection = "lower"'))

    assert faults(text) == ["key 'direction' is 'lower'; the headline's own table, 'metric.closeness', says 'higher'"]
