"""Glyph discovery: who has labels, who is asked, and one assignment of clusters to classes for all slices."""

import json
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.errors import BadValue, UnknownName

SMALL = {"each": 12, "pretraining": 60}


@pytest.fixture(scope="module")
def discovery(task_module):
    return task_module("glyph_discovery")


@pytest.fixture(scope="module")
def data(discovery):
    return discovery.load("discovery", SMALL, 0)


@pytest.fixture(scope="module")
def scored(request):
    """Gives the accuracy of answers among the rows within, through the entries that the card names."""
    folder = request.config.rootpath / "tasks" / "glyph_discovery"
    metric = cards.read(folder, "task").own_metrics["clustering_accuracy_v2"]
    grade, reduce = load_entry(folder, metric.entry), load_entry(folder, metric.reduce)

    def score(answers, targets, within=None):
        marks = grade(pa.array(answers), pa.array(targets), pa.table({}))
        return reduce(marks, np.ones(len(marks), bool) if within is None else np.array(within))

    return score


def test_the_metric_is_that_of_the_released_function(scored, reference):
    cases = json.loads((reference / "seeds_tasks" / "gcd_accuracy.json").read_text())

    assert len(cases) == 7
    for case in cases:
        old = np.isin(case["y"], case["old_classes"])
        found = [scored(case["prediction"], case["y"], within) for within in (None, old, ~old)]
        assert found == pytest.approx([case["all"], case["old"], case["new"]], abs=1e-12)


def test_the_assignment_is_the_best_of_all(scored):
    """By another rule: every way to give three clusters to three classes."""
    draw = np.random.default_rng(0)
    for _ in range(20):
        targets, answers = draw.integers(0, 3, (2, 15))
        best = max((np.array(way)[answers] == targets).mean() for way in permutations(range(3)))
        assert scored(answers, targets) == pytest.approx(best)


def test_what_clusters_are_called_does_not_matter(scored):
    targets = [0, 0, 1, 1, 2, 2]

    assert scored([7, 7, -3, -3, 10**12, 10**12], targets) == 1.0
    assert scored([2, 2, 0, 0, 1, 1], targets) == 1.0
    assert scored([5] * 6, targets) == pytest.approx(1 / 3)
    assert scored([0, 1, 2, 3, 4, 5], targets) == 0.5


def test_new_classes_may_take_the_clusters_of_old_ones(scored):
    """One assignment over all: the larger new class is given the cluster that answers the old one rightly."""
    targets, answers = [0] * 4 + [5] * 8, [0] * 4 + [0] * 8

    assert scored(answers, targets, [label == 0 for label in targets]) == 0.0
    assert scored(answers, targets, [label == 5 for label in targets]) == 1.0


def test_a_slice_without_rows_has_no_number(scored):
    assert scored([0, 1], [0, 1], [False, False]) is None


def test_old_classes_have_labels_and_new_ones_are_asked_twice_as_often(data):
    counts = np.bincount(data.questions["unlabelled"]["label"].to_numpy())

    assert np.bincount(data.train["label"].to_numpy()).tolist() == [12] * 5
    assert counts.tolist() == [12] * 5 + [24] * 5
    for label, known in zip(
        *(data.questions["unlabelled"][name].to_pylist() for name in ("label", "known")), strict=True
    ):
        assert known == ("old" if label < 5 else "new")


def test_the_rows_beside_train_are_those_that_are_asked_without_labels_and_in_no_order(data):
    beside, asked = data.auxiliary["unlabelled"], data.questions["unlabelled"]

    assert beside.column_names == ["pixels"]
    assert beside["pixels"].equals(asked["pixels"])
    labels = asked["label"].to_numpy()
    assert (np.diff(labels) != 0).mean() > 0.7


def test_signs_for_pretraining_are_24_and_no_digits(discovery, monkeypatch):
    painted = []
    real = discovery.segments.Painter.images
    monkeypatch.setattr(
        discovery.segments.Painter,
        "images",
        lambda self, signs: painted.append((self.role, signs)) or real(self, signs),
    )
    whole = discovery.load("discovery", {**SMALL, "pretraining": 600}, 0)
    signs = dict(painted)["pretraining"]

    assert len(set(signs.tolist())) == 24
    assert set(signs.tolist()).isdisjoint(discovery.segments.DIGITS)
    assert len({*zip(signs.tolist(), whole.auxiliary["pretraining"]["sign"].to_pylist(), strict=True)}) == 24


def test_the_same_seed_draws_the_same_rows_and_another_others(discovery, data):
    assert discovery.load("discovery", SMALL, 0).train.equals(data.train)
    assert not discovery.load("discovery", SMALL, 1).train.equals(data.train)


@pytest.mark.parametrize("given", [{"each": 0}, {"each": True}, {"pretraining": 1.5}])
def test_a_parameter_that_makes_no_data_is_refused(discovery, given):
    with pytest.raises(BadValue, match="glyph_discovery: parameter .* it must be a whole number from 1 to"):
        discovery.load("discovery", {**SMALL, **given}, 0)


def test_a_split_that_is_not_here_is_named(discovery):
    with pytest.raises(UnknownName, match="no split 'discover'; did you mean 'discovery'"):
        discovery.load("discover", SMALL, 0)
