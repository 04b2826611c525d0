"""In context: what shots say of a task, read off their numbers, and which tasks and images are asked."""

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"tasks": 3, "classes": 3, "rows": 60, "questions": 30}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("in_context")


@pytest.fixture(scope="module")
def data(task):
    return task.load("tasks64", SMALL, 0)


def numbers(table, column="shots"):
    return np.array(table[column].to_pylist()).reshape(len(table), -1, 16)


def test_a_question_shows_as_many_shots_as_it_has_labels_and_nothing_more(data):
    for table in data.questions.values():
        given = np.array(table["given"])
        assert sorted(set(given.tolist())) == [0, 1, 2, 4, 8, 16, 24]
        assert (np.bincount(given)[[0, 24]] == 30).all()
        assert [len(labels) for labels in table["labels"].to_pylist()] == given.tolist()
        blank = (numbers(table) == 0).all(-1)
        assert (blank == (np.arange(24) >= given[:, None])).all()
    assert {len(labels) for labels in data.train["labels"].to_pylist()} == {24}
    assert (numbers(data.train) != 0).any(-1).all()
    assert data.train.column_names == ["shots", "labels", "x", "label"]


def test_numbers_are_images_through_the_matrix_of_a_task_and_labels_their_digits_through_its_permutation(task, data):
    images, digits = task.pool("train", 2000, 3, 0)
    images = np.round((images - images.mean(0)) / images.std(0) * 1024)
    tasks = [task.made("seen", number, 3, 0) for number in range(3)]
    found = set()
    for row, labels, last, label in zip(
        np.array(data.train["shots"].to_pylist()).reshape(-1, 24, 16),
        data.train["labels"].to_pylist(),
        np.array(data.train["x"].to_pylist()),
        data.train["label"].to_pylist(),
        strict=True,
    ):
        # Through the right matrix, and no other, the way back ends at images of the pool.
        whole = np.concatenate([row, last[None]])
        fits = []
        for number, (matrix, permutation) in enumerate(tasks):
            back = np.linalg.solve(matrix / 1024, whole.T).T * 1024
            away = np.abs(back[:, None] - images[None]).max(-1)
            if away.min(1).max() < 5:
                fits.append(number)
                assert permutation[digits[away.argmin(1)]].tolist() == [*labels, label]
        assert len(fits) == 1
        found |= set(fits)
    assert found == {0, 1, 2}


def test_tasks_of_one_are_one_and_unseen_ones_are_each_another(task):
    one = task.load("tasks1", SMALL | {"tasks": 1}, 0)
    matrix, _ = task.made("seen", 0, 3, 0)

    def parts(table):
        """The largest of all shots once the matrix of training is undone: of a pool of images, a few deviations."""
        rows = numbers(table.filter(np.array(table["given"]) == 24))
        return np.abs(np.linalg.solve(matrix / 1024, rows.reshape(-1, 16).T)).max()

    assert parts(one.questions["seen"]) < 8
    assert parts(one.questions["unseen"]) > 20


def test_images_that_are_asked_are_not_those_of_training(task):
    shown, asked = (task.pool(name, count, 3, 0)[0] for name, count in task.POOLS.items())
    assert not {row.tobytes() for row in shown} & {row.tobytes() for row in asked}

    table = task.load("tasks1", SMALL | {"tasks": 1}, 0).questions["seen"]
    matrix, _ = task.made("seen", 0, 3, 0)
    back = np.linalg.solve(matrix / 1024, numbers(table, "x")[:, 0].T).T
    away = [
        np.abs(back[:, None] - (pool - shown.mean(0)) / shown.std(0)).max(-1).min(1).max() for pool in (asked, shown)
    ]
    assert away[0] < 0.005 < away[1]


def test_tasks_made_anew_are_of_another_stream_than_those_of_training(task, monkeypatch):
    whole, asked = task.made, []

    def made(kind, number, *given):
        asked.append((kind, number))
        return whole(kind, number, *given)

    monkeypatch.setattr(task, "made", made)
    task.load("tasks64", SMALL, 0)

    assert {number for kind, number in asked if kind == "seen"} == {0, 1, 2}
    assert len({number for kind, number in asked if kind == "unseen"}) > 200
    assert not np.array_equal(whole("seen", 1, 3, 0)[0], whole("unseen", 1, 3, 0)[0])


def test_the_nearest_shot_tells_more_with_more_shots(task, baseline_nearest):
    data = task.load("tasks64", SMALL | {"questions": 150}, 0)
    for table in data.questions.values():
        right = baseline_nearest(table)
        given = np.array(table["given"])

        assert right[given == 24].mean() > 0.7
        assert right[given == 24].mean() > right[given == 2].mean() + 0.1


@pytest.fixture(scope="module")
def baseline_nearest():
    def right(table):
        shots, asked = numbers(table), numbers(table, "x")
        away = ((shots - asked) ** 2).sum(-1)
        away[np.arange(24) >= np.array(table["given"])[:, None]] = np.inf
        labels = zip(table["labels"].to_pylist(), away.argmin(1), strict=True)
        said = [own[place] if own else 0 for own, place in labels]
        return np.array(said) == np.array(table["label"])

    return right


def test_fewer_rows_are_the_first_of_more_and_another_seed_gives_others(task, data):
    many = task.load("tasks64", SMALL | {"rows": 90}, 0)

    assert many.train.slice(0, 60).equals(data.train)
    assert many.questions["seen"].equals(data.questions["seen"])
    assert not task.load("tasks64", SMALL, 1).train.equals(data.train)
    assert task.load("tasks64", SMALL, 0).train.equals(data.train)


def test_a_row_is_told_in_words(task, data):
    row = {"labels": [2, 0], "label": 1}

    assert task.describe(row, SMALL) == "2 shots, of the classes 2 0, and one vector more\n-> 1"
    assert task.describe({"labels": []}, SMALL) == "0 shots, of the classes -, and one vector more"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"classes": 11}, "parameter 'classes' is 11; it must be a whole number from 2 to 10"),
        ({"tasks": 0}, "parameter 'tasks' is 0; it must be a whole number from 1 to 16,777,216"),
        ({"rows": True}, "parameter 'rows' is True"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(task, given, words):
    with pytest.raises(BadValue, match=words):
        task.load("tasks1", SMALL | given, 0)


def test_a_split_that_is_none_is_told(task):
    with pytest.raises(UnknownName, match="in_context has no split 'tasks2'"):
        task.load("tasks2", SMALL, 0)
