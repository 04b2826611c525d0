"""The card of a folder: there, of the kind that is wanted, or refused."""

import pytest

from genbench import cards
from genbench.errors import BadCard


def test_a_card_that_is_not_there_or_no_text_says_so(tmp_path):
    with pytest.raises(BadCard, match="there is no such file; a contribution's folder holds a card.toml"):
        cards.read(tmp_path)
    (tmp_path / cards.FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(BadCard, match="not readable as TOML: 'utf-8' codec"):
        cards.read(tmp_path)


def test_a_submission_where_a_task_is_wanted_is_refused(faults, submission_text):
    assert faults(submission_text, "task") == ["key 'kind' is 'submission'; a task is wanted here"]


def test_a_task_where_a_submission_is_wanted_is_refused(faults, task_text):
    assert faults(task_text, "submission") == ["key 'kind' is 'task'; a submission is wanted here"]
