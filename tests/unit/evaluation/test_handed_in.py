"""Answers are a stranger's file: copied, looked at, and read only where they are whole and not beyond all measure."""

import os

import numpy as np
import pyarrow as pa
import pytest

from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.data.problem import Targets
from genbench.errors import SubmissionFault
from genbench.evaluation import handed_in
from genbench.evaluation.handed_in import answers_of
from genbench.scoring.grading import join

COUNT = 50


@pytest.fixture
def targets():
    """Fifty words to be answered."""
    right = pa.array([f"word {at}" for at in range(COUNT)])
    return Targets(("test",), np.zeros(COUNT, np.int64), right, {})


@pytest.fixture
def answers(tmp_path, targets):
    """The right answers as a worker leaves them."""
    tables.write(pa.table({QUESTION_ID: pa.array(range(COUNT)), PREDICTION: targets.target}), tmp_path / "answers")
    return tmp_path / "answers"


def test_answers_are_read_from_a_copy_that_nobody_else_writes_to(answers, tmp_path, targets):
    found = answers_of(answers, tmp_path / "room", targets)
    os.truncate(answers, 0)

    assert found.column(PREDICTION).to_pylist() == targets.target.to_pylist()


def test_a_link_to_answers_is_none(answers, tmp_path, targets):
    (tmp_path / "link").symlink_to(answers)

    with pytest.raises(SubmissionFault, match="the answers cannot be read: link is a link"):
        answers_of(tmp_path / "link", tmp_path / "room", targets)


def test_a_pipe_does_not_hold_the_evaluation_up(tmp_path, targets):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(SubmissionFault, match="pipe is a pipe"):
        answers_of(tmp_path / "pipe", tmp_path / "room", targets)


def test_answers_that_are_not_there_are_the_submissions_fault(tmp_path, targets):
    with pytest.raises(SubmissionFault, match="No such file"):
        answers_of(tmp_path / "nowhere", tmp_path / "room", targets)


def test_no_room_for_a_copy_is_the_machines_fault(answers, tmp_path, targets):
    with pytest.raises(FileNotFoundError):
        answers_of(answers, tmp_path / "no folder" / "room", targets)


def test_answers_beyond_all_measure_are_not_read(answers, tmp_path, targets, monkeypatch):
    monkeypatch.setattr(handed_in, "LEAST_ROOM", 1000)
    monkeypatch.setattr(handed_in, "TIMES", 1)

    with pytest.raises(SubmissionFault, match=r"answers has \d+ bytes; at most 1000 are read"):
        answers_of(answers, tmp_path / "room", targets)


@pytest.mark.parametrize("kind", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_body_that_is_packed_is_refused(tmp_path, targets, kind):
    content = pa.table(
        {QUESTION_ID: pa.array(range(COUNT)), PREDICTION: pa.array(["a" * 10**4] * COUNT, pa.string()).cast(kind)}
    )
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(tmp_path / "packed", content.schema, options=options) as writer:
        writer.write_table(content)

    with pytest.raises(SubmissionFault, match="they are compressed; answers are written as they are"):
        answers_of(tmp_path / "packed", tmp_path / "room", targets)


def test_a_flipped_bit_is_the_submissions_fault_or_no_fault_at_all(answers, tmp_path, targets):
    content, chance = answers.read_bytes(), np.random.default_rng(0)
    faults = 0
    for at in chance.choice(8 * len(content), 400, replace=False).tolist():
        flipped = bytearray(content)
        flipped[at // 8] ^= 1 << at % 8
        answers.write_bytes(flipped)
        try:
            join(answers_of(answers, tmp_path / f"room-{at}", targets), targets)
        except SubmissionFault:
            faults += 1

    assert faults > 100
