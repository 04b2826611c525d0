"""Marks of a language model in answers are wrong answers, and told of."""

import re

import numpy as np
import pyarrow as pa
import pytest

from genbench.scoring.debris import hint

TAUGHT = pa.chunked_array([["I_WALK I_RUN"], ["I_TURN"]])


def told(answers, right=False):
    return hint(pa.array(answers), TAUGHT, np.full(len(answers), right))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["I_WALK </s>"] * 9 + ["I_TURN"], "9 of 10 answers hold a word that no training answer has: '</s>'"),
        (["<pad> <pad> I_RUN", "<pad>"], "2 of 2 answers hold a word that no training answer has: '<pad>'"),
        (["\u2581I_WALK", "\u2581I_RUN"], "2 of 2 answers hold a character .*: U\\+2581 \\(LOWER ONE EIGHTH BLOCK\\)"),
        (["I_WALK\u200b", "I_RUN\u200b"], "2 of 2 .* U\\+200B \\(ZERO WIDTH SPACE\\)"),
        (["\ufeffI_WALK", "\ufeffI_RUN"], "2 of 2 .* U\\+FEFF .*"),
        ([["I_WALK", "<s>"]], "1 of 1 answers hold a word .*: '<s>'"),
    ],
)
def test_what_most_answers_hold_and_none_was_taught_is_told(answers, said):
    assert re.fullmatch(said, told(answers))


@pytest.mark.parametrize(
    "answers", [["I_RUN", "I_TURN"], ["a", "b", "c"], [3, 4], [["a"], ["b"], ["c"]], ["I_RUN </s>", "I_RUN", "I_RUN"]]
)
def test_wrong_answers_without_a_common_mark_are_just_wrong(answers):
    assert told(answers) == ""


def test_a_word_that_a_right_answer_holds_is_none_of_debris():
    answers = pa.array(["new I_RUN"] * 4)

    assert hint(answers, TAUGHT, np.array([True, False, False, False])) == ""
    assert told(["new I_RUN"] * 4, right=True) == ""
    assert hint(answers, TAUGHT.slice(0, 0), np.zeros(4, bool)) == ""  # nothing was taught: each word is new
