"""The summary: a figure for each submission and task, over what, and what is missing."""

import pytest

from genbench.report.filters import Filter
from genbench.report.forms import as_text
from genbench.report.summary import summary


def rows(*standings, **chosen):
    return {row["submission"]: row for row in summary(standings, Filter(**chosen)).rows}


def test_a_figure_is_the_mean_over_a_splits_question_sets_and_then_over_splits(a_standing):
    found = rows(
        a_standing(split="one", question_set="near", mean=1.0),
        a_standing(split="one", question_set="far", mean=0.0),
        a_standing(split="two", mean=1.0),
    )

    assert (found["mlp"]["toy"], found["mlp"]["toy_splits"], found["mlp"]["toy_of"]) == (0.75, 2, 2)


def test_questions_as_in_training_count_only_where_a_split_has_no_others(a_standing):
    table = summary(
        [
            a_standing(split="one", question_set="far", mean=0.25),
            a_standing(split="one", question_set="near", kind="id", mean=1.0),
            a_standing(split="two", question_set="near", kind="id", mean=0.75),
            a_standing(split="two", question_set="again", kind="trained", mean=1.0),
        ],
        Filter(),
    )

    assert table.rows[0]["toy"] == 0.5
    assert "over questions drawn as in training where nothing else is asked: toy/two" in table.notes
    assert not [note for note in summary([a_standing()], Filter()).notes if "as in training" in note]


def test_splits_without_a_score_are_named_with_the_reason(a_standing):
    crashed = a_standing("knn", split="one", mean=None, failed=(("timeout", 2),))

    table = summary([a_standing(split="one"), a_standing(split="two"), crashed], Filter())

    found = {row["submission"]: row for row in table.rows}
    assert (found["knn"]["toy"], found["knn"]["toy_splits"], found["knn"]["toy_of"]) == (None, 0, 2)
    assert found["knn"]["missing"] == "toy/one (timeout), toy/two"
    assert found["mlp"]["missing"] == ""


def test_a_figure_over_fewer_splits_says_over_how_many(a_standing):
    text = as_text(
        [summary([a_standing(split="one"), a_standing(split="two"), a_standing("knn", split="one")], Filter())]
    )

    assert ["knn", "1/2", "0.812", "toy/two"] in [line.split() for line in text.splitlines()]
    assert "2/3: over 2 of the 3 splits" in text


def test_what_is_missing_is_judged_by_the_rows_of_all_submissions(a_standing):
    found = rows(a_standing("mlp", split="one"), a_standing("knn", split="two"), submissions=("mlp",))

    assert found.keys() == {"mlp"}
    assert found["mlp"]["missing"] == "toy/two"


def test_settings_count_only_for_a_task_that_has_nothing_else(a_standing):
    plain, setting = a_standing(mean=1.0), a_standing(split="echo:noise=1", mean=0.0)

    assert rows(plain, setting)["mlp"]["toy"] == 1.0
    assert rows(setting)["mlp"]["toy"] == 0.0


@pytest.mark.parametrize(("direction", "order"), [("higher", ["a", "b"]), ("lower", ["b", "a"])])
def test_the_better_stands_first(a_standing, direction, order):
    standings = [a_standing("a", mean=0.9, direction=direction), a_standing("b", mean=0.1, direction=direction)]

    assert list(rows(*standings)) == order
    assert list(rows(*standings, top=1)) == order[:1]


def test_quick_rows_stand_after_full_ones_and_say_so(a_standing):
    table = summary([a_standing("a", profile="quick", mean=1.0), a_standing("b", mean=0.1)], Filter())

    assert [(row["submission"], row["profile"]) for row in table.rows] == [("b", "full"), ("a", "quick")]
    assert "profile" in as_text([table]).splitlines()[0]


def test_without_rows_the_summary_is_empty():
    table = summary([], Filter())

    assert (table.rows, table.notes) == ((), ())


def test_who_had_the_network_is_named_below(a_standing):
    text = as_text([summary([a_standing(), a_standing("api", unranked="had the network or variables")], Filter())])

    assert "api: had the network or variables; shown, and never ranked beside the others" in text
    assert "mlp: had" not in text
