"""The numbers that published rows print, made again from single answers by other code.

Of two splits at every run; of all where GENBENCH_ALL_ROWS is set, which the nightly check of rows does.
"""

import os
from pathlib import Path

import pytest

import genbench
from genbench.rows.store import Store

RESULTS = str(Path(__file__).parents[2] / "leaderboard" / "results")
BY_CORRECT = {"exact_match", "top_1"}  # metrics whose mark is what PREDICTIONS have as `correct`
SPLITS = ["modular/addition_corrupted", "gcog/productive"]


def _every():
    labels = Store(RESULTS).read("scores", ["task", "split", "metric"]).table.group_by(["task", "split", "metric"])
    return sorted(
        {f"{row['task']}/{row['split']}" for row in labels.aggregate([]).to_pylist() if row["metric"] in BY_CORRECT}
    )


@pytest.mark.parametrize("split", _every() if os.environ.get("GENBENCH_ALL_ROWS") else SPLITS)
def test_means_of_standings_and_of_slices_are_those_of_their_answers(split):
    name, who = split.partition("/")[2], ["profile", "submission", "question_set"]
    rows = genbench.results(RESULTS).where(task=split)
    answers = rows.predictions()
    answers = answers[answers["split"] == name]
    means = answers.groupby([*who, "seed"])["correct"].mean().groupby(who).mean()

    told = rows.standings()

    told = told[(told["split"] == name) & told["mean"].notna()]
    assert len(told) == len(means) > 0
    for one in told.itertuples():
        assert one.mean == pytest.approx(means[one.profile, one.submission, one.question_set], abs=1e-12)
        assert one.low is None or one.low <= one.mean <= one.high

    newest = rows.cells.drop_duplicates(["split", "profile", "submission", "seed"], keep="last")["cell"]
    scores = rows.scores[rows.scores["cell"].isin(newest)]
    scores = scores[(scores["split"] == name) & scores["metric"].isin(BY_CORRECT) & (scores["axis"] != "")]
    for axis in scores["axis"].unique():
        parts = answers.assign(slice=[one.get(axis) for one in answers["slices"]]).dropna(subset="slice")
        again = parts.groupby([*who, "seed", "slice"])["correct"].agg(["mean", "size"])
        own = scores[scores["axis"] == axis].set_index([*who, "seed", "slice"])
        own = own.join(again, how="inner")
        assert len(own) > 0
        assert (own["value"] - own["mean"]).abs().max() < 1e-12
        assert (own["n"] == own["size"]).all()
