"""What is checked of training beside its rows: auxiliary tables. Only splits that have them are asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from genbench.authoring.distinct import distinct, shown
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genbench.cards import AuxiliaryCard
    from genbench.data.problem import Data
    from genbench.registry import ChosenSplit

_COMMON = ("int64", "float64", "bool")  # equal values of these say nothing of where they are from


def training_contract(chosen: ChosenSplit, data: Data) -> Iterator[tuple[str, Callable[[], None]]]:
    """Sentences and what finds out whether they hold."""
    if chosen.split.auxiliary and not chosen.split.transductive:
        yield "no question stands in an auxiliary table", partial(absent_from_auxiliary, chosen, data)


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


def _alike(card: AuxiliaryCard, chosen: ChosenSplit) -> Iterator[list[str]]:
    """Columns of an auxiliary table in which a question could stand: its inputs', or any of an only input's type."""
    inputs = dict(chosen.task.inputs)
    if inputs.keys() <= card.columns.keys():
        yield list(inputs)
    if len(inputs) == 1 and (kind := next(iter(inputs.values()))) not in _COMMON:
        yield from ([name] for name, own in card.columns.items() if own == kind and name not in inputs)
