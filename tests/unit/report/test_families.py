"""Many settings of one split as one table: which belong together, in which order, and how they are shown."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from genbench.analysis.standings import Board, Standing
from genbench.report.families import MANY, families
from genbench.report.page import render
from genbench.report.terminal_standings import show

TEMPLATES = Path(__file__).parents[3] / "leaderboard" / "page"


def a_standing(split, mean=0.5, **changed):
    standing = {
        "task": "toy",
        "split": split,
        "question_set": "test",
        "kind": "ood",
        "submission": "mlp",
        "profile": "full",
        "metric": "exact_match",
        "direction": "higher",
        "bounded": True,
        "mean": mean,
        "low": mean,
        "high": mean,
        "seeds": 1,
        "questions": 100,
        "chance": None,
        "seed_values": ((0, mean),),
        "failed": (),
        "fit_seconds": 1.0,
        "superseded": 0,
        "editions": 1,
        "rank": 1,
        "unranked": "",
    }
    return Standing(**standing | changed)


def a_grid(rows=(0.9, 0.05, 0.35), columns=(8, 64, 256), **changed):
    return [
        a_standing(f"sums:noise={up},batch={across}", mean=up / 2 + across / 1000, **changed)
        for up in rows
        for across in columns
    ]


def printed(standings):
    console = Console(file=io.StringIO(), width=100)
    show(standings, console)
    return console.file.getvalue()


def page_of(standings, tmp_path):
    noon = datetime(2026, 8, 1, 12, tzinfo=UTC)
    board = Board(
        standings=tuple(standings),
        slices=(),
        curves=(),
        headlines={},
        cells=len(standings),
        failed=0,
        superseded=0,
        first=noon,
        last=noon,
        versions=(),
    )
    return render(board, tmp_path / "index.html", TEMPLATES).read_text(encoding="utf-8")


def test_settings_that_differ_in_values_only_are_one_family():
    (family,) = families(a_grid())

    assert (family.base, family.up, family.across, len(family.labels)) == ("sums", "batch", "noise", 9)


def test_values_are_in_order_of_their_numbers():
    (family,) = families(a_grid())

    assert (family.grids[0].rows, family.grids[0].columns) == (("8", "64", "256"), ("0.05", "0.35", "0.9"))


def test_the_parameter_of_most_values_runs_across():
    (family,) = families(a_grid(rows=(0.1, 0.2), columns=(1, 2, 3, 4, 5)))

    assert (family.up, family.across) == ("noise", "batch")


def test_a_cell_keeps_the_standing_of_its_setting():
    (family,) = families(a_grid())

    assert family.grids[0].cells["64", "0.35"].split == "sums:noise=0.35,batch=64"


def test_a_few_settings_stay_splits_of_their_own():
    assert families(a_grid()[: MANY - 1]) == ()


def test_settings_that_others_answered_are_another_family():
    grid = a_grid() + a_grid(rows=(0.5,), submission="lstm")

    (family,) = families(grid)

    assert not any("0.5" in label for label in family.labels)


def test_a_parameter_more_is_another_family():
    longer = [a_standing(f"sums:noise=0.1,batch={size},steps=9") for size in range(MANY)]

    found = families([*a_grid(), *longer])

    assert sorted(len(one.labels) for one in found) == [9, 9]


def test_each_submission_has_a_grid_of_its_own():
    (family,) = families([*a_grid(), *a_grid(submission="lstm")])

    assert {grid.submission for grid in family.grids} == {"mlp", "lstm"}


def test_three_parameters_are_told_in_two_directions():
    grid = [
        a_standing(f"sums:noise={noise},batch={batch},steps={steps}")
        for noise in (0, 1)
        for batch in (1, 2)
        for steps in (1, 2, 3)
    ]

    (family,) = families(grid)

    assert (family.up, family.across, family.grids[0].rows[0]) == ("batch, noise", "steps", "1, 0")


def test_the_terminal_prints_one_table_of_means():
    text = printed(a_grid())

    assert "toy/sums by batch and noise" in text
    assert [line.split() for line in text.splitlines() if line.startswith("64")] == [["64", "0.089", "0.239", "0.514"]]
    assert "sums:noise" not in text


def test_the_page_has_one_section_for_all_and_other_splits_beside_it(tmp_path):
    text = page_of([a_standing("plain"), *a_grid()], tmp_path)

    assert text.count('<section class="split"') == 2
    assert "9 settings of one split" in text


def test_a_setting_that_failed_is_a_dash_and_says_why(tmp_path):
    grid = a_grid()
    nothing = {"low": None, "high": None, "seeds": 0, "seed_values": (), "failed": (("timeout", 1),), "rank": None}
    grid[4] = replace(grid[4], mean=None, **nothing)

    text = page_of(grid, tmp_path)

    assert 'title="1 timeout">\N{EN DASH}</td>' in text


def test_names_on_the_page_are_text_never_markup(tmp_path):
    text = page_of(a_grid(submission="<b>mlp</b>"), tmp_path)

    assert "<b>mlp</b>" not in text


def test_the_overview_has_a_line_for_the_family_and_none_for_training_asked_again(tmp_path):
    again = [replace(one, question_set="trained", kind="trained") for one in a_grid()]

    text = page_of([*a_grid(), *again], tmp_path)

    glance = text[text.index("At a glance") : text.index("</table>")]
    assert glance.count("<tr") == 2
    assert "0.033 \N{EN DASH} 0.706" in glance
