import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.data import tables
from genbench.errors import BadValue, UnknownName

CARD = cards.read(Path(__file__).parents[3] / "tasks" / "sorting", "task")
SMALL = {"rows": 3000, "questions": 60}
HINTS = ("successor", "predecessor", "count", "fill", "parity")


@pytest.fixture(scope="module")
def sorting(task_module):
    return task_module("sorting")


def build(sorting, split="up_to_20", seed=0, **params):
    return sorting.load(split, {**CARD.splits[split].params, **SMALL, **params}, seed)


@cache
def built(sorting, split="up_to_20"):
    return build(sorting, split)


def integers(text):
    return [int(token) for token in text.split()]


def rows(table):
    return list(zip(table["sequence"].to_pylist(), table["sorted"].to_pylist(), strict=True))


def main_rows(table):
    return [row for row in rows(table) if row[0][0].isdigit()]


def hint_rows(table):
    return [row for row in rows(table) if not row[0][0].isdigit()]


solved = load_entry(CARD.folder, "solve:answer")


@pytest.mark.parametrize("split", CARD.splits)
def test_every_answer_holds_the_sequences_integers_each_no_less_than_the_one_before(sorting, split):
    data = built(sorting, split)

    for sequence, answer in [row for table in data.questions.values() for row in rows(table)] + main_rows(data.train):
        given, wanted = integers(sequence), integers(answer)
        assert Counter(given) == Counter(wanted)
        assert all(one <= other for one, other in pairwise(wanted))
        assert answer == solved(sequence)


@pytest.mark.parametrize("split", CARD.splits)
def test_lengths_values_and_repeats_are_what_the_split_says(sorting, split):
    params = CARD.splits[split].params
    trained, values = params["train_length"], params["values"]

    data = built(sorting, split)

    shown = [integers(sequence) for sequence, _ in main_rows(data.train)]
    asked = {name: [integers(text) for text in table["sequence"].to_pylist()] for name, table in data.questions.items()}
    assert {len(sequence) for sequence in shown} == set(range(1, trained + 1))
    assert {len(sequence) for sequence in asked["id"]} <= set(range(1, trained + 1))
    for name, sequences in asked.items():
        assert data.questions[name]["length"].to_pylist() == [len(sequence) for sequence in sequences]
        assert name == "id" or {len(sequence) for sequence in sequences} == {int(name.removeprefix("length_"))}
    every = shown + [sequence for sequences in asked.values() for sequence in sequences]
    assert {value for sequence in every for value in sequence} == set(range(values))
    assert params["repeats"] or all(len(set(sequence)) == len(sequence) for sequence in every)


@pytest.mark.parametrize(
    ("split", "longer"),
    [("up_to_10", [30, 50, 100, 200, 500]), ("up_to_20", [30, 50, 100, 200, 500]), ("up_to_50", [100, 200, 500])],
)
def test_only_lengths_beyond_training_are_asked_as_such(sorting, split, longer):
    data = built(sorting, split)

    assert list(data.questions) == ["id", *(f"length_{length}" for length in longer)]


@pytest.mark.parametrize("hint", HINTS)
def test_every_hint_is_answered_as_its_definition_says(sorting, hint):
    data = build(sorting, values=12, hint=hint)

    hints = hint_rows(data.train)
    assert {text.split()[0] for text, _ in hints} == {hint}
    assert [answer for _, answer in hints] == [solved(text) for text, _ in hints]


@pytest.mark.parametrize("hint", HINTS)
def test_hints_over_one_sequence_read_as_documented(sorting, hint):
    readme = (CARD.folder / "README.md").read_text()

    found = re.findall(rf"\| `{hint}` \| `([^`]*)` \| `([^`]*)`", readme)

    assert [solved(text.replace("\\|", "|")) for text, _ in found] == [answer for _, answer in found]
    assert len(found) == 1


@pytest.mark.parametrize("row", ["count 1 2 | 3", "successor 1 2 | 2", "predecessor 1 2 | 1", "sort 1 2 | 1"])
def test_what_has_no_answer_is_none_that_the_solver_gives(row):
    with pytest.raises(ValueError, match=r".+"):
        solved(row)


@pytest.mark.parametrize("typed", ["successor+count", "count+successor"])
def test_several_hints_share_the_rows_of_one(sorting, typed):
    data = build(sorting, hint=typed, rows=3001)

    kinds = Counter(text.split()[0] for text, _ in hint_rows(data.train))
    assert kinds == {"successor": 1501, "count": 1500}
    assert all(answer == solved(text) for text, answer in hint_rows(data.train))
    assert data.train.equals(build(sorting, hint="successor+count", rows=3001).train)


def test_of_several_hints_none_is_without_a_row(sorting):
    data = build(sorting, hint="successor+predecessor+count+fill+parity", hint_share=0.0001)

    assert sorted(text.split()[0] for text, _ in hint_rows(data.train)) == sorted(HINTS)


