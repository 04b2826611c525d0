"""A task's card, once it is read."""

import pytest

from genbench import cards


def test_a_card_cannot_be_changed_once_it_is_read(folder, task_text):
    card = cards.read(folder(task_text))

    for values in (card.params, card.splits, card.inputs, card.splits["length"].params):
        with pytest.raises(TypeError):
            values["more"] = 1
