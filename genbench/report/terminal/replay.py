"""What others measured on a task, replayed: trends along frequency, and against another test set."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.errors import BadValue, SourceAbsent, UnknownName, nearest
from genbench.report.results import made
from genbench.report.tables import Column, table_of
from genbench.report.terminal.frequency import trend_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.replay import Unit
    from genbench.cards import TaskCard
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table


COLLAPSE: Final = "collapse"  # of no task: released language models, their loss and how far their classes collapse


def replay(task: str, table: Path | None, unit: Unit | None, source: str, out: str, output: Output) -> None:
    """Print what others measured on a task: accuracy against frequency, and against another test set; write and draw.

    Without the accuracies by class at hand there is only the latter, from the published figures that are bundled.
    """
    from genbench.analysis import frequency as measure
    from genbench.analysis import published
    from genbench.analysis import replay as others
    from genbench.analysis.tables import write_table
    from genbench.report.plots import of_frequency, of_reported

    if task == COLLAPSE:
        if table is not None or unit is not None or source:
            raise BadValue(
                f"--table, --unit and --source go with a task; {COLLAPSE} reads one released table of models"
            )
        collapse(out, output)
        return
    card = registry.catalogue().tasks.get(task)
    if card is None:
        known = [*registry.catalogue().tasks, COLLAPSE]
        raise UnknownName(f"there is no task {task!r}{nearest(task, known)}; {COLLAPSE!r} is of language models")
    pairs = [one for one in published.against(registry.published_folder()) if one.task == task]
    if not card.reported and not pairs:
        raise BadValue(f"{task} names no 'reported' on its card: nothing is known of published models")
    if table is not None and not source:
        raise BadValue("--table goes with --source, which says where its accuracies were read")
    if table is not None and unit is None:
        raise BadValue("--table goes with --unit, which says what its accuracies are in: share (0 to 1) or percent")
    rows = _reported(card, table, unit or "share", source, output) if card.reported else None
    found = [] if rows is None else list(others.trends(rows))
    pictures = {"frequency.svg": of_frequency.picture(found)} if found else {}
    fits = [published.slopes(one) for one in pairs]
    told = [trend_table(found)] if found else []
    output.show(*told, *([_against_table(pairs, fits, published.BORDER)] if pairs else []))
    for one, own in zip(pairs, fits, strict=True):
        name = f"against_{one.other.partition(',')[0].lower()}.svg"
        pictures[name] = of_reported.picture(one, own, published.BORDER)
    folder = Path(out)
    with made(folder):
        if rows is not None:
            write_table(rows, folder / "reported.parquet")
            measure.write(found, folder)
        for name, content in pictures.items():
            (folder / name).write_text(content, encoding="utf-8")
    output.say(f"tables and pictures: {folder}")


CORRELATIONS: Final = (
    Column("over", "text", "which models", "over"),
    Column("models", "integer", "how many these are", "models"),
    Column("measure", "text", "measure of neural collapse", "measure"),
    Column("about", "text", "what it says, by the paper's name of the property", "what it says"),
    Column("of", "text", "what Pearson's r is of, the measure or its logarithm"),
    Column(
        "pearson", "number", "correlation with the loss on held-out text", "Pearson", lambda row: _r(row, "pearson")
    ),
    Column("pearson_low", "number", "lower end of its 95 % interval"),
    Column("pearson_high", "number", "upper end of it"),
    Column("spearman", "number", "rank correlation with it", "Spearman", lambda row: _r(row, "spearman")),
    Column("spearman_low", "number", "lower end of its 95 % interval"),
    Column("spearman_high", "number", "upper end of it"),
)
NOTES: Final = (
    "correlations with the loss on held-out text; Pearson of cdnv is of its logarithm; in brackets 95 % intervals,",
    "over sizes drawn again with all their models; of those that differ by their seed, over models drawn again",
)


def _r(row: Row, name: str) -> str:
    return f"{row[name]:.3f} ({row[name + '_low']:.3f} to {row[name + '_high']:.3f})"


def collapse(out: str, output: Output) -> None:
    """Print how measures of neural collapse go along with the loss of released language models, and keep both."""
    from genbench.analysis import collapse as study
    from genbench.analysis.tables import write_table

    models = study.models()
    found = study.table(study.correlated(models))
    rows = [list(row.values()) for row in found.to_pylist()]
    output.show(table_of("collapse", CORRELATIONS, rows, notes=NOTES))
    folder = Path(out)
    with made(folder):
        write_table(models, folder / "collapse_models.parquet")
        write_table(found, folder / "collapse_correlations.parquet")
    output.say(f"tables: {folder}")


def _reported(card: TaskCard, table: Path | None, unit: Unit, source: str, output: Output) -> Any:
    """Accuracies by class that others reported, as rows of REPORTED; None where they are not at hand, which is said.

    The task's entry is given a table in shares, whatever was typed.
    """
    import pyarrow.parquet as pq

    from genbench.analysis import replay as others
    from genbench.cards import entries

    try:
        with tempfile.TemporaryDirectory(prefix="genbench-") as room:
            given = None if table is None else Path(room) / "shares.parquet"
            if table is not None:
                pq.write_table(others.read(table, unit), given)
            reported = entries.load_entry(card.folder, card.reported)(given)
    except SourceAbsent as fault:
        output.warn(f"left out, accuracies by class: {fault}")
        return None
    return others.rows(replace(reported, source=source or reported.source))


AGAINST: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, as its card names it"),
    Column("metric", "text", "metric of the task"),
    Column("other", "text", "the other test set and its metric"),
    Column("status", "text", "how the figures were checked"),
    Column("all_models", "integer", "models with both figures"),
    Column(
        "side",
        "text",
        "models below or above the border",
        "models",
        lambda row: f"{row['side']} {100 * row['border']:g} %",
    ),
    Column("border", "number", "accuracy on the other test set that parts the models, 0 to 1"),
    Column("slope", "number", "of the line through them", "slope", lambda row: f"{row['slope']:.4f}"),
    Column("models", "integer", "models on this side", "count"),
)


def _against_table(pairs: Sequence[Any], fits: Sequence[Any], border: float) -> Table:
    """Published models against another test set: the slope below and above the border."""
    rows = [
        [one.task, one.split, one.metric, one.other, one.status, len(one.models), name, border, fit.slope, fit.models]
        for one, own in zip(pairs, fits, strict=True)
        for name, fit in own.items()
        if fit is not None
    ]

    def heading(row: Row) -> str:
        where = f"{row['task']}/{row['split']}, {row['metric']} against {row['other']}"
        return f"{where}, {row['all_models']} models ({row['status']})"

    return table_of("against", AGAINST, rows, sections=("task", "split", "metric", "other"), heading=heading)
