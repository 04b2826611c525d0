"""The mark that the decoder-only baseline can put on its answer."""

from __future__ import annotations

import pytest
import torch

from genbench.kit.decoding import greedy
from genbench.kit.seeding import Generators
from genbench.kit.sequence import Sizes
from genbench.kit.vocabulary import END, PADDING, START

WORDS, DIM = 12, 16
QUESTION = torch.tensor([[4, 5, 6, END]])


@pytest.fixture
def model(baseline, context):
    """Gives a small untrained model with these settings."""

    def make(**given):
        asked = context("decoder_only", {"text": "string"}, "string", given={"dim": DIM, "positions": "none", **given})
        sizes = Sizes(WORDS, WORDS, 4, 4, 8, shared=True)
        return baseline("decoder_only").build(sizes, asked.params, Generators(1, torch.device("cpu"))).eval()

    return make


def weights(model):
    return sum(weight.numel() for weight in model.parameters())


def test_a_mark_is_one_vector_more(model):
    assert weights(model(marked=True)) == weights(model(marked=False)) + DIM


def test_a_mark_of_zero_changes_nothing(model):
    marked, plain = model(marked=True), model(marked=False)
    torch.nn.init.zeros_(marked.stack.embedding.mark)
    shown = torch.tensor([[START, 4, 5]])

    assert torch.equal(marked(QUESTION, shown), plain(QUESTION, shown))


def test_the_mark_is_on_the_answer_and_not_on_the_question(model):
    marked = model(marked=True)
    inside, mark = marked.stack.embedding, marked.stack.embedding.mark

    of_question, of_answer = inside(QUESTION), inside(QUESTION + WORDS)

    torch.testing.assert_close(of_answer - of_question, mark.expand_as(of_question))
    assert torch.equal(of_question, inside.weight[QUESTION])


@pytest.mark.parametrize("copy", [False, True])
def test_a_marked_answer_step_by_step_is_that_of_all_steps_at_once(model, copy):
    marked = model(marked=True, copy=copy, temper="log")

    answers = greedy(marked, QUESTION, 6)

    shown = torch.nn.functional.pad(answers[:, :-1], (1, 0), value=START)
    assert torch.equal(
        torch.where(answers == PADDING, PADDING, marked(QUESTION, shown).argmax(-1)),
        answers,
    )
