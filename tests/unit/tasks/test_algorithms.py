import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.data import tables
from genbench.errors import BadValue, UnknownName

CARD = cards.read(Path(__file__).parents[3] / "tasks" / "algorithms", "task")
SMALL = {"rows": 3000, "questions": 100}
NO_ANSWER = [
    ("dyck", "(0 )1 (0"),
    ("dyck", "(0 )0"),
    ("dyck", ")0 (0"),
    ("associative_recall", "1 v2 3 v4 = 2"),
    ("associative_recall", "1 v2 1 v4 = 1"),
    ("induction_heads", "1 2 1 3 1"),
    ("induction_heads", "1 2 3"),
    ("induction_heads", "1 2 2"),
    ("mode_scratchpad", "0 0 1 1"),
]
ADDITIONS = ("addition_forward", "addition_reversed", "addition_hints_forward", "addition_hints")


@pytest.fixture(scope="module")
def algorithms(task_module):
    return task_module("algorithms")


def build(algorithms, split, seed=0, **params):
    return algorithms.load(split, {**CARD.splits[split].params, **SMALL, **params}, seed)


@cache
def built(algorithms, split):
    return build(algorithms, split)


def rows(table):
    return list(zip(table["prompt"].to_pylist(), table["answer"].to_pylist(), strict=True))


def everything(data):
    return [row for table in data.subsets().values() for row in rows(table)]


solved, measured, summands = (load_entry(CARD.folder, f"solve:{name}") for name in ("answer", "length", "summands"))


@pytest.mark.parametrize("split", CARD.splits)
def test_every_answer_is_what_an_independent_solver_gives(algorithms, split):
    data = built(algorithms, split)

    base = CARD.splits[split].params["symbols"]
    wrong = [(prompt, answer) for prompt, answer in everything(data) if answer != solved(split, prompt, base)]

    assert wrong == []


@pytest.mark.parametrize("split", CARD.splits)
def test_the_examples_of_the_readme_and_the_docstring_are_right(algorithms, split):
    readme = re.findall(rf"\| `{split}` \| `([^`]*)` \| `([^`]*)` \|", (CARD.folder / "README.md").read_text())
    docstring = re.findall(rf"^ +{split} {{2,}}(.+?) {{2,}}(.+)$", algorithms.__doc__, re.MULTILINE)

    assert readme == docstring
    base = CARD.splits[split].params["symbols"]
    assert [solved(split, prompt, base) for prompt, _ in readme] == [answer for _, answer in readme]
    assert len(readme) == 1


@pytest.mark.parametrize(
    ("split", "prompt", "answer"),
    [
        ("addition_forward", "0 9 9 + 0 0 1 =", "1 0 0"),
        ("addition_reversed", "0 9 9 + 0 0 1 =", "0 0 1"),
        ("addition_hints", "h0 0 h1 9 + h0 0 h1 1 =", "h1 0 h0 1"),
        ("parity_scratchpad", "h2 1 h3 0 h4 1 h5 1", "+ h2 - h4 + h5"),
        ("parity", "1 1 0 1", "1"),
        ("count", "7 7", "7"),
        ("multiplication", "9 9 * 9 0 9 =", "1 9 9 9 8"),
        ("dyck", "(1 (0 )0 )1 (0 (1 (1 )1", ")1 )0"),
        ("induction_heads", "4 4 2 7 2", "7"),
        ("increment", "0 9 9 9", "1 0 0 0"),
        ("increment_hint", "* 0 9 9 9", "0 9 9 9"),
        ("increment_hint", "* 0 1 2", "2"),
    ],
)
def test_the_solver_knows_carries_signs_and_single_numbers(split, prompt, answer):
    assert solved(split, prompt) == answer


@pytest.mark.parametrize(
    ("split", "prompt"),
    [("mode", "1 2 2 1"), ("addition_hints", "h0 0 h1 9 + h0 0 h2 1 ="), ("count", "1 2 3"), *NO_ANSWER],
)
def test_a_prompt_without_an_answer_is_refused_by_the_solver(split, prompt):
    with pytest.raises(ValueError, match=r".+"):
        solved(split, prompt)


