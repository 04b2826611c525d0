"""A parameter that joins a card leaves the names of cells as they were, where it does nothing."""

import pytest

from genbench import cards
from genbench.errors import BadCard

NEUTRAL = "\n[neutral]\nmirrored = false\nvocabulary = 8\n"


def test_a_parameter_counts_where_it_does_something_and_where_it_was_given_by_hand(folder, task_text):
    neutral = cards.read(folder(task_text + NEUTRAL)).neutral

    assert cards.counted({"vocabulary": 8, "share": 1.0, "mirrored": True}, neutral) == {"share": 1.0, "mirrored": True}
    assert cards.counted({"vocabulary": 8, "mirrored": False}, neutral, {"vocabulary": 8}) == {"vocabulary": 8}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("mirored = false", "neutral has no parameter 'mirored'; did you mean 'mirrored'?"),
        ("mirrored = 0", "neutral: parameter 'mirrored' is 0; it must be of type true or false"),
    ],
)
def test_a_neutral_value_is_one_that_the_parameter_can_have(folder, task_text, line, message):
    with pytest.raises(BadCard) as caught:
        cards.read(folder(f"{task_text}\n[neutral]\n{line}\n"))

    assert message in str(caught.value)