@pytest.mark.parametrize(("share", "added"), [(0.5, 3000), (0.25, 1000), (0.9, 27000), (0.00001, 1)])
def test_hints_come_on_top_in_their_share_of_all_rows(sorting, share, added):
    data = build(sorting, hint="fill", hint_share=share)

    assert (len(main_rows(data.train)), len(hint_rows(data.train))) == (3000, added)


def test_hints_are_mixed_into_the_rows_that_sort(sorting):
    data = build(sorting, hint="successor")

    first = hint_rows(data.train.slice(0, 1000))
    assert 430 < len(first) < 570


@pytest.mark.parametrize("hint", HINTS)
def test_a_hint_moves_no_question_and_no_row_that_sorts(sorting, hint):
    plain, hinted = built(sorting), build(sorting, hint=hint)

    assert Counter(main_rows(hinted.train)) == Counter(rows(plain.train))
    assert all(hinted.questions[name].equals(table) for name, table in plain.questions.items())


@pytest.mark.parametrize("hint", ["none", "successor"])
def test_windows_are_of_training_rows_alone_and_hints_read_them_too(sorting, hint):
    plain, windowed = built(sorting), build(sorting, "up_to_20_windows", hint=hint)

    def narrow(sequences):
        spans = [max(values) - min(values) for values in map(integers, sequences) if len(values) > 9]
        return sum(span < 40 for span in spans) / len(spans)

    assert all(windowed.questions[name].equals(table) for name, table in plain.questions.items())
    assert narrow(plain.train["sequence"].to_pylist()) < 0.01
    assert 0.45 < narrow([text for text, _ in main_rows(windowed.train)]) < 0.7
    hints = [text.partition(" ")[2].partition(" |")[0] for text, _ in hint_rows(windowed.train)]
    assert hint == "none" or 0.45 < narrow(hints) < 0.7


def test_a_stream_of_a_split_with_windows_has_them_in_training_and_not_in_what_is_asked(sorting):
    tables_given = {
        subset: next(streamed(sorting, subset, split="up_to_20_windows")) for subset in ("train", "length_20")
    }

    narrow = {
        subset: [max(row) - min(row) < 40 for row in map(integers, table["sequence"].to_pylist()) if len(row) > 9]
        for subset, table in tables_given.items()
    }
    assert sum(narrow["train"]) > 0.4 * len(narrow["train"])
    assert not any(narrow["length_20"])


def test_another_draw_shares_no_row_and_the_first_is_the_one_there_was(sorting):
    one, other = build(sorting, draw=0), build(sorting, draw=1)

    assert one.train.equals(built(sorting).train)
    assert set(one.questions["length_30"]["sequence"].to_pylist()).isdisjoint(
        other.questions["length_30"]["sequence"].to_pylist()
    )
    assert not one.train.equals(other.train)


def test_longer_sets_are_the_same_whatever_the_training_length(sorting):
    ten, fifty = built(sorting, "up_to_10"), built(sorting, "up_to_50")

    assert all(ten.questions[name].equals(fifty.questions[name]) for name in ("length_100", "length_200", "length_500"))


@pytest.mark.parametrize("hint", ["none", *HINTS])
def test_no_sequence_asked_is_shown_in_any_row(sorting, hint):
    data = build(sorting, train_length=3, values=20, hint=hint)

    asked = {text for name in data.questions for text in data.questions[name]["sequence"].to_pylist()}
    shown = {" ".join(re.findall(r"\d+", text.split(" | ")[0])) for text, _ in rows(data.train)}
    assert asked.isdisjoint(shown)
    assert data.questions["id"]["length"].to_pylist() == [1] * 2 + [2] * 20 + [3] * 20


def test_at_most_a_tenth_of_a_training_lengths_sequences_is_asked(sorting):
    data = build(sorting, train_length=2, values=100, questions=5000)

    lengths = Counter(data.questions["id"]["length"].to_pylist())
    assert lengths == {1: 10, 2: 1000}


def test_training_lengths_are_uniform(sorting):
    lengths = Counter(len(sequence.split()) for sequence, _ in rows(build(sorting, rows=20000).train))

    assert len(lengths) == 20
    assert sum((count - 1000) ** 2 / 1000 for count in lengths.values()) < 50  # chi-square, 19 degrees, p = 0.0001


def test_equal_seeds_build_equal_data_and_others_other_data(sorting):
    one, again, other = built(sorting), build(sorting), build(sorting, seed=1)

    assert tables.fingerprint(one.subsets()) == tables.fingerprint(again.subsets())
    assert not one.train.equals(other.train)
    assert not any(table.equals(other.questions[name]) for name, table in one.questions.items())


def test_too_few_sequences_to_hold_any_back_are_refused(sorting):
    with pytest.raises(
        BadValue, match="'values' is 2, which makes too few sequences to hold one in 10 of them back at"
    ):
        build(sorting, values=2, train_length=3)


