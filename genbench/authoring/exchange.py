"""Data and predictions that cross the suite's border: export a split, verify it, score a file, rescore results.

The same `join`, `grade` and rows as in an evaluation: there is one scorer.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from genbench.cards import entries
from genbench.data import rankings, sources, tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.data.problem import Targets
from genbench.data.sever import sever
from genbench.data.sources import Likeness, Verdict
from genbench.errors import (
    BadData,
    BadPredictions,
    BadValue,
    GenbenchError,
    SourceAbsent,
    SourceFault,
    StoreFault,
    SubmissionFault,
)
from genbench.evaluation import build, records
from genbench.rows import provenance
from genbench.rows.schema import PREDICTIONS, SCORES, to_table
from genbench.scoring import grading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from genbench.cards import TaskCard
    from genbench.data.sources import Recomputed
    from genbench.registry import Catalogue, ChosenSplit
    from genbench.rows.schema import TableName
    from genbench.rows.store import Store

Format = Literal["parquet", "jsonl", "samples"]
_WHO = ("cell", "task", "split", "submission", "profile", "seed")


def export(chosen: ChosenSplit, folder: Path, form: Format, *, with_targets: bool) -> list[Path]:
    """Write one file a subset: `train`, `validation` where there is one, then each question set. Returns the paths.

    Training files hold the card's input and target columns. Question files hold `question_id` and the input columns;
    `with_targets` adds the target and the slice columns, for analysis only: whoever tunes on them measures nothing.
    The form `samples` is the task's own, as `import_samples` reads it; it holds the targets. Raises `StoreFault` where
    the folder cannot be written, `BadValue` for a form that the task does not have.
    """
    if form == "samples" and not chosen.task.export_samples:
        raise BadValue(
            f"{chosen.task.name} names no 'export_samples' on its card: it has no form of its own for samples"
        )
    if form == "samples" and not with_targets:
        raise BadValue("samples hold the answers: say so with --with-targets, or choose --format jsonl or parquet")
    if form == "jsonl" and "image" in {*chosen.task.inputs.values(), chosen.task.target_type}:
        raise BadValue(f"{chosen.task.name} has images, which JSON cannot hold; --format parquet can")
    data = build.load(chosen)
    problem, targets = sever(data, chosen.task, chosen.split)
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
            path = folder / f"{name}.{'jsonl' if form == 'samples' else form}"
            if form == "samples":
                _write(path, _samples(table, chosen.task, chosen.params, chosen.label, name))
            else:
                _write(path, table)
            written.append(path)
    except OSError as fault:
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    return written


def import_samples(card: TaskCard, source: Path, out: Path) -> int:
    """Read a file of samples in a task's own form and write its rows to `out`; returns how many there are.

    As Parquet they have the card's columns, all axes, and split and subset; with the ending .jsonl or .jsonl.gz they
    are written as samples again. Raises `BadValue` for a task that has no such form, a file that is none, and another
    ending; `StoreFault` where `out` cannot be written.
    """
    if not card.import_samples:
        raise BadValue(f"{card.name} names no 'import_samples' on its card: it has no form of its own for samples")
    again = out.name.endswith((".jsonl", ".jsonl.gz"))
    if not again and out.suffix != ".parquet":
        raise BadValue(f"--out is {out}; it must end in .parquet, or in .jsonl or .jsonl.gz for samples again")
    if again and not card.export_samples:
        raise BadValue(f"{card.name} names no 'export_samples' on its card; let --out end in .parquet")
    rows = entries.load_entry(card.folder, card.import_samples)(source)
    try:
        _write(out, _samples(rows, card, card.params) if again else rows)
    except OSError as fault:
        raise StoreFault(f"{out} cannot be written: {fault.strerror or fault}") from fault
    return int(rows.num_rows)


def _samples(
    table: pa.Table, card: TaskCard, params: Mapping[str, Any], split: str = "", subset: str = ""
) -> Iterator[Mapping[str, Any]]:
    """Rows in their task's own form; where they are from stands in them, or is said."""
    entry = entries.load_entry(card.folder, card.export_samples)
    for batch in table.to_batches(max_chunksize=1024):
        for row in batch.to_pylist():
            yield entry(row, params, row.get("split", split), row.get("subset", subset))


