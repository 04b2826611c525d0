"""What streams did to what was learned before, printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from genbench.report.results import headlines, tables_of, wanted_by
from genbench.report.tables import Column, table_of
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.streams import Streamed
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

NOTES: Final = (
    "average: of all stages after the last; forgetting: what was best before the last stage, less what is left;",
    "backward transfer: what later stages added to earlier ones; in brackets 95 % intervals over seeds",
)
FIGURES: Final = (
    ("average", "mean of the headline over the questions of all stages, after the last"),
    ("forgetting", "mean over earlier stages of the best before the last stage less what is left after it"),
    (
        "backward_transfer",
        "mean over earlier stages of what is left after the last less that after their own",
    ),
)


def streams(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, output: Output
) -> None:
    """Print average accuracy, forgetting and backward transfer of each submission on each stream."""
    from genbench import registry
    from genbench.analysis.streams import streamed

    cells, curves = tables_of(results, ("cells", "curves"))
    known = headlines(registry.catalogue().tasks)
    found, left_out = streamed(cells, curves, known, wanted_by(tasks, submissions), axis)
    for line in left_out:
        output.note(f"left out: {line}")
    output.show(_table(found))


def _table(found: Sequence[Streamed]) -> Table:
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters"),
        Column("question_set", "text", "name of the question set"),
        Column("profile", "text", "quick (never ranked) or full"),
        Column("metric", "text", "the headline"),
        Column("stages", "integer", "stages of the stream"),
    ]
    for name, about in FIGURES:
        columns += [
            Column(name, "number", about, name.replace("_", " "), partial(_figure, name)),
            Column(f"{name}_low", "number", "lower end of its 95 % interval over seeds; null for one seed"),
            Column(f"{name}_high", "number", "upper end of its 95 % interval over seeds; null for one seed"),
        ]
    columns += [
        Column("seeds", "integer", "training seeds that were graded", "seeds"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission", _name),
    ]
    return table_of(
        "streams",
        columns,
        [_values(one) for one in found],
        sections=("task", "split", "question_set"),
        heading=_heading,
        notes=NOTES,
    )


def _values(one: Streamed) -> list[Any]:
    task, split, submission, profile, question_set = one.part
    figures = [value for name, _ in FIGURES for value in one.figures[name]]
    return [task, split, question_set, profile, one.metric, one.stages, *figures, one.seeds, submission]


def _heading(row: Row) -> str:
    return f"{row['task']}/{row['split']} {row['question_set']}: {row['metric']} over {row['stages']} stages"


def _figure(name: str, row: Row) -> str:
    if row[name] is None:
        return NONE
    if row[f"{name}_low"] is None:
        return f"{row[name]:.3f}"
    return f"{row[name]:.3f} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"


def _name(row: Row) -> str:
    return str(row["submission"]) + (" (quick)" if row["profile"] == "quick" else "")
