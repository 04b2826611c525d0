"""Label sets: targets by Python's sets, what training lacks, marks against their definitions, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench.cards.entries import load_entry
from genbench.data import vectors
from genbench.errors import BadValue, UnknownName

FOLDER = Path(__file__).parents[3] / "tasks" / "label_sets"
SMALL = {"rows": 300, "questions": 120, "seen": 12, "most": 3}


@pytest.fixture(scope="module")
def label_sets(task_module):
    return task_module("label_sets")


@pytest.fixture(scope="module")
def data(label_sets):
    return label_sets.load("operations", SMALL, 0)


def held(row):
    """The labels of a row's target, and those it asks for."""
    return ({label for label, one in enumerate(row["labels"]) if one == 1},
            {label for label, one in enumerate(row["labels"]) if one >= 0})  # fmt: skip


def test_an_operation_leaves_what_pythons_sets_leave(label_sets):
    draw = np.random.default_rng(0)
    everything = np.ones(16, bool)
    operators = {"union": set.union, "intersection": set.intersection, "subtraction": set.difference}
    for operation, of in operators.items():
        a, b = label_sets.pairs(operation, everything, everything, 3, 50, draw)
        for first, second, left in zip(a, b, label_sets.combined(operation, a, b), strict=True):
            wanted = of(*(set(np.flatnonzero(one).tolist()) for one in (first, second)))
            assert wanted == set(np.flatnonzero(left).tolist())
            assert wanted
    assert label_sets.combined("itself", a, b).tolist() == a.tolist()


def test_scenes_have_one_to_three_labels_each_as_often(label_sets):
    among = np.arange(16) < 12
    found = label_sets.scenes(among, 3, 3000, np.random.default_rng(0))

    assert not found[:, 12:].any()
    assert np.bincount(found.sum(1), minlength=5)[1:4] / 3000 == pytest.approx([1 / 3] * 3, abs=0.04)
    assert found[:, :12].mean(0) == pytest.approx([2 / 12] * 12, abs=0.04)


def test_operations_are_trained_on_twelve_classes_and_scenes_on_all(data):
    rows = data.train.to_pylist()
    seen = {name: set() for name in ("itself", "union", "intersection", "subtraction")}
    for row in rows:
        labels, asked = held(row)
        assert asked == set(range(16))
        seen[row["operation"]] |= labels

    assert seen.pop("itself") == set(range(16))
    assert all(labels == set(range(12)) for labels in seen.values())
    assert [sum(row["operation"] == name for row in rows) for name in ("itself", *seen)] == [600, 300, 300, 300]
    assert data.train.column_names == ["a", "b", "operation", "labels"]


def test_each_set_asks_for_its_labels_and_never_for_none(data):
    wanted = {"itself": set(range(16)), "seen": set(range(12)), "unseen": set(range(12, 16))}
    for name, table in data.questions.items():
        for row in table.to_pylist():
            labels, asked = held(row)
            assert asked == wanted[name]
            assert labels
            assert labels <= asked
            assert row["asked"] == row["operation"]
            assert row["label_seen"] == {"itself": "all"}.get(name, name)
            assert any(row["b"]) == (row["operation"] != "itself")


def test_features_tell_the_labels_to_who_knows_the_classes_numbers(label_sets, data):
    """Nearest sum of classes, of all sets of one to three: another way to answer `itself`."""
    from itertools import combinations

    draw = np.random.default_rng(label_sets.seeds.derive("label_sets", "classes", 0))
    prototypes = draw.standard_normal((16, 64))
    sets = [one for size in (1, 2, 3) for one in combinations(range(16), size)]
    sums = np.maximum(np.stack([prototypes[list(one)].sum(0) for one in sets]), 0)
    rows = data.questions["itself"].to_pylist()

    right = [held(row)[0] == set(sets[((sums - np.array(row["a"])) ** 2).sum(1).argmin()]) for row in rows]

    assert np.mean(right) > 0.3  # of 696 sets
    assert (np.array(rows[0]["a"]) * 64 == np.rint(np.array(rows[0]["a"]) * 64)).all()


def column(rows):
    return vectors.column(np.array(rows, float))


def metric(name):
    return load_entry(FOLDER, f"scoring:{name}")


