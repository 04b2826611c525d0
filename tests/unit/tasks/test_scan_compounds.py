"""The parses of SCAN's commands, against a parser that goes word by word."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue


@pytest.fixture(scope="module")
def trees():
    return load_entry(Path(__file__).parents[3] / "tasks" / "scan", "compounds:trees")


def parsed(command):
    """A command as nested tuples: rule, then its parts."""
    done = None
    for part in re.split(r" (?=(?:and|after)\d* )", command):
        joined = re.match(r"((?:and|after)\d*) (.*)", part)
        words = (joined[2] if joined else part).split()
        count = words.pop() if re.match("twice|thrice", words[-1]) else ""
        phrase = (words[0],)
        if len(words) > 1:
            phrase = (words[1] if len(words) == 3 else "toward", phrase, (words[-1],))
        if count:
            phrase = (count, phrase)
        done = (joined[1], done, phrase) if joined else phrase
    return done


def nested(found, example):
    """The same of what the task gives."""
    begin, end = found.starts[example : example + 2]
    children = {}
    for node in range(begin, end):
        children.setdefault(found.parents[node], {})[found.slots[node]] = node
    assert set(found.parents[begin:end]) <= {-1, *range(begin, end)}
    assert len(children[-1]) == 1

    def built(node):
        below = children.get(node, {})
        assert sorted(below) == list(range(len(below)))
        return (found.known[found.labels[node]], *(built(below[slot]) for slot in sorted(below)))

    return built(next(iter(children[-1].values())))


def test_a_command_is_parsed_as_it_is_read(trees):
    found = trees(pa.table({"commands": ["jump and walk around left twice"]}))

    assert nested(found, 0) == ("and", ("jump",), ("twice", ("around", ("walk",), ("left",))))


def test_every_command_is_parsed_as_a_slow_parser_does(trees, task_module):
    every = task_module("scan").language().select(["commands"])

    found = trees(every)

    commands = every["commands"].to_pylist()
    assert all(nested(found, place) == parsed(commands[place]) for place in range(len(commands)))


@pytest.mark.parametrize("split", ["addprim_jump_prim5", "addprim_jump_zero200", "star_length125", "star_primitives8"])
def test_commands_with_copies_and_many_phrases_are_parsed_too(trees, task_module, split):
    rows = task_module("scan").load(split, {"rows": 15_000}, 0).train.select(["commands"])
    some = rows.take(list(range(0, rows.num_rows, 41)))

    found = trees(some)

    commands = some["commands"].to_pylist()
    assert all(nested(found, place) == parsed(commands[place]) for place in range(len(commands)))


def test_what_is_no_command_is_refused(trees):
    with pytest.raises(BadValue, match="^'jump twice left' is not a SCAN phrase"):
        trees(pa.table({"commands": ["walk and jump twice left"]}))
