"""NoProp: the diffusion's factors from its definition, blocks that learn apart, and what they are asked in turn."""

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

SMALL = {"blocks": 3, "width": 8, "steps": 60, "batch": 16, "learning_rate": 0.01, "curve": 2}


def dataset(rows, labels=None):
    features, given = {"x": List(Value("float32"), length=rows.shape[1])}, {"x": list(rows.astype(np.float32))}
    if labels is not None:
        features["answer"], given["answer"] = Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


def corners(rows, seed=0):
    """Points around the corners of a square, which are of two classes: no hyperplane tells them apart."""
    draw = np.random.default_rng(seed)
    signs = draw.choice([-1, 1], (rows, 2))
    return signs + draw.normal(0, 0.2, (rows, 2)), (signs[:, 0] == signs[:, 1]).astype(int)


@pytest.fixture
def module(baseline):
    return baseline("noprop")


@pytest.fixture
def student(module, context):
    def make(seed=1, **given):
        return module.NoProp(context("noprop", {"x": "vector(2)"}, "int64", seed, {**SMALL, **given}))

    return make


@pytest.fixture
def fitted(student):
    def fit(seed=1, rows=200, **given):
        one = student(seed, **given)
        one.points = list(one.fit(dataset(*corners(rows)), None))
        return one

    return fit


def test_factors_are_those_of_two_normal_variables_of_which_one_is_known(module):
    kept = module.left(4)
    factors = module.passing(kept)

    assert (kept[1:] > kept[:-1]).all()
    assert kept[0] < 0.001
    assert kept[-1] > 0.999
    # Time runs from the label backwards: given u, before = r after + sqrt(1 - r^2) e. The mean of `after` given both is
    # that of least squares: its covariance with `before` over the variance of `before`.
    for (said, shown, random), before, after in zip(factors.T, kept[:-1], kept[1:], strict=True):
        ratio = (before / after).sqrt()
        slope = ratio * (1 - after) / (1 - before)
        assert shown.item() == pytest.approx(slope.item())
        assert (said + shown * before.sqrt()).item() == pytest.approx(after.sqrt().item())  # of the mean, u
        left = (1 - after) - slope**2 * (1 - before)
        assert random.item() ** 2 == pytest.approx(left.item(), abs=1e-12)


def test_a_block_says_what_its_own_matrices_make_of_rows_and_its_own_labels(module):
    blocks = module.Blocks(2, 3, 2, 5, torch.Generator().manual_seed(0))
    rows, labels = torch.randn(4, 2), torch.randn(2, 4, 3)
    said = blocks(rows, labels)

    for block in range(2):
        row, label, both, out = (
            (weights[0][block], weights[1][block]) for weights in (blocks.row, blocks.label, blocks.both, blocks.said)
        )
        hidden = torch.cat([rows @ row[0] + row[1], labels[block] @ label[0] + label[1]], 1).relu()
        expected = (hidden @ both[0] + both[1]).relu() @ out[0] + out[1]
        torch.testing.assert_close(said[block], expected)
        torch.testing.assert_close(blocks(rows, labels[block : block + 1], slice(block, block + 1))[0], expected)


def test_the_loss_of_blocks_that_say_nothing_is_that_of_the_whole_diffusion(module, fitted):
    one = fitted(steps=1)
    for weight in one.model.parameters():
        torch.nn.init.zeros_(weight)
    batch = module.images.Gathered(torch.zeros(6, 2), torch.tensor([0, 1, 0, 1, 1, 1]))(torch.arange(6))

    # Both classes at one half miss each label by 1/2; the differences of signal to noise add up to the last less the
    # first; what is read is as likely to be either.
    ratio = one.kept / (1 - one.kept)
    expected = 3 / 2 * 0.1 * (ratio[-1] - ratio[0]) / 2 + np.log(2)
    assert one.apart(one.model, batch).item() == pytest.approx(expected.item(), rel=1e-5)


@pytest.mark.parametrize(("method", "alone"), [("noprop", True), ("backprop", False)])
def test_another_beginning_of_one_block_changes_no_other_where_they_learn_apart(
    module, fitted, monkeypatch, method, alone
):
    def weights(changed):
        whole = module.Blocks.__init__

        def begun(blocks, *given):
            whole(blocks, *given)
            with torch.no_grad():
                blocks.row[0][1] += changed

        monkeypatch.setattr(module.Blocks, "__init__", begun)
        one = fitted(method=method, steps=20)
        monkeypatch.setattr(module.Blocks, "__init__", whole)
        return one.model.row[0].detach()

    first, other = weights(0.0), weights(0.5)
    assert not torch.allclose(first[1], other[1])
    assert torch.equal(first[[0, 2]], other[[0, 2]]) == alone


@pytest.mark.parametrize("method", ["noprop", "backprop"])
def test_it_learns_what_no_hyperplane_tells(fitted, method):
    one = fitted(method=method, steps=300)
    rows, right = corners(200, 1)
    said = one.predict(dataset(rows))

    assert one.points == [150, 300]
    np.testing.assert_allclose(said.sum(1), 1, atol=1e-6)
    assert (said.argmax(1) == right).mean() > 0.95
    assert (said == one.predict(dataset(rows))).all()


def test_asking_at_a_point_of_the_curve_changes_nothing_of_what_follows(student):
    train, rows = dataset(*corners(100)), dataset(corners(20, 1)[0])
    asked, unasked = student(), student()
    for _ in asked.fit(train, None):
        asked.predict(rows)
    list(unasked.fit(train, None))

    assert (asked.predict(rows) == unasked.predict(rows)).all()


def test_one_seed_gives_the_same_answers_and_another_one_others(fitted):
    rows = dataset(corners(50, 1)[0])
    first, again, other = (fitted(seed, steps=5).predict(rows) for seed in (1, 1, 2))

    assert (first == again).all()
    assert not (first == other).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"method": "forward"}, "method is forward; it must be one of noprop, backprop"),
        ({"blocks": 0}, "blocks is 0; it must be 1 or more"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(student, given, words):
    with pytest.raises(BadValue, match=words):
        student(**given)


def test_no_rows_and_labels_below_0_are_refused(student):
    for rows, labels in ((np.zeros((0, 2)), []), (np.zeros((1, 2)), [-1])):
        with pytest.raises(BadData, match="labels from 0 on"):
            list(student().fit(dataset(rows, labels), None))
