"""NACS: SCAN's rows turned round, and answers that are executed."""

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from genbench.cards.entries import load_entry

FOLDER = Path(__file__).parents[3] / "tasks" / "nacs"
EXECUTING = sys.modules[load_entry(FOLDER, "executing:match").__module__]


@pytest.fixture(scope="module")
def nacs(task_module):
    return task_module("nacs")


def runs(command):
    """The actions of a command by another way than SCAN's reader: its words rewritten until none is left."""
    for word, joined in ((" after ", "{1} {0}"), (" and ", "{0} {1}")):
        if word in command:
            return joined.format(*map(runs, command.split(word)))
    words = command.split()
    times = {"twice": 2, "thrice": 3}.get(words[-1], 1)
    words = words[:-1] if times > 1 else words
    turn = [f"I_TURN_{words[-1].upper()}"] if words[-1] in {"left", "right"} else []
    act = [] if words[0] == "turn" else [f"I_{words[0].upper()}"]
    once = turn * 2 + act if "opposite" in words else (turn + act) * 4 if "around" in words else turn + act
    return " ".join(once * times)


@pytest.mark.parametrize("split", ["length", "addprim_jump", "addprim_turn_left", "template_around_right"])
def test_each_sequence_is_asked_once_is_not_shown_and_is_made_by_its_target(nacs, split):
    data = nacs.load(split, {"longest": 22}, 0)

    asked = data.questions["test"]["actions"].to_pylist()
    assert len(set(asked)) == len(asked)
    assert set(asked).isdisjoint(data.train["actions"].to_pylist())
    assert [runs(command) for command in data.questions["test"]["commands"].to_pylist()] == asked


@pytest.mark.parametrize(
    ("answer", "mark"),
    [
        ("turn opposite left", 1.0),
        ("turn left twice", 1.0),
        ("turn left  and turn left", 1.0),
        ("turn left after turn left", 1.0),
        ("turn left", 0.0),
        ("turn right twice", 0.0),
        ("left turn twice", 0.0),
        ("", 0.0),
        (None, 0.0),
    ],
)
def test_any_command_that_makes_the_actions_is_right(answer, mark):
    questions = pa.table({"actions": ["I_TURN_LEFT I_TURN_LEFT"]})

    found = EXECUTING.match(pa.array([answer], pa.string()), pa.array(["turn left twice"]), questions)

    assert found.tolist() == [mark]


def test_what_is_a_command_is_well_formed():
    assert EXECUTING.well_formed("walk right after jump twice")
    assert not EXECUTING.well_formed("walk walk")
