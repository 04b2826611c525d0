"""Answers to another split are refused, by whatever tells of it."""

import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.authoring.origin import Origin, check, marked
from genbench.errors import BadPredictions

ASKED, OTHER = Origin("scan/length", "sha256:a"), Origin("scan/simple", "sha256:b")
QUESTIONS = pa.table({"commands": ["walk", "run", "jump"], "steps": [[1], [2], [3]]})


def answers(**columns):
    return pa.table({"question_id": [2, 0], "prediction": ["x", "y"], **columns})


def test_answers_that_tell_of_nothing_are_taken(tmp_path):
    (tmp_path / "split.json").write_text("[1]")

    check(answers(), tmp_path / "mine.parquet", ASKED, QUESTIONS, "mine")


def test_a_table_keeps_its_export_through_parquet_and_pandas(tmp_path):
    pq.write_table(marked(answers(), OTHER), tmp_path / "a.parquet")
    pd.read_parquet(tmp_path / "a.parquet")[["question_id", "prediction"]].to_parquet(tmp_path / "b.parquet")
    again = pq.read_table(tmp_path / "b.parquet")

    check(again, None, OTHER, QUESTIONS, "b.parquet")
    with pytest.raises(BadPredictions, match=r"b\.parquet: .* answer scan/simple; they are scored on scan/length"):
        check(again, None, ASKED, QUESTIONS, "b.parquet")


def test_the_export_beside_a_file_tells_of_another_edition(tmp_path):
    said = {"task": "scan", "split": "length", "fingerprint": "sha256:old"}
    (tmp_path / "split.json").write_text(json.dumps(said))

    with pytest.raises(BadPredictions, match=r"split\.json beside it says that these answer another edition of scan"):
        check(answers(), tmp_path / "mine.csv", ASKED, QUESTIONS, "mine.csv")


def test_questions_beside_answers_say_more_than_an_export(tmp_path):
    own = marked(answers(commands=["jump", "walk"], steps=["[3]", "[1]"]), OTHER)

    check(own, tmp_path / "mine.csv", ASKED, QUESTIONS, "mine.csv")
    with pytest.raises(BadPredictions, match="mine: question 0 has 'run' as commands, and the split asks 'walk' there"):
        check(answers(commands=["jump", "run"]), None, ASKED, QUESTIONS, "mine")


def test_ids_that_no_question_has_are_left_to_whoever_joins(tmp_path):
    odd = pa.table({"question_id": pa.array([2**63, 1], pa.uint64()), "commands": ["?", "run"]})

    check(odd, None, ASKED, QUESTIONS, "odd")
