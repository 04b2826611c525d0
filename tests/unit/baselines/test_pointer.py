"""The pointer network says what its question holds, adds equal words up, and uses a place once where it is told to."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from datasets import Dataset

from genbench.kit.decoding import greedy
from genbench.kit.vocabulary import END, PADDING, SPECIAL, START

WORDS = 12
SMALL = {"steps": 8, "dim": 16, "hidden": 24}
DRAWN = np.random.default_rng(1)
LISTS = [DRAWN.integers(6, size=DRAWN.integers(1, 7)).tolist() for _ in range(200)]
SORTED = Dataset.from_dict(
    {"text": [" ".join(map(str, one)) for one in LISTS], "answer": [" ".join(map(str, sorted(one))) for one in LISTS]}
)


@pytest.fixture
def pointer(baseline, context):
    """Gives `pointer(masked, {"steps": 5})`: a fitted learner."""

    def fit(masked, given=SMALL, seed=1):
        params = {**given, "masked": masked}
        learner = baseline("pointer").pointer(context("pointer", {"text": "string"}, "string", seed, params))
        list(learner.fit(SORTED, None))
        return learner

    return fit


@pytest.fixture
def made(baseline):
    """Gives an untrained model, masked or not."""

    def make(masked):
        drawn, masks = torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)
        return (
            baseline("pointer")
            .Pointer(
                WORDS,
                dim=8,
                hidden=12,
                layers=2,
                dropout=0.0,
                cell="gru",
                bidirectional=True,
                masked=masked,
                generator=drawn,
                masks=masks,
            )
            .eval()
        )

    return make


@pytest.fixture
def source():
    """Two questions with repeats, the second one shorter."""
    return torch.tensor([[4, 5, 4, 6, 4, END], [7, 7, END, *[PADDING] * 3]])


def test_short_lists_are_sorted(pointer):
    learner = pointer(True, {"steps": 80, "dim": 16, "hidden": 32, "learning_rate": 0.02})

    answers = learner.predict(SORTED)

    assert sum(map(str.__eq__, answers, SORTED["answer"])) > 0.9 * len(LISTS)


@pytest.mark.parametrize("masked", [False, True])
def test_only_words_of_the_question_and_its_end_can_be_said(made, source, masked):
    shown = torch.tensor([[START, 5, 4], [START, 7, 7]])

    chances = made(masked)(source, shown).exp()

    torch.testing.assert_close(chances.sum(-1), torch.ones(2, 3))
    for row, words in ((0, {4, 5, 6, END}), (1, {7, END})):
        assert {word for word in range(WORDS) if (chances[row, :, word] > 1e-6).any()} <= words


def test_the_chances_of_equal_words_add_up(made, source):
    model = made(False)
    with torch.no_grad():
        model.out.weight.zero_()  # every place fits equally well

    chances = model(source[:1], torch.tensor([[START]])).exp()[0, 0]

    torch.testing.assert_close(chances[[4, 5, 6, END]], torch.tensor([3.0, 1.0, 1.0, 1.0]) / 6)


def test_with_the_mask_a_word_is_said_as_often_as_it_is_there_and_an_end_always_can_be(made, source):
    shown = torch.tensor([[START, 4, 4, 4, 5, 6]])

    chances = made(True)(source[:1], shown).exp()[0]

    assert (chances[:3, 4] > 1e-3).all()
    assert (chances[3:, 4] < 1e-6).all()
    assert (chances[:, END] > 1e-3).all()
    torch.testing.assert_close(chances[5, END], torch.tensor(1.0))


def test_without_the_mask_nothing_is_ever_used_up(made, source):
    shown = torch.tensor([[START, 4, 4, 4, 4, 4]])

    assert (made(False)(source[:1], shown).exp()[0, :, 4] > 1e-3).all()


@pytest.mark.parametrize("masked", [False, True])
def test_answers_step_by_step_are_those_of_all_steps_at_once(made, source, masked):
    model = made(masked)

    answers = greedy(model, source, 8)

    shown = torch.nn.functional.pad(answers[:, :-1], (1, 0), value=START)
    at_once = model(source, shown).argmax(-1)
    assert torch.equal(torch.where(answers == PADDING, PADDING, at_once), answers)


@pytest.mark.parametrize("masked", [False, True])
def test_equal_seeds_give_equal_answers_and_words_never_seen_are_answered(pointer, masked):
    one = pointer(masked)
    torch.manual_seed(2)  # the global generator is not drawn from
    same = pointer(masked)
    asked = Dataset.from_dict({"text": ["9 8", "", "3 " * 50]})

    assert one.predict(SORTED) == same.predict(SORTED)
    assert one.predict(asked) == same.predict(asked)
    assert [type(answer) for answer in one.predict(asked)] == [str, str, str]


@pytest.mark.parametrize("masked", [False, True])
def test_rows_whose_answer_cannot_be_pointed_at_teach_nothing_and_break_nothing(pointer, masked):
    learner = pointer(masked, {**SMALL, "steps": 2})
    impossible = torch.tensor([[SPECIAL, END]]), torch.tensor([[SPECIAL + 1, END]])

    scores = learner.model(impossible[0], torch.tensor([[START, SPECIAL + 1]]))
    torch.nn.functional.cross_entropy(scores[:, 0], impossible[1][:, 0]).backward()

    assert torch.isfinite(scores).all()
    assert all(torch.isfinite(weight.grad).all() for weight in learner.model.parameters())
