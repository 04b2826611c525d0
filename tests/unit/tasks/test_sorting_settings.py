import sys
from pathlib import Path

import pytest

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.errors import BadValue, UnknownName

FOLDER = Path(__file__).parents[3] / "tasks" / "sorting"
PARAMS = {**cards.read(FOLDER, "task").splits["up_to_20"].params, "rows": 3000, "questions": 60}


@pytest.fixture(scope="module")
def settings():
    return sys.modules[load_entry(FOLDER, "settings:checked").__module__]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"train_length": 0},
            "parameter 'train_length' is 0; it must be an integer from 1 to 29: up_to_20 asks length 30 as unseen",
        ),
        (
            {"train_length": 30},
            "parameter 'train_length' is 30; it must be an integer from 1 to 29: up_to_20 asks length 30 as unseen",
        ),
        (
            {"train_length": True},
            "parameter 'train_length' is True; it must be an integer from 1 to 29: up_to_20 asks length 30 as unseen",
        ),
        ({"values": 1}, "parameter 'values' is 1; it must be an integer from 2 to 1000000"),
        ({"values": 10**6 + 1}, "parameter 'values' is 1000001; it must be an integer from 2 to 1000000"),
        (
            {"values": 500, "repeats": False},
            (
                "parameter 'values' is 500, too few for sequences of length 500 without repeats; "
                "it must be an integer from 501 to 1000000"
            ),
        ),
        ({"repeats": 1}, "parameter 'repeats' is 1; it must be true or false"),
        ({"windows": "yes"}, "parameter 'windows' is 'yes'; it must be true or false"),
        (
            {"windows": True, "repeats": False, "values": 1000},
            (
                "parameter 'windows' is true, and a window may hold fewer values than a sequence has places; it must "
                "be false, or 'repeats' must be true"
            ),
        ),
        ({"draw": -1}, "parameter 'draw' is -1; it must be an integer from 0 to 1000000"),
        ({"rows": 0}, "parameter 'rows' is 0; it must be an integer from 1 to 2500000"),
        (
            {"questions": 19},
            "parameter 'questions' is 19; it must be an integer from 20 to 100000: at least one a training length",
        ),
        (
            {"hint": "sucessor"},
            (
                "parameter 'hint' is 'sucessor'; it must be 'none' or one of "
                "successor, predecessor, count, fill, parity, or several with '+' between them; "
                "did you mean 'successor'?"
            ),
        ),
        (
            {"hint": "fill+none"},
            (
                "parameter 'hint' is 'fill+none'; it must be 'none' or one of "
                "successor, predecessor, count, fill, parity, or several with '+' between them; did you mean 'none'?"
            ),
        ),
        (
            {"hint": 3},
            (
                "parameter 'hint' is 3; it must be 'none' or one of "
                "successor, predecessor, count, fill, parity, or several with '+' between them"
            ),
        ),
        ({"hint": "fill+fill"}, "parameter 'hint' is 'fill+fill'; each hint is named once"),
        ({"hint_share": 0.0}, "parameter 'hint_share' is 0.0; it must be a number above 0 and below 1"),
        ({"hint_share": 1.0}, "parameter 'hint_share' is 1.0; it must be a number above 0 and below 1"),
        ({"hint_share": -0.5}, "parameter 'hint_share' is -0.5; it must be a number above 0 and below 1"),
        ({"hint_share": float("nan")}, "parameter 'hint_share' is nan; it must be a number above 0 and below 1"),
        ({"hint_share": True}, "parameter 'hint_share' is True; it must be a number above 0 and below 1"),
        (
            {"hint": "fill", "hint_share": 0.9999},
            (
                "parameter 'hint_share' is 0.9999, which adds 29997000 rows to 3000; at train_length = 20 they must be "
                "at most 2500000 together"
            ),
        ),
        (
            {"hint": "successor", "train_length": 1},
            (
                "parameter 'train_length' is 1; with hint = 'successor' it must be at least 2, "
                "for one element has no other beside it"
            ),
        ),
        (
            {"hint": "count", "values": 1000, "repeats": False},
            (
                "parameter 'hint' is 'count', which is always 1 without repeats; it must be another, "
                "or 'repeats' must be true"
            ),
        ),
    ],
)
def test_a_bad_parameter_is_refused_with_what_would_be_right(settings, params, message):
    with pytest.raises(BadValue) as fault:
        settings.checked("up_to_20", PARAMS | params, 0, settings.asked_lengths("up_to_20"))

    assert str(fault.value) == f"sorting: {message}"


@pytest.mark.parametrize("split", ["up_to", "up_to_0", "up_to_x", "up_to_500", "length_20"])
def test_a_split_without_a_training_length_in_its_name_is_refused(settings, split):
    with pytest.raises(UnknownName, match=f"sorting has no split '{split}'; its names begin with 'up_to_'"):
        settings.asked_lengths(split)
