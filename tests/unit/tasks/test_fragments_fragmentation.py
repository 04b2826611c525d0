"""Fragmentation of training rows: by closed forms, by independent code, and as the README of the task has it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.errors import BadData

FOLDER = Path(__file__).parents[3] / "tasks" / "fragments"


@pytest.fixture(scope="module")
def fragmentation():
    return sys.modules[load_entry(FOLDER, "fragmentation:of_training").__module__]


def test_mutual_information_of_disjoint_sub_datasets_has_its_closed_form(fragmentation, reference):
    for case in json.loads((reference / "seeds_tasks" / "fragmentation.json").read_text())["disjoint"]:
        m, a, b = (case[name] for name in ("sub_datasets", "values_u", "values_v"))
        one, other = np.indices((m * a, m * b)).reshape(2, -1)
        together = one // a == other // b

        assert fragmentation.nmi(one[together], other[together]) == pytest.approx(case["nmi_arithmetic"], abs=1e-12)


def test_mutual_information_of_overlapping_ones_is_that_of_independent_code(fragmentation, reference):
    for case in json.loads((reference / "seeds_tasks" / "fragmentation.json").read_text())["two_overlapping"]:
        counts = np.rint(np.array(case["joint"]) * 128).astype(int)
        one, other = (np.repeat(side, counts.ravel()) for side in np.indices((2, 2)).reshape(2, -1))

        assert fragmentation.nmi(one, other) == pytest.approx(case["nmi_arithmetic"], abs=1e-12)


def test_what_does_not_vary_tells_nothing(fragmentation):
    assert fragmentation.nmi(np.zeros(4, int), np.zeros(4, int)) == 0


def test_diversity_and_disparity_are_mean_distances_of_all_pairs(fragmentation):
    draw = np.random.default_rng(0)
    rows, environment = draw.normal(size=(30, 3)), np.repeat([4, 7, 9], [5, 10, 15])
    parts = [rows[environment == one] for one in (4, 7, 9)]
    found = fragmentation.measured(rows, environment // 4, environment)

    within = np.mean([pdist(part).mean() for part in parts])
    between = np.mean([cdist(parts[one], parts[two]).mean() for one, two in ((0, 1), (0, 2), (1, 2))])
    assert found[:3] == pytest.approx((within, between, between / within))


def test_of_many_rows_every_nth_is_looked_at(fragmentation, monkeypatch):
    rows, environment = np.random.default_rng(0).normal(size=(40, 2)), np.repeat([0, 1], 20)
    monkeypatch.setattr(fragmentation, "MOST", 5)

    found = fragmentation.measured(rows, environment, environment)
    assert found.diversity == pytest.approx(np.mean([pdist(rows[:20:4]).mean(), pdist(rows[20::4]).mean()]))


def test_the_readme_tells_the_numbers_of_each_split(fragmentation, task_module):
    card, readme = cards.read(FOLDER, "task"), (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, split in card.splits.items():
        found = fragmentation.of_training(task_module("fragments").load(name, split.params, card.data_seed).train)
        told = " | ".join(f"{number:.3f}".lstrip("0") for number in found)

        assert f"| `{name}` | {told} |" in readme


@pytest.mark.parametrize(
    ("sizes", "words"),
    [([6], "sub-datasets of 6 rows"), ([5, 1], "sub-datasets of 5, 1 rows"), ([], "sub-datasets of no rows")],
)
def test_one_sub_dataset_alone_or_of_one_row_is_refused(fragmentation, sizes, words):
    environment = np.repeat(np.arange(len(sizes)), sizes)

    with pytest.raises(BadData, match=f"{words}; fragmentation is of two or more"):
        fragmentation.measured(np.ones((len(environment), 2)), environment, environment)


def test_equal_rows_are_refused(fragmentation):
    environment = np.repeat([0, 1], 3)

    with pytest.raises(BadData, match="all rows of each sub-dataset are equal"):
        fragmentation.measured(environment[:, None] * 1.0, environment, environment)
