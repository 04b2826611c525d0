from __future__ import annotations

import torch

from genbench.evaluation.cell import COUNTS
from genbench.evaluation.worker import told
from genbench.kit.batching import Batch
from genbench.kit.tally import Counted, CountedTokens, Tally


def test_steps_are_counted_by_their_batches_and_by_what_they_cost():
    tally = Tally()

    for rows in (3, 2):
        tally.add(Batch((torch.zeros(rows),), rows, 10 * rows, (rows, 4)), lambda sizes: 100.0 * sizes[0])

    assert (tally.steps, tally.examples, tally.tokens, tally.flops) == (2, 5, 50, 500.0)


def test_operations_are_counted_only_where_their_cost_is_known():
    tally = Tally()

    tally.add(Batch((torch.zeros(1),), 1, 1, (1, 1)), None)

    assert (tally.steps, tally.flops) == (1, 0.0)


def test_the_suite_is_told_all_counts_of_tokens_and_none_where_there_are_no_tokens():
    submissions = Counted(), CountedTokens()
    for submission in submissions:
        submission.tally = Tally(
            steps=1, examples=2, tokens=30, flops=400.0, resumed_seconds=5.0, resumed_cpu_seconds=4.0
        )

    pictures, texts = (
        told(submission, dict.fromkeys((*COUNTS, "resumed_seconds", "resumed_cpu_seconds"), float))
        for submission in submissions
    )

    assert texts == {
        "examples_seen": 2,
        "tokens_seen": 30,
        "training_flops": 400,
        "resumed_seconds": 5,
        "resumed_cpu_seconds": 4,
    }
    assert pictures == {name: count for name, count in texts.items() if name != "tokens_seen"}
