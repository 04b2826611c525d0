"""When a cell memorized and generalized."""

from genbench.analysis import grokking


def test_a_delay_is_counted_in_steps_examples_and_operations(course):
    counts = {"examples_seen": [5, 50, 500], "training_flops": [7, 70, 700]}

    found = course([0.5, 0.99, 1.0], [0.1, 0.2, 0.99], counts=counts)

    assert [found.time("memorize", unit) for unit in grokking.UNITS] == [(10, True), (50, True), (70, True)]
    assert [found.time("generalize", unit) for unit in grokking.UNITS] == [(100, True), (500, True), (700, True)]
    assert [found.time("delay", unit) for unit in grokking.UNITS] == [(90, True), (450, True), (630, True)]


def test_a_delay_that_has_not_ended_is_censored_at_the_last_point(course):
    found = course([0.5, 0.99, 1.0], [0.1, 0.2, 0.98])

    assert found.time("delay", "steps") == (90, False)
    assert found.time("generalize", "steps") == (100, False)


def test_there_is_no_delay_where_nothing_was_memorized_and_none_where_generalization_came_first(course):
    never, late = course([0.5, 0.6, 0.65], [0.1, 1.0, 1.0]), course([0.5, 0.9, 0.99], [0.1, 1.0, 1.0])

    assert never.time("delay", "steps") is None
    assert late.time("delay", "steps") == (0, True)


def test_counts_that_were_not_told_have_no_time(course):
    assert course([0.5, 0.99, 1.0], [0.1, 0.2, 0.98]).time("memorize", "flops") is None
