from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest


@pytest.fixture(scope="module")
def similarity(baseline):
    return baseline("in_context", "similarity")


def test_terms_are_runs_of_tokens_within_a_row_and_a_column(similarity):
    columns = [
        pa.chunked_array([["a b a", "b"], ["", " b  a "]]),
        pa.chunked_array([[7, 8, 7, 7]]),
        pa.chunked_array([[[1, 2], [], [2], [1, 2]]]),
        pa.chunked_array([[["b"], ["b", "a"], [], ["b a"]]]),
    ]

    counts = similarity.terms(columns, 2).toarray()

    # (): the empty text is one empty token
    assert [sorted(row[row > 0].tolist()) for row in counts] == [
        [1, 1, 1, 1, 1, 1, 1, 1, 2],  # a b ab ba, 7, 1 2 12, b
        [1, 1, 1, 1, 1],  # b, 8, b a ba
        [1, 1, 1],  # (), 7, 2
        [1, 1, 1, 1, 1, 1, 1, 1],  # b a ba, 7, 1 2 12, "b a"
    ]
    assert counts.shape[1] == 3 + 2 + 2 + 2 + 1 + 3 + 1


def bm25(example, question, examples):
    """The score by its definition, over lists of terms."""
    mean = sum(map(len, examples)) / len(examples)
    score = 0.0
    for term in question:
        holding = sum(term in one for one in examples)
        times = example.count(term)
        rarity = math.log(1 + (len(examples) - holding + 0.5) / (holding + 0.5))
        score += rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(example) / mean))
    return score


def test_similarity_is_bm25_and_the_first_in_training_order_among_equals(similarity, monkeypatch):
    monkeypatch.setattr(similarity, "COMPARED", 100)
    stream = np.random.default_rng(0)
    rows = [list(stream.choice(list("abcdefg"), stream.integers(1, 7))) for _ in range(60)]
    examples, asked = rows[:40], [*rows[40:], ["none"], ["a"]]
    counts = similarity.terms([pa.chunked_array([[" ".join(row) for row in [*examples, *asked]]])], 1)

    found = similarity.most_similar(counts[:40], counts[40:], 6)

    for question, mine in zip(asked, found, strict=True):
        scores = [round(bm25(example, question, examples), 9) for example in examples]
        assert mine.tolist() == sorted(range(40), key=lambda row, s=scores: (-s[row], row))[:6]
