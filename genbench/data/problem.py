"""A task's data, and the cut that makes a problem of it.

`Data` is what a task's entry returns. `sever` is the one place where targets leave the questions; `grade` in
`evaluate.py` is the one place where they meet again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import seeds
from genbench.cards import UNSEEN
from genbench.data import tables
from genbench.data.columns import QUESTION_ID
from genbench.errors import BadData, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genbench.cards import SplitCard, TaskCard


@dataclass(frozen=True, slots=True)
class Data:
    """One split as its task builds it: tables with the card's columns, question sets with their axes beside the target.

    `train` and `validation` hold the input columns and the target; each table of `questions` holds the input columns,
    the target and the split's axis columns. Row order and repeats are part of the split. `classes` names the labels
    0, 1, 2, ... of the target: a submission sees them as the ClassLabel feature of `train`. `unreadable` tells of each
    question set the rows whose input is broken at its source, and where and how; the task puts something that can be
    read in its place, and whatever is answered counts as wrong. `note` says what a row should tell of the data: which
    release was found, say.
    """

    train: pa.Table
    questions: Mapping[str, pa.Table]
    validation: pa.Table | None = None
    classes: tuple[str, ...] = ()
    unreadable: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    note: str = ""

    def subsets(self) -> dict[str, pa.Table]:
        """What identifies the data: train, validation where there is one, the question sets, and names of classes."""
        own = {"train": self.train} | ({} if self.validation is None else {"validation": self.validation})
        if self.classes:
            own["classes"] = pa.table({"name": pa.array(self.classes, pa.string())})
        return own | {f"questions/{name}": table for name, table in self.questions.items()}


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a submission may see. `questions` holds `question_id` and the input columns, shuffled over all sets."""

    train: pa.Table
    validation: pa.Table | None
    questions: pa.Table


@dataclass(frozen=True, slots=True)
class Targets:
    """What it may not see. Row i of every array belongs to the question with id i.

    `question_set` is a position in `sets`; an axis has null where a question set does not carry it.
    """

    sets: tuple[str, ...]
    question_set: np.ndarray
    target: pa.Array
    slices: Mapping[str, pa.Array] = field(default_factory=dict)
    unreadable: tuple[int, ...] = ()  # ids of questions whose input is broken: no answer to them is right
    ranked: bool = False  # answers are rankings of labels


def split_of(card: TaskCard, name: str) -> SplitCard:
    """The split called `name`. Raises `UnknownName` with a hint."""
    if name not in card.splits:
        raise UnknownName(f"{card.name} has no split {name!r}{nearest(name, card.splits)}")
    return card.splits[name]


def conform(data: Data, card: TaskCard, split: SplitCard) -> Data:
    """`data` with columns in the card's order; refuses missing or unknown columns, other types, and nulls.

    Raises `BadData`, naming the subset, the column and the type.
    """
    given: object = data  # a contribution's return value, typed by hope only
    if not isinstance(given, Data):
        kind = type(given).__name__
        raise BadData(f"{card.name}/{split.name}: load returned {kind}; it must return genbench.Data")
    wanted = {**card.inputs, card.target: card.target_type}
    asked = wanted | {axis: card.axes[axis] for axis in split.axes}
    questions: object = data.questions
    if not isinstance(questions, Mapping):
        kind = type(questions).__name__
        raise BadData(f"{card.name}/{split.name}: Data.questions is of type {kind}; it must map names to tables")
    if set(data.questions) != set(split.questions):
        raise BadData(
            f"{card.name}/{split.name}: load built the question sets {sorted(data.questions)}; "
            f"the card declares {sorted(split.questions)}"
        )
    where = f"{card.name}/{split.name}"
    return Data(
        train=_columns(data.train, wanted, f"{where} train"),
        questions={name: _columns(data.questions[name], asked, f"{where} {name}") for name in split.questions},
        validation=None if data.validation is None else _columns(data.validation, wanted, f"{where} validation"),
        classes=_classes(data, card, where),
        unreadable=_unreadable(data, card, where),
        note=data.note,
    )


def _unreadable(data: Data, card: TaskCard, where: str) -> dict[str, dict[int, str]]:
    """The rows that cannot be read, checked against the tables. Raises `BadData`."""
    found = {name: dict(rows) for name, rows in data.unreadable.items() if rows}
    if found and card.answer != "ranking":
        raise BadData(f"{where}: Data.unreadable is for tasks with answer = 'ranking', where no answer can be given")
    for name, rows in found.items():
        if name not in data.questions:
            raise BadData(f"{where}: Data.unreadable names the question set {name!r}, which is not built")
        beyond = [row for row in rows if not 0 <= row < data.questions[name].num_rows]
        if beyond:
            raise BadData(f"{where} {name}: Data.unreadable names row {beyond[0]}, which is not there")
    return found


