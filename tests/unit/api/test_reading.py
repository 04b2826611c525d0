"""Results as frames."""

import pandas as pd
import pytest

import genbench
from genbench import registry
from genbench.errors import BadValue, StoreFault
from genbench.rows.schema import CELLS, CURVES, SCORES


def test_all_splits_together_are_a_frame_with_what_does_not_depend_on_scales(kept):
    published = genbench.results(registry.home() / "leaderboard" / "results")
    found = published.where(task="letitwag/synthetic").overall()

    assert list(found.columns[:6]) == ["submission", "mean", "low", "high", "borda", "improvement"]
    assert found["submission"].tolist()[0] == "longtail@logit_adjusted"
    assert found["borda"].mean() == pytest.approx(0.5)
    assert found.attrs == {"tau": None, "tasks": 1}
    assert genbench.results(kept).overall().empty, "what is not ranked is in none"


def test_tables_have_the_columns_of_the_schema(kept):
    rows = genbench.results(kept)

    assert list(rows.cells) == CELLS.names
    assert list(rows.scores) == SCORES.names
    assert list(rows.curves) == CURVES.names
    assert len(rows.cells) == 13


def test_where_narrows_every_table_and_can_be_narrowed_again(kept):
    rows = genbench.results(kept).where(submission="chance").where(seed=1, task="*corrupted*")

    assert len(rows.cells) == 1
    assert set(rows.scores["submission"]) == {"chance"}
    assert set(rows.scores["split"]) == {"addition_corrupted:p=7"}


def test_predictions_have_who_answered_and_what_was_asked(kept):
    found = genbench.results(kept).predictions(submission="chance", task="modular/addition:p=7", seed=0)

    assert list(found.columns[:6]) == ["task", "split", "submission", "profile", "seed", "cell"]
    assert found["question_id"].tolist() == list(range(49))
    assert (found["correct"] == (found["prediction"] == found["target"])).all()
    assert found["slices"][0].keys() == {"label"}


def test_no_predictions_are_an_empty_frame_with_the_same_columns(kept):
    rows = genbench.results(kept)

    assert list(rows.predictions(submission="nobody")) == list(rows.predictions())


def test_standings_are_those_of_the_leaderboard(kept):
    found = genbench.results(kept).standings()

    own = found[(found["submission"] == "chance") & (found["split"] == "addition:p=7")]
    assert own["question_set"].tolist() == ["test", "trained"]
    assert (own["low"] <= own["mean"]).all()
    assert own["seed_values"].iloc[0].keys() == {0, 1, 2}
    assert own["rank"].isna().all()
    assert set(own["unranked"]) == {"quick profile"}


def test_a_failed_cell_is_a_standing_without_a_mean(kept):
    found = genbench.results(kept).where(submission="faulty@raises").standings()

    assert found["failed"].tolist()[0] == {"error": 1}
    assert found["mean"].isna().all()


def test_several_folders_are_read_as_one(kept, copied):
    assert len(genbench.results(kept, copied).cells) == 2 * len(genbench.results(kept).cells)
    pd.testing.assert_frame_equal(
        genbench.results(kept, copied).standings(), genbench.results(kept).standings(), check_exact=True
    )


def test_no_results_are_told_at_once(tmp_path):
    with pytest.raises(StoreFault, match="^there are no results at '.*nowhere'; genbench.evaluate"):
        genbench.results(tmp_path / "nowhere")


def test_a_place_that_is_none_is_refused():
    with pytest.raises(BadValue, match="^results are at 3; it must be a folder's path or URL$"):
        genbench.results(3)


def test_it_shows_itself_in_one_line(kept):
    assert repr(genbench.results(kept)).endswith(": 13 cells of 1 tasks and 3 submissions>")
