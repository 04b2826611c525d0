"""The rows of an outcome."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pyarrow as pa

from genbench.edition import EDITION
from genbench.evaluation.supplies import NOTHING
from genbench.rows import provenance
from genbench.rows.schema import AS_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from genbench.evaluation.cell import Outcome
    from genbench.evaluation.plan import Cell
    from genbench.evaluation.redaction import Redaction
    from genbench.evaluation.supplies import Supply


def measure_rows(who: Mapping[str, object], measures: Mapping[str, float]) -> Iterator[dict[str, object]]:
    """Rows of CURVES for what a submission said of itself: they belong to no question set, and n is 0."""
    blank = dict.fromkeys(("question_set", "kind", "axis", "slice"), "")
    for name, value in measures.items():
        yield {**who, **blank, "metric": name, "value": value, "n": 0}


def who_of(cell: Cell, key: str) -> dict[str, object]:
    """The columns that open every table."""
    return {
        "cell": key,
        "task": cell.split.task.name,
        "split": cell.split.label,
        "submission": cell.submission.label,
        "profile": cell.profile,
        "seed": cell.seed,
    }


def cell_row(
    cell: Cell,
    outcome: Outcome,
    who: Mapping[str, object],
    data_fingerprint: str,
    folders: Mapping[tuple[Path, str], str],
    supply: Supply = NOTHING,
) -> dict[str, object]:
    """The CELLS row of an outcome."""
    task, card = cell.split.task, cell.submission.card
    return {
        **who,
        "status": outcome.status,
        "detail": outcome.detail,
        "fit_seconds": outcome.fit_seconds,
        "predict_seconds": outcome.predict_seconds,
        "cell_seconds": outcome.cell_seconds,
        "cpu_seconds": outcome.cpu_seconds,
        "peak_memory_bytes": outcome.peak_memory_bytes,
        "parameters": outcome.parameters,
        "training_flops": outcome.training_flops,
        "device": outcome.device,
        "sealing": outcome.sealing,
        "environment": json.dumps(sorted(supply.variables)),
        "asked_during_fit": outcome.asked_during_fit,
        "start": outcome.start,
        "salt": cell.salt or None,
        "budget_seconds": card.budget(cell.profile, cell.submission.variant),
        "task_params": json.dumps(cell.split.counted, sort_keys=True),
        "submission_params": json.dumps(cell.submission.counted(cell.settings), sort_keys=True),
        "data_fingerprint": data_fingerprint,
        "task_fingerprint": folders[task.folder, cell.split.split.name],
        "submission_fingerprint": folders[card.folder, ""],
        "versions": json.dumps(
            provenance.versions((*task.libraries, *card.libraries)) | dict(supply.versions), sort_keys=True
        ),
        "edition": EDITION,
        "lineage": AS_RUN,
        "machine": outcome.machine or json.dumps(provenance.machine(), sort_keys=True),
        "started": moment(outcome.started),
        "log": outcome.log,
    }


def without_values(predictions: pa.Table, hide: Redaction, kind: str) -> pa.Table:
    """PREDICTIONS without the values that a submission was given and must not tell, where answers of `kind` are text.

    Numbers are left: among them a value would be found by chance.
    """
    if "string" not in kind or not hide:
        return predictions
    place = predictions.schema.get_field_index("prediction")
    texts = predictions.column(place)
    kept = pa.chunked_array([[hide(text) for text in texts.to_pylist()]], texts.type)
    return predictions.set_column(place, predictions.schema.field(place), kept)


def moment(seconds: float) -> dt.datetime:
    """Seconds since the epoch as the UTC timestamp that rows carry."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
