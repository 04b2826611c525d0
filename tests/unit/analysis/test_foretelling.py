"""Whether difficulty foretells accuracy: what counts as a point, ranks, and over what an interval is."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import spearmanr

from genbench.analysis import foretelling
from genbench.analysis.foretelling import Point, foretold, points, spearman


def standing(submission="mlp", **changed):
    one = {"task": "toy", "split": "echo", "question_set": "test", "kind": "ood", "profile": "full", "mean": 0.5}
    return SimpleNamespace(**one | {"bounded": True, "direction": "higher", "submission": submission} | changed)


def row(measure, value, question_set="test"):
    return {"measure": measure, "value": value, "question_set": question_set}


def test_a_point_is_a_question_set_with_its_best_learner():
    hardness = {("toy", "echo"): [row("nearest", 0.25), row("radius", None), row("nearest", 0.5, "again")]}
    beside = [
        standing("majority", mean=0.9),
        standing("chance@uniform", mean=0.9),
        standing("quick", mean=0.9, profile="quick"),
        standing("unbounded", mean=0.9, bounded=False),
        standing("error", mean=0.9, direction="lower"),
        standing("failed", mean=None),
        standing("far", split="elsewhere"),
        standing("same", question_set="again", kind="trained"),
    ]

    found = points([standing(mean=0.25), *beside, standing("gru:hidden=8", mean=0.75)], hardness)

    assert found == [Point("toy", "echo", "test", "ood", {"nearest": 0.25}, 0.75, "gru:hidden=8")]


def test_ranks_are_those_of_scipy_with_ties_shared():
    chance = np.random.default_rng(0)
    across, up = chance.integers(0, 6, 40).astype(float), chance.integers(0, 6, 40).astype(float)

    assert spearman(across, up) == pytest.approx(spearmanr(across, up).statistic, rel=1e-12)
    assert math.isnan(spearman(across, np.ones(40)))


def measured(splits, sets=1, task="toy"):
    """Points of which accuracy falls with the divergence of compounds, exactly."""
    return [
        Point(
            task,
            f"s{split}",
            f"q{part}",
            "ood",
            {"compound_divergence": split / 10, "radius": 1.0},
            1 - split / 10,
            "mlp",
        )
        for split in range(splits)
        for part in range(sets)
    ]


def test_a_measure_that_decides_is_found_and_one_without_difference_is_not():
    (found,) = foretold([*measured(6, sets=2), *measured(2, task="other")])

    assert (found.measure, found.question_sets, found.splits, found.tasks) == ("compound_divergence", 14, 8, 2)
    assert (found.correlation.value, found.correlation.low, found.correlation.high) == pytest.approx((-1, -1, -1))


def test_what_questions_of_two_kinds_hide_together_is_seen_of_those_beyond_training():
    """Each split is the harder beyond training, and the easier like it, the more it is divided."""
    given = [
        Point("toy", f"s{split}", kind, kind, {"fragmentation": split / 10}, 0.5 + sign * split / 20, "mlp")
        for split in range(6)
        for kind, sign in (("id", 1), ("ood", -1))
    ]

    (found,) = foretold(given)
    (like,) = foretold([one for one in given if one.kind == "id"])

    assert abs(found.correlation.value) < 0.2
    assert (found.beyond.value, found.beyond.low, found.beyond.high) == pytest.approx((-1, -1, -1))
    assert math.isnan(like.beyond.value)


def test_of_few_splits_there_is_a_correlation_and_no_interval():
    (found,) = foretold(measured(foretelling.SPLITS - 1))

    assert found.correlation.value == pytest.approx(-1)
    assert math.isnan(found.correlation.low)
    assert foretold(measured(3)) == []


def test_question_sets_of_one_split_are_drawn_together():
    """Twelve sets of few splits, whose accuracy is of the split: as if apart, the interval would be half as wide."""
    chance = np.random.default_rng(3)
    best, own = chance.uniform(size=(2, 6))
    given = [
        Point("toy", f"s{split}", f"q{part}", "id", {"nearest": own[split] + part / 1e6}, best[split], "mlp")
        for split in range(6)
        for part in range(12)
    ]
    apart = [
        Point(one.task, f"{one.split}{one.question_set}", "test", "id", one.figures, one.best, "") for one in given
    ]

    wide, narrow = (foretold(one)[0].correlation for one in (given, apart))

    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert wide.value == narrow.value
