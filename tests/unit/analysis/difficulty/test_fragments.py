"""Fragmentation of training rows: by closed forms, by independent code, and as the README of the task has it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from genbench import cards
from genbench.analysis import difficulty
from genbench.analysis.difficulty import fragments
from genbench.data.problem import Data
from genbench.errors import BadData

FOLDER = Path(__file__).parents[4] / "tasks" / "fragments"
FOUR = ("diversity", "disparity", "fragmentation", "nmi")


def rows_of(card, data):
    split = card.splits["spread_50_gap_25"]
    return difficulty.measure(card, split, split.name, data, "").to_pylist()


def test_mutual_information_of_disjoint_sub_datasets_has_its_closed_form(reference):
    for case in json.loads((reference / "seeds_tasks" / "fragmentation.json").read_text())["disjoint"]:
        m, a, b = (case[name] for name in ("sub_datasets", "values_u", "values_v"))
        one, other = np.indices((m * a, m * b)).reshape(2, -1)
        together = one // a == other // b

        assert fragments.nmi(one[together], other[together]) == pytest.approx(case["nmi_arithmetic"], abs=1e-12)


def test_mutual_information_of_overlapping_ones_is_that_of_independent_code(reference):
    for case in json.loads((reference / "seeds_tasks" / "fragmentation.json").read_text())["two_overlapping"]:
        counts = np.rint(np.array(case["joint"]) * 128).astype(int)
        one, other = (np.repeat(side, counts.ravel()) for side in np.indices((2, 2)).reshape(2, -1))

        assert fragments.nmi(one, other) == pytest.approx(case["nmi_arithmetic"], abs=1e-12)


def test_what_does_not_vary_tells_nothing():
    assert fragments.nmi(np.zeros(4, int), np.zeros(4, int)) == 0


def test_diversity_and_disparity_are_mean_distances_of_all_pairs():
    draw = np.random.default_rng(0)
    rows, environment = draw.normal(size=(30, 3)), np.repeat([4, 7, 9], [5, 10, 15])
    parts = [rows[environment == one] for one in (4, 7, 9)]
    found = fragments.measured(rows, environment // 4, environment)

    within = np.mean([pdist(part).mean() for part in parts])
    between = np.mean([cdist(parts[one], parts[two]).mean() for one, two in ((0, 1), (0, 2), (1, 2))])
    assert found[:3] == pytest.approx((within, between, between / within))


def test_of_many_rows_every_nth_is_looked_at(monkeypatch):
    rows, environment = np.random.default_rng(0).normal(size=(40, 2)), np.repeat([0, 1], 20)
    monkeypatch.setattr(fragments, "MOST", 5)

    found = fragments.measured(rows, environment, environment)
    assert found.diversity == pytest.approx(np.mean([pdist(rows[:20:4]).mean(), pdist(rows[20::4]).mean()]))


def test_difficulty_and_the_readme_of_the_task_tell_the_numbers_of_each_split(data_of):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in cards.read(FOLDER, "task").splits:
        card, data = data_of(f"fragments/{name}")
        found = fragments.fragments(card, data.train)
        told = " | ".join(f"{number:.3f}".lstrip("0") for number in found.values())

        assert tuple(found) == FOUR
        assert f"| `{name}` | {told} |" in readme


def test_figures_stand_in_every_question_set_and_elsewhere_a_reason(data_of):
    card, whole = data_of("fragments/spread_50_gap_25")
    data = Data(whole.train.slice(0, 300), {name: asked.slice(0, 30) for name, asked in whole.questions.items()})
    rows = rows_of(card, data)
    found = fragments.fragments(card, data.train)
    assert {(row["question_set"], row["measure"]): row["value"] for row in rows if row["measure"] in FOUR} == {
        (name, measure): value for name in ("id", "crossed") for measure, value in found.items()
    }

    without = rows_of(replace(card, fragments=None), data)
    told = {row["measure"]: (row["value"], row["why"]) for row in without if row["measure"] in FOUR}
    assert told == dict.fromkeys(FOUR, (None, "the card names no environments of training rows"))


def test_one_sub_dataset_alone_or_no_row_is_a_reason(data_of):
    card, data = data_of("fragments/spread_50_gap_25")
    alone = data.train.slice(0, 1)

    assert fragments.fragments(card, alone)["nmi"].startswith("sub-datasets of 1 rows; fragmentation is of two")
    assert set(fragments.fragments(card, alone.slice(1)).values()) == {"there is no training"}


def test_names_of_sub_datasets_and_of_labels_count_as_their_numbers(data_of):
    card, data = data_of("fragments/spread_50_gap_25")
    spelled = data.train
    for name in ("environment", "label"):
        at = spelled.column_names.index(name)
        spelled = spelled.set_column(at, name, spelled[name].cast("string"))

    assert fragments.fragments(card, spelled) == fragments.fragments(card, data.train)


def test_what_is_named_decides_the_digest():
    card = cards.read(FOLDER, "task")
    others = [
        card,
        replace(card, fragments=None),
        replace(card, fragments=cards.Fragments("environment", ("instruction",))),
    ]

    assert len({difficulty.digest(one, "spread_50_gap_25", "a") for one in others}) == 3


@pytest.mark.parametrize(
    ("sizes", "words"),
    [([6], "sub-datasets of 6 rows"), ([5, 1], "sub-datasets of 5, 1 rows"), ([], "sub-datasets of no rows")],
)
def test_one_sub_dataset_alone_or_of_one_row_is_refused(sizes, words):
    environment = np.repeat(np.arange(len(sizes)), sizes)

    with pytest.raises(BadData, match=f"{words}; fragmentation is of two or more"):
        fragments.measured(np.ones((len(environment), 2)), environment, environment)


def test_equal_rows_are_refused():
    environment = np.repeat([0, 1], 3)

    with pytest.raises(BadData, match="all rows of each sub-dataset are equal"):
        fragments.measured(environment[:, None] * 1.0, environment, environment)
