"""Fragments: instructions tell labels, viewpoints sub-datasets, and how far apart these lie decides who is heard."""

import numpy as np
import pytest
from scipy.linalg import hadamard

from genbench.errors import BadValue, UnknownName

SMALL = {"rows": 1600, "questions": 800, "noise": 0.75, "spread": 0.5, "gap": 4.0}
DOSES = [(0.1, 4), (0.5, 4), (1, 4), (2, 4)], [(0.5, 4), (0.5, 2), (0.5, 1), (0.5, 0.25)]


@pytest.fixture(scope="module")
def fragments(task_module):
    return task_module("fragments")


@pytest.fixture(scope="module")
def data(fragments):
    return fragments.load("spread_50_gap_400", SMALL, 0)


def numbers(table, name):
    return table[name].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1).astype(float)


def test_labels_are_those_of_the_sub_dataset_and_equally_frequent(data):
    labels = data.train["label"].to_numpy()

    assert (data.train["environment"].to_numpy() == (labels > 3)).all()
    for table in (data.train, *data.questions.values()):
        assert set(np.bincount(table["label"].to_numpy(), minlength=8)) == {table.num_rows // 8}


def test_questions_do_not_tell_the_sub_dataset(data):
    for table in data.questions.values():
        assert table.column_names == ["instruction", "viewpoint", "label"]


def test_instructions_lie_about_rows_of_hadamards_matrix(data):
    expected = 0.5 * hadamard(16)[1:9]
    for table in (data.train, *data.questions.values()):
        labels, given = table["label"].to_numpy(), numbers(table, "instruction")
        means = np.array([given[labels == label].mean(0) for label in range(8)])
        np.testing.assert_allclose(means, expected, atol=5 * 0.75 / np.sqrt(table.num_rows / 8))
        assert (given - expected[labels]).std() == pytest.approx(0.75, rel=0.03)


@pytest.mark.parametrize(("spread", "gap"), [(0.1, 4.0), (0.5, 4.0), (2.0, 1.0)])
def test_viewpoints_lie_about_two_centres_as_far_apart_as_told_and_cross_where_they_should(fragments, spread, gap):
    drawn = fragments.load("spread_50_gap_400", SMALL | {"spread": spread, "gap": gap}, 0)
    centre = gap / np.sqrt(32)  # eight numbers of this size, and of its opposite, are a gap apart

    for name, table in {"train": drawn.train, **drawn.questions}.items():
        side = np.where((table["label"].to_numpy() > 3) ^ (name == "crossed"), 1, -1)
        around = numbers(table, "viewpoint") - centre * side[:, None]
        assert np.abs(around.mean()) < 5 * spread / np.sqrt(around.size)
        assert np.abs((around * side[:, None]).mean()) < 5 * spread / np.sqrt(around.size)
        assert around.std() == pytest.approx(spread, rel=0.03)


def answers(table, spread, gap):
    """The likeliest label of a row of training, by Bayes' rule: what a learner of these rows ends at."""
    sides = np.repeat([-1, 1], 4)
    heard = numbers(table, "instruction") @ (0.5 * hadamard(16)[1:9].T) / 0.75**2
    seen = numbers(table, "viewpoint").sum(1)[:, None] * sides * gap / np.sqrt(32) / spread**2
    return (heard + seen).argmax(1)


@pytest.mark.parametrize("doses", DOSES)
def test_the_best_rule_of_training_hears_instructions_the_more_the_more_sub_datasets_overlap(fragments, doses):
    heard = []
    for spread, gap in doses:
        drawn = fragments.load("spread_50_gap_400", SMALL | {"spread": spread, "gap": gap}, 0)
        right = {
            name: (answers(table, spread, gap) == table["label"].to_numpy()).mean()
            for name, table in drawn.questions.items()
        }
        assert right["id"] > 0.8
        heard.append(right["crossed"])

    assert heard == sorted(heard)
    assert heard[0] < 0.1
    assert heard[-1] > 0.6


def test_splits_differ_in_viewpoints_alone_and_a_seed_draws_the_same_rows(fragments, data):
    other = fragments.load("spread_50_gap_25", SMALL | {"gap": 0.25}, 0)

    for one, two in ((data.train, other.train), (data.questions["crossed"], other.questions["crossed"])):
        assert one.drop_columns("viewpoint").equals(two.drop_columns("viewpoint"))
        assert not one["viewpoint"].equals(two["viewpoint"])
    assert fragments.load("spread_50_gap_400", SMALL, 0).train.equals(data.train)
    assert not fragments.load("spread_50_gap_400", SMALL, 1).train.equals(data.train)
    assert not data.questions["id"]["instruction"].equals(data.questions["crossed"]["instruction"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1 to 10,000,000"),
        ({"questions": 2.0}, "'questions' is 2.0; it must be a whole number"),
        ({"rows": True}, "'rows' is True"),
        ({"spread": 0.0}, "'spread' is 0.0; it must be a number above 0, at most 1000"),
        ({"gap": -1.0}, "'gap' is -1.0; it must be a number above 0"),
        ({"noise": float("nan")}, "'noise' is nan; it must be a number above 0"),
        ({"gap": 1001}, "'gap' is 1001; it must be a number above 0, at most 1000"),
        ({"spread": True}, "'spread' is True"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(fragments, given, words):
    with pytest.raises(BadValue, match="fragments: parameter") as told:
        fragments.load("spread_50_gap_400", SMALL | given, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(fragments):
    with pytest.raises(UnknownName, match="no split 'spread_50_gap_20'; did you mean 'spread_50_gap_"):
        fragments.load("spread_50_gap_20", SMALL, 0)