@pytest.mark.parametrize("split", CARD.splits)
def test_length_is_what_the_readme_says_and_goes_a_hundred_beyond_training(algorithms, split):
    trained = CARD.splits[split].params["train_length"]

    data = built(algorithms, split)

    spans = {"id": (1, trained), "plus_10": (1, 10), "plus_50": (11, 50), "plus_100": (51, 100)}
    assert list(data.questions) == list(spans)
    for name, table in data.questions.items():
        lengths = table["length"].to_pylist()
        least, most = spans[name]
        assert lengths == [measured(split, prompt) for prompt in table["prompt"].to_pylist()]
        assert name == "id" or set(lengths) == set(range(trained + least, trained + most + 1))
    assert {measured(split, prompt) for prompt, _ in rows(data.train)} == set(range(1, trained + 1))
    assert set(data.questions["id"]["length"].to_pylist()) <= set(range(1, trained + 1))


@pytest.mark.parametrize("split", CARD.splits)
def test_questions_hold_no_word_that_training_lacks(algorithms, split):
    data = build(algorithms, split, rows=5000)

    def words(table):
        return {word for prompt, answer in rows(table) for word in f"{prompt} {answer}".split()}

    assert set().union(*map(words, data.questions.values())) <= words(data.train)


def test_count_and_copy_use_different_symbols_only_where_they_should(algorithms):
    unique, repeat = build(algorithms, "copy_unique"), build(algorithms, "copy_repeat")

    assert all(len(set(prompt.split())) == len(prompt.split()) for prompt, _ in everything(unique))
    assert {word for prompt, _ in everything(repeat) for word in prompt.split()} == {"0", "1"}


@pytest.mark.parametrize("split", ADDITIONS)
def test_summands_are_padded_to_one_digit_more_than_the_longer(algorithms, split):
    for prompt, answer in everything(built(algorithms, split)):
        (_, one), (_, other) = summands(split, prompt)
        longer = max(len(str(int("".join(digits)))) for digits in (one, other))
        assert len(one) == len(other) == longer + 1
        assert len(answer.split()) == (2 if "hints" in split else 1) * (longer + 1)


def test_either_summand_may_be_the_longer_and_the_other_has_any_length(algorithms):
    data = build(algorithms, "addition_forward", rows=20000)

    sizes = Counter(
        tuple(len(str(int("".join(digits)))) for _, digits in summands("addition_forward", prompt))
        for prompt, _ in rows(data.train)
        if len(prompt.split()) == 2 * 6 + 2
    )
    assert set(sizes) == {(5, other) for other in range(1, 6)} | {(other, 5) for other in range(1, 5)}


def test_leading_digits_are_uniform_from_1(algorithms):
    data = build(algorithms, "addition_forward", rows=20000)

    leading = Counter(prompt.split()[1] for prompt, _ in rows(data.train) if prompt.split()[1] != "0")
    expected = sum(leading.values()) / 9
    assert len(leading) == 9
    # 0 marks the shorter; a single digit may be 0. Chi-square, 8 degrees of freedom, p = 0.0001
    assert sum((count - expected) ** 2 / expected for count in leading.values()) < 32


def test_half_of_all_numbers_end_in_a_run_of_nines_of_any_length(algorithms):
    prompts = [prompt.replace(" ", "") for prompt, _ in rows(built(algorithms, "increment").questions["plus_100"])]

    runs = [len(prompt) - len(prompt.rstrip("9")) for prompt in prompts]
    assert 0.3 < sum(run > 10 for run in runs) / len(runs) < 0.6
    assert max(runs) > 60


def test_hints_of_increment_are_half_of_training_and_never_asked(algorithms):
    data = built(algorithms, "increment_hint")

    hints = [prompt for prompt in data.train["prompt"].to_pylist() if prompt.startswith("* ")]
    assert 1400 < len(hints) < 1600  # of 3,000
    assert not any("*" in prompt for table in data.questions.values() for prompt in table["prompt"].to_pylist())


