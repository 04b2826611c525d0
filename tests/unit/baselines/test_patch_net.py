"""Cubic filters: what descent and sharpness-aware descent do in a step, and which rows are shown again."""

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench import seeds
from genbench.errors import BadData, BadValue

PARAMS = {"absent": 0.1, "noise": 1.25, "rows": 400, "questions": 8}


def dataset(rows, labels):
    features = Features({"x": List(Value("float32"), length=rows.shape[1]), "answer": Value("int64")})
    return Dataset.from_dict({"x": list(rows.astype(np.float32)), "answer": labels}, features=features)


@pytest.fixture
def net(baseline, context):
    def make(numbers=200, **given):
        told = context("patch_net", {"x": f"vector({numbers})"}, "int64", 1, given)
        return baseline("patch_net").PatchNet(told)

    return make


@pytest.fixture(scope="module")
def drawn(task_module):
    """Training rows of the task as a data set, which of them lack the easy feature, and the hard feature."""
    task = task_module("patches")
    hard, easy = task.features(np.random.default_rng(seeds.derive("patches", 0, "features")))
    train = task.load("tenth", PARAMS, 0).train
    rows = train["x"].combine_chunks().flatten().to_numpy().reshape(-1, 4, 50)
    return Dataset(train.rename_columns(["x", "answer"])), np.abs(rows @ easy).max(1) < 0.99, hard


def few():
    draw = np.random.default_rng(3)
    return draw.normal(size=(6, 8)), draw.integers(0, 2, 6)


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_a_step_is_descent_by_the_slope_here_or_where_a_step_uphill_leads(net, rho):
    rows, labels = few()
    one = net(8, patches=2, filters=3, steps=1, initial=0.5, rho=rho, learning_rate=0.2)
    assert list(one.fit(dataset(rows, labels), None)) == [1]

    x = torch.tensor(rows, dtype=torch.float32).view(6, 2, 4)
    signs = torch.tensor(2 * labels - 1)

    def slope(weights):
        weights = weights.clone().requires_grad_()
        said = torch.stack([sum((w @ p) ** 3 for w in weights for p in row) for row in x])
        return torch.autograd.grad(torch.log1p(torch.exp(-signs * said)).mean(), weights)[0]

    draw = torch.Generator().manual_seed(seeds.derive(1, "weights"))
    first = 0.5 * torch.randn((3, 4), generator=draw)
    at = first + rho * slope(first) / slope(first).norm()
    torch.testing.assert_close(one.weights, first - 0.2 * slope(at))
    assert (one.parameters, one.examples_seen) == (12, 6)


def test_the_cut_of_two_means_is_the_best_of_all_cuts(baseline):
    numbers = torch.tensor([5.0, 0.1, 4.0, 0.3, 9.0, 0.2])
    below, above = baseline("patch_net").halves(numbers)

    def distance(parts):
        return sum(float((part - part.mean()).square().sum()) for part in parts)

    ordered = numbers.sort().values
    best = min(((ordered[:cut], ordered[cut:]) for cut in range(1, 6)), key=distance)
    assert sorted(below.tolist()) == [1, 3, 5]
    assert [len(part) for part in best] == [len(below), len(above)]
    assert len(baseline("patch_net").halves(torch.ones(3))) == 1


def test_what_is_shown_again_are_the_rows_without_the_easy_feature(net, drawn):
    train, lacks, _ = drawn
    one = net(repeats=1, steps=1)
    list(one.fit(train, None))

    assert (one.repeated.numpy() == lacks).all()
    assert one.diagnostics()["repeated"] == pytest.approx(0.1)
    assert one.examples_seen == 201 * 400  # finding them is counted


def test_showing_them_again_gives_the_hard_feature_more_weight(net, drawn):
    train, _, hard = drawn

    def weight(**given):
        one = net(steps=600, **given)
        list(one.fit(train, None))
        met = np.maximum(one.weights.numpy() @ hard, 0)
        return (met**3).sum() ** (1 / 3)

    assert weight(repeats=1) > 1.3 * weight()


def test_probabilities_are_those_of_the_output_and_points_those_of_the_curve(net):
    rows, labels = few()
    one = net(8, patches=2, filters=2, steps=250)
    given = dataset(rows, labels)

    assert list(one.fit(given, None)) == [100, 200, 250]
    said = one.predict(given)
    np.testing.assert_allclose(said.sum(1), 1)
    own = torch.nn.functional.binary_cross_entropy(torch.tensor(said[:, 1]), torch.tensor(labels).double())
    assert one.diagnostics()["loss"] == pytest.approx(float(own), rel=1e-4)


def test_other_labels_and_rows_that_are_no_patches_are_refused(net):
    rows, _ = few()
    with pytest.raises(BadData, match="must hold the labels 0 and 1, and no others"):
        list(net(8, patches=2).fit(dataset(rows, [0, 1, 2, 0, 1, 0]), None))
    with pytest.raises(BadData, match="a row of toy has 8 numbers, which 3 patches of equal length cannot have"):
        list(net(8, patches=3).fit(dataset(rows, [0, 1, 0, 0, 1, 0]), None))


@pytest.mark.parametrize(
    ("given", "words"), [({"rho": -0.1}, "rho is -0.1; it must be 0 or more"), ({"early": 0}, "early is 0")]
)
def test_a_parameter_out_of_its_range_is_refused(net, given, words):
    with pytest.raises(BadValue, match=words):
        net(**given)
