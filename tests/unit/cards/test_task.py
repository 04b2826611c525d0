"""A task's card, once it is read."""

import pytest

from genbench import cards
from genbench.errors import UnknownName


def test_a_card_cannot_be_changed_once_it_is_read(folder, task_text):
    card = cards.read(folder(task_text))

    for values in (card.params, card.splits, card.inputs, card.splits["length"].params):
        with pytest.raises(TypeError):
            values["more"] = 1


def test_an_unknown_split_gets_a_hint(folder, task_text):
    with pytest.raises(UnknownName, match="^reversal has no split 'lenght'; did you mean 'length'\\?$"):
        cards.read(folder(task_text)).split("lenght")
