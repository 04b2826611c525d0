"""Pooling the elements of a set, by a learned operation and by fixed ones."""

import json

import pytest
import torch
from datasets import Dataset

from genbench.errors import BadData, BadValue

SMALL = {"dim": 16, "hidden": 16, "steps": 60, "batch": 32, "learning_rate": 0.02, "curve": 1}
TRAIN = [([number % 3, number // 3 % 3, number // 9 % 3][: 1 + number % 3]) for number in range(81)]


@pytest.fixture
def trained(baseline, context):
    def fit(pooling, answer=max, seed=1, rows=TRAIN, **given):
        params = {**SMALL, "pooling": pooling, **given}
        one = baseline("set_pooling").SetPooling(
            context("set_pooling", {"values": "list<int64>"}, "int64", seed, params)
        )
        data = Dataset.from_dict({"values": rows, "answer": [answer(row) for row in rows]})
        return one, list(one.fit(data, None))

    return fit


def asked(rows):
    return Dataset.from_dict({"values": rows})


@pytest.mark.parametrize("pooling", ["lcm", "gru", "sum", "mean", "max"])
def test_each_way_of_pooling_learns_the_largest_and_answers_sizes_side_by_side(trained, pooling):
    one, steps = trained(pooling)

    assert steps == [60]
    mixed = [[2], [0, 1, 1], [0], [1, 0], [2, 0, 0], [1]]
    assert one.predict(asked(mixed)) == [2, 1, 0, 1, 2, 1]
    alone = [one.predict(asked([row]))[0] for row in mixed]
    assert alone == [2, 1, 0, 1, 2, 1], "what stands beside a set does not matter"


def test_elements_are_joined_as_the_release_does(baseline, reference):
    known = json.loads((reference / "seeds_tasks" / "balanced_tree.json").read_text())
    pooling = baseline("set_pooling").Pooling

    class Spelling(pooling):
        def joined(self, left, right):
            for row in range(left.shape[1]):
                self.names[self.fresh] = f"({self.names[int(left[0, row, 0])]} {self.names[int(right[0, row, 0])]})"
                left[0, row, 0] = self.fresh
                self.fresh += 1
            return left

    for size, tree in known.items():
        net = Spelling(5, 2, {**SMALL, "pooling": "lcm"}, torch.Generator().manual_seed(0))
        net.names, net.fresh = {number: str(number) for number in range(int(size))}, 100
        last = net.folded(torch.arange(float(size))[None, :, None].clone())
        assert net.names[int(last[0, 0])] == tree


@pytest.mark.parametrize("pooling", ["lcm", "sum", "mean", "max"])
def test_two_elements_may_change_places(baseline, pooling):
    net = baseline("set_pooling").Pooling(9, 4, {**SMALL, "pooling": pooling}, torch.Generator().manual_seed(0))

    torch.testing.assert_close(net(torch.tensor([[5, 7]])), net(torch.tensor([[7, 5]])))


def test_the_learned_operation_says_how_associative_it_is(trained):
    error = trained("lcm", steps=1)[0].diagnostics()["associativity_error"]

    assert 0 < error < 2
    assert trained("sum", steps=1)[0].diagnostics() == {}


def test_batches_hold_all_rows_once_and_one_size_each(baseline):
    sizes = torch.tensor([3, 1, 2, 3, 3, 1, 2, 3, 3, 3])
    parts = baseline("set_pooling").of_one_size(sizes, 2)(torch.Generator().manual_seed(1))

    assert sorted(torch.cat(parts).tolist()) == list(range(10))
    assert all(len(sizes[part].unique()) == 1 and len(part) <= 2 for part in parts)


def test_the_same_seed_gives_the_same_weights(trained):
    first, again, other = (trained("lcm", seed=seed, steps=3)[0].model.state_dict() for seed in (1, 1, 2))

    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_an_element_that_training_did_not_have_is_answered_all_the_same(trained):
    assert trained("sum")[0].predict(asked([[77], [77, 2]]))[0] in {0, 1, 2}


def test_an_empty_set_and_no_rows_are_refused(trained):
    with pytest.raises(BadData, match="row 1 is an empty set"):
        trained("lcm", answer=len, rows=[[1], []])
    with pytest.raises(BadData, match="no training rows"):
        trained("lcm", rows=[])


@pytest.mark.parametrize(
    ("given", "words"), [({"pooling": "median"}, "one of lcm, gru, sum, mean, max"), ({"dim": 0}, "dim is 0")]
)
def test_a_parameter_out_of_its_range_is_refused(trained, given, words):
    with pytest.raises(BadValue, match=words):
        trained(**{"pooling": "lcm", **given})
