"""A split that was built is held for who asks for it again."""

from pathlib import Path

import pytest

from genbench import registry
from genbench.evaluation import build

ECHO = Path(__file__).parents[2] / "toys" / "echo"


@pytest.fixture
def loads(monkeypatch):
    """The splits that a task's own code builds from here on, each time by its label."""
    made, load = [], build.load_unchecked
    monkeypatch.setattr(build, "load_unchecked", lambda chosen: made.append(chosen.label) or load(chosen))
    return made


def echo(more=""):
    (chosen,) = registry.choose_splits([f"{ECHO}/small{more}"], registry.Catalogue())
    return chosen


def twice(chosen):
    built = build.build(chosen)
    return built is build.severed(chosen, build.load(chosen))


def test_a_split_is_built_once_while_it_is_held(loads):
    with build.holding():
        assert twice(echo())
        assert twice(echo(":questions=7"))

    assert loads == ["small", "small:questions=7"]


def test_afterwards_it_is_built_again(loads):
    with build.holding():
        build.build(echo())
    assert not twice(echo())

    assert loads == ["small"] * 3


def test_what_is_too_large_to_hold_is_built_again(loads, monkeypatch):
    monkeypatch.setattr(build, "HELD_BYTES", 10)

    with build.holding():
        assert not twice(echo())

    assert loads == ["small"] * 2
