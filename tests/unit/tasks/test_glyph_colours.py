"""Glyph colours: what the patches of a row show, read off their numbers, and how often each set lets them fail."""

import json
from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"rows": 400, "questions": 500, "pretraining": 600, "colours": 32}


@pytest.fixture(scope="module")
def colours(task_module):
    return task_module("glyph_colours")


@pytest.fixture(scope="module")
def data(colours):
    return {split: colours.load(split, SMALL | ({"colours": 1} if split == "multicolor_one" else {}), 0)
            for split in colours.SPLITS}  # fmt: skip


def patches(table):
    """The colour of each patch as one number, in thirds of its red, green and blue: (row, patch)."""
    shown = np.array(table["colours"].to_pylist()).reshape(-1, 32, 3) / 3.5
    assert (shown == np.rint(shown)).all()
    return np.rint(shown @ [9, 3, 1]).astype(int)


def by_class(table):
    """The colours that each class shows on each patch, by looking: {(patch, class): set of colours}."""
    shown, labels = patches(table), table["label"].to_pylist()
    return {(at, digit): {int(row[at]) for row, label in zip(shown, labels, strict=True) if label == digit}
            for at, digit in product(range(32), range(10))}  # fmt: skip


def test_in_training_a_class_has_one_colour_on_each_patch_and_no_other_class_has_it_there(data):
    seen = by_class(data["multicolor"].train)

    assert all(len(one) == 1 for one in seen.values())
    assert all(len(set.union(*(seen[at, digit] for digit in range(10)))) == 10 for at in range(32))
    rules = {tuple(min(seen[at, digit]) for digit in range(10)) for at in range(32)}
    assert len(rules) == 32


def test_the_control_has_one_colour_a_row_and_one_rule(data):
    one = data["multicolor_one"]
    for table in (one.train, *one.questions.values()):
        assert (patches(table) == patches(table)[:, :1]).all()
    assert all(len(seen) == 1 for seen in by_class(one.train).values())


@pytest.mark.parametrize("split", ["multicolor", "multicolor_one"])
def test_a_patch_shows_the_colour_of_the_label_as_often_as_it_is_not_drawn_and_by_accident(data, split):
    rule = by_class(data[split].train)
    for name, share in {"id": 0, "p70": 0.7, "p80": 0.8, "p90": 0.9}.items():
        table = data[split].questions[name]
        right = np.array(
            [[int(colour) in rule[at, label] for at, colour in enumerate(row)]
             for row, label in zip(patches(table), table["label"].to_pylist(), strict=True)]
        )  # fmt: skip
        assert (right.sum(1) == table["agreeing"].to_numpy()).all()
        slack = 0.06 if split == "multicolor_one" else 0.02  # there 500 draws, here 16,000
        assert right.mean() == pytest.approx(1 - share + share / 10, abs=slack if share else 0)


def test_votes_of_patches_find_the_class_where_they_fail_one_by_one_and_not_where_together(data):
    """Another way to answer: each patch votes for the class that had its colour in training."""
    for split, low, high in (("multicolor", 0.97, 1.0), ("multicolor_one", 0.3, 0.45)):
        rule = by_class(data[split].train)
        says = {(at, min(colour)): digit for (at, digit), colour in rule.items()}
        table = data[split].questions["p70"]
        votes = [np.bincount([says[at, int(colour)] for at, colour in enumerate(row)], minlength=10).argmax()
                 for row in patches(table)]  # fmt: skip
        assert low <= (np.array(votes) == table["label"].to_numpy()).mean() <= high


def test_other_patches_tell_the_class_in_pretraining_than_in_training(data):
    one = data["reweighted"]
    beside = one.auxiliary["pretraining"].rename_columns(["pixels", "colours", "label"])
    rule = by_class(one.train)
    assert all(len(rule[at, digit]) == 1 for at in range(16, 32) for digit in range(10))
    assert all(len(rule[at, digit]) > 5 for at in range(16) for digit in range(10))
    ood = by_class(one.questions["ood"])
    assert min(len(seen) for seen in ood.values()) > 5
    for at in range(16):  # the commonest colour of a class is its own, in .5 + .5 / 10 of the rows
        own = patches(beside)[beside["label"].to_numpy() == 3, at]
        assert 0.35 < np.bincount(own).max() / len(own) < 0.75
    last = patches(beside)[beside["label"].to_numpy() == 3, 20]
    assert np.bincount(last).max() / len(last) < 0.35


