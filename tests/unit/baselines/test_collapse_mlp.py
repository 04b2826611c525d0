"""What the network tells of its classes: their collapse, where labels mean something and where they do not."""

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue
from genbench.kit.neural_collapse import neural_collapse
from genbench.kit.probe import probe

SMALL = {"width": 32, "steps": 200, "batch": 32, "directions": 50}


def clusters(rows, seed=0, meaning=True):
    """Three clusters on a plane, labelled by the cluster or by chance."""
    draw = np.random.default_rng(seed)
    own = np.arange(rows) % 3
    x = np.array([[0, 2], [2, -1], [-2, -1]])[own] + draw.normal(size=(rows, 2))
    features = Features({"x": List(Value("float32"), length=2), "answer": Value("int64")})
    labels = own if meaning else draw.permutation(own)
    return Dataset.from_dict({"x": list(x.astype(np.float32)), "answer": labels}, features=features)


@pytest.fixture
def net(baseline, context):
    def make(**given):
        return baseline("collapse_mlp").CollapseMlp(
            context("collapse_mlp", {"x": "vector(2)"}, "int64", 1, {**SMALL, **given})
        )

    return make


def told(one, train):
    return {step: one.diagnostics() for step in one.fit(train, None)}


def test_classes_collapse_where_labels_mean_something_and_hardly_where_they_do_not(net):
    with_meaning, without = (told(net(), clusters(300, meaning=meaning)) for meaning in (True, False))

    assert list(with_meaning) == [10, 20, 50, 100, 200]
    assert with_meaning[200]["nc1_cdnv"] < with_meaning[10]["nc1_cdnv"]
    assert without[200]["nc1_cdnv"] > 10 * with_meaning[200]["nc1_cdnv"]
    assert with_meaning[200]["loss"] < 0.5 < without[200]["loss"]


def test_the_features_are_those_that_the_last_layer_is_given(net):
    one, train = net(steps=20, probe=60), clusters(120)
    list(one.fit(train, None))

    places = probe(train, 60, 0)
    shown = torch.tensor(np.array(train["x"]), dtype=torch.float32)[places]
    labels = torch.tensor(train["answer"])[places]
    features = torch.relu(one.model[2](torch.relu(one.model[0](shown))))
    wanted = neural_collapse(features.detach(), labels, one.model[4].weight.detach(), one.model[4].bias.detach())
    found = one.diagnostics()
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=1e-6)
    assert 1 < found["gradient_diversity"] < 50


def test_its_answers_are_probabilities_and_its_steps_are_counted(net):
    one, train = net(steps=60), clusters(90)
    list(one.fit(train, None))

    said = one.predict(train)
    np.testing.assert_allclose(said.sum(1), 1, atol=1e-6)
    assert (said.argmax(1) == np.array(train["answer"])).mean() > 0.8
    assert (one.tally.steps, one.parameters) == (60, 2 * 32 + 32 + 32 * 32 + 32 + 32 * 3 + 3)


def test_training_of_one_class_is_refused_before_it_begins(net):
    rows = clusters(30).filter(lambda row: row["answer"] == 0)
    with pytest.raises(BadData, match="toy/toy: the probe of training: neural collapse is of 2 to 2,000 classes of tw"):
        list(net().fit(rows, None))


def test_a_parameter_out_of_its_range_is_refused(net):
    with pytest.raises(BadValue, match="directions is 3000; it must be from 1 to 2,000"):
        net(directions=3000)
