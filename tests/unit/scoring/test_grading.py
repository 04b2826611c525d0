"""Where answers meet targets: joined by id, told as text and back."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench import cards
from genbench.data import rankings, tables
from genbench.data.problem import Targets
from genbench.errors import SubmissionFault
from genbench.rows.schema import PREDICTIONS
from genbench.scoring import grading

CARD = cards.read(Path(__file__).parents[2] / "toys" / "echo", "task")


def targets_of(values, kind="int64", **slices):
    return Targets(
        ("test",),
        np.zeros(len(values), np.int16),
        pa.array(values, tables.ARROW[kind]),
        {axis: pa.array(column) for axis, column in slices.items()},
    )


def answers_of(ids, predictions):
    return pa.table({"question_id": pa.array(ids, pa.int64()), "prediction": predictions})


@given(st.permutations(range(7)), st.integers(0, 7))
def test_answers_are_joined_by_id_in_whatever_order_and_chunks_they_come(ids, cut):
    whole = answers_of(ids, pa.array([number * 10 for number in ids]))

    joined = grading.join(pa.concat_tables([whole.slice(0, cut), whole.slice(cut)]), targets_of(range(7)))

    assert joined.to_pylist() == [number * 10 for number in range(7)]


BROKEN = pa.array([b"a", b"\xff"]).view(pa.string())


@pytest.mark.parametrize(
    ("kind", "ids", "predictions", "message"),
    [
        ("int64", [0], [1], "1 of 2 questions have no answer, the first 1"),
        ("int64", [], pa.array([], pa.int64()), "2 of 2 questions have no answer, the first 0"),
        ("int64", [1, 1], [1, 1], "question 1 is answered 2 times"),
        ("int64", [0, 1, 1, 1], [1] * 4, "question 1 is answered 3 times"),
        ("int64", [0, 1, 2], [1] * 3, "1 answers have an unknown question_id, the first 2"),
        ("int64", [-1, 0, 2**62], [1] * 3, "2 answers have an unknown question_id, the first -1"),
        ("int64", [None, 1], [1, 1], "1 answers have no question_id"),
        ("int64", [0, 1], [1, None], "1 predictions are null"),
        ("int64", [0, 1], [1.0, 2.0], "predictions are of type double; the target is of type int64"),
        ("int64", [0, 1], pa.array([1, 2], pa.int32()), "predictions are of type int32; the target is of type int64"),
        ("float64", [0, 1], [1.0, float("nan")], "a prediction is NaN"),
        ("string", [0, 1], BROKEN, "the predictions are not whole: "),
        ("list<int64>", [0, 1], [[1], [None]], "1 elements of list predictions are null"),
        (
            "list<string>",
            [0, 1],
            pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), BROKEN),
            "the predictions are not whole: ",
        ),
    ],
)
def test_answers_that_do_not_fit_are_refused(kind, ids, predictions, message):
    values = {"int64": [1, 2], "float64": [1.0, 2.0], "string": ["a", "b"]}.get(kind, [[], []])
    predictions = predictions if isinstance(predictions, pa.Array) else pa.array(predictions)

    with pytest.raises(SubmissionFault) as caught:
        grading.join(answers_of(ids, predictions), targets_of(values, kind))

    assert str(caught.value).startswith(message)


values = {
    "string": st.text(max_size=4),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "list<int64>": st.lists(st.integers(-9, 9), max_size=3),
    "list<string>": st.lists(st.text(max_size=3), max_size=3),
    "list<float64>": st.lists(st.floats(allow_nan=False), max_size=3),
    "list<list<int64>>": st.lists(st.lists(st.integers(-9, 9), max_size=2), max_size=2),
    "list<list<string>>": st.lists(st.lists(st.text(max_size=1), max_size=2), max_size=2),
    "vector(2)": st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2),
    "list<vector(2)>": st.lists(st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2), max_size=2),
}


@pytest.mark.parametrize("kind", values)
def test_answers_kept_as_text_come_back_as_they_were(kind):
    @given(st.lists(values[kind], max_size=4))
    def holds(column):
        array = pa.array(column, tables.ARROW[kind])

        assert grading.from_text(grading.as_text(array), kind).equals(array)

    holds()


@pytest.mark.parametrize(
    ("text", "kind"), [("seven", "int64"), ("1.5", "int64"), ('["a"]', "list<int64>"), ("", "bool")]
)
def test_text_of_another_type_is_a_value_error(text, kind):
    with pytest.raises(ValueError, match="Expecting value|is no integer|Could not convert"):
        grading.from_text(pa.array([text]), kind)


@given(
    st.lists(
        st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.sampled_from("xy"), st.integers(9, 11)),
        min_size=1,
        max_size=9,
    )
)
def test_scores_and_predictions_are_those_of_a_slow_count(rows):
    answers, wanted, letters, lengths = (list(column) for column in zip(*rows, strict=True))
    targets = targets_of(wanted, letter=letters, length=lengths)
    graded = grading.grade(pa.array(answers), targets, CARD)

    scores = {
        (row["axis"], row["slice"]): (row["value"], row["n"])
        for row in grading.score_rows({}, graded, targets, CARD.splits["small"], CARD)
    }
    kept = grading.prediction_table("key", pa.array(answers), graded, targets, CARD)

    right = [one == other for one, other in zip(answers, wanted, strict=True)]
    expected = {("", ""): (sum(right) / len(right), len(right))}
    for axis, column in (("letter", letters), ("length", lengths)):
        for value in set(column):
            marks = [mark for mark, name in zip(right, column, strict=True) if name == value]
            expected[axis, str(value)] = (pytest.approx(sum(marks) / len(marks)), len(marks))
    assert scores == expected
    assert kept.schema.equals(PREDICTIONS)
    assert [tuple(row.values()) for row in kept.to_pylist()] == [
        (
            "key",
            "test",
            place,
            str(answers[place]),
            str(wanted[place]),
            right[place],
            [("letter", letters[place]), ("length", str(lengths[place]))],
        )
        for place in range(len(rows))
    ]


def test_slices_come_in_the_order_of_their_values():
    targets = targets_of([1, 1, 1], length=[10, 9, 101])
    graded = grading.grade(pa.array([1, 1, 1]), targets, CARD)

    rows = list(grading.score_rows({}, graded, targets, CARD.splits["small"], CARD))

    assert [row["slice"] for row in rows] == ["", "9", "10", "101"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 100, b"ARROW1\0\0" + b"\0" * 100], ids=["empty", "noise", "a cut-off file"]
)
def test_an_answers_file_that_is_none_is_the_submissions_fault(tmp_path, content):
    (tmp_path / "answers.arrow").write_bytes(content)

    with pytest.raises(SubmissionFault, match="^the answers cannot be read: "):
        grading.read_answers(tmp_path / "answers.arrow")


@given(st.lists(st.lists(st.integers(0, 9), max_size=7, unique=True), max_size=8), st.booleans())
def test_rankings_that_are_stored_are_those_that_were_graded(labels, told):
    chances = [[(label, 0.3 / (at + 1) if told else None) for at, label in enumerate(row)] for row in labels]
    answers = rankings.kept(rankings.from_values(chances))

    assert grading.from_text(grading.as_text(answers), "ranking").equals(answers)


def test_sets_are_joined_stored_and_read_in_one_order():
    targets = Targets(("test",), np.zeros(2, np.int16), pa.array([[2, 1], []], pa.list_(pa.int64())), answer="set")

    joined = grading.join(answers_of([0, 1], pa.array([[1, 2, 2], []], pa.list_(pa.int64()))), targets)

    assert joined.to_pylist() == [[1, 2], []]
    assert grading.from_text(grading.as_text(joined), "set<int64>").equals(joined)


@pytest.mark.parametrize(
    ("answer", "target", "predictions", "message"),
    [
        ("any_of", ["a"], [["a"]], "predictions are of type list<item: string>; the target is of type string"),
        ("set", [1], [1], "predictions are of type int64; the target is of type list<item: int64>"),
        ("ranking", [1], [[1]], "predictions are of type list<item: int64>; the target is of type int64"),
    ],
)
def test_answers_that_are_not_what_the_card_asks_are_refused(answer, target, predictions, message):
    with pytest.raises(SubmissionFault) as caught:
        grading.join(
            answers_of([0], pa.array(predictions)),
            Targets(("test",), np.zeros(1, np.int16), pa.array([target]), answer=answer),
        )

    assert str(caught.value).startswith(message)


def test_labels_are_rankings_where_the_target_is_a_set_of_them():
    targets = Targets(("test",), np.zeros(1, np.int16), pa.array([[4, 7]]), answer="ranking")

    joined = grading.join(answers_of([0], pa.array([7])), targets)

    assert rankings.average_precision(joined, targets.target).tolist() == [0.5]
    assert grading.from_text(grading.as_text(joined), "ranking<set>").equals(joined)
