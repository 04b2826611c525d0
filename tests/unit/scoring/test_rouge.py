"""ROUGE-L against the figures of another program, and against its slow definition."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genbench.scoring import rouge

texts = st.lists(st.sampled_from(["a", "b", "B", " ", ", ", "7"]), max_size=8).map("".join)


def graded(answers, targets):
    return rouge.rouge_l(pa.array(answers, pa.string()), pa.array(targets, pa.string())).tolist()


def slow(answer, target):
    one, other = rouge.words(answer), rouge.words(target)
    if answer.split() == target.split():  # as exact_match has it, blanks apart
        return 1.0
    row = [0] * (len(other) + 1)
    for word in one:
        above = list(row)
        for at, wanted in enumerate(other, start=1):
            row[at] = above[at - 1] + 1 if word == wanted else max(above[at], row[at - 1])
    shared = row[-1]
    if not shared:
        return 0.0
    precision, recall = shared / len(one), shared / len(other)
    return 2 * precision * recall / (precision + recall)


def test_the_figures_of_another_program_come_out(reference):
    known = json.loads((reference / "seeds_tasks" / "rouge_l.json").read_text())

    assert len(known) == 9
    assert graded([one["answer"] for one in known], [one["target"] for one in known]) == pytest.approx(
        [one["rouge_l"] for one in known], abs=1e-12
    )


@settings(deadline=None)  # pyarrow's first call is slow
@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_it_is_its_slow_definition(pairs):
    answers, targets = [one for one, _ in pairs], [other for _, other in pairs]

    assert graded(answers, targets) == pytest.approx([slow(*pair) for pair in pairs])


def test_of_texts_without_words_equal_ones_alone_are_right():
    assert graded(["?", "", "!", "東京", "東京"], ["yes", "", "?", "京都", "東京"]) == [0.0, 1.0, 0.0, 0.0, 1.0]
