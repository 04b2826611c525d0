"""Whether difficulty foretells accuracy, printed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadValue
from genbench.report.results import evidence_of, headlines, tables_of
from genbench.report.tables import Column, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.analysis.foretelling import Foretold
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

NOTES: Final = (
    "correlation: of ranks (Spearman), between a measure and the best accuracy of a learner, over question sets;",
    "in brackets 95 % intervals over splits drawn again; few tasks mostly say which task is harder;",
    "counts are of all question sets; what makes those out of distribution hard may make the others easy",
)


def foretell(results: Sequence[str], output: Output) -> None:
    """Print the correlation of each measure of difficulty with the best accuracy that a learner reaches."""
    from genbench import registry
    from genbench.analysis import difficulty, foretelling
    from genbench.analysis.standings import board

    cells, scores, curves = tables_of(results, ("cells", "scores", "curves"))
    known = registry.catalogue().tasks
    hardness = {where: rows for place in results for where, rows in difficulty.stored(place).items()}
    if not hardness:
        raise BadValue(
            f"there is no difficulty in {', '.join(results)}; "
            f"`genbench difficulty SPLIT... --out {results[0]}` measures and keeps it"
        )
    standings = board(cells, scores, curves, headlines(known), evidence_of(results, known)).standings
    points = foretelling.points(standings, hardness)
    found = foretelling.foretold(points)
    if not found:
        raise BadValue(
            f"{len(points)} question sets have both a difficulty and a learner of the full profile; "
            f"a correlation takes {foretelling.FEWEST} of unlike difficulty"
        )
    output.show(_table(found))


def _table(found: Sequence[Foretold]) -> Table:
    columns = [
        Column("measure", "text", "measure of difficulty, as `genbench difficulty` has it", "measure"),
        *_correlated("correlation", "over all question sets", "correlation"),
        *_correlated("beyond", "over question sets out of distribution alone", "out of distribution"),
        Column("question_sets", "integer", "question sets that it is over", "question sets"),
        Column("splits", "integer", "splits that these are of", "splits"),
        Column("tasks", "integer", "tasks that those are of", "tasks"),
    ]
    return table_of("foretold", columns, [_values(one) for one in found], notes=NOTES)


def _correlated(key: str, over: str, title: str) -> list[Column]:
    return [
        Column(key, "number", f"rank correlation with the best accuracy, {over}; null for none", title, _shown(key)),
        Column(f"{key}_low", "number", "lower end of its 95 % interval; null where there is no ground for one"),
        Column(f"{key}_high", "number", "upper end of its 95 % interval; null likewise"),
    ]


def _values(one: Foretold) -> list[Any]:
    ends = (end for of in (one.correlation, one.beyond) for end in (of.value, of.low, of.high))
    return [one.measure, *(None if math.isnan(end) else end for end in ends), one.question_sets, one.splits, one.tasks]


def _shown(key: str) -> Callable[[Row], str]:
    def shown(row: Row) -> str:
        value, low, high = row[key], row[f"{key}_low"], row[f"{key}_high"]
        if value is None:
            return "-"
        return f"{value:+.2f}" + ("" if low is None else f" ({low:+.2f} to {high:+.2f})")

    return shown
