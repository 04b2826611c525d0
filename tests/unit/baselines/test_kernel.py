"""Kernel classifiers: the sums of independent code, scipy's distances, and a closed form checked by its equations."""

import json

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value
from scipy.spatial.distance import cdist

from genbench.errors import BadData, BadValue


def dataset(rows, labels=None):
    features = {"x": List(Value("float32"), length=rows.shape[1])}
    given = {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


@pytest.fixture
def kernel(baseline, context):
    def fit(rows, labels, **given):
        told = context("kernel", {"x": f"vector({rows.shape[1]})"}, "int64", 0, given)
        one = baseline("kernel").Kernel(told)
        one.fit(dataset(rows, labels), None)
        return one

    return fit


def cloud(rows, numbers=3, seed=0):
    draw = np.random.default_rng(seed)
    return draw.standard_normal((rows, numbers)), draw.integers(0, 3, rows)


@pytest.fixture(scope="module")
def vectors(reference):
    return json.loads((reference / "seeds_theory" / "singular_kernel.json").read_text())


@pytest.mark.parametrize("exponent", [2, 3])
def test_singular_sums_are_those_of_independent_code(kernel, vectors, exponent):
    train, queries = np.array(vectors["train"]), np.array(vectors["queries"])
    one = kernel(train, (np.array(vectors["labels"]) + 1) // 2, exponent=float(exponent))

    squares = cdist(queries, train, "sqeuclidean")
    voices = one.voices(squares) * squares.min(1, keepdims=True) ** (-exponent / 2)
    assert voices[:, 1] - voices[:, 0] == pytest.approx(vectors[f"singular_d{exponent}"], rel=1e-6)
    assert one.predict(dataset(queries)).tolist() == [int(s > 0) for s in vectors[f"singular_d{exponent}"]]


def test_the_nearest_row_answers_as_in_independent_code(kernel, vectors):
    one = kernel(np.array(vectors["train"]), (np.array(vectors["labels"]) + 1) // 2, kind="nearest")

    assert one.predict(dataset(np.array(vectors["queries"]))).tolist() == [(s + 1) // 2 for s in vectors["nearest"]]


@pytest.mark.parametrize("kind", ["singular", "nearest"])
def test_training_rows_have_their_own_labels(kernel, kind):
    rows, labels = cloud(200)
    one = kernel(rows, labels, kind=kind)

    assert (one.predict(dataset(rows)) == labels).all()


def test_the_exponent_is_the_dimension_of_what_rows_lie_on(kernel):
    rows, labels = cloud(50, 4)
    on_a_sphere = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    flat = rows * [1, 1, 0, 0]

    exponents = [kernel(given, labels).exponent for given in (rows, on_a_sphere, flat, np.ones((50, 4)))]
    assert exponents == [4.0, 3.0, 2.0, 1.0]


def test_a_gaussian_solves_its_equations_at_a_width_by_the_median_distance(kernel):
    rows, labels = cloud(60)
    rows = rows.astype(np.float32).astype(float)
    one = kernel(rows, labels, kind="rbf", width=0.5, ridge=0.01)

    distances = cdist(rows, rows)
    width = 0.5 * np.median(distances[np.triu_indices(60, 1)])
    gauss = np.exp(-(distances**2) / (2 * width**2))
    wanted = np.eye(3)[labels]
    assert (gauss + 0.6 * np.eye(60)) @ one.weights == pytest.approx(wanted - wanted.mean(0), abs=1e-6)
    asked = cloud(20, seed=1)[0].astype(np.float32).astype(float)
    fits = np.exp(-(cdist(asked, rows) ** 2) / (2 * width**2)) @ one.weights + wanted.mean(0)
    assert one.predict(dataset(asked)).tolist() == fits.argmax(1).tolist()


def test_questions_are_answered_alike_however_many_at_once(kernel, monkeypatch):
    rows, labels = cloud(80)
    one, asked = kernel(rows, labels), dataset(cloud(70, seed=1)[0])
    whole = one.predict(asked)

    monkeypatch.setitem(type(one).squared_distances.__globals__, "PAIRS", 200)
    assert (one.predict(asked) == whole).all()


@pytest.mark.parametrize(
    ("given", "fault"),
    [({"kind": "cosine"}, "kind is cosine; it must be singular, nearest or rbf"), ({"ridge": 0.0}, "ridge is 0.0")],
)
def test_parameters_out_of_range_are_named(kernel, given, fault):
    with pytest.raises(BadValue, match=fault):
        kernel(*cloud(5), **given)


def test_data_that_it_cannot_learn_from_are_named(kernel):
    with pytest.raises(BadData, match="must hold labels from 0 on"):
        kernel(np.zeros((2, 3)), [-1, 0])
    with pytest.raises(BadData, match="solves for 10 rows at most, as 'most_rows' says; there are 11"):
        kernel(*cloud(11), kind="rbf", most_rows=10)
