"""Published figures as they are read, and the bundled ones."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from genbench import registry
from genbench.analysis import published
from genbench.analysis.published import Figure, read
from genbench.cli import cli
from genbench.errors import BadCard

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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('model = "LSTM"\n', "", "figure 1: missing key 'model'"),
        ("value = 0.5", "value = 50", "figure 1: value is 50; it must be a share from 0 to 1"),
        ("value = 0.5", 'value = "half"', "figure 1: value is 'half'; it must be a number"),
        ("value = 0.5", "", "figure 1: give either value, or low and high"),
        ("value = 0.5", "value = 0.5\nlow = 0.4", "figure 1: give either value, or low and high"),
        ("value = 0.5", "low = 0.6\nhigh = 0.3", "figure 1: low is 0.6; it must be at most high, 0.3"),
        ("value = 0.5", "low = 0.3\nhigh = 0.6\nspread = 0.1", "figure 1: spread goes with value; a range has none"),
        ('"stated"', '"recalled"', "figure 1: status is 'recalled'; it must be one of verified, stated, rerun"),
        ('ours = "lstm"', 'ours = "lstm"\naxis = "label"', "figure 1: axis goes with slice"),
        ('ours = "lstm"', "", "figure 1: give ours, the submission to stand beside it, or out_of_reach"),
        ("where =", "wher =", "figure 1: unknown key 'wher'; did you mean 'where'"),
        ("[[figures]]", "[figures]", "it must hold [[figures]], [[against]] and nothing else"),
        ("[[figures]]", "[[figures", "not readable as TOML"),
    ],
)
def test_a_fault_in_a_file_names_file_row_key_and_value(figures, tmp_path, old, new, said):
    with pytest.raises(BadCard) as fault:
        figures(FIGURE.replace(old, new, 1))

    assert said in str(fault.value)
    assert str(tmp_path / "echo.toml") in str(fault.value)


def test_every_bundled_figure_is_of_a_split_and_a_submission_that_are_there():
    found = registry.catalogue()

    for figure in read(registry.published_folder()):
        (chosen,) = registry.choose_splits([f"{figure.task}/{figure.split}"], found)
        assert figure.question_set in chosen.split.questions
        assert figure.metric in chosen.task.metrics
        assert not figure.axis or figure.axis in chosen.task.axes
        if figure.ours:
            assert registry.choose_submissions([figure.ours], found)[0].label == figure.ours


def test_a_folder_without_figures_is_said(tmp_path):
    made = CliRunner().invoke(
        cli, ["reproduction", str(ROOT / "leaderboard" / "results"), "--published", str(tmp_path)]
    )

    assert isinstance(made.exception, Exception)
    assert "there are no published figures in" in str(made.exception)
    assert published.ROOM == 0.01


def test_a_range_is_shown_as_one():
    row = dict.fromkeys(("task", "split", "question_set", "metric", "model", "paper", "where", "source", "status"), "x")

    assert Figure(**row, low=0.16, high=0.35).shown == "0.160 to 0.350"
