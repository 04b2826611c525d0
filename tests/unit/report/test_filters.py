"""Filters: which rows they take, and what is said where they take none."""

import pytest

from genbench.errors import UnknownName
from genbench.report.filters import Filter


@pytest.mark.parametrize("task", ["toy/echo", "toy/*", "toy", "*/echo"])
def test_a_split_is_named_by_itself_by_a_glob_or_by_its_task(a_standing, task):
    echo, sums = a_standing(), a_standing(task="other", split="sums")

    assert Filter(tasks=(task,)).chosen([echo, sums]) == [echo]


def test_all_filters_hold_together(a_standing):
    rows = [a_standing("mlp"), a_standing("mlp@big"), a_standing("mlp", profile="quick"), a_standing("knn")]

    kept = Filter(("toy",), ("mlp*",), "full").chosen(rows)

    assert [one.submission for one in kept] == ["mlp", "mlp@big"]


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        (Filter(tasks=("toy/ecko",)), "there are no rows of toy/ecko; did you mean 'toy/echo'?"),
        (Filter(submissions=("mpl",)), "there are no rows of mpl; did you mean 'mlp'?"),
        (Filter(profile="quick"), "there are no rows of these submissions on these splits in the quick profile"),
    ],
)
def test_where_nothing_is_taken_the_nearest_is_named(a_standing, chosen, fault):
    with pytest.raises(UnknownName, match=fault.replace("?", r"\?")):
        chosen.chosen([a_standing()])


def test_the_best_are_the_first_ones():
    assert Filter(top=2).best([3, 1, 2]) == [3, 1]
    assert Filter().best([3, 1, 2]) == [3, 1, 2]
