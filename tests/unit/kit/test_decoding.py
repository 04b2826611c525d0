"""Greedy and beam decoding, with a toy model: each token's scores depend on the two before it."""

from itertools import product
from typing import NamedTuple

import pytest
import torch

from genbench.errors import BadValue
from genbench.kit.decoding import beam, greedy, select
from genbench.kit.vocabulary import END, PADDING, START

WORDS = 7


class Chain:
    """Scores of the next word by the last two; the first column of the source tells which table holds them.

    The last but one is kept in the state, so that a state that is not moved with its row gives other scores.
    """

    def __init__(self, seed=0, tables=3):
        self.tables = 2 * torch.randn(tables, WORDS, WORDS, WORDS, generator=torch.Generator().manual_seed(seed))
        self.tables[..., [PADDING, START]] = -torch.inf
        self.seen = []

    def begin(self, source):
        return {"table": source[:, 0], "before": torch.full((len(source),), START)}

    def advance(self, words, state):
        self.seen.append(len(words))
        scores = self.tables[state["table"], state["before"], words[:, -1]]
        return scores, {**state, "before": words[:, -1]}


def worths(table, strength):
    """Gives what an answer is worth by a table."""
    logs = table.log_softmax(-1).tolist()

    def worth(answer):
        words = [START, START, *answer]
        total = sum(logs[first][second][third] for first, second, third in zip(words, words[1:], answer, strict=False))
        return total / ((5 + len(answer)) / 6) ** strength

    return worth


def answers_up_to(limit):
    inner = [word for word in range(WORDS) if word not in {PADDING, START, END}]
    for length in range(limit):
        for begin in product(inner, repeat=length):
            yield (*begin, END)
    yield from product(inner, repeat=limit)


@pytest.mark.parametrize("strength", [0.0, 0.6, 2.0])
@pytest.mark.parametrize("seed", range(5))
def test_a_beam_wide_enough_finds_the_best_of_all_answers(seed, strength):
    model, limit = Chain(seed), 4

    found = beam(model, torch.tensor([[0], [1], [2]]), limit, 256, strength)

    for table, answer in zip(model.tables, found, strict=True):
        best = max(answers_up_to(limit), key=worths(table, strength))
        assert tuple(word for word in answer.tolist() if word != PADDING) == best


def test_a_wider_beam_never_answers_worse_than_greedy_on_two_steps():
    model, source = Chain(), torch.tensor([[0], [1], [2]])

    wide, narrow = beam(model, source, 2, WORDS), greedy(model, source, 2)

    for table, better, worse in zip(model.tables, wide.tolist(), narrow.tolist(), strict=True):
        worth = worths(table, 0)
        assert worth([w for w in better if w]) >= worth([w for w in worse if w]) - 1e-6


@pytest.mark.parametrize("decode", [greedy, lambda *given: beam(*given, 3)], ids=["greedy", "beam"])
def test_each_row_may_have_a_limit_of_its_own(decode):
    model = Chain()
    model.tables[..., END] = -torch.inf
    limits = torch.tensor([0, 1, 4])

    answers = decode(model, torch.tensor([[0], [1], [2]]), limits)

    assert (answers != PADDING).sum(1).tolist() == [0, 1, 4]
    assert answers.shape == (3, 4)


@pytest.mark.parametrize("decode", [greedy, lambda *given: beam(*given, 3)], ids=["greedy", "beam"])
@pytest.mark.parametrize(("rows", "limit"), [(0, 5), (2, 0)])
def test_nothing_asked_is_nothing_answered(decode, rows, limit):
    answers = decode(Chain(), torch.zeros(rows, 1, dtype=torch.long), limit)

    assert (answers == PADDING).all()
    assert len(answers) == rows


@pytest.mark.parametrize("decode", [greedy, lambda *given: beam(*given, 3)], ids=["greedy", "beam"])
def test_an_answer_does_not_depend_on_its_neighbours(decode):
    source = torch.tensor([[row % 3] for row in range(12)])

    together = decode(Chain(), source, 9)

    apart = torch.cat([decode(Chain(), row[None], 9) for row in source])
    assert torch.equal(together, apart)


def test_rows_that_have_ended_are_no_longer_computed():
    model = Chain()
    model.tables[0, ..., END] = 99.0
    model.tables[1, ..., END] = -torch.inf

    greedy(model, torch.tensor([[0], [0], [1]]), 5)

    assert model.seen == [3, 1, 1, 1, 1]


def test_nothing_follows_the_end():
    answers = greedy(Chain(), torch.tensor([[0], [1], [2]]), 30)

    for answer in answers.tolist():
        assert not any(answer[answer.index(END) + 1 :] if END in answer else [])


def test_a_beam_of_none_is_refused():
    with pytest.raises(BadValue, match="beam = 0 must be 1 or more"):
        beam(Chain(), torch.tensor([[0]]), 3, 0)


class Pair(NamedTuple):
    left: torch.Tensor
    right: list


def test_rows_are_selected_wherever_they_are_kept():
    rows = torch.arange(3)
    state = Pair(rows, [{"inner": (rows[:, None], 7)}])

    chosen = select(state, torch.tensor([2, 0, 0]))

    assert chosen.left.tolist() == [2, 0, 0]
    assert chosen.right[0]["inner"][0].tolist() == [[2], [0], [0]]
    assert chosen.right[0]["inner"][1] == 7
