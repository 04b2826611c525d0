"""Published figures beside ours: the rule that compares them, and where they are shown."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from scipy import stats

from genbench import registry
from genbench.analysis import published
from genbench.analysis.published import reported, table, verdict
from genbench.analysis.standings import Board, SliceStanding, Standing
from genbench.cli import cli
from genbench.report import site
from genbench.report.figures import Held
from genbench.report.terminal import leaderboard

ROOT = Path(__file__).parents[4]


FIGURE = """
[[figures]]
task = "echo"
split = "small"
question_set = "test"
metric = "exact_match"
model = "LSTM"
paper = "Somebody 2020"
where = "table 1"
source = "the paper"
status = "stated"
value = 0.5
ours = "lstm"
"""


def standing(mean=0.5, low=0.48, high=0.52, **other):
    given = {
        "task": "echo",
        "split": "small",
        "question_set": "test",
        "kind": "ood",
        "submission": "lstm",
        "profile": "full",
        "metric": "exact_match",
        "direction": "higher",
        "bounded": True,
        "mean": mean,
        "low": low,
        "high": high,
        "seeds": 3,
        "questions": 100,
        "chance": 0.0,
        "seed_values": (),
        "failed": (),
        "fit_seconds": 1.0,
        "superseded": 0,
        "editions": 1,
    }
    return Standing(**{**given, **other})


def test_a_figure_is_reproduced_where_our_90_percent_interval_lies_inside_its_room(figures):
    (figure,) = figures(FIGURE)

    assert verdict(figure, standing(inner=(0.495, 0.505))) == "reproduced"
    assert verdict(figure, standing(inner=(0.485, 0.505))) == "compatible"
    assert verdict(figure, standing(inner=(0.495, 0.505), seeds=2)) == "compatible", "two seeds reproduce nothing"
    assert verdict(figure, standing(seeds=1)) == "compatible, one seed"


def test_a_figure_differs_where_our_interval_does_not_meet_it(figures):
    (figure,) = figures(FIGURE)

    assert verdict(figure, standing(0.47, 0.45, 0.491)) == "cannot tell: our interval is 0.041 wide"
    assert verdict(figure, standing(0.4, 0.38, 0.42)) == "differs: lower by 0.070"
    assert verdict(figure, standing(0.7, 0.68, 0.72)) == "differs: higher by 0.170"


def test_noise_buys_no_verdict(figures):
    (figure,) = figures(FIGURE)

    assert verdict(figure, standing(0.75, 0.1, 1.0)) == "cannot tell: our interval is 0.900 wide"


def test_without_rows_there_is_no_verdict(figures):
    (figure,) = figures(FIGURE)

    assert verdict(figure, None) == verdict(figure, standing(None, None, None)) == "no rows yet"
    assert (
        verdict(replace(figure, out_of_reach="a month of training"), None) == "out of reach here: a month of training"
    )


def test_a_figure_of_a_slice_stands_beside_our_row_of_that_slice(figures):
    (figure,) = figures(FIGURE.replace("value =", 'axis = "label"\nslice = "corrupted"\nvalue ='))
    shared = {
        field.name: getattr(standing(), field.name)
        for field in fields(SliceStanding)
        if hasattr(standing(), field.name)
    }
    parts = [SliceStanding(**shared, axis="label", slice=name) for name in ("clean", "corrupted")]

    assert published.beside(figure, [standing()], parts) is parts[1]
    assert published.beside(figure, [standing()], parts[:1]) is None
    assert "| test, label corrupted | LSTM [1] | 0.500 | `lstm` | 0.500 |" in table([figure], [standing()], parts)
    assert reported([figure])["echo", "small", "test"][0].startswith("exact_match 0.500 on label corrupted, LSTM: ")


def test_very_many_figures_of_parts_are_one_line_that_says_who_has_them(figures):
    whole = figures(FIGURE)[0]
    parts = [replace(whole, axis="label", slice=str(number)) for number in range(9)]

    few, many = (reported([*parts[:count], whole])["echo", "small", "test"] for count in (8, 9))

    assert len(few) == 9
    assert many == (few[-1], "9 more by label: `genbench reproduction` has them")


def test_a_published_range_is_met_anywhere_in_it(figures):
    (figure,) = figures(FIGURE.replace("value = 0.5", "low = 0.3\nhigh = 0.6"))

    assert verdict(figure, standing(0.31, 0.3, 0.32, inner=(0.302, 0.318))) == "reproduced"
    assert verdict(figure, standing(0.3, 0.28, 0.32, inner=(0.285, 0.315))) == "compatible"
    assert verdict(figure, standing(0.7, 0.68, 0.72)) == "differs: higher by 0.080"


def test_a_spread_over_runs_says_how_far_means_of_so_many_lie_apart(figures):
    (figure,) = figures(FIGURE.replace("value = 0.5", "value = 0.5\nspread = 0.1\nruns = 10"))
    room = stats.t.ppf(0.975, 9) * 0.1 * (1 / 3 + 1 / 10) ** 0.5

    assert verdict(figure, standing(0.5 - room + 0.001)) == "compatible"
    assert verdict(figure, standing(0.5 - room - 0.002, 0.3, 0.4)) == "differs: lower by 0.002"
    assert figure.shown == "0.500 ± 0.100"


def test_a_figure_is_told_below_the_rows_of_its_question_set(figures):
    told = reported(figures(FIGURE))

    assert told == {("echo", "small", "test"): ("exact_match 0.500, LSTM: Somebody 2020, table 1 (stated)",)}


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_the_leaderboard_tells_reported_figures_below_full_rows_and_ranks_none(tmp_path, monkeypatch, form):
    monkeypatch.setattr(leaderboard, "write_page", lambda *_: tmp_path)  # what is printed is looked at, not the pages
    made = CliRunner().invoke(
        cli,
        ["leaderboard", str(ROOT / "leaderboard" / "results"), "--out", str(tmp_path), "--format", form, "--long"],
        env={"COLUMNS": "300"},
    )

    assert made.exit_code == 0, made.output
    told = made.stdout.partition("scan/addprim_jump")[2].partition("scan/length")[0]
    assert told.count("Reported, not measured here and not ranked:") == 1
    assert "exact_match 0.867 ± 0.055, sequence-to-sequence model on recombined pairs (GECA)" in told
    assert told.index("Reported") > told.index("recombination")


@pytest.mark.parametrize("there", [True, False])
def test_the_page_tells_reported_figures_and_what_ours_says_of_them_as_text(tmp_path, figures, there):
    (figure,) = figures(FIGURE.replace("Somebody", "<i>Somebody</i>"))
    shown = Board((standing(),), (), (), {}, 1, 0, 0, None, None, ())
    held = {("echo", "small"): (Held(figure, standing(), "compatible"),)} if there else {}

    site.write(site.subject(shown, None, held=held), tmp_path, registry.page_folder(), site.KINDS)
    page = next(tmp_path.glob("tasks/*/[!i]*.html")).read_text()

    assert page.count("Reported, not measured here and not ranked") == there
    assert page.count("&lt;i&gt;Somebody&lt;/i&gt; 2020") == there
    assert page.count("compatible") == there


@pytest.mark.parametrize(
    "other", [{"profile": "quick"}, {"submission": "gru"}, {"question_set": "id"}, {"split": "large"}, {"task": "scan"}]
)
def test_only_the_full_row_that_a_figure_names_stands_beside_it(figures, other):
    made = table(figures(FIGURE), [standing(**other)])

    assert "no rows yet" in made
    assert "| 0.500 | `lstm` | 0.500 | 0.480 to 0.520 | 3 | compatible |" in table(figures(FIGURE), [standing()])


def test_the_docs_hold_what_the_verb_makes_of_the_published_rows():
    made = CliRunner().invoke(cli, ["reproduction", str(ROOT / "leaderboard" / "results")])

    assert made.exit_code == 0, made.output
    assert (ROOT / "docs" / "reproduction.md").read_text(encoding="utf-8").endswith(made.stdout)