def _write(path: Path, content: pa.Table | Iterator[Mapping[str, Any]]) -> None:
    """Write a table, or objects one a line, by the path's ending; whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    if path.suffix == ".parquet":
        pq.write_table(content, partial, compression="zstd")
    else:
        rows = content.to_pylist() if isinstance(content, pa.Table) else content
        with partial.open("wb") as whole, _packed(whole) if path.suffix == ".gz" else whole as sink:
            for row in rows:
                sink.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
    partial.replace(path)


def _packed(sink: IO[bytes]) -> IO[bytes]:
    """A gzip file in `sink`, of which neither name nor time is told: equal rows are equal bytes."""
    return cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=sink, mtime=0))


def verify(chosen: Sequence[ChosenSplit], *, download: bool) -> Iterator[Verdict]:
    """Compare splits with their official files, by the entry that their task's card names under `verify`.

    The entry takes a split's name and its `Data` and yields `sources.Claim`s; a split without official files yields
    none, or `sources.Likeness`es where it was made to be like one. A split that its card does not describe, or whose
    files are not what was pinned, differs; one whose files are not at hand is absent. Nothing is fetched unless
    `download`. Raises `BadValue` for a task without such an entry.
    """
    for one in chosen:
        if not one.task.verify:
            raise BadValue(f"{one.task.name} names no 'verify' on its card: it has no official files to compare with")
        with contextlib.nullcontext() if download else sources.offline():
            verdicts = _verdicts(one)
        yield from verdicts


def verify_samples(card: TaskCard, path: Path) -> Iterator[str]:
    """For each sample of a file what differs from the task's rules, or "" where it agrees.

    The task's card names the entry that reads the file under `verify_samples`. Raises `BadValue` for a task without
    one, and for a file that the entry cannot read.
    """
    if not card.verify_samples:
        raise BadValue(f"{card.name} names no 'verify_samples' on its card: it has no rules to check samples by")
    yield from entries.load_entry(card.folder, card.verify_samples)(path)


def verify_reference(card: TaskCard, folder: Path) -> list[Recomputed]:
    """Published figures, recomputed from the reference data in `folder` by the entry that the task's card names.

    Raises `BadValue` for a task without `verify_reference`, and what the entry raises for data that are not whole.
    """
    if not card.verify_reference:
        raise BadValue(f"{card.name} names no 'verify_reference' on its card: it recomputes no published figures")
    if not folder.is_dir():
        raise BadValue(f"--reference {folder}: there is no such folder")
    return list(entries.load_entry(card.folder, card.verify_reference)(folder))


def _verdicts(chosen: ChosenSplit) -> list[Verdict]:
    claims = entries.load_entry(chosen.task.folder, chosen.task.verify)
    found: list[Verdict] = []
    try:
        for claim in claims(chosen.split.name, build.load(chosen)):
            alike = isinstance(claim, Likeness)
            found.append(sources.judge(chosen.label, claim) if alike else sources.compare(chosen.label, claim))
    except SourceAbsent as fault:
        found.append(Verdict(chosen.label, "", 0, ordered=True, digest="", status="absent", detail=str(fault)))
    except (BadData, SourceFault) as fault:
        found.append(Verdict(chosen.label, "", 0, ordered=True, digest="", status="differs", detail=str(fault)))
    return found


@dataclass(frozen=True, slots=True)
class Scored:
    """A predictions file that was scored: its SCORES rows, and all tables ready to be stored."""

    key: str
    scores: list[dict[str, Any]]
    rows: dict[TableName, Any]


def score(path: Path, chosen: ChosenSplit, name: str, seed: int) -> Scored:
    """Score a Parquet file with the columns `question_id` and `prediction` by the code that scores every submission.

    Its rows carry `sealing = none`: nothing is known of how the answers were made, so they are never ranked.
    Raises `BadPredictions`, naming the file and what is wrong with it, and `BadValue` for a `name` that is none.
    """
    if not re.fullmatch(r"\w[\w.+-]*", name):
        raise BadValue(f"{name!r} is no name for results; letters, digits, '_', '-', '+' and '.' make one: --name")
    started = time.time()
    built = build.build(chosen)
    answers = _answers_in(path, chosen.task.answer_type)
    try:
        joined = grading.join(answers, built.targets)
    except SubmissionFault as fault:
        raise BadPredictions(f"{path}: {fault}") from None
    graded = grading.grade(joined, built.targets, chosen.task)
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
    scores = list(grading.score_rows(who, graded, built.targets, chosen.split))
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
        "task_fingerprint": entries.digest(chosen.task.folder),
        "submission_fingerprint": f"sha256:{digest}",
        "versions": json.dumps(provenance.versions(chosen.task.libraries), sort_keys=True),
        "machine": json.dumps(provenance.machine(), sort_keys=True),
        "started": records.moment(started),
        "log": "",
    }
    predictions = grading.prediction_table(key, joined, graded, built.targets, chosen.task)
    return Scored(key, scores, {"scores": scores, "predictions": predictions, "cells": [cell]})


def _answers_in(path: Path, kind: str) -> pa.Table:
    if path.is_dir():
        raise BadPredictions(f"{path}: a folder; score takes one Parquet file")
    try:
        table = pq.read_table(path, partitioning=None)
    except FileNotFoundError:
        raise BadPredictions(f"{path}: there is no such file") from None
    except (OSError, pa.ArrowException) as fault:
        raise BadPredictions(f"{path}: not readable as Parquet: {entries.first_line(fault)}") from None
    wanted = [QUESTION_ID, PREDICTION]
    if sorted(table.column_names) != sorted(wanted):
        raise BadPredictions(f"{path}: columns are {table.column_names}; they must be {wanted}")
    table = table.select(wanted)
    if not pa.types.is_integer(table.column(QUESTION_ID).type):
        raise BadPredictions(f"{path}: question_id is of type {table.column(QUESTION_ID).type}; it must be int64")
    given = table.column(PREDICTION).type
    if kind == "ranking" and not pa.types.is_integer(given):
        return _rankings_in(table, path)
    kind = "int64" if kind == "ranking" else kind
    if not _will_do(given, tables.ARROW[kind]):
        raise BadPredictions(f"{path}: prediction is of type {given}; the target is of type {kind}")
    try:
        return table.cast(pa.schema([(QUESTION_ID, pa.int64()), (PREDICTION, tables.ARROW[kind])]))
    except pa.ArrowException as fault:
        raise BadPredictions(f"{path}: {entries.first_line(fault)}") from None


def _rankings_in(table: pa.Table, path: Path) -> pa.Table:
    """Answers with rankings in place of what a writer of Parquet made of them. Raises `BadPredictions`."""
    try:
        ranked = rankings.kept(rankings.from_values(table.column(PREDICTION).to_pylist()))
        return pa.table({QUESTION_ID: table.column(QUESTION_ID).cast(pa.int64()), PREDICTION: ranked})
    except (pa.ArrowException, TypeError, ValueError, SubmissionFault) as fault:
        raise BadPredictions(
            f"{path}: {entries.first_line(fault)}; a prediction is a label (int64) or a ranking, "
            "a list of structs with label and probability"
        ) from None


def _will_do(given: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether values of one Arrow type are those of the other but for width and layout, which writers choose freely."""
    if pa.types.is_list(wanted):
        listed = pa.types.is_list(given) or pa.types.is_large_list(given) or pa.types.is_fixed_size_list(given)
        return listed and _will_do(given.value_type, wanted.value_type)
    if pa.types.is_dictionary(given):
        return _will_do(given.value_type, wanted)
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given))
    if pa.types.is_floating(wanted):
        return bool(pa.types.is_floating(given) or pa.types.is_integer(given))
    return bool(given == wanted or (pa.types.is_integer(given) and pa.types.is_integer(wanted)))


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
    split = card.split(name)
    base = row["submission"].partition(":")[0].partition("@")[0]
    path = store.path("predictions", row["task"], base, row["cell"])
    stored = store.read_one("predictions", path)
    if isinstance(stored, str):
        raise StoreFault(stored)
    targets = _targets_in(stored, split.axes, tuple(split.questions), card)
    answers = grading.from_text(stored.column("prediction").combine_chunks(), card.answer_type)
    graded = grading.grade(answers, targets, card)
    who = {column: row[column] for column in _WHO}
    scores = to_table(grading.score_rows(who, graded, targets, split), SCORES)
    fresh = grading.prediction_table(row["cell"], answers, graded, targets, card)
    store.replace("predictions", row["task"], base, row["cell"], fresh.cast(PREDICTIONS))
    store.replace("scores", row["task"], base, row["cell"], scores)
    return int(scores.num_rows)


def _targets_in(stored: pa.Table, axes: tuple[str, ...], sets: tuple[str, ...], card: TaskCard) -> Targets:
    """The targets of a stored cell: PREDICTIONS are in order of question id and hold all that grading needs."""
    positions = pc.index_in(stored.column("question_set").cast(pa.string()), pa.array(sets))
    if positions.null_count:
        raise ValueError("a question set of these predictions is not on the card any more")
    slices = stored.column("slices").combine_chunks()
    values = {axis: pc.map_lookup(slices, axis, "first") for axis in axes}
    for axis, column in values.items():
        if column.null_count:
            raise ValueError(f"these predictions have no slice along {axis!r}")
        values[axis] = column.cast(tables.ARROW[card.axes[axis]])  # texts have another order than numbers
    return Targets(
        sets=sets,
        question_set=positions.to_numpy().astype(np.int16),
        target=grading.from_text(stored.column("target").combine_chunks(), card.target_type),
        slices=values,
        ranked=card.answer == "ranking",
    )
