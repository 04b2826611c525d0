"""The tables of results: the only place where a column is named, typed and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TableName = Literal["cells", "scores", "predictions", "marks", "curves", "timings"]

# Of each table, raised when a column is added or changes its meaning.
VERSIONS: Final[dict[TableName, bytes]] = {
    "cells": b"6",
    "scores": b"2",
    "predictions": b"2",
    "marks": b"1",
    "curves": b"1",
    "timings": b"1",
}
AS_RUN: Final = "[]"  # the lineage of a cell that bears the name it was run under
FRESH: Final = "fresh"  # how the process of a cell was started before there were others
NO_VARIABLES: Final = "[]"  # the environment of a cell that was given none
# Older files that are read as well: table and version -> the columns they lack, and what their rows are given there.
OLDER: Final[dict[tuple[TableName, bytes], dict[str, object]]] = {
    ("cells", b"1"): {
        "edition": 0,
        "lineage": AS_RUN,
        "environment": NO_VARIABLES,
        "asked_during_fit": None,
        "start": FRESH,
        "salt": None,
    },
    ("cells", b"2"): {"environment": NO_VARIABLES, "asked_during_fit": None, "start": FRESH, "salt": None},
    ("cells", b"3"): {"asked_during_fit": None, "start": FRESH, "salt": None},
    ("cells", b"4"): {"start": FRESH, "salt": None},
    ("cells", b"5"): {"salt": None},
    ("scores", b"1"): {"error": None},
}


def column(name: str, kind: Any, about: str, *, null: bool = False) -> Any:
    """One column: its name, Arrow type, what it holds (kept in the file), and whether it may be null."""
    return pa.field(name, kind, nullable=null, metadata={b"about": about.encode()})


def _schema(name: TableName, columns: list[Any]) -> Any:
    return pa.schema(columns, metadata={b"genbench": name.encode(), b"genbench-schema": VERSIONS[name]})


_TEXT = pa.string()
_NAME = pa.dictionary(pa.int32(), pa.string())  # few distinct values over many rows

# Who and what a row is about: the same nine columns open every table, so each table can be read alone.
_CELL = [
    column("cell", _TEXT, "digest of all that decides the cell's outcome"),
    column("task", _TEXT, "task, as its card names it"),
    column("split", _TEXT, "split, with overridden parameters: length, addition:corruption=0.5"),
    column("submission", _TEXT, "submission, with variant and overridden parameters: mlp@decay5"),
    column("profile", _TEXT, "quick (never ranked) or full"),
    column("seed", pa.int64(), "training seed as counted by the user: 0, 1, 2, ..."),
]

CELLS = _schema(
    "cells",
    [
        *_CELL,
        column("status", _TEXT, "ok, error, timeout, out_of_memory or crashed"),
        column(
            "detail", _TEXT, "one line: why the status is not ok; else what there is to say of the data, mostly nothing"
        ),
        column(
            "fit_seconds",
            pa.float64(),
            "wall clock in fit, pauses to predict left out; null unless fit returned",
            null=True,
        ),
        column("predict_seconds", pa.float64(), "wall clock in the last predict; null unless ok", null=True),
        column("cell_seconds", pa.float64(), "wall clock of the whole cell, start of the interpreter included"),
        column("cpu_seconds", pa.float64(), "user and system time, the most that it or its parent saw", null=True),
        column("peak_memory_bytes", pa.int64(), "largest resident memory of the worker and its children", null=True),
        column("parameters", pa.int64(), "trained parameters, by the submission's own word", null=True),
        column(
            "training_flops", pa.float64(), "floating-point operations of fit, by the submission's own word", null=True
        ),
        column("device", _TEXT, "cpu, cuda or mps, with the device's name"),
        column("sealing", _TEXT, "none (in-process), network (or variables, as the card asks), process or sandbox"),
        column("environment", _TEXT, "JSON: names of the environment variables that the card asked for, never values"),
        column(
            "asked_during_fit",
            _TEXT,
            "who was asked at yields and between stages: copy (a fork, which keeps nothing of the questions), itself, "
            "or nobody; null where it is not known, as of older rows",
            null=True,
        ),
        column(
            "start",
            _TEXT,
            "how its process was started: fresh (an interpreter of its own) or prepared (a fork of one that had "
            "imported its libraries and done nothing else); null where it had no process",
            null=True,
        ),
        column(
            "salt",
            _TEXT,
            "digest of the secret by which the order of its questions was drawn, and its data where the split is "
            "called so; null where both are public",
            null=True,
        ),
        column("budget_seconds", pa.float64(), "wall clock the cell was allowed"),
        column("task_params", _TEXT, "JSON: the parameters the split was built with"),
        column("submission_params", _TEXT, "JSON: the parameters the submission ran with"),
        column("data_fingerprint", _TEXT, "sha256 of train, validation and question sets"),
        column("task_fingerprint", _TEXT, "sha256 of what decides in the task's folder beside its data"),
        column(
            "submission_fingerprint",
            _TEXT,
            "sha256 of what decides in the submission's folder; of all its files in edition 0",
        ),
        column("versions", _TEXT, "JSON: python, genbench and the libraries the outcome rests on"),
        column("edition", pa.int64(), "edition of genbench's own arithmetic; 0 where the row is older than editions"),
        column(
            "lineage",
            _TEXT,
            "JSON: names, fingerprints, versions and edition the cell had before, and on what proof they were changed",
        ),
        column("machine", _TEXT, "JSON: processor, cores, memory, operating system"),
        column("started", pa.timestamp("us", tz="UTC"), "when the cell started"),
        column("log", _TEXT, "what the submission printed, first and last part where it was long"),
    ],
)

SCORES = _schema(
    "scores",
    [
        *_CELL,
        column("question_set", _TEXT, "name of the question set"),
        column("kind", _TEXT, "id, ood or trained"),
        column("axis", _TEXT, "the axis of the slice; empty for the whole question set"),
        column("slice", _TEXT, "the value on that axis; empty for the whole question set"),
        column("metric", _TEXT, "name of the metric"),
        column("value", pa.float64(), "mean of the metric over the questions, or its one number of them all"),
        column("n", pa.int64(), "number of questions"),
        column(
            "error",
            pa.float64(),
            "standard error of the value over questions, by a jackknife; null where n bounds it or it was not measured",
            null=True,
        ),
    ],
)

_ANSWER = {
    "cell": column("cell", _NAME, "digest of the cell, as in cells"),
    "question_set": column("question_set", _NAME, "name of the question set"),
    "question_id": column("question_id", pa.int64(), "id of the question within the split"),
    "prediction": column("prediction", _TEXT, "the answer as text: strings as they are, other types as JSON"),
    "target": column("target", _TEXT, "the target in the same form"),
    "correct": column("correct", pa.bool_(), "whether the headline metric is at its ceiling"),
    "slices": column("slices", pa.map_(pa.string(), pa.string()), "axis -> value, for each axis of the split"),
    "questions": column("questions", _NAME, "digest of what was asked, as in questions"),
}

# What a store is given and gives: answers beside targets. Files of version 1 hold this, newer ones KEPT_PREDICTIONS.
PREDICTIONS = _schema("predictions", [column for name, column in _ANSWER.items() if name != "questions"])

KEPT_PREDICTIONS = _schema(
    "predictions", [column for name, column in _ANSWER.items() if name not in {"target", "slices"}]
)

# One file a split and state of its data, not one a cell: what all cells were asked is kept once.
QUESTIONS = pa.schema(
    [
        _ANSWER["questions"],
        column("task", _NAME, "task, as its card names it"),
        column("split", _NAME, "split, with overridden parameters"),
        column("data_fingerprint", _NAME, "sha256 of train, validation and question sets, as in cells"),
        *(_ANSWER[name] for name in ("question_set", "question_id", "target", "slices")),
    ],
    metadata={b"genbench": b"questions", b"genbench-schema": b"1"},
)

MARKS = _schema(
    "marks",
    [
        *_CELL,
        column("question_set", _TEXT, "name of the question set"),
        column("metric", _TEXT, "name of the metric, one that marks each question"),
        column("n", pa.int64(), "number of questions"),
        column("order", _TEXT, "digest of the data's fingerprint and the ids of the questions, ascending"),
        column("form", _TEXT, "bits (the first question in the lowest bit), float32 or float64, little-endian"),
        column("marks", pa.binary(), "the marks in ascending order of question ids, in that form"),
    ],
)

CURVES = _schema(
    "curves",
    [
        *_CELL,
        column("step", pa.int64(), "training step, as the submission counts them"),
        column("fit_seconds", pa.float64(), "wall clock in fit up to this step"),
        column("question_set", _TEXT, "name of the question set; empty for what the submission said of itself"),
        column("kind", _TEXT, "id, ood or trained; empty for what the submission said of itself"),
        column("axis", _TEXT, "the axis of the slice; empty for the whole question set"),
        column("slice", _TEXT, "the value on that axis; empty for the whole question set"),
        column("metric", _TEXT, "name of the metric, of a count such as examples_seen, or diagnostic.NAME"),
        column("value", pa.float64(), "mean of the metric over the questions, or the number said"),
        column("n", pa.int64(), "number of questions; 0 for what the submission said of itself"),
    ],
)

TIMINGS = _schema(
    "timings",
    [
        *_CELL,
        column(
            "measure", _TEXT, "what was timed: fit_throughput, predict_latency, predict_throughput, cold_start, ..."
        ),
        column("statistic", _TEXT, "median, p50, p95, low, high (interval of the median)"),
        column("batch", pa.int64(), "batch size asked; null where it has none", null=True),
        column("value", pa.float64(), "the figure, in `unit`"),
        column("unit", _TEXT, "seconds, examples/s, tokens/s, bytes, bytes/s, flop/s, or 1 for a ratio"),
        column("repeats", pa.int64(), "timed repeats after warm-up"),
        column("ended", _TEXT, "why the repeats ended: tight (interval below 5 % of the median), repeats or seconds"),
        column("counted", _TEXT, "how fit's examples were counted: told (by the submission) or once; else empty"),
        column("threads", pa.int64(), "threads of the submission and of the matrix multiplication"),
        column("device", _TEXT, "cpu, cuda or mps; the matrix multiplication is the CPU's"),
        column("machine", _TEXT, "JSON: processor, cores, memory, operating system"),
        column("versions", _TEXT, "JSON: python, genbench and the libraries the outcome rests on"),
        column("started", pa.timestamp("us", tz="UTC"), "when the measurement started"),
    ],
)

TABLES: Final[dict[TableName, Any]] = {
    "cells": CELLS,
    "scores": SCORES,
    "predictions": PREDICTIONS,
    "marks": MARKS,
    "curves": CURVES,
    "timings": TIMINGS,
}

# What lies in a results folder: predictions apart from what was asked, which is of no cell.
KEPT: Final[dict[str, Any]] = dict(TABLES) | {"predictions": KEPT_PREDICTIONS, "questions": QUESTIONS}


def to_table(rows: Iterable[Mapping[str, object]], schema: Any) -> Any:
    """Rows as an Arrow table of exactly `schema`: a missing or misspelt key, or a value of another type, is refused.

    `pa.Table.from_pylist` drops the misspelt and fills the missing with null, silently.
    """
    listed = list(rows)
    wanted = set(schema.names)
    for position, row in enumerate(listed):
        if row.keys() != wanted:
            missing, extra = sorted(wanted - row.keys()), sorted(row.keys() - wanted)
            raise StoreFault(f"row {position}: missing columns {missing}, unknown columns {extra}")
    arrays = []
    for field in schema:
        values = [row[field.name] for row in listed]
        if pa.types.is_integer(field.type) and any(isinstance(value, float) for value in values):
            raise StoreFault(f"column {field.name!r} holds integers; Arrow would cut a float to one without a word")
        try:
            array = pa.array(values, type=field.type)
        except (pa.ArrowException, OverflowError, ValueError) as fault:  # the last: text that no UTF-8 can hold
            raise StoreFault(f"column {field.name!r}: {fault}") from fault
        if array.null_count and not field.nullable:
            raise StoreFault(f"column {field.name!r} must not be null")
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)
