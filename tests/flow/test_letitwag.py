"""The photographs of Let it Wag!, from shards to a leaderboard that draws accuracy against frequency."""

import re

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from genbench.cli import main
from genbench.rows.store import Store

SPLIT = "letitwag/zero-shot:per_class=2"


@pytest.fixture(scope="module")
def place(tmp_path_factory, photographs):
    """Shards, what was exported of them, and results of predictions files, of which one knows what is frequent."""
    folder = tmp_path_factory.mktemp("letitwag")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBENCH_DATA", str(photographs(folder / "data", per_class=2)))
        patch.setenv("GENBENCH_CACHE", str(folder / "cache"))
        assert main(["data", "export", SPLIT, "--out", str(folder / "asked"), "--with-targets"]) == 0
        asked = pd.read_parquet(folder / "asked" / "test.parquet")
        for name, slope in (("steep", 0.2), ("level", 0.0)):
            for seed in (0, 1):
                stream = np.random.default_rng(seed)
                right = stream.random(len(asked)) < 0.1 + slope * np.log10(np.maximum(asked["frequency"], 1))
                given = np.where(right, asked["label"], (asked["label"] + 1) % 290)
                ranked = [[{"label": label, "probability": 0.5}] for label in given.tolist()]
                file = folder / f"{name}{seed}.parquet"
                asked.assign(prediction=ranked)[["question_id", "prediction"]].to_parquet(file)
                told = ["--task", SPLIT, "--name", name, "--seed", str(seed), "--out", str(folder / "results")]
                assert main(["score", str(file), *told]) == 0
        yield folder


def test_a_ranking_in_a_file_is_scored_by_every_metric(place):
    scores = Store(str(place / "results")).read("scores").table.to_pandas()
    whole = scores[(scores["axis"] == "") & (scores["submission"] == "level") & (scores["seed"] == 0)]

    found = dict(zip(whole["metric"], whole["value"], strict=True))

    assert set(found) == {"top_1", "top_5", "class_balanced_accuracy", "expected_calibration_error"}
    assert found["top_1"] == found["class_balanced_accuracy"] == found["top_5"]
    assert found["expected_calibration_error"] == pytest.approx(0.5 - found["top_1"])


def test_groups_are_thirds_of_the_classes(place):
    scores = Store(str(place / "results")).read("scores").table.to_pandas()
    groups = scores[(scores["axis"] == "group") & (scores["metric"] == "top_1") & (scores["seed"] == 0)]

    sizes = {name: int(own["n"].iloc[0]) // 2 for name, own in groups.groupby("slice")}

    assert sum(sizes.values()) == 290
    assert all(abs(size - 290 / 3) < 25 for size in sizes.values())


def test_the_trend_is_printed_written_and_drawn(place, capsys):
    code = main(["frequency", str(place / "results"), "--out", str(place / "trends")])

    said = capsys.readouterr()
    rows = {row["submission"]: row for row in pq.read_table(place / "trends" / "trends.parquet").to_pylist()}
    assert code == 0
    assert re.search(r"\d+\.\d\d \(.* to .*\) .* 60 .* 290 +2  steep\n", said.out)
    assert rows["steep"]["slope_low"] > 10 > rows["level"]["slope_high"]
    assert rows["level"]["slope_low"] < 0 < rows["level"]["slope_high"]
    assert rows["steep"]["unseen"] == 60
    assert len(pq.read_table(place / "trends" / "points.parquet")) == 2 * 12
    drawn = (place / "trends" / "frequency.svg").read_text(encoding="utf-8")
    assert "steep: " in drawn
    assert drawn.count('aria-roledescription="point"') > 12


def test_the_page_draws_the_trend_and_not_three_hundred_classes(place, capsys):
    assert main(["leaderboard", str(place / "results"), "--out", str(place / "page")]) == 0

    page = "".join(path.read_text(encoding="utf-8") for path in (place / "page").rglob("*.html"))
    assert "points a decade" in page
    assert "by frequency in training" in page
    assert "by group" in page
    assert "by class" not in page


def rows_of(place):
    """The rows of SCORES, in an order of their own: rescoring sorts the slices of a number as texts."""
    rows = Store(str(place / "results")).read("scores").table.to_pylist()
    return sorted(tuple(row.values()) for row in rows)


def test_rescoring_gives_the_same_scores(place, capsys):
    before = rows_of(place)

    assert main(["rescore", str(place / "results")]) == 0

    after = rows_of(place)
    assert after == before


def test_an_axis_that_no_results_have_is_said(place, capsys):
    assert main(["frequency", str(place / "results"), "--axis", "rarity"]) == 2

    assert capsys.readouterr().err == "error: no results along an axis 'rarity'; --axis names another\n"


def test_another_metric_than_the_headline_is_told_by_group(place, capsys):
    told = ["leaderboard", str(place / "results"), "--by", "group"]

    assert main([*told, "--metric", "expected_calibration_error"]) == 0
    said = capsys.readouterr().out
    assert main([*told, "--metric", "exact_match"]) == 2
    none = capsys.readouterr().err
    assert main([*told, "--metric", "top_6"]) == 2
    unknown = capsys.readouterr().err

    assert re.search(r"test, expected_calibration_error, full profile\nsubmission +seeds +head +tail +torso\n", said)
    assert re.search(r"\nlevel +2( +0\.[34]\d+ \(.*?\)){3}\n", said)
    assert none == "error: there are no rows of the metric 'exact_match' of any split\n"
    assert unknown == "error: there is no metric 'top_6'; did you mean 'top_5'?\n"
