"""The cut: questions without targets and slices, in an order that tells nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from genbench import cards
from genbench.data.columns import QUESTION_ID
from genbench.data.conform import conform
from genbench.data.problem import Data
from genbench.data.sever import sever

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


def test_question_sets_are_small_integers():
    _, targets = cut(near=[1], far=[2])

    assert targets.question_set.dtype == np.int16
