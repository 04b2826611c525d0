"""What is checked of training where a card says more of it: tables beside train, and training that grows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from genbench.authoring.distinct import distinct, shown
from genbench.errors import BadData
from genbench.evaluation import build
from genbench.registry import ChosenSplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genbench.cards import AuxiliaryCard
    from genbench.data.problem import Data

_COMMON = ("int64", "float64", "bool")  # equal values of these say nothing of where they are from


def training_contract(chosen: ChosenSplit, data: Data) -> Iterator[tuple[str, Callable[[], None]]]:
    """Sentences and what finds out whether they hold."""
    if chosen.split.auxiliary and not chosen.split.transductive:
        yield "no question stands in an auxiliary table", partial(absent_from_auxiliary, chosen, data)
    if chosen.task.prefix:
        yield "train of n rows begins that of 2n", partial(begins_the_larger, chosen, data)


def absent_from_auxiliary(chosen: ChosenSplit, data: Data) -> None:
    """No question stands in an auxiliary table: not by its input columns, nor, where it has one input, as another."""
    inputs = list(chosen.task.inputs)
    asked = {name: distinct(table, inputs) for name, table in data.questions.items()}
    for name, card in chosen.split.auxiliary.items():
        for columns in _alike(card, chosen):
            there = distinct(data.auxiliary[name], columns)
            for question_set, rows in asked.items():
                if chosen.split.questions[question_set].kind != "trained" and rows & there:
                    raise BadData(
                        f"{len(rows & there)} questions of {question_set} stand in {name}, as {shown(rows & there)}; "
                        "where they are meant to, the split says transductive = true"
                    )


def begins_the_larger(chosen: ChosenSplit, data: Data) -> None:
    """Train of n rows begins that of 2n, and both are asked the same; n is half of what the card says.

    `data` are what the card says, and need not be built again where that is even.
    """
    name, rows = chosen.task.prefix, int(chosen.split.params[chosen.task.prefix])
    half = max(1, rows // 2)

    def built(wanted: int) -> Data:
        return build.load_unchecked(ChosenSplit(chosen.task, chosen.split, {name: wanted}))

    small, large = built(half), data if rows == 2 * half and chosen.params == chosen.split.params else built(2 * half)
    if small.train.num_rows >= large.train.num_rows:
        raise BadData(f"{name} = {half} gives {small.train.num_rows} rows, {2 * half} {large.train.num_rows}")
    if not large.train.slice(0, small.train.num_rows).equals(small.train):
        raise BadData(f"train with {name} = {half} does not begin train with {name} = {2 * half}")
    for question_set, asked in small.questions.items():
        if not asked.equals(large.questions[question_set]):
            raise BadData(f"{question_set} asks other questions with {name} = {half} than with {name} = {2 * half}")


def _alike(card: AuxiliaryCard, chosen: ChosenSplit) -> Iterator[list[str]]:
    """Columns of an auxiliary table in which a question could stand: its inputs', or any of an only input's type."""
    inputs = dict(chosen.task.inputs)
    if inputs.keys() <= card.columns.keys():
        yield list(inputs)
    if len(inputs) == 1 and (kind := next(iter(inputs.values()))) not in _COMMON:
        yield from ([name] for name, own in card.columns.items() if own == kind and name not in inputs)
