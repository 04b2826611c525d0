"""What a submission's card says of one cell: its parameters there, and whether it is asked at all."""

import re

import pytest

from genbench import cards
from genbench.errors import BadValue, UnknownName


def test_overrides_apply_in_order_where_profile_and_task_match(folder, submission_text):
    card = cards.read(folder(submission_text))

    assert card.settings("modular/addition", "full")["steps"] == 2000
    assert card.settings("modular/addition", "quick")["steps"] == 300
    assert card.settings("modular/addition", "quick")["rate"] == 1.0
    assert card.settings("modular/other", "quick")["rate"] == 0.1


def test_a_variant_stands_above_overrides_and_the_command_line_above_both(folder, submission_text):
    card = cards.read(folder(submission_text))

    assert card.settings("modular/addition", "quick", "slow")["steps"] == 9
    assert card.settings("modular/addition", "quick", "slow", {"steps": 3})["steps"] == 3
    assert card.settings("modular/addition", "quick", "decay5")["decay"] == 5.0


@pytest.mark.parametrize(
    ("variant", "given", "kind", "message"),
    [
        ("decay6", {}, UnknownName, "mlp has no variant 'decay6'; did you mean 'decay5'?"),
        ("", {"stepz": 1}, UnknownName, "mlp has no parameter 'stepz'; did you mean 'steps'?"),
        ("", {"steps": 1.5}, BadValue, "mlp: parameter 'steps' is 1.5; it must be of type integer"),
        ("", {"steps": True}, BadValue, "mlp: parameter 'steps' is True; it must be of type integer"),
        ("", {"bias": 1}, BadValue, "mlp: parameter 'bias' is 1; it must be of type true or false"),
        ("", {"activation": 1}, BadValue, "mlp: parameter 'activation' is 1; it must be of type string"),
        ("", {"rate": float("inf")}, BadValue, "mlp: parameter 'rate' is inf; it must be of type number"),
        ("", {"rate": 10**400}, BadValue, "mlp: parameter 'rate' is 1000"),
    ],
)
def test_settings_that_the_card_does_not_have_are_refused(folder, submission_text, variant, given, kind, message):
    card = cards.read(folder(submission_text))

    with pytest.raises(kind, match=f"^{re.escape(message)}"):
        card.settings("x", "full", variant, given)


@pytest.mark.parametrize(
    ("tasks", "accepts", "taken"),
    [
        ('["*"]', "{}", True),
        ('["reversal/*"]', "{}", True),
        ('["reversal"]', "{}", False),
        ('["*/length"]', '{ inputs = ["string", "int64"], target = ["string"] }', True),
        ('["*"]', '{ inputs = ["int64"] }', False),
        ('["*"]', '{ target = ["int64"] }', False),
    ],
)
def test_a_submission_takes_splits_by_name_and_types(
    folder, task_text, submission_text, changed, tasks, accepts, taken
):
    task = cards.read(folder(task_text))
    text = changed(submission_text, ('["modular/*"]', tasks), ('{ inputs = ["int64"], target = ["int64"] }', accepts))

    assert cards.read(folder(text)).takes(task, task.splits["length"]) is taken


@pytest.mark.parametrize(
    ("accepts", "taken"),
    [('["vector"]', True), ('["vector(8)"]', True), ('["vector(9)"]', False), ('["list<vector>"]', False)],
)
def test_a_submission_takes_vectors_of_any_length_or_of_one(
    folder, task_text, submission_text, changed, accepts, taken
):
    task = cards.read(folder(changed(task_text, ('words = "string"', 'words = "vector(8)"'))))
    text = changed(
        submission_text, ('["modular/*"]', '["*"]'), ('inputs = ["int64"], target = ["int64"]', f"inputs = {accepts}")
    )

    assert cards.read(folder(text)).takes(task, task.splits["length"]) is taken
