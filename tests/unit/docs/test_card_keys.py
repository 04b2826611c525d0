"""The page of card keys, against the reader of cards."""

from pathlib import Path

import pytest
from making import card_keys

from genbench.cards.keys import KEYS, declared
from genbench.cards.table import Table

ROOT = Path(__file__).parents[3]


def test_every_key_that_is_declared_is_read_but_for_the_tables_that_a_card_names():
    unread = KEYS.keys() - card_keys.taken(ROOT).keys()

    assert {name.rpartition(".")[2] for name in unread} == {"NAME"}


def test_a_key_that_is_read_must_be_declared():
    with pytest.raises(KeyError, match="^'task.colour is read, and not declared in genbench/cards/keys.py'$"):
        Table({}, [], "task").take("colour", str)


def test_a_slice_of_an_axis_is_a_name_of_the_cards_own():
    assert declared("task.chance_along.NAME", "boolean") == "task.chance_along.NAME.NAME"


def test_the_page_tells_type_default_and_meaning():
    lines = card_keys.page(ROOT).splitlines()

    assert "| `threads` | integer | `1` | threads it may use |" in lines
    assert "| `seeds` | integer | `1` | seeds of each cell, counted from 0 |" in lines
    assert [line for line in lines if line.startswith("| `direction` | `higher` or `lower` | `higher` |")]
    assert [line for line in lines if line.startswith("| `metrics` | array | *required* |")]
