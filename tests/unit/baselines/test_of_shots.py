"""Learners of shots: the nearest one by hand, and a transformer whose questions see the shots before them alone."""

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue
from genbench.kit import counting

INPUTS = {"shots": "vector(8)", "labels": "list<int64>", "x": "vector(2)"}
SMALL = {"dim": 16, "heads": 2, "layers": 2, "steps": 5, "batch": 16, "learning_rate": 0.01, "warm_up": 1, "curve": 1}


def dataset(shown, labels, asked, answers=None):
    features = {"shots": List(Value("float32"), length=8), "labels": List(Value("int64"))}
    features["x"] = List(Value("float32"), length=2)
    given = {"shots": shown, "labels": labels, "x": asked}
    if answers is not None:
        features["answer"], given["answer"] = Value("int64"), answers
    return Dataset.from_dict(given, features=Features(features))


def signs(rows, seed=0, shots=4):
    """Tasks of two classes: a direction and which side of it is class 1, shown by four shots and asked of a fifth."""
    draw = np.random.default_rng(seed)
    angle = draw.uniform(0, 2 * np.pi, rows)
    side = draw.integers(0, 2, (rows, 5))
    side[:, 0], side[:, 1] = 0, 1  # both classes are among the shots
    directions = np.stack([np.cos(angle), np.sin(angle)], 1)[:, None]
    points = (2 * side - 1)[:, :, None] * directions + draw.normal(0, 0.1, (rows, 5, 2))
    shown = points[:, :4] * (np.arange(4) < shots)[:, None]
    return shown.reshape(rows, 8), side[:, :shots].tolist(), points[:, 4], side[:, 4].tolist()


@pytest.fixture
def nearest(baseline, context):
    return baseline("nearest_shot").NearestShot(context("nearest_shot", INPUTS, "int64", 1))


@pytest.fixture
def module(baseline):
    return baseline("meta_learner")


@pytest.fixture
def student(module, context):
    def make(seed=1, **given):
        return module.MetaLearner(context("meta_learner", INPUTS, "int64", seed, {**SMALL, **given}))

    return make


@pytest.fixture
def net(module):
    return module.Network(2, 3, 4, SMALL, torch.Generator().manual_seed(0)).double()


def test_the_nearest_of_the_shots_that_are_there_answers(nearest):
    nearest.fit(dataset([[0] * 8] * 3, [[0] * 4] * 3, [[0, 0]] * 3, [2, 2, 0]), None)
    shown = [[0, 0, 3, 3, 9, 9, 5, 5]] * 4
    asked = dataset(shown, [[0, 1, 2, 1], [1, 0], [], [0, 1, 2, 7]], [[4, 3], [9, 9], [0, 0], [5, 5]])

    # 4, 3 is nearest to 3, 3; of two shots 3, 3 is nearest to 9, 9; none, and a class that is not there: the commonest.
    assert nearest.predict(asked).argmax(1).tolist() == [1, 0, 2, 2]
    assert (nearest.predict(asked).sum(1) == 1).all()


def test_a_shot_sees_shots_up_to_itself_and_a_question_those_before_its_own_and_itself(module):
    mask = module.visible(2)

    assert (mask == 0).int().tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 1, 0, 0, 1],
    ]
    assert torch.isinf(mask[mask != 0]).all()


def test_an_answer_knows_the_shots_before_it_and_its_image_and_nothing_else(net):
    draw = torch.Generator().manual_seed(1)
    images, labels = torch.randn(3, 5, 2, generator=draw, dtype=torch.float64), torch.randint(3, (3, 5), generator=draw)
    said = net(images, labels)
    other, told = images.clone(), labels.clone()
    other[:, 3:] += 1.0
    told[:, 2:] = (told[:, 2:] + 1) % 3

    assert said.shape == (3, 5, 3)
    torch.testing.assert_close(net(other, told)[:, :3], said[:, :3])
    assert not torch.allclose(net(images, told)[:, 3], said[:, 3]), "the third shot's label is seen by the fourth"


def test_of_the_last_layer_only_questions_are_computed_and_say_the_same(net):
    images, labels = torch.randn(2, 5, 2, dtype=torch.float64), torch.tensor([[0, 1, 2, 0, 1]] * 2)
    said = net(images, labels)
    last = net.layers[-1].forward
    net.layers[-1].forward = lambda stream, mask, begin: last(stream, mask, 0)[:, begin:]

    torch.testing.assert_close(net(images, labels), said)


def test_it_learns_to_read_shots_of_tasks_that_it_never_saw(student):
    one = student(steps=250, batch=32, curve=2)
    assert list(one.fit(dataset(*signs(3000)), None)) == [125, 250]

    *asked, _ = signs(20, 1, 2)
    images = torch.zeros(20, 5, 2)
    images[:, :2], images[:, 2] = torch.tensor(asked[0]).float().view(20, 4, 2)[:, :2], torch.tensor(asked[2]).float()
    with torch.no_grad():
        scores = one.model(images, torch.nn.functional.pad(torch.tensor(asked[1]), (0, 3)))[:, 2]
    np.testing.assert_allclose(one.predict(dataset(*asked)), scores.softmax(1).numpy(), atol=1e-5)

    right = {}
    for shots in (0, 4):
        *asked, answers = signs(300, 1, shots)
        said = one.predict(dataset(*asked))
        np.testing.assert_allclose(said.sum(1), 1, atol=1e-5)
        right[shots] = (said.argmax(1) == answers).mean()
    assert right[4] > 0.85
    assert abs(right[0] - 0.5) < 0.15


def test_operations_are_those_that_torch_counts_and_images_are_the_tokens(student):
    one = student(steps=3)
    list(one.fit(dataset(*signs(40)), None))
    labels = torch.zeros(16, 5, dtype=torch.int64)

    counted = counting.operations(lambda: one.model(torch.zeros(16, 5, 2), labels).sum().backward()) / 16
    assert one.tally.flops == pytest.approx(counted * (16 + 16 + 8))


def test_one_seed_gives_the_same_answers_and_another_one_others(student):
    *asked, _ = signs(20, 1)
    said = []
    for seed in (1, 1, 2):
        one = student(seed)
        list(one.fit(dataset(*signs(40)), None))
        said.append(one.predict(dataset(*asked)))

    assert (said[0] == said[1]).all()
    assert not (said[0] == said[2]).all()


@pytest.mark.parametrize(
    ("labels", "answers", "words"),
    [
        ([[0, 1, 0]], [1], "a training row has 3 shots; all must have 4, for which there is room"),
        ([[0, 1, 0, 5]], [1], "labels of shots are 0 to 5 of 2 classes"),
        ([[0, 1, 0, 1]], [-1], "labels from 0 on"),
    ],
)
def test_rows_that_are_no_sequences_are_refused(student, labels, answers, words):
    with pytest.raises(BadData, match=words):
        list(student().fit(dataset([[0] * 8], labels, [[0, 0]], answers), None))


@pytest.mark.parametrize(
    ("given", "words"),
    [({"heads": 3}, "heads is 3; it must divide dim, which is 16"), ({"batch": 0}, "batch is 0; it must be 1 or more")],
)
def test_a_parameter_out_of_its_range_is_refused(student, given, words):
    with pytest.raises(BadValue, match=words):
        student(**given)
