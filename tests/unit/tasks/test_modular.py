import itertools
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from genbench.data import tables
from genbench.errors import BadValue

OFFICIAL = {"operation": "addition", "p": 97, "share": 0.5, "corruption": 0.35, "shuffle_seed": 420, "label_seed": 0}
FILE = "modular_addition_p97_alpha0.5_xi0.35_seed420.parquet"


@pytest.fixture(scope="module")
def modular(task_module):
    return task_module("modular")


RULES = {
    "addition": lambda a, b, p: a + b,
    "subtraction": lambda a, b, p: a - b,
    "multiplication": lambda a, b, p: a * b,
    "division": lambda a, b, p: next(c for c in range(p) if (c * b - a) % p == 0),
    "sum_of_squares": lambda a, b, p: a**2 + b**2,
    "quadratic_form": lambda a, b, p: a**2 + a * b + b**2,
    "cubic": lambda a, b, p: a**3 + a * b,
    "cases": lambda a, b, p: next(c for c in range(p) if (c * b - a) % p == 0) if b % 2 else a - b,
}


def build(modular, seed=0, split="addition_corrupted", **params):
    return modular.load(split, OFFICIAL | params, seed)


def pairs(table):
    return list(zip(table["a"].to_pylist(), table["b"].to_pylist(), strict=True))


def wrong(table, p):
    return sum((a + b) % p != c for (a, b), c in zip(pairs(table), table["sum"].to_pylist(), strict=True))


def plain_twister(seed, count):
    """MT19937 as its authors wrote it down (Matsumoto & Nishimura 1998, seeding of 2002), in plain integers."""
    state = [seed]
    for place in range(1, 624):
        state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + place) % 2**32)
    outputs = []
    for step in range(count):
        place = step % 624
        mixed = state[place] & 0x80000000 | state[(place + 1) % 624] & 0x7FFFFFFF
        state[place] = state[(place + 397) % 624] ^ mixed >> 1 ^ (0x9908B0DF if mixed % 2 else 0)
        word = state[place]
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C5680
        word ^= word << 15 & 0xEFC60000
        outputs.append(word ^ word >> 18)
    return outputs


def test_the_corrupted_split_is_the_official_one_row_by_row(modular, reference):
    official = pq.read_table(reference / "length_and_grokking" / FILE).to_pydict()

    data = build(modular)

    train, test, trained = data.train, data.questions["test"], data.questions["trained"]
    flags = ["corrupted" if flag else "clean" for flag in official["corrupted"]]
    assert pairs(train) + pairs(test) == list(zip(official["m"], official["n"], strict=True))
    assert train["sum"].to_pylist() + test["sum"].to_pylist() == official["label"]
    assert official["subset"] == ["train"] * len(train) + ["test"] * len(test)
    assert trained["label"].to_pylist() == flags[: len(trained)]


def test_sizes_and_flags_are_those_of_the_paper(modular):
    data = build(modular)

    trained = data.questions["trained"]
    corrupted = trained.slice(0, 1646)
    assert (data.train.num_rows, data.questions["test"].num_rows) == (4704, 4705)
    assert Counter(trained["label"].to_pylist()) == {"corrupted": 1646, "clean": 3058}
    assert set(corrupted["label"].to_pylist()) == {"corrupted"}
    assert 1646 - wrong(corrupted, 97) == 17


def test_the_trained_questions_are_the_training_rows_with_the_labels_given(modular):
    data = build(modular)

    assert data.questions["trained"].drop_columns("label").equals(data.train)


def test_held_out_pairs_are_asked_for_the_true_sum_under_the_label_none(modular):
    test = build(modular).questions["test"]

    assert wrong(test, 97) == 0
    assert set(test["label"].to_pylist()) == {"none"}


@pytest.mark.parametrize("p", [2, 13])
@pytest.mark.parametrize("operation", RULES)
def test_each_operation_is_what_its_name_says(modular, operation, p):
    test = build(modular, operation=operation, p=p).questions["test"]

    values = test["sum"].to_pylist()
    assert values == [RULES[operation](a, b, p) % p for a, b in pairs(test)]


@pytest.mark.parametrize("operation", sorted(set(RULES) - {"division", "cases"}))
def test_a_modulus_that_is_not_prime_is_taken_where_nothing_is_divided(modular, operation):
    test = build(modular, operation=operation, p=12).questions["test"]

    assert test["sum"].to_pylist() == [RULES[operation](a, b, 12) % 12 for a, b in pairs(test)]


@pytest.mark.parametrize("p", [2, 3, 97])
def test_division_leaves_out_the_pairs_that_would_divide_by_0(modular, p):
    data = build(modular, operation="division", p=p)

    both = pairs(data.train) + pairs(data.questions["test"])
    assert sorted(both) == [(a, b) for a in range(p) for b in range(1, p)]