def test_the_smallest_setting_of_each_kind_is_built(sorting):
    smallest = build(sorting, train_length=2, values=4, hint="successor", rows=1, questions=2)

    assert [table.num_rows for table in smallest.subsets().values()] == [2, 1, 2, 2, 2, 2, 2]


def streamed(sorting, subset, rows=1000, split="up_to_20", **params):
    return sorting.stream(split, subset, {**CARD.splits[split].params, **SMALL, **params}, 0, rows)


@pytest.mark.parametrize("rows", [1, 999, 8192, 10_000])
@pytest.mark.parametrize(("subset", "hint"), [("train", "none"), ("train", "fill+count"), ("length_20", "none")])
def test_a_stream_is_the_same_in_tables_of_any_size(sorting, subset, hint, rows):
    tables_given = streamed(sorting, subset, rows, hint=hint)

    cut_so = [next(tables_given) for _ in range(20_000 // rows if rows > 1 else 20)]

    whole = next(streamed(sorting, subset, 20_000, hint=hint))
    assert {table.num_rows for table in cut_so} == {rows}
    assert pa.concat_tables(cut_so).equals(whole.slice(0, rows * len(cut_so)))


@pytest.mark.parametrize(
    ("subset", "lengths"),
    [("id", set(range(1, 21))), ("length_20", {20}), ("length_7", {7}), ("length_100", {100}), ("length_501", {501})],
)
def test_a_streams_rows_are_sorted_and_of_the_lengths_asked_for(sorting, subset, lengths):
    table = next(streamed(sorting, subset))

    assert set(table["length"].to_pylist()) == lengths
    assert table["length"].to_pylist() == [len(text.split()) for text in table["sequence"].to_pylist()]
    assert all(answer == solved(text) for text, answer in rows(table.slice(0, 100)))


@pytest.mark.parametrize("repeats", [True, False])
def test_a_stream_keeps_to_the_values_and_repeats_of_its_split(sorting, repeats):
    table = next(streamed(sorting, "length_20", values=600, repeats=repeats))

    sequences = [integers(text) for text in table["sequence"].to_pylist()]
    assert {value for sequence in sequences for value in sequence} == set(range(600))
    assert any(len(set(sequence)) < 20 for sequence in sequences) == repeats


def test_a_stream_of_training_rows_holds_hints_in_their_share_and_no_question(sorting):
    params = {"train_length": 3, "values": 20, "hint": "successor+parity", "hint_share": 0.6}

    table = next(streamed(sorting, "train", 50_000, **params))

    kinds = Counter(text.split()[0] if text[0].isalpha() else "sort" for text, _ in rows(table))
    assert {kind: round(count / 50_000, 2) for kind, count in kinds.items()} == pytest.approx(
        {"sort": 0.4, "successor": 0.3, "parity": 0.3}, abs=0.011
    )
    asked = set(build(sorting, **params).questions["id"]["sequence"].to_pylist())
    shown = {" ".join(re.findall(r"\d+", text.split(" | ")[0])) for text, _ in rows(table)}
    assert asked.isdisjoint(shown)
    short = {text for text in asked | shown if text.count(" ") < 2}
    assert len(short) == 20 + 20**2  # of these, what is not asked is all shown by now
    assert [answer for text, answer in rows(table.slice(0, 2000))] == [
        solved(text) for text, _ in rows(table.slice(0, 2000))
    ]


def test_a_streams_rows_follow_the_seed_and_are_not_those_of_the_split(sorting):
    params = {**CARD.splits["up_to_20"].params, **SMALL}

    one, other = (next(sorting.stream("up_to_20", "length_30", params, seed)) for seed in (0, 1))

    shown = set(one["sequence"].to_pylist())
    assert shown.isdisjoint(other["sequence"].to_pylist())
    assert shown.isdisjoint(built(sorting).questions["length_30"]["sequence"].to_pylist())


@pytest.mark.parametrize(
    ("subset", "params", "rows", "fault", "message"),
    [
        (
            "trane",
            {},
            1,
            UnknownName,
            "sorting/up_to_20 has no subset 'trane'; did you mean 'train'?; it must be train, id, or length_ and an",
        ),
        ("length_0", {}, 1, BadValue, "subset 'length_0' asks length 0; it must be an integer from 1 to 1000000"),
        ("length_-3", {}, 1, UnknownName, "sorting/up_to_20 has no subset 'length_-3'"),
        (
            "length_701",
            {"values": 700, "repeats": False},
            1,
            BadValue,
            "it must be an integer from 1 to 700: without repeats 700 values make no longer sequence",
        ),
        ("train", {"hint": "fil"}, 1, BadValue, "parameter 'hint' is 'fil'"),
        ("train", {}, 0, BadValue, "a stream is cut into tables of 'rows' = 0; it must be an integer from 1"),
    ],
)
def test_a_stream_that_cannot_be_had_is_refused_when_it_is_asked_for(sorting, subset, params, rows, fault, message):
    with pytest.raises(fault, match=re.escape(message)):
        streamed(sorting, subset, rows, **params)
