"""Predictions made elsewhere, scored by the code that scores every submission."""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench import registry
from genbench.authoring import origin
from genbench.authoring.origin import Origin
from genbench.authoring.predictions_file import read_predictions
from genbench.edition import EDITION
from genbench.errors import BadPredictions, BadValue, SubmissionFault
from genbench.evaluation import build, records
from genbench.rows import fingerprints, provenance
from genbench.rows.schema import AS_RUN, NO_VARIABLES
from genbench.scoring import debris, grading, marking

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from genbench.evaluation.build import Built
    from genbench.registry import ChosenSplit
    from genbench.rows.schema import TableName


@dataclass(frozen=True, slots=True)
class Scored:
    """A predictions file that was scored: its SCORES rows, all tables ready to be stored, and what they show."""

    key: str
    scores: list[dict[str, Any]]
    rows: dict[TableName, Any]
    hint: str  # what many answers hold and no training answer does


@dataclass(frozen=True, slots=True)
class Source:
    """Where answers are from: what it is called in errors and in rows, its sha256, and when it began to be scored."""

    called: str
    detail: str
    digest: str
    started: float


def score(path: Path, chosen: ChosenSplit, name: str, seed: int) -> Scored:
    """Score a file with the columns `question_id` and `prediction` by the code that scores every submission.

    Its rows carry `sealing = none`: nothing is known of how the answers were made, so they are never ranked.
    Raises `BadPredictions`, naming the file and what is wrong with it, and `BadValue` for a `name` that is none.
    """
    check_name(name)
    started = time.time()
    built = build.build(chosen)
    of, asked = Origin(f"{chosen.task.name}/{chosen.label}", built.fingerprint), built.targets
    answers = read_predictions(
        path,
        chosen.task.answer_type,
        len(asked.target),
        chosen.task.inputs,
        lambda table: origin.check(table, path, of, asked.questions, str(path)),
    )
    source = Source(str(path), f"predictions file {path.name}", hashlib.sha256(path.read_bytes()).hexdigest(), started)
    return score_answers(answers, built, source, chosen, name, seed)


def check_name(name: str) -> None:
    """Refuse what is no name for results, and one that is taken. Raises `BadValue`.

    Rows of a submission that is known here are of cells that were run; a file under its name would seem one of them.
    """
    if not re.fullmatch(r"\w[\w.+-]{0,99}", name):
        raise BadValue(
            f"{name!r} is no name for results; letters, digits, '_', '-', '+' and '.' make one, at most 100: --name"
        )
    if name in registry.catalogue().submissions:
        raise BadValue(f"{name!r} is the name of a submission that is known here; give these answers another: --name")


def score_answers(answers: pa.Table, built: Built, source: Source, chosen: ChosenSplit, name: str, seed: int) -> Scored:
    """Score answers, `question_id` and `prediction` in the types of the built split.

    Raises `BadPredictions`, which begins with what the source is called.
    """
    try:
        joined = grading.join(answers, built.targets)
    except SubmissionFault as fault:
        raise BadPredictions(f"{source.called}: {fault}") from None
    graded = grading.grade(joined, built.targets, chosen.task)
    key = hashlib.sha256(
        json.dumps([source.digest, name, seed, chosen.task.name, chosen.label, built.fingerprint]).encode()
    ).hexdigest()[:24]
    who = {
        "cell": key,
        "task": chosen.task.name,
        "split": chosen.label,
        "submission": name,
        "profile": "full",
        "seed": seed,
    }
    predictions = grading.prediction_table(key, joined, graded, built.targets, chosen.task)
    taught, right = built.problem.train.column(chosen.task.target), predictions.column("correct").to_numpy()
    hint = debris.hint(joined, taught, right)
    scores = list(grading.score_rows(who, graded, built.targets, chosen.split, chosen.task))
    cell = {
        **who,
        "status": "ok",
        "detail": "; ".join(filter(None, (source.detail, hint))),
        **dict.fromkeys(("fit_seconds", "predict_seconds", "cpu_seconds", "peak_memory_bytes", "parameters")),
        "training_flops": None,
        "cell_seconds": time.time() - source.started,
        "device": "elsewhere",
        "sealing": "none",
        "environment": NO_VARIABLES,
        "asked_during_fit": None,
        "start": None,
        "salt": None,
        "budget_seconds": 0.0,
        "task_params": json.dumps(chosen.counted, sort_keys=True),
        "submission_params": "{}",
        "data_fingerprint": built.fingerprint,
        "task_fingerprint": fingerprints.of_task(chosen.task.folder, chosen.split.name),
        "submission_fingerprint": f"sha256:{source.digest}",
        "versions": json.dumps(provenance.versions(chosen.task.libraries), sort_keys=True),
        "edition": EDITION,
        "lineage": AS_RUN,
        "machine": json.dumps(provenance.machine(), sort_keys=True),
        "started": records.moment(source.started),
        "log": "",
    }
    marks = list(marking.mark_rows(who, built.fingerprint, graded, built.targets, chosen.task))
    return Scored(key, scores, {"scores": scores, "predictions": predictions, "marks": marks, "cells": [cell]}, hint)
