from __future__ import annotations

import pytest
from datasets import Dataset

QUESTIONS = Dataset.from_dict({"word": ["?", "??"]})


def answers(baseline, context, given):
    majority = baseline("majority").Majority(context("majority", {"word": "string"}, "string"))
    majority.fit(Dataset.from_dict({"word": ["w"] * len(given), "answer": given}), None)
    return majority.predict(QUESTIONS)


@pytest.mark.parametrize(
    ("given", "commonest"),
    [
        (["x", "y", "y"], "y"),
        ([7, 7, 3], 7),
        ([[3], [1, 2], [1, 2]], [1, 2]),
        ([True, False, False], False),
    ],
)
def test_the_commonest_answer_is_given_to_every_question(baseline, context, given, commonest):
    assert answers(baseline, context, given) == [commonest, commonest]


def test_among_equally_common_answers_the_first_in_training_order_wins(baseline, context):
    assert answers(baseline, context, ["z", "a", "b", "a", "b", "z"]) == ["z", "z"]
