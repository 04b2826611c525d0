"""What others measured, replayed: accuracies of published models by class, read as reported and never ranked.

A table has a row for each model and class: `model`, `pretraining` (what it was trained on), `class`, `accuracy`. From
it and from how often each class occurs in a corpus come the trends that `frequency` makes of rows measured here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pyarrow as pa

from genbench.analysis import frequency
from genbench.analysis.tables import QUESTION_SET, TASK, number
from genbench.errors import BadData, BadValue, SourceFault
from genbench.rows.schema import column, to_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from genbench.analysis.frequency import Found

PER_CLASS: Final = pa.schema(
    [("model", pa.string()), ("pretraining", pa.string()), ("class", pa.string()), ("accuracy", pa.float64())]
)
ALSO: Final = {"model": "backbone", "pretraining": "pretrain"}  # what upstream calls the same
PROFILE: Final = "reported"
Unit = Literal["share", "percent"]
MOST: Final[Mapping[Unit, float]] = {"share": 1.0, "percent": 100.0}
REPORTED: Final = pa.schema(
    [
        TASK,
        column("split", pa.string(), "split"),
        QUESTION_SET,
        column("model", pa.string(), "the model, as its source names it"),
        column("pretraining", pa.string(), "what it was pretrained on"),
        column("class", pa.string(), "name of the class"),
        column("frequency", pa.int64(), "how often the class occurs in `corpus`"),
        column("corpus", pa.string(), "whose count that is: of `pretraining`, or what stands in for it"),
        number("accuracy", "share of the class's questions that the model got right"),
        column("source", pa.string(), "where the accuracy was read"),
    ]
)


@dataclass(frozen=True, slots=True)
class Reported:
    """Accuracies by class (`rows`, of PER_CLASS) on a question set, and the classes' counts by corpus.

    `stand_in` is the corpus whose counts serve where a model's own pretraining was not counted.
    """

    task: str
    split: str
    question_set: str
    rows: pa.Table
    counts: Mapping[str, Mapping[str, int]]
    stand_in: str
    source: str


def read(path: Path, unit: Unit = "share") -> pa.Table:
    """A table of accuracies by class from Parquet or CSV, as shares. Raises `SourceFault`, naming what is wrong.

    `unit` is what the table has them in, shares of 1 or per cent. It is never guessed: nobody can tell 1 % from
    all.
    """
    import pyarrow.csv as pv
    import pyarrow.parquet as pq

    try:
        table = pv.read_csv(path) if path.suffix == ".csv" else pq.read_table(path)
    except FileNotFoundError:
        raise SourceFault(f"{path}: there is no such file") from None
    except (OSError, pa.ArrowException) as fault:
        raise SourceFault(f"{path}: not readable as Parquet or CSV: {str(fault).splitlines()[0]:.200}") from None
    arrays = []
    for field in PER_CLASS:
        name = field.name if field.name in table.column_names else ALSO.get(field.name, field.name)
        if name not in table.column_names:
            there = ", ".join(table.column_names)
            raise SourceFault(f"{path}: there is no column {field.name!r}; columns: {there:.300}")
        try:
            arrays.append(table.column(name).cast(field.type))
        except (pa.ArrowException, ValueError):
            kind = table.column(name).type
            raise SourceFault(f"{path}: column {name!r} is of type {kind}; it must be {field.type}") from None
        if arrays[-1].null_count:
            raise SourceFault(f"{path}: column {name!r} holds {arrays[-1].null_count} nulls")
    scores = arrays[-1].to_numpy()
    if not len(scores):
        raise SourceFault(f"{path}: there are no rows")
    most = MOST[unit]
    wrong = np.flatnonzero(~((scores >= 0) & (scores <= most)))
    if len(wrong):
        there = arrays[-1][int(wrong[0])].as_py()
        raise SourceFault(f"{path}: accuracy in row {wrong[0]} is {there}; a {unit} is between 0 and {most:g}")
    scores = scores / most
    return pa.table([*arrays[:-1], pa.array(scores)], schema=PER_CLASS)


def rows(reported: Reported) -> pa.Table:
    """Rows of REPORTED: each accuracy with the frequency of its class. Raises `BadData` for a class without a count."""
    found = []
    for row in reported.rows.to_pylist():
        corpus = row["pretraining"] if row["pretraining"] in reported.counts else reported.stand_in
        counts = reported.counts[corpus]
        if row["class"] not in counts:
            raise BadData(f"{reported.task}: there is no count of the class {row['class']!r} in {corpus}")
        place = {name: getattr(reported, name) for name in ("task", "split", "question_set", "source")}
        found.append({**place, **row, "frequency": counts[row["class"]], "corpus": corpus})
    return to_table(found, REPORTED)


def trends(table: pa.Table) -> Iterator[Found]:
    """The trend of each model in a table of REPORTED, those whose own pretraining was counted first.

    Raises `BadData` for a class that a model has twice, and for counts that show no trend.
    """
    models: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        models[tuple(row[name] for name in ("task", "split", "question_set", "model", "pretraining"))].append(row)
    for key, own in sorted(models.items(), key=lambda pair: pair[1][0]["corpus"] != pair[0][4]):
        names = [row["class"] for row in own]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise BadData(f"{key[3]}, {key[4]}: the class {twice!r} stands twice")
        counts = np.array([row["frequency"] for row in own])
        scores = np.array([[row["accuracy"] for row in own]])
        label = f"{key[3]}, {key[4]}" + ("" if own[0]["corpus"] == key[4] else f" (counts of {own[0]['corpus']})")
        try:
            analysis = frequency.analyse(counts, scores, key)
        except BadValue as fault:
            raise BadData(f"{label}: {fault}") from None
        yield frequency.Found(key[0], key[1], key[2], label, PROFILE, analysis)
