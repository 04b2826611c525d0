"""Descent in terms of the rows' products is that of the weights themselves."""

import json

import numpy as np
import pytest
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue


def dataset(rows, labels=None):
    features = {"x": List(Value("float32"), length=rows.shape[1])}
    given = {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


@pytest.fixture
def net(baseline, context):
    def make(numbers=32, **given):
        told = context("xor_net", {"x": f"vector({numbers})"}, "int64", 1, given)
        return baseline("xor_net").XorNet(told)

    return make


@pytest.fixture(scope="module")
def vectors(reference):
    found = json.loads((reference / "seeds_theory" / "xor_steps.json").read_text())
    return {key: np.array(value) for key, value in found.items() if key != "note"}


def test_outputs_of_the_first_steps_are_those_of_independent_code(baseline, vectors):
    x, first, second = vectors["x"], vectors["W0"], vectors["a"]
    added, outputs = np.zeros((6, 8)), []
    for _ in range(4):
        met = (first + added @ x) @ x.T
        outputs.append(second @ np.maximum(met, 0))
        added += vectors["alpha"] * baseline("xor_net").descent(met, second, vectors["y_observed"])

    np.testing.assert_allclose(outputs, vectors["outputs_before_steps_0_to_3"], atol=1e-9)


def test_training_is_descent_on_the_weights_by_torchs_gradients(net):
    import torch

    draw = np.random.default_rng(5)
    rows = draw.normal(size=(12, 32)).astype(np.float32)
    labels = draw.integers(0, 2, 12)
    one = net(hidden=6, steps=5, initial=0.1, rate=50.0)
    steps = list(one.fit(dataset(rows, labels), None))

    weights = torch.tensor(one.first.astype(float), requires_grad=True)
    x, signs, second = torch.tensor(rows.astype(float)), torch.tensor(2 * labels - 1), torch.tensor(one.second)
    for _ in range(5):
        loss = torch.nn.functional.softplus(-signs * (second @ torch.relu(weights @ x.T))).mean()
        (gradient,) = torch.autograd.grad(loss, weights)
        weights = (weights - 50.0 / (12 * 32) * gradient).detach().requires_grad_()
    assert steps == [1, 2, 3, 5]
    np.testing.assert_allclose(one.first + one.added @ rows, weights.detach().numpy(), atol=1e-6)
    asked = draw.normal(size=(300, 32)).astype(np.float32)
    wanted = (second @ torch.relu(weights @ torch.tensor(asked.astype(float)).T) > 0).numpy()
    assert (one.predict(dataset(asked)) == wanted).mean() > 0.99
    assert (one.parameters, one.examples_seen) == (6 * 32, 60)


def test_one_step_fits_all_labels_and_some_more_know_the_rule(net, task_module):
    params = {"dimension": 8000, "separation": 400.0, "corruption": 0.1, "rows": 80, "questions": 40}
    data = task_module("xor_clusters").load("xor", params, 2)
    asked = {name: Dataset(table.select(["x"])) for name, table in data.questions.items()}
    y = {name: table["y"].to_numpy() for name, table in data.questions.items()}
    one = net(40_000, hidden=100, steps=10)

    right = {
        step: {name: (one.predict(asked[name]) == y[name]).mean() for name in asked}
        for step in one.fit(Dataset(data.train.rename_columns(["x", "answer"])), None)
    }

    assert right[1]["trained"] == right[10]["trained"] == 1.0
    assert right[1]["test"] < 0.7
    assert right[10]["test"] > 0.9


@pytest.mark.parametrize(
    ("given", "words"), [({"hidden": 7}, "hidden is 7; it must be an even"), ({"rate": 0.0}, "ra")]
)
def test_a_parameter_out_of_its_range_is_refused(net, given, words):
    with pytest.raises(BadValue, match=words):
        net(**given)


def test_no_rows_too_many_and_a_third_label_are_refused(net):
    for rows, labels, words in (
        (0, [], "training has 0 rows; xor_net takes 1 to 2, as 'most_rows' says"),
        (3, [0, 1, 0], "training has 3 rows"),
        (2, [0, 2], "column 'answer' must hold the labels 0 and 1, and no others"),
    ):
        with pytest.raises(BadData, match=words):
            list(net(3, most_rows=2).fit(dataset(np.zeros((rows, 3)), labels), None))