def test_average_precision_is_scikit_learns_with_and_without_ties(reference):
    reduce, precision = metric("mean_over_labels"), metric("average_precision")
    for case in json.loads((reference / "seeds_tasks" / "average_precision.json").read_text()):
        scores, labels = np.array(case["scores"], float), np.array(case["labels"], float)
        known = [one for one in case["average_precision"] if one is not None]
        found = [precision(score, label == 1) for score, label in zip(scores.T, labels.T, strict=True) if label.any()]
        assert found == pytest.approx(known, abs=1e-12)
        marks = np.concatenate([scores, labels], 1)
        assert reduce(marks, np.ones(len(marks), bool)) == pytest.approx(case["mAP"], abs=1e-12)


def test_average_precision_is_of_labels_asked_for_that_some_question_has():
    answers, targets = [[0.1, 0.9, 0.3], [0.8, 0.1, 0.4], [0.9, 0.2, 0.2]], [[1, 0, -1], [0, 0, -1], [1, -1, 1]]
    marks = metric("scores")(column(answers), column(targets), None)
    reduce = metric("mean_over_labels")

    # The first label: right, wrong, right from the best down; the last is asked for once, and found.
    assert reduce(marks, np.array([True, True, True])) == pytest.approx(((1 + 2 / 3) / 2 + 1) / 2)
    assert reduce(marks, np.array([True, True, False])) == pytest.approx(1 / 2)
    assert reduce(marks, np.array([False, True, False])) is None


def test_jaccard_takes_scores_of_a_half_of_what_is_asked_for():
    answers = [[0.5, 0.4, 0.9], [0.6, 0.7, 0.0], [0.1, 0.1, 0.9], [0.1, 0.1, 0.1]]
    targets = [[1, 1, -1], [1, 0, 0], [0, 0, -1], [0, 1, 0]]

    assert metric("jaccard")(column(answers), column(targets), None).tolist() == [0.5, 0.5, 1.0, 0.0]


def test_jaccard_is_that_of_sets(reference):
    rows = json.loads((reference / "seeds_tasks" / "set_answers.json").read_text())["rows"]
    spelt = [np.isin(np.arange(16), row[name]).astype(float) for row in rows for name in ("answer", "target")]

    found = metric("jaccard")(column(spelt[::2]), column(spelt[1::2]), None)

    assert found == pytest.approx([row["jaccard"] for row in rows])


def test_a_row_is_drawn_with_its_features_and_labels(label_sets, data):
    row = data.questions["unseen"].slice(0, 1).to_pylist()[0]
    image = np.asarray(label_sets.draw(row, {}))

    assert image.shape == (8, 26)
    assert (image[:, :8] == np.rint(np.minimum(np.array(row["a"]) / 4, 1).reshape(8, 8) * 255)).all()
    assert (image[:, 9:17] == np.rint(np.minimum(np.array(row["b"]) / 4, 1).reshape(8, 8) * 255)).all()
    labels = image[::2, 18::2].ravel()
    assert set(labels[:12]) == {90}
    assert (labels[12:] == 255 * np.array(row["labels"][12:])).all()


def test_a_row_is_told_in_words():
    example = load_entry(FOLDER, "describe:example")
    row = {"operation": "union", "labels": [-1.0] * 12 + [0.0, 1.0, 1.0, 0.0]}

    assert example(row, {}) == "labels of either scene\n-> 13, 14 (of 12 to 15)"
    assert example({**row, "labels": [0.0] * 16}, {}).endswith("-> none (of 0 to 15)")
    assert example({"operation": "itself"}, {}) == "labels of the scene"


def test_the_same_seed_draws_the_same_rows_and_another_seed_others(label_sets, data):
    again, other = (label_sets.load("operations", SMALL, seed) for seed in (0, 1))

    assert again.train.equals(data.train)
    assert pa.concat_tables(again.questions.values()).equals(pa.concat_tables(data.questions.values()))
    assert not other.train.equals(data.train)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seen": 16}, "parameter 'seen' is 16; it must be a whole number from 3 to 15"),
        ({"seen": 4, "most": 5}, "parameters 'most' and 'seen' are 5 and 4; a scene has no more labels than are seen"),
        ({"most": 0}, "parameter 'most' is 0; it must be a whole number from 1 to 16"),
        ({"rows": True}, "parameter 'rows' is True"),
        ({"questions": 2.0}, "parameter 'questions' is 2.0"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(label_sets, given, words):
    with pytest.raises(BadValue, match="label_sets: parameters? ") as told:
        label_sets.load("operations", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(label_sets):
    with pytest.raises(UnknownName, match="no split 'operation'; did you mean 'operations'"):
        label_sets.load("operation", SMALL, 0)