@pytest.mark.parametrize("operation", RULES)
def test_a_split_of_phases_asks_training_pairs_against_both_labels(modular, operation):
    questions = build(modular, split=f"{operation}_phases", operation=operation).questions

    given, true = questions["trained"], questions["trained_true"]
    assert true.drop_columns("sum").equals(given.drop_columns("sum"))
    assert [RULES[operation](a, b, 97) % 97 for a, b in pairs(true)] == true["sum"].to_pylist()
    differ = np.flatnonzero(given["sum"].to_numpy() != true["sum"].to_numpy())
    assert {given["label"][row].as_py() for row in differ} == {"corrupted"}


@pytest.mark.parametrize("split", ["addition", "addition_corrupted", "multiplication"])
def test_other_splits_ask_against_the_labels_given_only(modular, split):
    assert sorted(build(modular, split=split).questions) == ["test", "trained"]


def test_without_corruption_every_label_is_right_and_clean(modular):
    data = build(modular, corruption=0.0)

    assert wrong(data.train, 97) == 0
    assert set(data.questions["trained"]["label"].to_pylist()) == {"clean"}


def test_corruption_moves_no_pair(modular):
    clean, corrupted = build(modular, corruption=0.0), build(modular)

    assert pairs(clean.train) == pairs(corrupted.train)


def test_more_corruption_keeps_the_labels_that_less_had_drawn(modular):
    less, more = build(modular, corruption=0.2).train["sum"], build(modular, corruption=0.9).train["sum"]

    assert less[:940].equals(more[:940])


@pytest.mark.parametrize("p", [2, 3, 10, 12, 113])
@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_any_modulus_divides_all_pairs_once(modular, p, share):
    data = build(modular, p=p, share=share)

    both = pairs(data.train) + pairs(data.questions["test"])
    assert sorted(both) == [(a, b) for a in range(p) for b in range(p)]
    assert len(data.train) == int(share * p * p)
    assert set(data.train["sum"].to_pylist()) <= set(range(p))


@pytest.mark.parametrize("seed", [0, 1, 5489, 2**32 - 1])
def test_the_twister_gives_the_outputs_of_its_authors_recipe(modular, seed):
    drawn = modular.twister(seed, 1300)

    assert drawn.tolist() == plain_twister(seed, 1300)


def test_equal_seeds_build_equal_data(modular):
    once, again = build(modular, seed=3), build(modular, seed=3)

    assert tables.fingerprint(once.subsets()) == tables.fingerprint(again.subsets())


@pytest.mark.parametrize("change", [{"seed": 1}, {"shuffle_seed": 421}, {"seed": 1, "shuffle_seed": 421}])
def test_another_data_seed_or_shuffle_seed_draws_other_pairs(modular, change):
    drawn = build(modular, **change)

    others = [build(modular), build(modular, seed=1)] if len(change) == 2 else [build(modular)]
    assert all(pairs(drawn.train) != pairs(other.train) for other in others)


@pytest.mark.parametrize("seed", [0, 1])
def test_another_label_seed_draws_other_labels_for_the_same_pairs(modular, seed):
    one, other = build(modular, seed=seed), build(modular, seed=seed, label_seed=1)

    assert pairs(one.train) == pairs(other.train)
    assert not one.train["sum"].equals(other.train["sum"])
    assert one.train["sum"][1646:].equals(other.train["sum"][1646:])


def test_a_data_seed_of_64_bits_is_taken(modular):
    data = build(modular, seed=2**64 - 1)

    assert data.train.num_rows == 4704


