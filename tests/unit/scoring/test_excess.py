"""The error above the best attainable: of noisy targets, of labels, and where nobody knows what is attainable."""

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from genbench import cards
from genbench.data.sever import sever
from genbench.errors import MetricFault
from genbench.evaluation.build import build, load
from genbench.registry import ChosenSplit
from genbench.scoring import grading, metrics

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def noisy(tmp_path):
    """Gives `noisy(bayes, **given)`: the targets of a split whose squared error cannot be below `bayes`."""

    def made(bayes, listed='["squared_error", "excess_error"]', toy="plane", **given):
        folder = shutil.copytree(TOYS / toy, tmp_path / toy)
        text = (folder / "card.toml").read_text()
        first, _, rest = text.partition("metrics = ")
        text = f"{first}metrics = {listed}{rest[rest.index(chr(10)) :]}".replace(
            "train = ", f"bayes = {bayes}\ntrain = ", 1
        )
        (folder / "card.toml").write_text(text)
        card = cards.read(folder, "task")
        (split,) = card.splits.values()
        return ChosenSplit(card, split, given)

    return made


def scores(chosen, answers=None):
    targets = build(chosen).targets
    graded = grading.grade(targets.target if answers is None else answers(targets.target), targets, chosen.task)
    rows = grading.score_rows({}, graded, targets, chosen.split, chosen.task)
    return {(row["question_set"], row["metric"]): row for row in rows if not row["axis"]}


def test_it_is_the_squared_error_without_what_nobody_can_avoid(noisy):
    found = scores(noisy(0.25), lambda right: pa.array(right.to_numpy() + 1.0))

    assert found["id", "squared_error"]["value"] == pytest.approx(1.0)
    assert found["id", "excess_error"]["value"] == pytest.approx(0.75)
    assert found["id", "excess_error"]["error"] is not None  # its ends do not bound how sure it is


def test_who_knows_the_noise_is_below_zero(noisy):
    assert scores(noisy(0.25))["wide", "excess_error"]["value"] == -0.25


def test_where_more_is_better_it_is_what_lacks_to_the_best(noisy):
    found = scores(noisy(0.75, '["exact_match", "excess_error"]', toy="echo"), lambda right: pa.array([0] * len(right)))

    assert found["test", "exact_match"]["value"] == 0.01
    assert found["test", "excess_error"]["value"] == pytest.approx(0.74)


def test_an_expression_holds_for_other_parameters(noisy):
    found = scores(noisy('"width / 4"', width=2.0))

    assert found["id", "excess_error"]["value"] == -0.5


def test_a_number_holds_for_the_cards_own_parameters_alone(noisy):
    with pytest.raises(MetricFault, match="the card does not tell it for these parameters: key 'bayes' holds for"):
        scores(noisy(0.25, width=2.0))


def test_right_answers_score_its_ceiling(noisy):
    chosen = noisy(0.25)
    _, targets = sever(load(chosen), chosen.task, chosen.split)
    known = {one.name: one for one in metrics.of_card(chosen.task, bayes=targets.bayes)}

    assert known["excess_error"].lower
    assert set(known["excess_error"].best(targets.target)) == {-0.25}
