"""The page of tables and columns, out of the schemas that the store writes and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from making.markdown import cell

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

ABOUT = {
    "cells": "One row a cell: what ran, how it ended, and all that decided it. A failed cell is a row too.",
    "scores": "One row a cell, question set, slice and metric.",
    "predictions": ("One row a cell and question. Older files hold `target` and `slices` in place of `questions`."),
    "questions": (
        "One row a question that was asked: one file a split and state of its data, "
        "`questions/task=TASK/NAME.parquet`, for all cells together."
    ),
    "marks": "One row a cell, question set and metric that marks single questions: their marks, packed.",
    "curves": "One row a cell, step, question set, slice and metric, where `fit` yields.",
    "timings": "One row a repeat of `genbench timing`.",
}


def page(root: Path) -> str:
    """Each table of results and each of its columns: type, whether it may be null, what it holds."""
    del root
    from genbench.rows import schema

    parts = [
        "# Tables and columns\n",
        (
            "Results are Parquet files, one a cell and table, under `TABLE/task=TASK/submission=SUBMISSION/`. "
            "Each column says in the file itself what it holds.\n"
        ),
    ]
    for name, table in schema.KEPT.items():
        parts.append(f"## {name}\n\n{ABOUT[name]}\n\n| column | type | null | meaning |\n| --- | --- | --- | --- |")
        parts += [_line(column) for column in table]
        parts.append("")
    return "\n".join(parts)


def _line(column: pa.Field) -> str:
    about = column.metadata[b"about"].decode()
    kind = str(column.type).replace("dictionary<values=string, indices=int32, ordered=0>", "string (dictionary)")
    return f"| `{column.name}` | {cell(kind)} | {'yes' if column.nullable else ''} | {cell(about)} |"