def _classes(data: Data, card: TaskCard, where: str) -> tuple[str, ...]:
    """The names of the classes, checked against the labels. Raises `BadData`."""
    names = tuple(data.classes)
    if not names:
        return ()
    if card.target_type != "int64":
        raise BadData(f"{where}: Data.classes names labels, and the target is of type {card.target_type}, not int64")
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise BadData(f"{where}: Data.classes names {twice[0]!r} twice")
    for subset, table in data.subsets().items():
        if card.target in table.column_names and table.num_rows:
            ends = pc.min_max(table.column(card.target)).as_py()
            if ends["min"] < 0 or ends["max"] >= len(names):
                worst = ends["min"] if ends["min"] < 0 else ends["max"]
                raise BadData(f"{where} {subset}: the label {worst} is outside 0 to {len(names) - 1}")
    return names


def _columns(table: pa.Table, wanted: Mapping[str, str], where: str) -> pa.Table:
    if not isinstance(table, pa.Table):
        raise BadData(f"{where}: {type(table).__name__} is not a pyarrow Table")
    if set(table.column_names) != set(wanted):
        raise BadData(f"{where}: columns are {sorted(table.column_names)}; the card declares {sorted(wanted)}")
    arrays = []
    for name, kind in wanted.items():
        column = table.column(name)
        if column.type != tables.ARROW[kind]:
            raise BadData(f"{where}: column {name!r} is of Arrow type {column.type}; the card declares {kind}")
        if column.null_count:
            raise BadData(f"{where}: column {name!r} holds {column.null_count} nulls")
        arrays.append(column)
    return tables.described(pa.table(arrays, names=list(wanted)), wanted)


def check_sizes(data: Data, card: TaskCard, split: SplitCard) -> None:
    """Refuse data whose sizes or fingerprint are not the card's. Meant for the card's own parameters only."""
    where = f"{card.name}/{split.name}"
    sizes = {"train": (data.train.num_rows, split.train)}
    sizes["validation"] = (0 if data.validation is None else data.validation.num_rows, split.validation)
    for name, question in split.questions.items():
        sizes[name] = (data.questions[name].num_rows, question.rows)
    for name, (built, declared) in sizes.items():
        if built != declared:
            raise BadData(f"{where}: {name} has {built} rows; the card declares {declared}")
    built_as = split.fingerprint if split.fingerprint == UNSEEN else tables.fingerprint(data.subsets())
    if split.fingerprint != built_as:
        raise BadData(f"{where}: the data's fingerprint is {built_as}; the card declares {split.fingerprint}")


def sever(data: Data, card: TaskCard, split: SplitCard) -> tuple[Problem, Targets]:
    """Cut the targets and the slice columns away from the questions.

    Questions of all sets are shuffled together, so neither position nor id tells the set, the length or the target;
    ids are the positions after the shuffle. The shuffle depends on the data seed and the split's name only, so ids
    are the same in every cell, on every machine and in exported files.
    """
    names = tuple(split.questions)
    inputs = list(card.inputs)
    asked = pa.concat_tables([data.questions[name].select(inputs) for name in names])
    stream = np.random.default_rng(seeds.derive(card.name, split.name, "questions", card.data_seed))
    order = stream.permutation(asked.num_rows)
    questions = tables.taken(asked, order)
    questions = questions.add_column(0, QUESTION_ID, pa.array(np.arange(len(order)), pa.int64()))
    question_set = np.repeat(np.arange(len(names), dtype=np.int16), [data.questions[name].num_rows for name in names])
    together: dict[str, Any] = {}
    for column in (card.target, *split.axes):
        whole = pa.chunked_array([chunk for name in names for chunk in data.questions[name].column(column).chunks])
        together[column] = whole.take(pa.array(order)).combine_chunks()
    broken = np.concatenate([_marked(data.questions[name].num_rows, data.unreadable.get(name, ())) for name in names])
    classes = {card.target: data.classes} if data.classes else None
    taught = {**card.inputs, card.target: card.target_type}
    return (
        Problem(
            train=tables.described(data.train, taught, classes),
            validation=None if data.validation is None else tables.described(data.validation, taught, classes),
            questions=tables.described(questions, {QUESTION_ID: "int64", **card.inputs}),
        ),
        Targets(
            sets=names,
            question_set=question_set[order],
            target=together[card.target],
            slices={axis: together[axis] for axis in split.axes},
            unreadable=tuple(np.flatnonzero(broken[order]).tolist()),
            ranked=card.answer == "ranking",
        ),
    )


def _marked(rows: int, where: Iterable[int]) -> np.ndarray:
    found = np.zeros(rows, bool)
    found[list(where)] = True
    return found
