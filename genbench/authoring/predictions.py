"""Predictions made elsewhere, scored by the code that scores every submission."""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench.authoring.predictions_file import read_predictions
from genbench.edition import EDITION
from genbench.errors import BadPredictions, BadValue, SubmissionFault
from genbench.evaluation import build, records
from genbench.rows import fingerprints, provenance
from genbench.rows.schema import AS_RUN
from genbench.scoring import grading

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.registry import ChosenSplit
    from genbench.rows.schema import TableName


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
    answers = read_predictions(path, chosen.task.answer_type)
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
        "task_fingerprint": fingerprints.of_folder(chosen.task.folder, chosen.split.name),
        "submission_fingerprint": f"sha256:{digest}",
        "versions": json.dumps(provenance.versions(chosen.task.libraries), sort_keys=True),
        "edition": EDITION,
        "lineage": AS_RUN,
        "machine": json.dumps(provenance.machine(), sort_keys=True),
        "started": records.moment(started),
        "log": "",
    }
    predictions = grading.prediction_table(key, joined, graded, built.targets, chosen.task)
    return Scored(key, scores, {"scores": scores, "predictions": predictions, "cells": [cell]})
