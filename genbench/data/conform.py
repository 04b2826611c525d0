"""What a task built, held against its card: question sets, columns, types, classes, sizes and fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.cards import UNSEEN
from genbench.data import answer_sets, tables, vectors
from genbench.data.problem import Data
from genbench.errors import BadData

if TYPE_CHECKING:
    from genbench.cards import SplitCard, TaskCard


def conform(data: Data, card: TaskCard, split: SplitCard) -> Data:
    """`data` with columns in the card's order; refuses missing or unknown columns, other types, and nulls.

    Raises `BadData`, naming the subset, the column and the type.
    """
    given: object = data  # a contribution's return value, typed by hope only
    if not isinstance(given, Data):
        kind = type(given).__name__
        raise BadData(f"{card.name}/{split.name}: load returned {kind}; it must return genbench.Data")
    answered = {**card.inputs, card.target: card.target_type}
    wanted = {**answered, **card.given}
    asked = answered | {axis: card.axes[axis] for axis in split.axes}
    if split.stream:
        wanted |= {split.stream: "int64"}
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
    beside: object = data.auxiliary
    if not isinstance(beside, Mapping) or set(beside) != set(split.auxiliary):
        built = sorted(beside) if isinstance(beside, Mapping) else type(beside).__name__
        raise BadData(f"{where}: load built the auxiliary tables {built}; the card declares {sorted(split.auxiliary)}")
    found = Data(
        train=_columns(data.train, wanted, f"{where} train"),
        questions={name: _columns(data.questions[name], asked, f"{where} {name}") for name in split.questions},
        validation=None if data.validation is None else _columns(data.validation, wanted, f"{where} validation"),
        classes=_classes(data, card, where),
        unreadable=_unreadable(data, card, where),
        note=data.note,
        auxiliary={
            name: _columns(data.auxiliary[name], one.columns, f"{where} auxiliary {name}")
            for name, one in split.auxiliary.items()
        },
    )
    taught = {"train": found.train} | ({} if found.validation is None else {"validation": found.validation})
    for name, table in (taught | dict(found.questions)).items():
        _answerable(table.column(card.target), card.answer_type, f"{where} {name}: column {card.target!r}")
    if split.stream:
        _stages(found, split.stream, where)
    return found


def _stages(data: Data, column: str, where: str) -> None:
    """Refuse training whose stages are not 0, 1, ... without a gap, and validation and questions of another stage."""
    stages = sorted(pc.unique(data.train.column(column)).to_pylist())
    if not stages or stages != list(range(len(stages))):
        missing = sorted({*range(max(stages, default=0) + 1)} - {*stages})
        what = f"stage {missing[0]} is missing" if missing else f"the first is {stages[0]}"
        raise BadData(f"{where} train: the stages in column {column!r} count 0, 1, 2, ... without a gap; {what}")
    for name, table in data.subsets().items():
        if name != "train" and not name.startswith("auxiliary/") and column in table.column_names:
            strange = sorted(set(pc.unique(table.column(column)).to_pylist()) - set(stages))
            if strange:
                raise BadData(f"{where} {name}: there is no stage {strange[0]} in training, which has {len(stages)}")


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
        vectors.refuse_unsound(column, f"{where}: column {name!r}")
        arrays.append(column)
    return tables.described(pa.table(arrays, names=list(wanted)), wanted)


def _answerable(column: pa.ChunkedArray, kind: str, where: str) -> None:
    """Refuse targets that leave nothing to answer: no right answer among several, no label to rank, or one twice."""
    if not (kind.startswith("any_of<") or kind == "ranking<set>"):
        return
    for lists in column.chunks:
        counts = lists.value_lengths().to_numpy(zero_copy_only=False)
        if (counts == 0).any():
            raise BadData(f"{where} holds an empty list; there must be a right answer")
        if kind == "ranking<set>":
            distinct = answer_sets.canonical(lists).value_lengths().to_numpy(zero_copy_only=False)
            if (distinct != counts).any():
                twice = lists[int(np.argmax(distinct != counts))].as_py()
                raise BadData(f"{where} holds a label twice: {twice!r:.80}")


def _classes(data: Data, card: TaskCard, where: str) -> tuple[str, ...]:
    """The names of the classes, checked against the labels. Raises `BadData`."""
    names = tuple(data.classes)
    if not names:
        return ()
    if card.target_type not in {"int64", "list<int64>"}:
        raise BadData(f"{where}: Data.classes names labels, and the target is of type {card.target_type}, not int64")
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise BadData(f"{where}: Data.classes names {twice[0]!r} twice")
    for subset, table in data.subsets().items():
        if card.target in table.column_names and table.num_rows:
            labels = table.column(card.target)
            ends = pc.min_max(pc.list_flatten(labels) if pa.types.is_list(labels.type) else labels).as_py()
            if ends["min"] is None:  # only empty lists
                continue
            if ends["min"] < 0 or ends["max"] >= len(names):
                worst = ends["min"] if ends["min"] < 0 else ends["max"]
                raise BadData(f"{where} {subset}: the label {worst} is outside 0 to {len(names) - 1}")
    return names


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


def check_sizes(data: Data, card: TaskCard, split: SplitCard) -> None:
    """Refuse data whose sizes or fingerprint are not the card's. Meant for the card's own parameters only."""
    where = f"{card.name}/{split.name}"
    sizes = {"train": (data.train.num_rows, split.train)}
    sizes["validation"] = (0 if data.validation is None else data.validation.num_rows, split.validation)
    for name, question in split.questions.items():
        sizes[name] = (data.questions[name].num_rows, question.rows)
    for name, table in split.auxiliary.items():
        sizes[f"auxiliary {name}"] = (data.auxiliary[name].num_rows, table.rows)
    for name, (built, declared) in sizes.items():
        if built != declared:
            raise BadData(f"{where}: {name} has {built} rows; the card declares {declared}")
    built_as = split.fingerprint if split.fingerprint == UNSEEN else tables.fingerprint(data.subsets())
    if split.fingerprint != built_as:
        raise BadData(f"{where}: the data's fingerprint is {built_as}; the card declares {split.fingerprint}")
