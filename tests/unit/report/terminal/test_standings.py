"""Standings as tables: what they say to a person and to a script, and that names are text."""

import pytest

from genbench.analysis.inference import Gap
from genbench.report.forms import as_text
from genbench.report.terminal.standings import long_tables, standings_table


@pytest.fixture
def printed():
    """Prints standings as on a terminal of 80 columns, and gives the text."""

    def shown(*standings, width=80):
        return as_text(long_tables(standings), width=width)

    return shown


def test_the_terminal_shows_rank_mean_interval_and_failures_in_eighty_columns(full, printed):
    text = printed(*full.standings)

    lines = [line.split() for line in text.splitlines()]
    assert text.startswith("toy/echo  test (out of distribution) · exact_match · chance 0.250\n")
    assert ["1", "mlp", "0.812", "0.750", "\N{EN DASH}", "0.875", "0.750", "2", "12.3"] in lines
    assert "3 timeout" in text
    assert max(map(len, text.splitlines())) <= 80


def test_scores_above_the_floor_are_told_where_it_is_known_and_not_nothing(draw, a_standing, a_board, printed):
    for chance, told in ((0.25, True), (0.0, False), (None, False)):
        one = a_standing(chance=chance)

        assert ("above floor" in printed(one)) is told
        assert (">0.750</td>" in draw(a_board(one))) is told


def test_a_set_of_ranks_a_gap_and_clusters_are_told_alike_in_the_terminal_and_on_the_page(
    draw, a_standing, a_board, printed
):
    one = a_standing(ranks=(1, 3), gap=Gap(0.125, 0.1, 0.15, 0.5), clusters=21, cluster="category", questions=3000)

    for text in (printed(one, width=None), draw(a_board(one))):
        assert "1\N{EN DASH}3" in text
        assert "0.125 (0.100 \N{EN DASH} 0.150)" in text
        assert "intervals over 21 categories" in text


def test_names_are_taken_as_they_are_but_for_what_a_terminal_would_obey(a_standing, printed):
    text = printed(a_standing("[red]x[/red]"), a_standing("\x1b[2Jgone"))

    assert "[red]x[/red]" in text
    assert "\\x1b[2Jgone" in text
    assert "\x1b" not in text


def test_a_long_name_is_whole_in_a_pipe_and_folded_on_a_narrow_terminal(a_standing, printed):
    name = "a_submission_with_quite_a_long_name@and_a_variant:parameter=1"

    assert name in printed(a_standing(name), width=None)
    assert name not in printed(a_standing(name))
    assert max(map(len, printed(a_standing(name)).splitlines())) <= 80


def test_the_quick_profile_is_said_to_be_never_ranked(a_standing, printed):
    assert "never ranked" in printed(a_standing(profile="quick", ranks=None))


def test_many_settings_are_one_table_of_means_for_a_person(a_grid, printed):
    text = printed(*a_grid())

    assert "toy/sums by batch and noise" in text
    assert [line.split() for line in text.splitlines() if line.startswith("64")] == [["64", "0.089", "0.239", "0.514"]]
    assert "sums:noise" not in text


def test_scripts_get_every_standing_with_its_numbers(full, a_grid):
    table = standings_table([*full.standings, *a_grid()])

    first, second, third, *settings = table.rows
    assert (first["submission"], first["rank"], first["mean"], first["low"], first["seeds"]) == (
        "mlp",
        1,
        0.8125,
        0.75,
        2,
    )
    assert second["seeds"] == 1
    assert (third["mean"], third["rank"], third["notes"]) == (None, None, "3 timeout")
    assert len(settings) == 9
