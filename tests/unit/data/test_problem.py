"""The cut: questions without targets and slices, in an order that tells nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench import cards
from genbench.data.columns import QUESTION_ID
from genbench.data.problem import Data, check_sizes, conform, sever, split_of
from genbench.errors import BadData, UnknownName

CARD = cards.read(Path(__file__).parents[2] / "toys" / "echo", "task")
SPLIT = CARD.splits["small"]


def table(numbers, *, sliced=True):
    numbers = list(numbers)
    again = pa.array([number * 10 for number in numbers], pa.int64())
    columns = {"number": pa.array(numbers, pa.int64()), "again": again}
    return pa.table(
        columns | ({"parity": pa.array(["odd" if n % 2 else "even" for n in numbers], pa.string())} if sliced else {})
    )


def split_with(*names):
    question = SPLIT.questions["test"]
    return replace(SPLIT, questions={name: replace(question, name=name) for name in names})


def cut(**questions):
    split = split_with(*questions)
    data = Data(table(range(-5, 0), sliced=False), {name: table(numbers) for name, numbers in questions.items()})
    return sever(conform(data, CARD, split), CARD, split)


def test_questions_hold_ids_and_inputs_and_neither_targets_nor_slices():
    problem, _ = cut(test=range(100))

    assert problem.questions.column_names == [QUESTION_ID, "number"]
    assert problem.questions.column(QUESTION_ID).to_pylist() == list(range(100))
    assert problem.train.column_names == ["number", "again"]


@given(st.lists(st.integers(-99, 99), max_size=8), st.lists(st.integers(-99, 99), min_size=1, max_size=8))
def test_each_target_slice_and_set_belongs_to_the_question_with_its_id(near, far):
    problem, targets = cut(near=near, far=far)

    numbers = problem.questions.column("number").to_pylist()
    sets = [targets.sets[place] for place in targets.question_set]
    assert [number * 10 for number in numbers] == targets.target.to_pylist()
    assert ["odd" if number % 2 else "even" for number in numbers] == targets.slices["parity"].to_pylist()
    assert sorted(zip(sets, numbers, strict=True)) == sorted(
        [("near", number) for number in near] + [("far", number) for number in far]
    )


def test_neither_place_nor_id_tells_the_set():
    problem, targets = cut(near=range(1000), far=range(1000, 2000))

    first_half = targets.question_set[:1000].mean()
    assert 0.4 < first_half < 0.6
    assert problem.questions.column("number").to_pylist() != list(range(2000))


def test_ids_are_the_same_each_time_and_for_every_release():
    one, other = cut(test=range(100))[0], cut(test=range(100))[0]

    assert one.questions.equals(other.questions)
    assert one.questions.column("number").to_pylist()[:8] == [15, 44, 39, 62, 59, 27, 76, 68]


def test_another_split_or_data_seed_has_another_order():
    data = conform(Data(table(range(-5, 0), sliced=False), {"test": table(range(100))}), CARD, SPLIT)

    orders = {
        tuple(sever(data, card, split)[0].questions.column("number").to_pylist())
        for card, split in (
            (CARD, SPLIT),
            (CARD, replace(SPLIT, name="other")),
            (replace(CARD, data_seed=1), SPLIT),
            (replace(CARD, name="other"), SPLIT),
        )
    }

    assert len(orders) == 4


def test_training_keeps_its_order_and_its_repeats():
    data = Data(table([3, 1, 3, 3], sliced=False), {"test": table([9])})

    problem, _ = sever(conform(data, CARD, SPLIT), CARD, SPLIT)

    assert problem.train.column("number").to_pylist() == [3, 1, 3, 3]


def test_columns_are_put_in_the_cards_order():
    swapped = table(range(3), sliced=False).select(["again", "number"])

    found = conform(Data(swapped, {"test": table([9]).select(["parity", "number", "again"])}, swapped), CARD, SPLIT)

    assert found.train.column_names == found.validation.column_names == ["number", "again"]
    assert found.questions["test"].column_names == ["number", "again", "parity"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (7, "echo/small: load returned int; it must return genbench.Data"),
        (
            Data(table([1], sliced=False), None),
            "echo/small: Data.questions is of type NoneType; it must map names to tables",
        ),
        (Data(table([1], sliced=False), {}), "echo/small: load built the question sets []; the card declares ['test']"),
        (
            Data(table([1]), {"test": table([1])}),
            "echo/small train: columns are ['again', 'number', 'parity']; the card declares ['again', 'number']",
        ),
        (
            Data(table([1], sliced=False), {"test": table([1], sliced=False)}),
            "echo/small test: columns are ['again', 'number']; the card declares ['again', 'number', 'parity']",
        ),
        (Data(table([1], sliced=False), {"test": [1]}), "echo/small test: list is not a pyarrow Table"),
        (
            Data(
                table([1], sliced=False),
                {"test": table([1])},
                table([1], sliced=False).cast(pa.schema([("number", pa.int32()), ("again", pa.int64())])),
            ),
            "echo/small validation: column 'number' is of Arrow type int32; the card declares int64",
        ),
        (
            Data(
                table([1], sliced=False),
                {"test": pa.table({"number": [1], "again": pa.array([None], pa.int64()), "parity": ["odd"]})},
            ),
            "echo/small test: column 'again' holds 1 nulls",
        ),
    ],
)
def test_data_that_are_not_what_the_card_declares_are_refused_by_name(data, message):
    with pytest.raises(BadData) as caught:
        conform(data, CARD, SPLIT)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("train", "questions", "validation", "message"),
    [
        (range(-49, 0), range(100), None, "echo/small: train has 49 rows; the card declares 50"),
        (range(-50, 0), range(99), None, "echo/small: test has 99 rows; the card declares 100"),
        (range(-50, 0), range(100), range(3), "echo/small: validation has 3 rows; the card declares 0"),
        (range(-50, 0), range(100), None, "echo/small: the data's fingerprint is sha256:"),
    ],
)
def test_sizes_and_fingerprint_must_be_the_cards(train, questions, validation, message):
    data = Data(
        table(train, sliced=False),
        {"test": table(questions)},
        None if validation is None else table(validation, sliced=False),
    )

    with pytest.raises(BadData) as caught:
        check_sizes(data, CARD, SPLIT)

    assert str(caught.value).startswith(message)


def test_an_unknown_split_gets_a_hint():
    with pytest.raises(UnknownName, match="^echo has no split 'smal'; did you mean 'small'\\?$"):
        split_of(CARD, "smal")


def test_subsets_are_named_as_on_disk():
    data = Data(table([1]), {"b": table([2]), "a": table([3])}, table([4]))

    assert list(data.subsets()) == ["train", "validation", "questions/b", "questions/a"]


def test_question_sets_are_small_integers():
    _, targets = cut(near=[1], far=[2])

    assert targets.question_set.dtype == np.int16
