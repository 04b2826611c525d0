"""How error falls with training rows, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.report.results import headlines, tables_of, wanted_by
from genbench.report.tables import Column, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.exponents import Exponent
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

NOTES: Final = (
    "exponent: slope of log error against log training rows; -0.5 halves the error with four times the rows;",
    "in brackets 95 % intervals over seeds, or of one seed over sizes; misfit: what the line leaves over, in log error",
)


def exponents(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], along: str, output: Output
) -> None:
    """Print the exponent of each submission on each question set asked with several numbers of training rows."""
    from genbench import registry
    from genbench.analysis import exponents as measure

    cells, scores = tables_of(results, ("cells", "scores"))
    known = registry.catalogue().tasks
    wanted, names = wanted_by(tasks, submissions), measure.of_tasks(known, along)
    found, left_out = measure.exponents(cells, scores, headlines(known), wanted, names)
    for line in left_out:
        output.note(f"left out: {line}")
    output.show(_table(found))


def _table(found: Sequence[Exponent]) -> Table:
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters but for the number of rows"),
        Column("question_set", "text", "name of the question set"),
        Column("profile", "text", "quick (never ranked) or full"),
        Column("metric", "text", "the headline"),
        Column("exponent", "number", "slope of log error against log training rows", "exponent", _shown),
        Column("exponent_low", "number", "lower end of its 95 % interval; null where there is no ground for one"),
        Column("exponent_high", "number", "upper end of its 95 % interval; null likewise"),
        Column("interval", "text", "what the interval is of: seeds, or the sizes of an only seed; null for none"),
        Column("misfit", "number", "root mean square of what the line leaves over, in log error", "misfit", _misfit),
        Column("sizes", "integer", "numbers of training rows that were fitted", "sizes"),
        Column("least_rows", "number", "the smallest of them", "from", lambda row: f"{row['least_rows']:g}"),
        Column("most_rows", "number", "the largest of them", "to", lambda row: f"{row['most_rows']:g}"),
        Column("without_error", "integer", "points left out for they had no error, which has no logarithm"),
        Column("seeds", "integer", "training seeds that were fitted", "seeds"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission", _name),
    ]
    return table_of(
        "exponents",
        columns,
        [_values(one) for one in found],
        sections=("task", "split", "question_set"),
        heading=lambda row: f"{row['task']}/{row['split']} {row['question_set']}: error of {row['metric']}",
        notes=NOTES,
    )


def _values(one: Exponent) -> list[Any]:
    task, split, submission, profile, question_set = one.part
    ends = [one.slope, one.low, one.high, one.over or None, one.misfit]
    sizes = [len(one.sizes), one.sizes[0], one.sizes[-1], one.without_error]
    return [task, split, question_set, profile, one.metric, *ends, *sizes, one.seeds, submission]


def _shown(row: Row) -> str:
    if row["exponent_low"] is None:
        return f"{row['exponent']:.3f}"
    return f"{row['exponent']:.3f} ({row['exponent_low']:.3f} to {row['exponent_high']:.3f})"


def _misfit(row: Row) -> str:
    return f"{row['misfit']:.3f}"


def _name(row: Row) -> str:
    name = str(row["submission"]) + (" (quick)" if row["profile"] == "quick" else "")
    if row["without_error"]:
        name += f"  {row['without_error']} points without error left out: the slope is too near to 0"
    return name
