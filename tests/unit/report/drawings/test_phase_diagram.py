import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from genbench.analysis import grokking
from genbench.cli import main
from genbench.errors import BadValue
from genbench.report.drawings import phase_diagram

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  it was written here


def texts(svg):
    return [one.text for one in read(svg).iter(f"{SVG}text")]


def test_cells_that_differ_in_the_two_parameters_share_a_panel(grid):
    panels = phase_diagram.panels(grid, "share", "corruption")

    assert [one.title for one in panels] == [
        "modular/addition_phases mlp:weight_decay=5",
        "modular/addition_phases mlp:weight_decay=15",
    ]
    assert [(one.across, one.up, len(one.tiles)) for one in panels] == [((0.3, 0.5, 0.9), (0.1, 0.35), 6)] * 2


def test_a_parameter_of_the_submission_may_lie_along_an_edge(grid):
    panels = phase_diagram.panels(grid, "weight_decay", "corruption")

    assert [one.title for one in panels] == [f"modular/addition_phases:share={share} mlp" for share in (0.3, 0.5, 0.9)]
    assert panels[0].across == (5, 15)


def test_tiles_say_phase_accuracies_and_delay(summary):
    grid = [
        summary(),
        summary(0.3, train=(0.0, 1.0, 1.0), test=(0.0, 0.0, 0.02)),
        summary(0.9, train=(1.0, 1.0, 1.0), test=(0.0, 1.0, 1.0)),
    ]
    svg = phase_diagram.draw(phase_diagram.panels(grid, "share", "corruption"), "share", "corruption")

    tiles = {
        group.find(f"{SVG}title").text: (
            group.find(f"{SVG}rect").get("fill"),
            [one.text for one in group.findall(f"{SVG}text")],
        )
        for group in read(svg).iter(f"{SVG}g")
    }
    where = "share {}, corruption 0.35: {} (1 x {}); test {} %, train {} %; {}; corrupted memorized 40.0 %"
    told = {
        (0.3, "memorization", "2.0", "100.0", "delay >90 steps"): ["2", "100", ">90"],
        (0.5, "partial inversion", "100.0", "77.0", "nothing memorized"): ["100", "77", "\N{EN DASH}"],
        (0.9, "coexistence", "100.0", "100.0", "delay 9 steps"): ["100", "100", "9"],
    }
    assert tiles == {
        where.format(share, phase, phase, test, train, delay): (phase_diagram.FILL[phase], texts)
        for (share, phase, test, train, delay), texts in told.items()
    }


def test_a_larger_value_lies_further_to_the_right_and_higher_up(grid):
    (panel, _) = phase_diagram.panels(grid, "share", "corruption")
    root = read(phase_diagram.draw([panel], "share", "corruption"))

    places = {}
    for group in root.iter(f"{SVG}g"):
        where, rect = group.find(f"{SVG}title").text.partition(":")[0], group.find(f"{SVG}rect")
        places[where] = (float(rect.get("x")), float(rect.get("y")))
    corner = places["share 0.3, corruption 0.1"]
    steps = {where: (x - corner[0], corner[1] - y) for where, (x, y) in places.items()}
    assert steps == {
        f"share {share}, corruption {corruption}": (across * phase_diagram.TILE, up * phase_diagram.TILE)
        for across, share in enumerate((0.3, 0.5, 0.9))
        for up, corruption in enumerate((0.1, 0.35))
    }


def test_every_phase_has_a_colour_and_stands_in_the_legend(grid):
    svg = phase_diagram.draw(phase_diagram.panels(grid, "share", "corruption"), "share", "corruption")

    assert set(grokking.PHASES) <= set(texts(svg))
    assert len(set(phase_diagram.FILL.values())) == len(grokking.PHASES)


def test_everything_lies_within_the_drawing(grid):
    root = read(phase_diagram.draw(phase_diagram.panels(grid, "share", "corruption"), "share", "corruption"))

    wide, high = float(root.get("width")), float(root.get("height"))
    for one in root.iter(f"{SVG}rect"):
        assert float(one.get("x", 0)) + float(one.get("width")) <= wide
        assert float(one.get("y", 0)) + float(one.get("height")) <= high


def test_a_name_in_a_title_is_text_and_never_markup(summary):
    odd = summary(submission="<b>&mlp")

    svg = phase_diagram.draw(phase_diagram.panels([odd], "share", "corruption"), "share", "corruption")

    assert any("<b>&mlp" in text for text in texts(svg) if text)


def test_the_docs_hold_what_the_verb_draws_of_the_published_grid(tmp_path):
    root = Path(__file__).parents[4]

    assert main(["phases", str(root / "leaderboard" / "results" / "modular_decay"), "--out", str(tmp_path)]) == 0

    drawn, published = (tmp_path / "phases.svg").read_text(), (root / "docs" / "modular_phases.svg").read_text()
    assert drawn == published, "genbench phases leaderboard/results/modular_decay, and copy phases.svg"


def test_two_edges_of_one_parameter_are_refused(grid):
    with pytest.raises(BadValue, match="a diagram needs two parameters; both are 'share'"):
        phase_diagram.panels(grid, "share", "share")


def test_there_is_no_panel_where_nobody_has_both_parameters(grid):
    assert phase_diagram.panels(grid, "share", "dropout") == []
