"""Attention of order 3: it is the released definition, sees no order, and has the pair that a single place lacks."""

import json

import numpy as np
import pytest
import torch
from datasets import Dataset

from genbench.errors import BadData, BadValue
from genbench.kit import counting
from genbench.kit.batching import Padded

SMALL = {"dim": 8, "heads": 2, "steps": 3, "batch_tokens": 64, "learning_rate": 0.01, "curve": 1}
ROWS = [[1, 2, 3], [4, 0], [2], [5, 6, 1, 1]]


@pytest.fixture(scope="module")
def module(baseline):
    return baseline("kronecker")


@pytest.fixture
def student(module, context):
    def make(**given):
        kinds = {"values": "list<int64>"}
        return module.Kronecker(context("kronecker", kinds, "list<int64>", 1, SMALL | given))

    return make


def dataset(rows, answers=None):
    return Dataset.from_dict({"values": rows} | ({} if answers is None else {"answer": answers}))


def parity(rows):
    return [[number % 2 for number in row] for row in rows]


def waves(module, values, modulus):
    """Queries, keys and values whose products are waves of sums: four numbers a place."""
    angle = 2 * torch.pi * torch.as_tensor(values).double() / modulus
    c, s = angle.cos(), angle.sin()
    query = torch.stack([c, -c, -s, -s], -1)
    key = module.paired(torch.stack([c, s, s, c], -1), torch.stack([c, s, c, s], -1))
    return query, key


def test_attention_is_the_formula_of_the_paper_on_given_matrices(module, reference):
    known = json.loads((reference / "seeds_theory" / "kronecker_attention.json").read_text())
    query, *pairs = (torch.tensor(known[name], dtype=torch.float64) for name in ("Q", "K1", "K2", "V1", "V2"))

    found = module.attend(query, module.paired(*pairs[:2]), module.paired(*pairs[2:]))
    torch.testing.assert_close(found, torch.tensor(known["output"], dtype=torch.float64), atol=1e-9, rtol=1e-9)


def test_scores_of_hand_made_keys_are_waves_of_sums_of_three(module, reference):
    known = json.loads((reference / "seeds_theory" / "match3.json").read_text())
    query, key = waves(module, known["x"][0], known["M"])
    scores = (query @ key.T).unflatten(1, (6, 6))

    given = torch.tensor(known["scores_first_row"], dtype=torch.float64)
    torch.testing.assert_close(scores, given, atol=1e-6, rtol=0.0)  # theirs are off the cosine by as much as 2e-7


@pytest.mark.parametrize("modulus", [13, 37, 61])
def test_a_layer_made_by_hand_answers_every_row(module, task_module, modulus):
    values = np.random.default_rng(modulus).integers(0, modulus, (200, 6))
    query, key = waves(module, values, modulus)
    # The values of a pair are the same four products: what is seen, met by the query once more, is the wave of the sum.
    seen = module.attend(1e5 * query, key, key)
    found = (query * seen).sum(-1) > np.cos(np.pi / modulus)

    assert found.numpy().astype(int).tolist() == task_module("match3").match3(values, modulus).tolist()


@pytest.mark.parametrize("order", [2, 3])
def test_answers_follow_their_numbers_and_do_not_see_padding(module, order):
    net = module.Layer(12, 2, SMALL | {"order": order}, torch.Generator().manual_seed(0)).double()
    rows = torch.tensor([[5, 7, 7, 9, 4]])
    order_of = torch.tensor([3, 0, 4, 1, 2])
    whole = net(rows)

    torch.testing.assert_close(net(rows[:, order_of]), whole[:, order_of])
    torch.testing.assert_close(net(torch.cat([rows, torch.zeros(1, 3, dtype=torch.int64)], 1))[:, :5], whole)
    assert not torch.allclose(net(torch.tensor([[5, 7, 7, 9, 8]]))[:, :4], whole[:, :4]), "others are seen"


def test_a_step_costs_what_torch_counts(module, student):
    one = student(steps=1)
    rows, wanted = dataset(ROWS), parity(ROWS)
    list(one.fit(dataset(ROWS, wanted), None))
    for order in (2, 3):
        net = module.Layer(12, 2, SMALL | {"order": order}, torch.Generator().manual_seed(0))
        ragged = one.numbers.encode([rows.data.table.column("values")])
        batch = Padded((ragged, ragged))(torch.arange(4))
        batch = batch._replace(parts=(batch.parts[0], (batch.parts[1] > 3).long() * 4))
        counted = counting.operations(lambda net=net, batch=batch: module.loss(net, batch).backward())
        assert net.operations(batch.sizes) == counted


def test_it_learns_answers_of_several_lengths_side_by_side(student):
    draw = np.random.default_rng(0)
    rows = [draw.integers(0, 7, size).tolist() for size in (1, 2, 3, 4, 5) for _ in range(20)]
    one = student(steps=80)

    assert list(one.fit(dataset(rows, parity(rows)), None)) == [80]
    assert one.predict(dataset([[1, 2, 5], [], [6], [0, 4, 3, 1, 1]])) == [[1, 0, 1], [], [0], [0, 0, 1, 1, 1]]
    assert [len(answers) for answers in one.predict(dataset([[77, 1]]))] == [2]


def test_triples_are_learned_by_order_3_and_not_by_order_2(student, task_module):
    data = task_module("match3").load("m17", {"modulus": 5, "length": 4, "rows": 2000, "questions": 60}, 0)
    train = Dataset(data.train.rename_columns(["values", "answer"]))
    asked, right = Dataset(data.questions["id"].select(["values"])), data.questions["id"]["answers"].to_pylist()
    share = {}
    for order in (2, 3):
        one = student(order=order, dim=16, steps=160, batch_tokens=640)
        list(one.fit(train, None))
        share[order] = (np.array(one.predict(asked)) == np.array(right)).mean()

    assert share[3] > 0.97
    assert share[2] < share[3] - 0.03


def test_the_same_seed_gives_the_same_weights(student):
    weights = []
    for _ in range(2):
        one = student()
        list(one.fit(dataset(ROWS, parity(ROWS)), None))
        weights.append(one.model.state_dict())

    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


@pytest.mark.parametrize(
    ("rows", "answers", "words"),
    [
        ([], [], "toy/toy has no training rows to learn from"),
        ([[1, 2], [3]], [[0, 0], [1, 1]], "row 1 has 1 numbers and 2 answers; an answer stands for each number"),
        ([[1, 2], []], [[0, 0], []], "row 1 has no numbers"),
    ],
)
def test_what_it_cannot_learn_from_is_named(student, rows, answers, words):
    with pytest.raises(BadData, match=words):
        list(student().fit(dataset(rows, answers), None))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"order": 4}, "order is 4; it must be 2 or 3"),
        ({"heads": 3}, "heads is 3; it must divide dim, which is 8"),
        ({"dim": 0}, "dim is 0; it must be 1 or more"),
    ],
)
def test_parameters_out_of_range_are_named(student, given, words):
    with pytest.raises(BadValue, match=words):
        student(**given)