def test_the_digit_stands_in_pixels_and_is_told_by_the_nearest_mean(data):
    pixels, labels = (np.array(data["multicolor"].train[name].to_pylist()) for name in ("pixels", "label"))
    asked, wanted = (np.array(data["multicolor"].questions["p90"][name].to_pylist()) for name in ("pixels", "label"))
    means = np.stack([pixels[labels == digit].mean(0) for digit in range(10)])

    found = ((asked[:, None] - means) ** 2).sum(2).argmin(1)

    assert pixels.min() >= 0
    assert pixels.max() <= 1
    assert (found == wanted).mean() > 0.6


def test_a_number_of_groups_makes_as_many_rules(colours):
    rules = colours.permutations("multicolor", 8, 0)

    assert len(np.unique(rules, axis=0)) == 8
    assert (rules[:4] == rules[0]).all()
    assert (np.sort(rules, axis=1) == np.arange(10)).all()


def test_a_row_is_drawn_with_the_digit_in_the_middle_of_its_patches(colours, data):
    row = data["multicolor"].train.slice(0, 1).to_pylist()[0]
    image = np.asarray(colours.draw(row, {}))

    assert image.shape == (42, 42, 3)
    assert (image[14:28, 14:28, 0] == np.rint(np.array(row["pixels"]).reshape(14, 14) * 255)).all()
    assert (image[0, 0] / 255 * 7).tolist() == pytest.approx(row["colours"][:3], abs=0.03)
    assert (image[-1, -1] / 255 * 7).tolist() == pytest.approx(row["colours"][-3:], abs=0.03)


def test_features_that_vote_fail_as_the_theory_says(reference):
    """Why many cues help: the failures of one voter and of two together, counted out, are the polynomials."""
    known = json.loads((reference / "seeds_tasks" / "voting_features.json").read_text())
    for case in known[:4]:
        found = failures(case["invariant"], case["spurious"], case["classes"])
        assert found == {int(power): Fraction(share) for power, share in case["failure_polynomial"].items()}


def failures(invariant, spurious, classes):
    """Powers of p and their factors: each spurious feature votes for another class with probability p, any alike.

    A feature that fails votes for one of all classes at random; a tie is split. Features are counted, not listed.
    """
    found = {}
    for failed in range(spurious + 1):
        right = Fraction(0)
        for votes in product(range(classes), repeat=failed):
            counts = np.bincount(votes, minlength=classes)
            counts[0] += invariant + spurious - failed
            best = np.flatnonzero(counts == counts.max())
            right += Fraction(int(0 in best), len(best) * classes**failed)
        found[failed] = 1 - right
    polynomial = {}
    for failed, wrong in found.items():  # C(n, k) p^k (1 - p)^(n - k) wrong, multiplied out
        for more in range(spurious - failed + 1):
            power = failed + more
            polynomial[power] = (
                polynomial.get(power, 0) + comb(spurious, failed) * wrong * comb(spurious - failed, more) * (-1) ** more
            )
    return {power: share for power, share in polynomial.items() if share}


def test_the_same_seed_draws_the_same_rows_and_another_seed_or_split_others(colours, data):
    assert colours.load("multicolor", SMALL, 0).train.equals(data["multicolor"].train)
    assert not colours.load("multicolor", SMALL, 1).train.equals(data["multicolor"].train)
    assert not data["reweighted"].questions["id"].equals(data["multicolor"].questions["id"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"colours": 5}, "'colours' is 5; the number of independent patches must be one of 1, 2, 4, 8, 16, 32"),
        ({"colours": True}, "'colours' is True"),
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1 to 1,000,000"),
        ({"questions": 1.5}, "'questions' is 1.5"),
        ({"pretraining": -1}, "'pretraining' is -1"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(colours, given, words):
    with pytest.raises(BadValue, match="glyph_colours: parameter") as told:
        colours.load("multicolor", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(colours):
    with pytest.raises(UnknownName, match="no split 'multicolour'; did you mean 'multicolor'"):
        colours.load("multicolour", SMALL, 0)
