"""Grids: read with their defaults, and what is wrong with one said at once."""

import pytest

from genbench import cards
from genbench.errors import BadCard

GRID = """
kind = "grid"
name = "phases"
title = "Phases"
tasks = ["modular/addition_phases:share=0.3|0.5"]
submissions = ["mlp:weight_decay=0|5"]
"""


def test_a_grid_is_read_with_full_profile_and_one_seed_unless_it_says_otherwise(tmp_path):
    (tmp_path / "phases.toml").write_text(GRID, encoding="utf-8")

    grid = cards.read_grid(tmp_path / "phases.toml")

    assert (grid.name, grid.profile, grid.seeds) == ("phases", "full", 1)
    assert (grid.tasks, grid.submissions) == (
        ("modular/addition_phases:share=0.3|0.5",),
        ("mlp:weight_decay=0|5",),
    )


def test_all_faults_of_a_grid_are_said_at_once(tmp_path):
    bad = (
        GRID.replace('kind = "grid"', 'kind = "task"').replace('["mlp:weight_decay=0|5"]', "[]") + "seed = 3\nseeds = 0"
    )
    (tmp_path / "phases.toml").write_text(bad, encoding="utf-8")

    with pytest.raises(BadCard) as fault:
        cards.read_grid(tmp_path / "phases.toml")

    assert list(fault.value.faults) == [
        "key 'kind' is 'task'; it must be one of grid",
        "key 'seeds' is 0; it must be at least 1",
        "key 'submissions' must name at least one",
        "unknown key 'seed'",
    ]


def test_a_grid_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadCard, match="there is no such file; a grid is a TOML file"):
        cards.read_grid(tmp_path / "nothing.toml")
