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


def test_a_card_is_remembered_as_long_as_its_file_holds_the_same(folder, task_text):
    place = folder(task_text)
    before = cards.read(place)
    again = cards.read(place)
    (place / cards.FILE).write_text(task_text.replace("Words in reversed order", "Letters in reversed order"))

    assert again is before
    assert (before.title, cards.read(place).title) == ("Words in reversed order", "Letters in reversed order")


def test_a_submission_where_a_task_is_wanted_is_refused(faults, submission_text):
    assert faults(submission_text, "task") == ["key 'kind' is 'submission'; a task is wanted here"]


def test_a_task_where_a_submission_is_wanted_is_refused(faults, task_text):
    assert faults(task_text, "submission") == ["key 'kind' is 'task'; a submission is wanted here"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('title = "a\\u001b[31mb"', "key 'title' holds a control character: 'a\\\\x1b[31mb'"),
        ('about = "a\\u202eb"', "key 'about' holds a control character: 'a\\\\u202eb'"),
        ('params = { "a\\u0007" = 1 }', "a key holds a control character: 'a\\\\x07'"),
        ('tags = [["\\u2066"]]', "key 'tags' holds a control character: '\\\\u2066'"),
        ('splits = { x = { about = "\\u0000" } }', "key 'splits.x.about' holds a control character: '\\\\x00'"),
    ],
)
def test_a_card_holds_nothing_that_a_terminal_obeys_or_that_turns_its_text(tmp_path, written, key):
    (tmp_path / cards.FILE).write_text(written)

    with pytest.raises(BadCard) as fault:
        cards.read(tmp_path)

    assert fault.value.faults[0].startswith(key)


def test_a_card_without_end_is_not_read(tmp_path):
    (tmp_path / cards.FILE).symlink_to("/dev/zero")

    with pytest.raises(BadCard, match="not readable as TOML: card.toml is a device; it must be a file"):
        cards.read(tmp_path)