@pytest.mark.parametrize("split", ["addition_hints", "addition_hints_forward", "parity_scratchpad"])
def test_hints_are_consecutive_equal_in_both_summands_and_begin_anywhere(algorithms, split):
    starts = set()
    for prompt, _ in everything(built(algorithms, split)):
        sides = [hints for hints, _ in summands(split, prompt)] if "addition" in split else [prompt.split()[::2]]
        numbers = [int(hint[1:]) for hint in sides[0]]
        assert sides.count(sides[0]) == len(sides)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        starts.add(numbers[0])

    assert len(starts) > 50


@pytest.mark.parametrize("split", ["addition_hints", "addition_hints_forward", "parity_scratchpad"])
def test_hints_begin_with_the_first_where_asked_as_in_the_listings(algorithms, split):
    data = build(algorithms, split, hint_start="first")

    assert all(prompt.split()[0] == "h0" for prompt, _ in everything(data))
    assert [answer for prompt, answer in everything(data)] == [solved(split, prompt) for prompt, _ in everything(data)]


@pytest.mark.parametrize("split", CARD.splits)
def test_no_question_is_shown_or_asked_twice(algorithms, split):
    data = built(algorithms, split)

    shown = set(data.train["prompt"].to_pylist())
    asked = [prompt for table in data.questions.values() for prompt in table["prompt"].to_pylist()]
    assert shown.isdisjoint(asked)
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(
    ("split", "asked"),
    [
        ("parity", {4: 1, 5: 3, 6: 6, 7: 12, 8: 25}),
        ("copy_repeat", {4: 1, 5: 3, 6: 6, 7: 12, 8: 25}),
        ("addition_forward", {1: 10, 2: 120, 3: 120, 4: 120, 5: 120, 6: 120, 7: 120, 8: 120}),
    ],
)
def test_at_most_a_tenth_of_a_training_lengths_prompts_is_asked(algorithms, split, asked):
    data = build(algorithms, split, train_length=8, questions=960)

    assert Counter(data.questions["id"]["length"].to_pylist()) == asked


def untied(length, symbols):
    """How many sequences have one mode, by writing them all down."""
    every = np.stack(np.meshgrid(*[np.arange(symbols)] * length, indexing="ij"), axis=-1).reshape(-1, length)
    often = np.sort((every[:, :, None] == np.arange(symbols)).sum(1), axis=1)
    return int((often[:, -1] > often[:, -2]).sum())


@pytest.mark.parametrize(("length", "symbols"), [(1, 2), (2, 2), (3, 2), (6, 2), (1, 5), (3, 5), (5, 5), (7, 3)])
def test_the_number_of_modes_to_ask_about_is_no_overestimate(algorithms, length, symbols):
    setting = algorithms.Setting("mode", 7, symbols, 1, 1, 50, shifted=True, seed=0)

    counted = algorithms.clear_majorities(setting, length)

    assert 0 < counted <= untied(length, symbols)


@pytest.mark.parametrize("base", [2, 3, 16])
@pytest.mark.parametrize("length", [1, 2])
def test_the_number_of_additions_is_that_of_all_written_down(algorithms, base, length):
    setting = algorithms.Setting("addition_forward", 7, base, 1, 1, 50, shifted=True, seed=0)

    counted = algorithms.pairs(setting, length)

    least = base ** (length - 1) if length > 1 else 0
    assert counted == sum(max(a, b) >= least for a in range(base**length) for b in range(base**length))


@pytest.mark.parametrize("base", [2, 7, 16])
@pytest.mark.parametrize("split", ["addition_forward", "multiplication", "modular_sum"])
def test_sums_and_products_are_right_in_other_bases(algorithms, split, base):
    data = build(algorithms, split, symbols=base)

    wrong = [prompt for prompt, answer in everything(data) if answer != solved(split, prompt, base)]

    assert wrong == []


