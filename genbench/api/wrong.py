"""Wrong answers beside what was asked: stored predictions, joined by id with the questions of today's task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.errors import BadData, BadValue, UnknownName, nearest
from genbench.registry import split_called

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from genbench.cards import TaskCard
    from genbench.registry import ChosenSplit


def answers(
    cell: Mapping[str, Any],
    predictions: Any,
    tasks: Mapping[str, TaskCard],
    n: int | None,
    question_set: str | None,
) -> pd.DataFrame:
    """The wrong ones among a cell's `predictions` (PREDICTIONS), by question id, beside inputs and axes."""
    import datasets
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    from genbench.data import tables
    from genbench.data.columns import PREDICTION, QUESTION_ID
    from genbench.data.sever import sever
    from genbench.evaluation import build

    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 1):
        raise BadValue(f"n is {n!r}; it must be at least 1, or None for all")
    where = f"{cell['task']}/{cell['split']}"
    if not predictions.num_rows:
        raise BadData(f"{cell['submission']} on {where}: the predictions of cell {cell['cell']} are not there")
    wrong = predictions.filter(pc.invert(predictions.column("correct"))).sort_by(QUESTION_ID)
    if question_set is not None:
        sets = wrong.column("question_set").cast(pa.string())
        there = predictions.column("question_set").cast(pa.string()).unique().to_pylist()
        if question_set not in there:
            raise UnknownName(f"{where} has no question set {question_set!r}{nearest(question_set, there)}")
        wrong = wrong.filter(pc.equal(sets, question_set))
    wrong = wrong.slice(0, n) if n is not None else wrong
    chosen = _split(cell, tasks)
    data = build.load(chosen)
    fingerprint = tables.fingerprint(data.subsets())
    if fingerprint != cell["data_fingerprint"]:
        raise BadData(
            f"{where} is built from other data today than when {cell['submission']} answered: "
            f"{fingerprint}, then {cell['data_fingerprint']}"
        )
    problem, targets = sever(data, chosen.task, chosen.split, chosen.given)
    ids = wrong.column(QUESTION_ID).to_numpy()
    asked = datasets.Dataset(tables.taken(problem.questions, ids), fingerprint=f"wrong-{cell['cell']}")
    rows = pa.array(np.asarray(ids, dtype=np.int64))
    columns: dict[str, Any] = {QUESTION_ID: ids, "question_set": wrong.column("question_set").cast(pa.string())}
    columns |= {name: asked[name][:] for name in chosen.task.inputs}  # as `datasets` decodes them: images are pictures
    columns |= {"target": targets.target.take(rows), PREDICTION: wrong.column(PREDICTION)}
    columns |= {axis: values.take(rows) for axis, values in targets.slices.items()}
    return pd.DataFrame(
        {name: values.to_pylist() if hasattr(values, "to_pylist") else list(values) for name, values in columns.items()}
    )


def _split(cell: Mapping[str, Any], tasks: Mapping[str, TaskCard]) -> ChosenSplit:
    """The split of a row, by its label. Raises `UnknownName` where its task is not known here."""
    if cell["task"] not in tasks:
        raise UnknownName(f"the task {cell['task']!r} is not known here, so its questions cannot be shown")
    return split_called(cell["split"], tasks[cell["task"]])
