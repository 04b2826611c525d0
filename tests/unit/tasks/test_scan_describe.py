"""What is told of a command of SCAN: its tree, and whether an answer is made of actions."""

from pathlib import Path

import pytest

from genbench.cards.entries import load_entry

FOLDER = Path(__file__).parents[3] / "tasks" / "scan"


@pytest.fixture(scope="module")
def example():
    return load_entry(FOLDER, "describe:example")


def test_the_tree_has_each_rule_with_the_actions_it_makes(example):
    told = example({"commands": "jump after turn around right thrice and look left", "actions": ""}, {})

    rules = [line[:40].strip() for line in told.splitlines()]
    assert rules == [
        "command -> command and phrase",
        "command -> phrase after phrase",
        "phrase -> verb",
        "verb -> jump",
        "phrase -> verb around right thrice",
        "verb -> turn",
        "phrase -> verb left",
        "verb -> look",
    ]
    assert told.splitlines()[3].endswith(" I_JUMP")
    assert told.splitlines()[5].endswith(" (none: it needs a direction)")
    assert told.splitlines()[0].endswith("... (15 actions)")


def test_the_actions_told_of_a_command_are_those_of_the_task(task_module, example):
    language = task_module("scan").language()
    actions = example.__globals__["actions"]

    told = [actions(command) for command in language["commands"].to_pylist()]

    assert told == language["actions"].to_pylist()


@pytest.mark.parametrize(
    ("command", "actions"),
    [
        ("jump and walk after run and look", "I_RUN I_JUMP I_WALK I_LOOK"),
        ("walk2 and7 turn left3", "I_WALK2 I_TURN_LEFT3"),
        ("fly twice", "I_FLY I_FLY"),
        ("walk walk", "(not a command of SCAN)"),
    ],
)
def test_longer_commands_and_renamed_words_are_told_too(example, command, actions):
    assert example.__globals__["actions"](command) == actions
    assert example({"commands": command}, {})


def test_every_right_answer_is_well_formed(task_module):
    well_formed = load_entry(FOLDER, "describe:well_formed")

    assert all(map(well_formed, task_module("scan").language()["actions"].to_pylist()))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("I_JUMP", True),
        (" I_TURN_LEFT\tI_JUMP ", True),
        ("", False),
        ("jump", False),
        ("I_JUMP I_TURN", False),
        ("I_JUMPI_WALK", False),
        ("I_WALK2", False),
        ("I_JUMP , I_WALK", False),
    ],
)
def test_an_answer_is_well_formed_where_it_is_made_of_the_six_actions(answer, verdict):
    assert load_entry(FOLDER, "describe:well_formed")(answer) is verdict
