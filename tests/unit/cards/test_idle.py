"""Where a card says that a parameter does nothing."""

import pytest

from genbench import cards
from genbench.cards.idle import why_idle

IDLE = """
[idle]
share = { mirrored = false, splits = ["short*"] }
vocabulary = { share = [0.0, 1.0] }
"""


@pytest.fixture
def text(task_text, changed):
    """A card of one split, `length`, with this table; its share is a number of either kind."""
    return changed(task_text, ("share = 1 }", "share = 1.0 }")) + IDLE.replace("short*", "len*")


def test_a_parameter_is_idle_where_another_has_a_value_or_a_split_a_name(folder, text):
    idle = cards.read(folder(text)).idle
    params = {"vocabulary": 8, "share": 0.5, "mirrored": True}

    assert why_idle(idle, "share", "length", params) == "in length"
    assert why_idle(idle, "share", "other", params) == ""
    assert why_idle(idle, "share", "other", params | {"mirrored": False}) == "where mirrored is false"
    assert why_idle(idle, "vocabulary", "other", params | {"share": 1.0}) == "where share is 1.0"
    assert why_idle(idle, "mirrored", "length", params) == ""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("shares = { mirrored = false }", "key 'idle.shares' is of no parameter of the task; did you mean 'share'?"),
        (
            "share = { miror = false }",
            "key 'idle.share.miror' is of no other parameter of the task; did you mean 'mirrored'?",
        ),
        (
            "share = { share = 0.5 }",
            "key 'idle.share.share' is of no other parameter of the task; did you mean 'share'?",
        ),
        ("share = { mirrored = 0 }", "key 'idle.share.mirrored' is 0; mirrored is of another type, as False"),
        ('share = { splits = "lenght" }', "key 'idle.share.splits' names 'lenght', which no split of the task matches"),
        ("share = 1", "key 'idle.share' must be a table"),
    ],
)
def test_what_is_wrong_with_it_is_said(faults, task_text, line, fault):
    assert faults(f"{task_text}\n[idle]\n{line}\n") == [fault]