def test_corrupted_labels_are_uniform(modular):
    labels = build(modular, p=97, share=0.9, corruption=0.9).train["sum"].to_numpy()[:7620]

    counts = np.bincount(labels, minlength=97)
    expected = 7620 / 97
    assert ((counts - expected) ** 2 / expected).sum() < 152  # chi-square, 96 degrees of freedom, p = 0.0003


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"operation": "additoin"},
            "modular: parameter 'operation' is 'additoin'; did you mean 'addition'?",
        ),
        (
            {"operation": "division", "p": 91},
            "modular: parameter 'p' is 91, which is not prime; division needs an inverse of each number",
        ),
        (
            {"operation": "division", "p": 2, "share": 0.4},
            (
                "modular: parameter 'share' is 0.4, which leaves none of the 2 pairs for training; "
                "with p = 2 it must be above 1/2 and below 1"
            ),
        ),
        ({"p": 1}, "modular: parameter 'p' is 1; it must be an integer from 2 to 4096"),
        ({"p": 97.0}, "modular: parameter 'p' is 97.0; it must be an integer from 2 to 4096"),
        ({"p": True}, "modular: parameter 'p' is True; it must be an integer from 2 to 4096"),
        ({"p": "97"}, "modular: parameter 'p' is '97'; it must be an integer from 2 to 4096"),
        ({"p": 4097}, "modular: parameter 'p' is 4097; it must be an integer from 2 to 4096"),
        ({"share": 0.0}, "modular: parameter 'share' is 0.0; it must be a number above 0 and below 1"),
        ({"share": 1}, "modular: parameter 'share' is 1; it must be a number above 0 and below 1"),
        ({"share": -0.5}, "modular: parameter 'share' is -0.5; it must be a number above 0 and below 1"),
        ({"share": float("nan")}, "modular: parameter 'share' is nan; it must be a number above 0 and below 1"),
        ({"corruption": 1.0}, "modular: parameter 'corruption' is 1.0; it must be a number at least 0 and below 1"),
        ({"corruption": -0.1}, "modular: parameter 'corruption' is -0.1; it must be a number at least 0 and below 1"),
        ({"corruption": False}, "modular: parameter 'corruption' is False; it must be a number at least 0 and below 1"),
        ({"shuffle_seed": -1}, "modular: parameter 'shuffle_seed' is -1; it must be an integer of at least 0"),
        ({"shuffle_seed": True}, "modular: parameter 'shuffle_seed' is True; it must be an integer of at least 0"),
        ({"label_seed": -1}, "modular: parameter 'label_seed' is -1; it must be an integer from 0 to 4294967295"),
        (
            {"label_seed": 2**32},
            f"modular: parameter 'label_seed' is {2**32}; it must be an integer from 0 to 4294967295",
        ),
        (
            {"p": 2, "share": 0.2},
            (
                "modular: parameter 'share' is 0.2, which leaves none of the 4 pairs for training; "
                "with p = 2 it must be above 1/4 and below 1"
            ),
        ),
    ],
)
def test_a_bad_parameter_is_refused_with_what_would_be_right(modular, params, message):
    with pytest.raises(BadValue) as fault:
        build(modular, **params)

    assert str(fault.value) == message


@pytest.mark.parametrize("p", [2, 7, 97])
def test_the_largest_share_below_1_still_leaves_a_pair_to_ask(modular, p):
    data = build(modular, p=p, share=float(np.nextafter(1, 0)))

    assert data.questions["test"].num_rows == 1


def test_a_parameter_that_is_missing_is_refused_by_name(modular):
    with pytest.raises(BadValue, match="parameter 'p' is None"):
        modular.load("addition", {}, 0)


def test_composition_is_that_of_the_permutations_in_the_order_of_the_lexicon(modular):
    data = build(modular, operation="composition", p=120, share=0.5, corruption=0.0)

    every = list(itertools.permutations(range(5)))
    for rows in (data.train, data.questions["test"]):
        composed = [every.index(tuple(every[a][thing] for thing in every[b])) for a, b in pairs(rows)[:2000]]
        assert rows["sum"].to_pylist()[:2000] == composed
    assert len({*pairs(data.train), *pairs(data.questions["test"])}) == 120**2


def test_of_unordered_pairs_each_is_there_once_and_in_one_order(modular):
    data = build(modular, p=67, share=0.6, corruption=0.0, unordered=True)

    every = pairs(data.train) + pairs(data.questions["test"])
    assert sorted(every) == [(a, b) for a in range(67) for b in range(a, 67)]
    assert (len(data.train), wrong(data.train, 67), wrong(data.questions["test"], 67)) == (1366, 0, 0)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"operation": "composition"}, "'p' is 97; composition is of 120 permutations, so it must be 120"),
        ({"operation": "cases", "p": 12}, "'p' is 12, which is not prime"),
        ({"operation": "division", "unordered": True}, "'unordered' is true; a / b is not b / a"),
    ],
)
def test_what_an_operation_cannot_take_is_refused(modular, params, said):
    with pytest.raises(BadValue, match=re.escape(said)):
        build(modular, **params)


def test_the_worked_examples_of_the_readme_are_right(modular):
    readme = Path(modular.__file__).with_name("README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+), (\d+) \| (\d+)", readme, re.MULTILINE)
    p = {"composition": 120}

    assert {row[0] for row in rows} == {"addition", "cubic", "cases", "composition"}
    for operation, a, b, answer in rows:
        found = modular.OPERATIONS[operation](np.array([int(a)]), np.array([int(b)]), p.get(operation, 97))
        assert found.tolist() == [int(answer)], operation
