"""The metric that asks the task whether an answer parses."""

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.data.problem import Targets
from genbench.errors import BadCard, BadData
from genbench.scoring import grading, metrics

CARD = """\
kind = "task"
name = "shouting"
title = "Shouting"
entry = "task:load"
parses = "task:shouted"
about = "Say it louder."
license = "Apache-2.0"
inputs = { word = "string" }
target = { louder = "string" }
metrics = ["exact_match", "well_formed"]

[splits.all]
about = "louder"
chance = 0
train = 1
fingerprint = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
[splits.all.questions.test]
kind = "id"
rows = 1
"""
PARSER = """\
ASKED = []

def shouted(answer):
    ASKED.append(answer)
    return answer.isupper()
"""


def card(folder, text=CARD, parser=PARSER):
    (folder / "card.toml").write_text(text)
    (folder / "task.py").write_text(parser)
    return cards.read(folder, "task")


def marks(task, answers):
    targets = Targets(("test",), np.zeros(len(answers), np.int16), pa.array(["YES"] * len(answers)))
    return grading.grade(pa.array(answers, pa.string()), targets, task)["well_formed"].tolist()


def test_an_answer_is_well_formed_where_the_task_says_that_it_parses(tmp_path):
    assert marks(card(tmp_path), ["YES", "NO", "no", "", "NO"]) == [1.0, 1.0, 0.0, 0.0, 1.0]


def test_each_distinct_answer_is_parsed_once(tmp_path):
    task = card(tmp_path, parser=PARSER + "\n\nASKED.clear()\n")

    marks(task, ["A", "b", "A", "A", "b"])

    asked = load_entry(task.folder, task.parses).__globals__["ASKED"]
    assert asked == ["A", "b"]


def test_no_answers_have_no_marks(tmp_path):
    assert marks(card(tmp_path), []) == []


def test_without_a_parser_the_metric_is_refused(tmp_path):
    task = card(tmp_path, CARD.replace('parses = "task:shouted"\n', ""))

    with pytest.raises(BadCard, match=r"metric 'well_formed' needs a parser: key 'parses', written as module:object"):
        metrics.of_card(task)


def test_a_parser_is_named_as_an_entry_is(tmp_path):
    with pytest.raises(BadCard, match=r"key 'parses' is 'task'; it must be written as module:object"):
        card(tmp_path, CARD.replace('"task:shouted"', '"task"'))


@pytest.mark.parametrize(
    ("parser", "message"),
    [
        ("def shouted(answer): return answer[0].isupper()", "raised IndexError for the answer '': string index out of"),
        ("def shouted(answer): return 1", "returned 1 for the answer ''; it must return true or false"),
    ],
)
def test_a_parser_that_fails_is_the_tasks_fault(tmp_path, parser, message):
    with pytest.raises(BadData, match=f"^shouting: task:shouted {message}"):
        marks(card(tmp_path, parser=parser), [""])
