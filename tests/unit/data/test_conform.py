"""What a task built, held against its card."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from genbench import cards
from genbench.data.conform import check_sizes, conform
from genbench.data.problem import Data
from genbench.errors import BadData

CARD = cards.read(Path(__file__).parents[2] / "toys" / "echo", "task")
SPLIT = CARD.splits["small"]


def table(numbers, *, sliced=True):
    numbers = list(numbers)
    again = pa.array([number * 10 for number in numbers], pa.int64())
    columns = {"number": pa.array(numbers, pa.int64()), "again": again}
    return pa.table(
        columns | ({"parity": pa.array(["odd" if n % 2 else "even" for n in numbers], pa.string())} if sliced else {})
    )


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


BESIDE = cards.read(Path(__file__).parents[2] / "toys" / "beside", "task")


def beside(**auxiliary):
    words = pa.table({"word": ["a1"], "label": [0], "place": [1]})
    order = pa.table({"letter": ["a"], "next": ["b"]})
    given = {"unlabelled": words.select(["place", "word"]), "order": order} | auxiliary
    return Data(words, {"test": words}, auxiliary={name: one for name, one in given.items() if one is not None})


def test_tables_beside_train_and_given_columns_are_held_against_the_card():
    found = conform(beside(), BESIDE, BESIDE.splits["far"])

    assert found.train.column_names == ["word", "label", "place"]
    assert found.auxiliary["unlabelled"].column_names == ["word", "place"]
    assert "auxiliary/order" in found.subsets()


@pytest.mark.parametrize(
    ("auxiliary", "message"),
    [
        ({"order": None}, "load built the auxiliary tables ['unlabelled']; the card declares ['order', 'unlabelled']"),
        (
            {"unlabelled": pa.table({"word": ["a1"], "place": [1], "label": [0]})},
            "auxiliary unlabelled: columns are ['label', 'place', 'word']; the card declares ['place', 'word']",
        ),
        (
            {"order": pa.table({"letter": pa.array(["a", None]), "next": ["b", "c"]})},
            "auxiliary order: column 'letter' holds 1 nulls",
        ),
    ],
)
def test_tables_beside_train_that_are_not_the_cards_are_refused(auxiliary, message):
    with pytest.raises(BadData) as caught:
        conform(beside(**auxiliary), BESIDE, BESIDE.splits["far"])
    assert message in str(caught.value)


def test_a_table_beside_train_has_as_many_rows_as_the_card_says():
    with pytest.raises(BadData, match="^beside/far: auxiliary unlabelled has 1 rows; the card declares 20$"):
        check_sizes(
            beside(),
            BESIDE,
            replace(BESIDE.splits["far"], train=1, validation=0, questions=_asked_once(BESIDE.splits["far"].questions)),
        )


def _asked_once(questions):
    return {name: replace(one, rows=1) for name, one in questions.items()}


@pytest.mark.parametrize(
    ("answer", "targets", "message"),
    [
        ("any_of", [[1], []], "column 'again' holds an empty list; there must be a right answer"),
        ("ranking", [[1], []], "column 'again' holds an empty list; there must be a right answer"),
        ("ranking", [[1], [2, 2]], "column 'again' holds a label twice: [2, 2]"),
    ],
)
def test_targets_that_leave_nothing_to_answer_are_refused(answer, targets, message):
    card = replace(CARD, answer=answer, target_type="list<int64>")
    rows = pa.table({"number": [1, 2], "again": pa.array(targets, pa.list_(pa.int64()))})

    with pytest.raises(BadData) as caught:
        conform(Data(rows, {"test": rows.append_column("parity", pa.array(["odd", "even"]))}), card, SPLIT)

    assert str(caught.value) == f"echo/small train: {message}"


def test_classes_name_the_labels_of_sets_too():
    card = replace(CARD, answer="set", target_type="list<int64>")
    rows = pa.table({"number": [1, 2], "again": pa.array([[], [2]], pa.list_(pa.int64()))})
    data = Data(rows, {"test": rows.append_column("parity", pa.array(["odd", "even"]))}, classes=("a", "b"))

    with pytest.raises(BadData, match="the label 2 is outside 0 to 1$"):
        conform(data, card, SPLIT)


SEASONS = cards.read(Path(__file__).parents[2] / "toys" / "seasons", "task")


def staged(stages, asked=(0,), held=()):
    one, other, third = (
        pa.table({"number": list(part), "label": list(part), "stage": list(part)}) for part in (stages, asked, held)
    )
    return conform(Data(one, {"test": other}, third if held else None), SEASONS, SEASONS.splits["three"])


def test_the_stages_of_training_count_from_nought_without_a_gap():
    assert staged([1, 0, 2, 0]).train.column_names == ["number", "label", "stage"]
    for stages, what in (([0, 2], "stage 1 is missing"), ([1], "stage 0 is missing"), ([-1, 0], "the first is -1")):
        with pytest.raises(BadData) as caught:
            staged(stages)
        assert str(caught.value) == (
            "seasons/three train: the stages in column 'stage' count 0, 1, 2, ... without a gap; " + what
        )


@pytest.mark.parametrize(("asked", "held", "subset"), [([0, 5], (), "questions/test"), ([0], [5], "validation")])
def test_no_question_and_no_row_of_validation_is_of_a_stage_that_training_lacks(asked, held, subset):
    with pytest.raises(BadData, match=f"^seasons/three {subset}: there is no stage 5 in training, which has 2$"):
        staged([0, 1], asked, held)
