"""Standings for a person at a terminal: what the tables say, and that names are text."""

import io

import pytest
from rich.console import Console

from genbench.report.terminal.standings import show


@pytest.fixture
def printed():
    """Prints standings on a terminal of 80 columns, and gives the text."""

    def shown(*standings):
        console = Console(file=io.StringIO(), width=80, color_system=None)
        show(standings, console)
        return console.file.getvalue()

    return shown


def test_the_terminal_shows_rank_mean_interval_and_failures_in_eighty_columns(full, printed):
    text = printed(*full.standings)

    lines = [line.split() for line in text.splitlines()]
    assert text.startswith("toy/echo  test (out of distribution) · exact_match · chance 0.250\n")
    assert ["1", "mlp", "0.812", "0.750", "\N{EN DASH}", "0.875", "0.750", "2", "12.3"] in lines
    assert "3 timeout" in text
    assert max(map(len, text.splitlines())) <= 80


def test_scores_above_chance_are_told_where_chance_is_known_and_not_nothing(draw, a_standing, a_board, printed):
    for chance, told in ((0.25, True), (0.0, False), (None, False)):
        one = a_standing(chance=chance)

        assert ("above chance" in printed(one)) is told
        assert ('data-after=" above chance">0.750</td>' in draw(a_board(one))) is told


def test_the_terminal_takes_names_as_they_are(a_standing, printed):
    text = printed(a_standing("[red]x[/red]"))

    assert "[red]x[/red]" in text


def test_the_terminal_says_quick_and_empty(a_standing, printed):
    assert "never ranked" in printed(a_standing(profile="quick", rank=None))
    assert printed() == "No rows yet: run `genbench evaluate`.\n"


def test_the_terminal_prints_one_table_of_means(a_grid, printed):
    text = printed(*a_grid())

    assert "toy/sums by batch and noise" in text
    assert [line.split() for line in text.splitlines() if line.startswith("64")] == [["64", "0.089", "0.239", "0.514"]]
    assert "sums:noise" not in text
