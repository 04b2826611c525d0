"""The example `search`: settings are scored on rows that are not asked, and the best one answers."""

import math
import sys

import numpy as np
import pytest
from datasets import Dataset

from genbench.authoring import scaffold
from genbench.cards.entries import load_entry
from genbench.evaluation.cell import Context
from genbench.registry import Catalogue

# The answer is which token comes first, which pairs tell and single tokens do not.
TEXTS = ["a b", "b a", "a b c", "b a c", "c a b", "c b a"]
ROWS = Dataset.from_dict({"text": TEXTS * 5, "said": ["x", "y"] * 15})


@pytest.fixture
def search(tmp_path):
    """Gives the submission of a new folder, with these parameters."""

    def make(**params):
        folder = scaffold.new("baseline", "mine", tmp_path, Catalogue(), "search")
        given = {"held_out": 0.2, "searched": 1000, **params}
        facts = {"profile": "quick", "budget_seconds": 60.0, "threads": 1, "device": "cpu", "folder": tmp_path}
        toy = {"task": "toy", "split": "toy", "inputs": {"text": "string"}, "target": "said", "target_type": "string"}
        return load_entry(folder, "baseline:Search")(Context(**toy, **facts, params=given, seed=3))

    return make


def module(one):
    return sys.modules[type(one).__module__]


@pytest.mark.parametrize("validation", [None, ROWS])
def test_the_setting_that_is_best_on_rows_that_it_did_not_see_is_chosen(search, capfd, validation):
    one = search()
    one.fit(ROWS, validation)

    assert one.chosen.ngrams == 2
    assert one.predict(Dataset.from_dict({"text": ["b a a", "a b b"]})) == ["y", "x"]
    said = capfd.readouterr().err.splitlines()
    assert len(said) == len(module(one).GRID)
    assert all(line.endswith(f" of {6 if validation is None else 30} rows") for line in said)


def test_validation_decides_where_there_is_one(search):
    misled = ROWS.remove_columns("said").add_column("said", ["y", "x"] * 15)
    one = search()
    one.fit(ROWS, misled)

    assert one.chosen.ngrams == 1, "pairs answer all of these rows wrong"


def test_held_out_rows_and_the_others_are_all_rows_and_share_none(search):
    one = search()
    rows = [(place, None) for place in range(30)]

    known, held = one.parted(rows)

    assert (len(known), len(held)) == (24, 6)
    assert sorted([*known, *held]) == rows


def test_a_setting_is_tried_on_no_more_rows_than_the_card_says(search, capfd):
    search(searched=4).fit(ROWS, None)

    assert all(line.endswith(" of 4 rows") for line in capfd.readouterr().err.splitlines())


@pytest.mark.parametrize("rows", [1, 2])
def test_one_row_or_two_are_enough(search, rows):
    one = search()
    one.fit(ROWS.select(range(rows)), None)

    assert one.predict(ROWS.select([0])) == ["x"]


def test_a_class_is_as_likely_as_its_share_and_its_smoothed_counts_say(search):
    found = module(search())
    rows = [found.Row([("t", "a"), ("t", "a"), ("t", "b")], 0), found.Row([("t", "b")], 1), found.Row([("t", "b")], 1)]
    model = found.NaiveBayes(found.Setting(1, 0.5), rows)

    scores = model.extra.toarray() + model.each[:, None]

    by_hand = [[2.5 / 4, 1.5 / 4], [0.5 / 3, 2.5 / 3]]
    assert np.exp(scores) == pytest.approx(np.array(by_hand))
    assert model.prior == pytest.approx([math.log(1 / 3), math.log(2 / 3)])
