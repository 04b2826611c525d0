import re
from pathlib import Path

import pytest

from genbench.analysis import grokking
from genbench.cli import main
from genbench.errors import BadValue
from genbench.report.plots import of_phases


def test_cells_that_differ_in_the_two_parameters_share_a_panel(grid):
    panels = of_phases.panels(grid, "share", "corruption")

    assert [one.title for one in panels] == [
        "modular/addition_phases mlp:weight_decay=5",
        "modular/addition_phases mlp:weight_decay=15",
    ]
    assert [(one.across, one.up, len(one.tiles)) for one in panels] == [((0.3, 0.5, 0.9), (0.1, 0.35), 6)] * 2


def test_a_parameter_of_the_submission_may_lie_along_an_edge(grid):
    panels = of_phases.panels(grid, "weight_decay", "corruption")

    assert [one.title for one in panels] == [f"modular/addition_phases:share={share} mlp" for share in (0.3, 0.5, 0.9)]
    assert panels[0].across == (5, 15)


def test_tiles_say_phase_accuracies_and_delay(summary):
    grid = [
        summary(),
        summary(0.3, train=(0.0, 1.0, 1.0), test=(0.0, 0.0, 0.02)),
        summary(0.9, train=(1.0, 1.0, 1.0), test=(0.0, 1.0, 1.0)),
    ]
    (panel,) = of_phases.panels(grid, "share", "corruption")

    plot = of_phases.phases(panel, "share", "corruption")

    assert {row["x"]: (row["phase"], row["test"], row["train"], row["delay"]) for row in plot.rows} == {
        "0.3": ("memorization", "2", "100", ">90"),
        "0.5": ("partial inversion", "100", "77", "\N{EN DASH}"),
        "0.9": ("coexistence", "100", "100", "9"),
    }
    assert {row["corrupted"] for row in plot.rows} == {"memorized 40.0 %"}


def test_a_larger_value_lies_further_to_the_right_and_higher_up(grid):
    (panel, _) = of_phases.panels(grid, "share", "corruption")

    encoding = of_phases.phases(panel, "share", "corruption").spec["layer"][0]["encoding"]

    assert encoding["x"]["sort"] == ["0.3", "0.5", "0.9"]
    assert encoding["y"]["sort"] == ["0.35", "0.1"]  # from the top


def test_every_phase_has_a_colour():
    assert len(set(of_phases.FILL.values())) == len(grokking.PHASES) == len(of_phases.FILL)


def test_the_docs_hold_what_the_verb_draws_of_the_published_grid(tmp_path):
    root = Path(__file__).parents[4]

    assert main(["phases", str(root / "leaderboard" / "results" / "modular_decay"), "--out", str(tmp_path)]) == 0

    # Letters are as wide as the machine's fonts are, so that texts and colours are compared and not places.
    drawn, published = (
        re.findall(r'fill="(#\w+)"|>([^<>]+)</text>', path.read_text())
        for path in (tmp_path / "phases.svg", root / "docs" / "modular_phases.svg")
    )
    assert drawn == published, "genbench phases leaderboard/results/modular_decay, and copy phases.svg"


def test_two_edges_of_one_parameter_are_refused(grid):
    with pytest.raises(BadValue, match="a diagram needs two parameters; both are 'share'"):
        of_phases.panels(grid, "share", "share")


def test_there_is_no_panel_where_nobody_has_both_parameters(grid):
    assert of_phases.panels(grid, "share", "dropout") == []
