"""Predictions made elsewhere, and stored ones scored again: export a split, score a file, rescore results.

The same `join`, `grade` and rows as in an evaluation: there is one scorer.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genbench import evaluate, loading, provenance, tables, task
from genbench.cell import PREDICTION, QUESTION_ID
from genbench.errors import BadPredictions, GenbenchError, StoreFault, SubmissionFault
from genbench.schema import PREDICTIONS, SCORES, to_table
from genbench.task import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from genbench.registry import Catalogue, ChosenSplit
    from genbench.schema import TableName
    from genbench.store import Store

Format = Literal["parquet", "jsonl"]
_WHO = ("cell", "task", "split", "submission", "profile", "seed")


def export(chosen: ChosenSplit, folder: Path, form: Format, *, with_targets: bool) -> list[Path]:
    """Write one file a subset: `train`, `validation` where there is one, then each question set. Returns the paths.

    Training files hold the card's input and target columns. Question files hold `question_id` and the input columns;
    `with_targets` adds the target and the slice columns, for analysis only: whoever tunes on them measures nothing.
    Raises `StoreFault` where the folder cannot be written.
    """
    data = evaluate.load(chosen)
    problem, targets = task.sever(data, chosen.task, chosen.split)
    files = {"train": data.train} | ({} if data.validation is None else {"validation": data.validation})
    for position, name in enumerate(targets.sets):
        rows = pa.array(np.flatnonzero(targets.question_set == position))
        table = problem.questions.take(rows)
        if with_targets:
            table = table.append_column(chosen.task.target, targets.target.take(rows))
            for axis, values in targets.slices.items():
                table = table.append_column(axis, values.take(rows))
        files[name] = table
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in files.items():
            path = folder / f"{name}.{form}"
            partial = folder / f".{name}.{form}.partial"
            if form == "parquet":
                pq.write_table(table, partial, compression="zstd")
            else:
                with partial.open("w", encoding="utf-8") as sink:
                    sink.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist())
            partial.replace(path)
            written.append(path)
    except OSError as fault:
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    return written


@dataclass(frozen=True, slots=True)
class Scored:
    """A predictions file that was scored: its SCORES rows, and all tables ready to be stored."""

    key: str
    scores: list[dict[str, Any]]
    rows: dict[TableName, Any]


def score(path: Path, chosen: ChosenSplit, name: str, seed: int) -> Scored:
    """Score a Parquet file with the columns `question_id` and `prediction` by the code that scores every submission.

    Its rows carry `sealing = none`: nothing is known of how the answers were made, so they are never ranked.
    Raises `BadPredictions`, naming the file and what is wrong with it.
    """
    started = time.time()
    built = evaluate.build(chosen)
    answers = _answers_in(path, chosen.task.target_type)
    try:
        joined = evaluate.join(answers, built.targets)
    except SubmissionFault as fault:
        raise BadPredictions(f"{path}: {fault}") from None
    graded = evaluate.grade(joined, built.targets, chosen.task)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    key = hashlib.sha256(
        json.dumps([digest, name, seed, chosen.task.name, chosen.label, built.fingerprint]).encode()
    ).hexdigest()[:24]
    who = {
        "cell": key,
        "task": chosen.task.name,
        "split": chosen.label,
        "submission": name,
        "profile": "full",
        "seed": seed,
    }
    scores = list(evaluate.score_rows(who, graded, built.targets, chosen.split))
    cell = {
        **who,
        "status": "ok",
        "detail": f"predictions file {path.name}",
        **dict.fromkeys(("fit_seconds", "predict_seconds", "cpu_seconds", "peak_memory_bytes", "parameters")),
        "training_flops": None,
        "cell_seconds": time.time() - started,
        "device": "elsewhere",
        "sealing": "none",
        "budget_seconds": 0.0,
        "task_params": json.dumps(chosen.params, sort_keys=True),
        "submission_params": "{}",
        "data_fingerprint": built.fingerprint,
        "task_fingerprint": loading.digest(chosen.task.folder),
        "submission_fingerprint": f"sha256:{digest}",
        "versions": json.dumps(provenance.versions(chosen.task.libraries), sort_keys=True),
        "machine": json.dumps(provenance.machine(), sort_keys=True),
        "started": evaluate.moment(started),
        "log": "",
    }
    predictions = evaluate.prediction_table(key, joined, graded, built.targets, chosen.task)
    return Scored(key, scores, {"scores": scores, "predictions": predictions, "cells": [cell]})


def _answers_in(path: Path, kind: str) -> pa.Table:
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise BadPredictions(f"{path}: there is no such file") from None
    except (OSError, pa.ArrowException) as fault:
        raise BadPredictions(f"{path}: not readable as Parquet: {loading.first_line(fault)}") from None
    wanted = [QUESTION_ID, PREDICTION]
    if sorted(table.column_names) != sorted(wanted):
        raise BadPredictions(f"{path}: columns are {table.column_names}; they must be {wanted}")
    table = table.select(wanted)
    if not pa.types.is_integer(table.column(QUESTION_ID).type):
        raise BadPredictions(f"{path}: question_id is of type {table.column(QUESTION_ID).type}; it must be int64")
    arrow, given = tables.ARROW[kind], table.column(PREDICTION).type
    alike = given == arrow or str(given).removeprefix("large_") == str(arrow)
    widened = pa.types.is_integer(given) and pa.types.is_integer(arrow)
    listed = pa.types.is_list(given) and pa.types.is_list(arrow) and pa.types.is_integer(given.value_type)
    if not (alike or widened or (listed and kind == "list<int64>")):
        raise BadPredictions(f"{path}: prediction is of type {given}; the target is of type {kind}")
    ids = table.column(QUESTION_ID).cast(pa.int64())
    return pa.table({QUESTION_ID: ids, PREDICTION: table.column(PREDICTION).cast(arrow)})


def rescore(store: Store, found: Catalogue) -> Iterator[tuple[str, int, str]]:
    """Apply today's metrics to the stored predictions; yield cell key, number of scores written, and a fault or "".

    SCORES and the `correct` column are replaced, cell by cell; CURVES keep what was measured while the submission ran,
    for its answers at each step are not stored. Cells of tasks that are not known here are named and left as they are.
    """
    cells = store.read("cells")
    for line in cells.skipped:
        yield "", 0, line
    for row in cells.table.to_pylist():
        if row["status"] == "ok":
            try:
                written = _rescore_cell(store, row, found)
            except (GenbenchError, ValueError) as fault:
                yield row["cell"], 0, f"{row['task']}/{row['split']} {row['submission']}: {fault}"
            else:
                yield row["cell"], written, ""


def _rescore_cell(store: Store, row: Mapping[str, Any], found: Catalogue) -> int:
    name = row["split"].partition(":")[0]
    if row["task"] not in found.tasks:
        raise StoreFault("the task is not known here; its scores were left as they are")
    card = found.tasks[row["task"]]
    split = task.split_of(card, name)
    base = row["submission"].partition(":")[0].partition("@")[0]
    path = store.path("predictions", row["task"], base, row["cell"])
    stored = store.read_one("predictions", path)
    if isinstance(stored, str):
        raise StoreFault(stored)
    targets = _targets_in(stored, split.axes, tuple(split.questions), card.target_type)
    answers = evaluate.from_text(stored.column("prediction").combine_chunks(), card.target_type)
    graded = evaluate.grade(answers, targets, card)
    who = {column: row[column] for column in _WHO}
    scores = to_table(evaluate.score_rows(who, graded, targets, split), SCORES)
    fresh = evaluate.prediction_table(row["cell"], answers, graded, targets, card)
    store.replace("predictions", row["task"], base, row["cell"], fresh.cast(PREDICTIONS))
    store.replace("scores", row["task"], base, row["cell"], scores)
    return int(scores.num_rows)


def _targets_in(stored: pa.Table, axes: tuple[str, ...], sets: tuple[str, ...], kind: str) -> Targets:
    """The targets of a stored cell: PREDICTIONS are in order of question id and hold all that grading needs."""
    positions = pc.index_in(stored.column("question_set").cast(pa.string()), pa.array(sets))
    if positions.null_count:
        raise ValueError("a question set of these predictions is not on the card any more")
    slices = stored.column("slices").combine_chunks()
    values = {axis: pc.map_lookup(slices, axis, "first") for axis in axes}
    for axis, column in values.items():
        if column.null_count:
            raise ValueError(f"these predictions have no slice along {axis!r}")
    return Targets(
        sets=sets,
        question_set=positions.to_numpy().astype(np.int16),
        target=evaluate.from_text(stored.column("target").combine_chunks(), kind),
        slices=values,
    )
