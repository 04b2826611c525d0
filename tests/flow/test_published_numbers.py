"""The numbers that published rows print, made again from single answers by other code."""

from pathlib import Path

import pytest

import genbench

RESULTS = str(Path(__file__).parents[2] / "leaderboard" / "results")


@pytest.mark.parametrize("split", ["modular/addition_corrupted", "gcog/productive"])
def test_means_of_standings_are_those_of_their_answers(split):
    rows = genbench.results(RESULTS).where(task=split)
    answers = rows.predictions()
    answers = answers[answers["split"] == split.partition("/")[2]]
    each = answers.groupby(["profile", "submission", "question_set", "seed"])["correct"].mean()
    means = each.groupby(["profile", "submission", "question_set"]).mean()

    told = rows.standings()

    told = told[(told["split"] == split.partition("/")[2]) & told["mean"].notna()]
    assert len(told) == len(means) > 5
    for one in told.itertuples():
        assert one.mean == pytest.approx(means[one.profile, one.submission, one.question_set], abs=1e-12)
        assert one.low <= one.mean <= one.high
