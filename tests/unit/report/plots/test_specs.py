"""What charts are specified as: Vega-Lite by its own schema, and drawn as it says."""

import re

import altair as alt
import jsonschema
import pytest

from genbench.analysis.lengths import Reading, reach
from genbench.analysis.published import Against
from genbench.analysis.published.other_test_sets import Both, slopes
from genbench.report.plots import looks, of_courses, of_lengths, of_phases, of_reported, rendering
from genbench.report.plots.of_learning import by_step
from genbench.report.plots.of_slices import along
from genbench.report.plots.of_tasks import by_task
from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import scatter


def reached(submission="gru", split="up_to_20", asked=(1, 20, 500), shares=(1.0, 0.9, 0.0), familiar=20):
    cell = ("sorting", split, submission, "full", "length", 0, "c", tuple(map(float, asked)), shares, (50, 50, 50))
    return reach([Reading(*cell, familiar)])


@pytest.fixture
def plots(a_slice, a_point, grid, summary):
    """A plot of each kind."""
    (panel, _) = of_phases.panels(grid, "share", "corruption")
    sliced = [a_slice("1"), a_slice("2"), a_slice("plain", axis="form"), a_slice("round", axis="form", chance=0.5)]
    models = tuple(Both(f"m{at}", "web", at / 10, at / 12) for at in range(10))
    pair = Against(
        "letitwag", "zero_shot", "test", "top_1", "ImageNet", "Paper", "table 1", "https://x", "stated", models
    )
    dots = Plot("cost", "", scatter("parameters", "mean", log=True), ({"who": "mlp", "x": 10.0, "y": 0.5},))
    return [
        *along(sliced, {"test": (("chance", 0.25),)}),
        by_step("test", [a_point(0), a_point(100)], bounded=True),
        *of_lengths.frames([reached()])[0],
        of_phases.phases(panel, "share", "corruption"),
        *of_courses.courses([summary()]),
        of_reported.against(pair, slopes(pair), 0.5),
        dots,
        by_task([("mlp", "scan", 0.2, 0.9), ("mlp", "cogs", None, 0.8)]),
    ]


def test_every_kind_of_chart_is_vega_lite_by_its_schema(plots):
    for plot in plots:
        alt.Chart.from_dict(rendering.together([rendering.panel(plot, plot.who)]), validate=True)

    assert len(plots) == 9


def test_a_wrong_key_would_be_refused(plots):
    spec = rendering.together([rendering.panel(plots[0], [])])
    spec["concat"][0]["layer"][0]["mark"]["colour"] = "red"

    with pytest.raises(jsonschema.ValidationError):
        alt.Chart.from_dict(spec, validate=True)


def test_the_drawing_says_titles_submissions_and_notes_as_text():
    name = "<b>gru\u202e"
    plots, names = of_lengths.frames([reached(name), reached("lstm", split="x", asked=(10, 20, 110))])

    drawn = rendering.svg(plots, names, [of_lengths.FAMILIAR])

    said = " ".join(re.findall(r">([^<>]+)</t(?:ext|span)>", drawn))
    for text in ("sorting/up_to_20", "sorting/x", r"&lt;b&gt;gru\u202e", "lstm", of_lengths.FAMILIAR):
        assert text in said
    assert "\u202e" not in drawn
    assert "<b>" not in drawn


def test_picked_submissions_have_colours_of_their_own_and_the_rest_is_grey_behind():
    plots, _ = of_lengths.frames([reached("a"), reached("b"), reached("c")])

    drawn = rendering.svg(plots, ["b", "a"])

    strokes = re.findall(r'stroke="(#[0-9a-fA-F]{6})"[^>]*stroke-width="1(?:\.8)?"', drawn)
    assert {"#0072B2", "#D55E00", "#c3c9d0"} <= set(strokes)
    assert strokes.index("#c3c9d0") < strokes.index("#0072B2")


def test_the_same_plots_give_the_same_bytes():
    plots, names = of_lengths.frames([reached()])

    assert rendering.svg(plots, names) == rendering.svg(plots, names)


def test_no_more_submissions_have_looks_than_can_be_told_apart():
    plots, names = of_lengths.frames([reached(f"gru:width={width}") for width in range(1, 40)])

    seen = {str(looks.look(place)) for place in range(len(names))}
    assert len(names) == len(seen) == 16
    assert len(plots[0].who) == 16
