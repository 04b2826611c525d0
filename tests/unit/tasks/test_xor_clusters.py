"""XOR clusters: centres at right angles, equal clusters with equally many wrong labels, and steps exact in binary."""

import numpy as np
import pytest

from genbench.errors import BadValue

PARAMS = {"dimension": 2000, "separation": 400.0, "corruption": 0.1, "rows": 40, "questions": 80}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("xor_clusters")


def rows_of(table):
    x = table["x"].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1)
    return x.astype(float), table["y"].to_numpy()


@pytest.fixture(scope="module")
def data(task):
    return task.load("xor", PARAMS, 0)


def clusters_of(x):
    """The cluster of each row of which 0 is the first one's, by the signs and sizes of their products alone."""
    met = x[:, :2000] @ x[:, :2000].T
    of_first = (
        met[0] > 200
    )  # of one cluster about 400, of its opposite -400, of the others about 0, all give or take 45
    opposite = met[0] < -200
    others = ~(of_first | opposite)
    third = others & (met[np.flatnonzero(others)[0]] > 0)
    return np.select([of_first, opposite, third], [0, 1, 2], 3)


def test_the_four_clusters_are_equal_and_a_class_is_two_that_lie_opposite(data):
    x, y = rows_of(data.questions["test"])
    cluster = clusters_of(x)

    assert np.bincount(cluster).tolist() == [20] * 4
    assert set(y[cluster < 2]) == {y[0]}
    assert set(y[cluster >= 2]) == {1 - y[0]}
    means = np.stack([x[cluster == one, :2000].mean(0) for one in range(4)])
    assert means @ means.T / 400 == pytest.approx(np.kron(np.eye(2), [[1, -1], [-1, 1]]), abs=0.3)


def test_numbers_are_steps_of_noise_around_a_centre_and_0_beyond_the_dimension(task, data):
    x, _ = rows_of(data.train)

    assert x.shape == (40, 40_000)
    assert not x[:, 2000:].any()
    assert (x * 1024 == np.round(x * 1024)).all()
    assert x[:, :2000].std() == pytest.approx(np.sqrt(1 + 400 / 2000), abs=0.02)
    a, opposite, b, _ = task.centres(np.random.default_rng(1), 2000, 400.0)
    assert (a == -opposite).all()
    assert [a @ a, b @ b, a @ b] == pytest.approx([400, 400, 0], abs=1e-9)


def test_each_cluster_has_as_many_wrong_labels_and_trained_asks_them_as_given(data):
    x, y = rows_of(data.train)
    again, given = rows_of(data.questions["trained"])
    label = np.array(data.questions["trained"]["label"].to_pylist())
    new, classes = rows_of(data.questions["test"])
    true = classes[
        np.abs(x[:, :2000] @ new[:, :2000].T).argmax(1)
    ]  # that of the question most like it, or most opposite

    assert (x == again).all()
    assert (y == given).all()
    assert ((true != given) == (label == "corrupted")).all()
    assert np.bincount(clusters_of(x)[label == "corrupted"]).tolist() == [1] * 4
    assert set(data.questions["test"]["label"].to_pylist()) == {"none"}


def test_another_seed_and_another_split_are_other_rows(task, data):
    for split, seed in (("xor", 1), ("xor_small", 0)):
        assert not task.load(split, PARAMS, seed).train.equals(data.train)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dimension": 2001}, "'dimension' is 2001; it must be a multiple of 2 from 2 to 40,000"),
        ({"dimension": 40_002}, "'dimension' is 40002; it must be a multiple of 2 from 2 to 40,000"),
        ({"rows": 42}, "'rows' is 42; it must be a multiple of 4 from 4 to 4,000, for clusters are equal"),
        ({"questions": 0}, "'questions' is 0; it must be a multiple of 4"),
        ({"rows": True}, "'rows' is True; it must be a multiple of 4"),
        ({"corruption": 0.5}, "'corruption' is 0.5; it must be a share from 0 to below 0.5"),
        ({"corruption": 2}, "'corruption' is 2; it must be a share from 0"),
        ({"corruption": 0.15}, "'corruption' is 0.15, which of the 10 rows of a cluster makes 1.5"),
        ({"separation": 0.0}, "'separation' is 0.0; it must be a number above 0"),
        ({"separation": float("nan")}, "'separation' is nan; it must be a number above 0"),
    ],
)
def test_numbers_that_four_equal_clusters_cannot_have_are_named(task, given, words):
    with pytest.raises(BadValue, match=words):
        task.load("xor", {**PARAMS, **given}, 0)
