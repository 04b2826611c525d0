"""The pointer network on points: what it can and cannot say, that padding does not matter, and that it learns."""

import numpy as np
import pytest
import torch
from datasets import Dataset

from genbench.errors import BadData, BadValue
from genbench.kit.vocabulary import END, SPECIAL, START

COLUMNS = {"points": "list<float64>", "problem": "string"}
SMALL = {"dim": 8, "hidden": 24, "steps": 4, "batch_tokens": 256, "curve": 1}
DRAWN = np.random.default_rng(0)
SETS = [DRAWN.random((DRAWN.integers(3, 6), 2)).round(6) for _ in range(300)]
BY_X = [[1 + int(place) for place in np.argsort(points[:, 0])] for points in SETS]  # named from left to right


def rows(sets, answers=None):
    found = {"points": [points.ravel().tolist() for points in sets], "problem": ["hull"] * len(sets)}
    return Dataset.from_dict(found if answers is None else {**found, "answer": answers})


@pytest.fixture
def trained(baseline, context):
    def fit(sets=SETS, answers=BY_X, seed=1, **given):
        made = context("point_pointer", COLUMNS, "list<int64>", seed, {**SMALL, **given})
        one = baseline("point_pointer").PointPointer(made)
        assert list(one.fit(rows(sets, answers), None)) == [given.get("steps", 4)]
        return one

    return fit


@pytest.mark.parametrize(("output", "least"), [("pointer", 0.8), ("dictionary", 0.5)])
def test_it_learns_to_name_points_from_left_to_right(trained, output, least):
    one = trained(output=output, steps=250, learning_rate=0.02, batch_tokens=512)

    fresh = [points[::-1] for points in SETS[:100]]
    answers = one.predict(rows(fresh))
    right = [answer[0] == 1 + int(points[:, 0].argmin()) for answer, points in zip(answers, fresh, strict=True)]
    assert np.mean(right) > least


@pytest.mark.parametrize("output", ["pointer", "dictionary"])
def test_step_by_step_the_scores_are_those_of_training(trained, output):
    one = trained(output=output)
    points = torch.cat([torch.from_numpy(SETS[0][None]).float(), torch.ones(1, len(SETS[0]), 1)], 2)
    words = torch.tensor([[START, SPECIAL + 2, SPECIAL]])

    with torch.no_grad():
        whole = one.model.eval()(points, words)
    state, found = one.model.begin(points), []
    for step in range(3):
        scores, state = one.model.advance(words[:, step : step + 1], state)
        found.append(scores)
    torch.testing.assert_close(torch.stack(found, 1), whole)
    assert whole[0, 1, SPECIAL + 2] == whole[0, 2, SPECIAL] == -torch.inf, "what was named is not named again"
    assert torch.isfinite(whole[..., END]).all()


@pytest.mark.parametrize("output", ["pointer", "dictionary"])
def test_what_stands_beside_a_question_does_not_matter(trained, output):
    one = trained(output=output, steps=30, learning_rate=0.02)
    sets = [DRAWN.random((size, 2)) for size in (3, 9, 5, 4, 7)]

    together = one.predict(rows(sets))
    assert together == [one.predict(rows([points]))[0] for points in sets]
    assert len(set(map(tuple, together))) > 1


def test_pointing_names_every_point_of_more_than_training_had_and_a_dictionary_does_not(trained):
    larger = [DRAWN.random((9, 2)) for _ in range(5)]

    for answer in trained(whole=True).predict(rows(larger)):
        assert sorted(answer) == list(range(1, 10))
    for answer in trained(output="dictionary", whole=True).predict(rows(larger)):
        assert sorted(answer) == list(range(1, 6)), "the largest index of training is 5"


def test_a_point_is_named_once_unless_it_may_be_named_again(trained):
    twice = [[1, 2, 1]] * len(SETS)

    assert all(len(set(answer)) == len(answer) for answer in trained().predict(rows(SETS)))
    assert trained(answers=twice, masked=False, steps=60, learning_rate=0.02).predict(rows(SETS))[0] == [1, 2, 1]
    with pytest.raises(BadData, match="answers name points twice, which masked=true forbids; set masked=false"):
        trained(answers=twice)


def test_the_same_seed_gives_the_same_weights(trained):
    first, again, other = (trained(seed=seed).model.state_dict() for seed in (1, 1, 2))

    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_operations_and_weights_are_counted(trained):
    one = trained()

    assert one.parameters == sum(weight.numel() for weight in one.model.parameters())
    assert one.training_flops > 0
    assert one.tokens_seen > 0


@pytest.mark.parametrize(
    ("sets", "answers", "words"),
    [
        ([], [], "no training rows"),
        ([np.zeros((3, 2))] * 2, [[1], [4]], "row 1 names point 4 of its 3 points"),
        ([np.zeros((3, 2))] * 2, [[0], [1]], "row 0 names point 0 of its 3 points"),
        ([np.zeros((3, 2)), np.zeros(5)], [[1], [1]], "row 1 has 5 numbers; points have two each"),
        ([np.zeros((3, 2)), np.zeros(0)], [[1], [1]], "row 1 has 0 numbers"),
    ],
)
def test_rows_that_cannot_be_learned_from_are_refused(trained, sets, answers, words):
    with pytest.raises(BadData, match=words):
        trained(sets, answers)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"output": "softmax"}, "output is softmax; it must be one of pointer, dic"),
        ({"hidden": 0}, "hidden is 0"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(trained, given, words):
    with pytest.raises(BadValue, match=words):
        trained(**given)
