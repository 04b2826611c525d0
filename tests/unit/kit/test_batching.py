from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from genbench.errors import BadValue
from genbench.kit.batching import JITTER, Batches, Padded, bucketed, cut, pad, shuffled
from genbench.kit.vocabulary import PADDING, Ragged

LENGTHS = torch.randint(1, 40, (300,), generator=torch.Generator().manual_seed(0))


def ragged(lengths=LENGTHS, first=4):
    return Ragged(torch.arange(first, first + int(lengths.sum())), torch.nn.functional.pad(lengths.cumsum(0), (1, 0)))


def drawn(seed=1, budget=200):
    generator = torch.Generator().manual_seed(seed)
    return Batches(bucketed(LENGTHS, budget), Padded((ragged(), ragged(LENGTHS.flip(0)))), generator)


def test_an_epoch_has_each_row_once_within_the_budget():
    parts = bucketed(LENGTHS, 200)(torch.Generator().manual_seed(1))

    assert sorted(torch.cat(parts).tolist()) == list(range(300))
    assert all(len(rows) * int(LENGTHS[rows].max()) <= 200 for rows in parts)


def test_a_batch_could_not_have_been_larger():
    lengths = LENGTHS.numpy()
    sizes = cut(lengths, 200)

    ends = np.cumsum(sizes)[:-1]
    begins = np.cumsum([0, *sizes])[: len(ends)]
    assert all(
        (end + 1 - begin) * lengths[begin : end + 1].max() > 200 for begin, end in zip(begins, ends, strict=True)
    )


def test_a_row_longer_than_the_budget_is_a_batch_of_its_own():
    assert cut(np.array([5, 300, 5, 0, 0]), 100) == [1, 1, 3]


def test_rows_of_like_length_lie_together():
    parts = bucketed(LENGTHS, 200)(torch.Generator().manual_seed(1))

    spans = [int(LENGTHS[rows].max()) / int(LENGTHS[rows].min()) for rows in parts if len(rows) > 1]
    assert np.median(spans) < (1 + JITTER) / (1 - JITTER) * 1.2


def test_epochs_differ_and_seeds_decide_them():
    one, same, other = (bucketed(LENGTHS, 200)(torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))

    assert all(torch.equal(left, right) for left, right in zip(one, same, strict=True))
    assert [rows.tolist() for rows in one] != [rows.tolist() for rows in other]


def test_shuffled_rows_come_once_an_epoch():
    parts = shuffled(10, 4)(torch.Generator())

    assert [len(rows) for rows in parts] == [4, 4, 2]
    assert sorted(torch.cat(parts).tolist()) == list(range(10))


def test_rows_are_padded_to_the_longest_of_them():
    given = ragged(torch.tensor([2, 0, 3]))

    assert pad(given, torch.tensor([2, 0])).tolist() == [[6, 7, 8], [4, 5, PADDING]]
    assert pad(given, torch.tensor([1])).tolist() == [[]]


def test_a_batch_says_what_is_in_it():
    batch = Padded((ragged(torch.tensor([2, 1, 3])), ragged(torch.tensor([1, 4, 1]))))(torch.tensor([0, 1]))

    assert [tuple(part.shape) for part in batch.parts] == [(2, 2), (2, 4)]
    assert (batch.rows, batch.tokens) == (2, 8)
    assert batch.sizes == (2, 2, 4, 3, 5)


@pytest.mark.parametrize("taken", [0, 1, 7, 60])
def test_batches_go_on_where_their_state_was_taken(taken):
    batches = drawn()
    for _ in range(taken):
        next(batches)
    state = batches.state()
    expected = list(itertools.islice(iter(batches.__next__, None), 50))
    resumed = drawn(seed=9)
    resumed.restore(state)

    found = [next(resumed) for _ in range(50)]

    for left, right in zip(expected, found, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(left.parts, right.parts, strict=True))


@pytest.mark.parametrize(
    "plan", [lambda: bucketed(LENGTHS, 0), lambda: bucketed(LENGTHS[:0], 9), lambda: shuffled(0, 1)]
)
def test_nothing_to_draw_from_is_refused(plan):
    with pytest.raises(BadValue, match="must be 1 or more"):
        plan()
