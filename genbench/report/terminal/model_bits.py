"""How rare a loss is among the seeds of a submission, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.report.results import tables_of, wanted_by
from genbench.report.tables import Column, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.model_bits import ModelBits
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

NOTES: Final = (
    "bits: -log2 of the chance that a seed's loss is at most epsilon, by a non-central chi square fitted to them;",
    "extrapolated: no seed was as good, so that the figure is the fitted shape's alone",
)


def bits(
    results: Sequence[str],
    tasks: Sequence[str],
    submissions: Sequence[str],
    epsilon: float,
    metric: str,
    output: Output,
) -> None:
    """Print the bits of each submission on each question set that has a loss and seeds enough."""
    from genbench import registry
    from genbench.analysis import model_bits as measure

    cells, scores = tables_of(results, ("cells", "scores"))
    losses = measure.of_tasks(registry.catalogue().tasks, metric)
    found, left_out = measure.model_bits(cells, scores, wanted_by(tasks, submissions), losses, epsilon)
    for line in left_out:
        output.note(f"left out: {line}")
    output.show(_table(found))


def _table(found: Sequence[ModelBits]) -> Table:
    columns = [
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters"),
        Column("question_set", "text", "name of the question set"),
        Column("profile", "text", "quick (never ranked) or full"),
        Column("metric", "text", "the loss"),
        Column("epsilon", "number", "the loss that is to be reached"),
        Column("bits", "number", "-log2 of the chance that a seed's loss is at most epsilon", "bits", _shown),
        Column("extrapolated", "boolean", "whether no seed's loss was as low"),
        Column("seeds", "integer", "training seeds that the shape was fitted to", "seeds"),
        Column("least", "number", "the least of their losses", "least", lambda row: f"{row['least']:.4g}"),
        Column("mean", "number", "the mean of their losses", "mean", lambda row: f"{row['mean']:.4g}"),
        Column("degrees", "number", "degrees of freedom of the shape"),
        Column("noncentrality", "number", "its non-centrality"),
        Column("scale", "number", "what it is multiplied by"),
        Column("submission", "text", "submission, with variant and overridden parameters", "submission", _name),
    ]
    return table_of(
        "model_bits",
        columns,
        [_values(one) for one in found],
        sections=("task", "split", "question_set"),
        heading=lambda row: (
            f"{row['task']}/{row['split']} {row['question_set']}: {row['metric']} of {row['epsilon']:g}"
        ),
        notes=NOTES,
    )


def _values(one: ModelBits) -> list[Any]:
    task, split, submission, profile, question_set = one.part
    shape = [one.shape.degrees, one.shape.noncentrality, one.shape.scale]
    told = [one.bits, one.extrapolated, one.seeds, one.least, one.mean]
    return [task, split, question_set, profile, one.metric, one.epsilon, *told, *shape, submission]


def _shown(row: Row) -> str:
    return f"{row['bits']:.3g}" + (" (extrapolated)" if row["extrapolated"] else "")


def _name(row: Row) -> str:
    return str(row["submission"]) + (" (quick)" if row["profile"] == "quick" else "")