@pytest.mark.parametrize(
    ("split", "symbols", "length"),
    [
        ("multiplication", 2, 2),
        ("multiplication", 3, 1),
        ("dyck", 2, 4),
        ("associative_recall", 3, 2),
        ("induction_heads", 3, 3),
    ],
)
def test_every_prompt_of_a_length_is_drawn_and_there_are_as_many_as_counted(algorithms, split, symbols, length):
    setting = algorithms.Setting(split, length, symbols, 1, 1, 50, shifted=True, seed=0)
    algorithm = algorithms.ALGORITHMS[split]

    prompts, answers = algorithm.draw(setting, np.random.default_rng(0), 20_000, length)

    found = dict(zip(setting.spell(prompts).to_pylist(), setting.spell(answers).to_pylist(), strict=True))
    assert all(answer == solved(split, prompt, symbols) for prompt, answer in found.items())
    # Of dyck those are counted that only open; one of the last three may close the one before it, three times 8 ways.
    assert len(found) == algorithm.prompts(setting, length) + (24 if split == "dyck" else 0)


def test_drawing_in_parts_gives_as_many_rows_as_asked(algorithms, monkeypatch):
    monkeypatch.setattr(algorithms, "CELLS", 1000)

    sizes = [build(algorithms, split).train.num_rows for split in ("mode", "copy_unique")]

    assert sizes == [3000, 3000]


@pytest.mark.parametrize("split", ["count", "addition_hints"])
def test_equal_seeds_build_equal_data_and_others_other_data(algorithms, split):
    one, again, other = built(algorithms, split), build(algorithms, split), build(algorithms, split, seed=1)

    assert tables.fingerprint(one.subsets()) == tables.fingerprint(again.subsets())
    assert not one.train.equals(other.train)
    assert not any(table.equals(other.questions[name]) for name, table in one.questions.items())


@pytest.mark.parametrize(
    ("split", "params", "message"),
    [
        ("mode", {"train_length": 0}, "parameter 'train_length' is 0; it must be an integer from 1 to 10000"),
        ("mode", {"train_length": 2.0}, "parameter 'train_length' is 2.0; it must be an integer from 1 to 10000"),
        ("mode", {"shown": 0}, "parameter 'shown' is 0; it must be an integer from 1 to 50000000"),
        ("mode", {"symbols": 1}, "parameter 'symbols' is 1; it must be an integer from 2 to 100"),
        ("parity", {"symbols": 3}, "parameter 'symbols' is 3; it must be 2"),
        ("addition_forward", {"symbols": 1}, "parameter 'symbols' is 1; it must be an integer from 2 to 1000"),
        (
            "copy_unique",
            {"symbols": 140},
            (
                "parameter 'symbols' is 140; it must be an integer from 141 to 5000: "
                "copy_unique takes a symbol for each place of the longest question"
            ),
        ),
        (
            "count",
            {"symbols": 160},
            (
                "parameter 'symbols' is 160; it must be an integer from 161 to 100000: "
                "count takes a symbol for each place of the longest question"
            ),
        ),
        ("mode", {"rows": 0}, "parameter 'rows' is 0; it must be an integer from 1 to 1250000"),
        (
            "mode",
            {"questions": 49},
            (
                "parameter 'questions' is 49; it must be an integer from 50 to 100000: "
                "at least one for each length of a set"
            ),
        ),
        ("parity", {"hint_start": "last"}, "parameter 'hint_start' is 'last'; it must be 'random' or 'first'"),
        (
            "parity",
            {"train_length": 3},
            (
                "parameter 'train_length' is 3 and 'symbols' is 2, which makes too few prompts of parity "
                "to hold one in 10 of a length back; one of the two must be larger"
            ),
        ),
    ],
)
def test_a_bad_parameter_is_refused_with_what_would_be_right(algorithms, split, params, message):
    with pytest.raises(BadValue) as fault:
        build(algorithms, split, **params)

    assert str(fault.value) == f"algorithms: {message}"


def test_an_unknown_split_is_refused_with_the_nearest_name(algorithms):
    with pytest.raises(UnknownName, match=re.escape("algorithms has no split 'moda'; did you mean 'mode'?")):
        algorithms.load("moda", {}, 0)


@pytest.mark.parametrize("split", ["parity", "addition_hints"])
def test_of_the_training_rows_the_first_ones_are_shown_and_the_same_is_asked(algorithms, split):
    whole, some, more = (build(algorithms, split, shown=shown) for shown in (50_000, 7, 10**6))

    assert some.train.equals(whole.train.slice(0, 7))
    assert some.questions == whole.questions
    assert more.train.equals(whole.train)
