"""Accuracy against the difficulty of what is asked, as it was measured from a split's data alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import scatter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.standings import Standing

MEASURES: Final = {  # of `genbench difficulty`, and what is called so
    "compound_divergence": "compound divergence",
    "atom_divergence": "atom divergence",
    "nearest": "score of the nearest neighbour",
    "log2_bound_bits": "log2 of the bound in bits",
    "gp_bits": "exact bits",
}
LEAST: Final = 3  # question sets of unlike difficulty, below which there is nothing to see


def against_difficulty(
    standings: Sequence[Standing],
    hardness: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]],
    measure: str,
    says: str,
) -> Plot | None:
    """A dot for each standing of the full profile whose question set was measured; None where those are too few."""
    known = {
        (*where, row["question_set"]): row["value"]
        for where, rows in hardness.items()
        for row in rows
        if row["measure"] == measure and row["value"] is not None
    }
    rows = [
        {
            "who": one.submission,
            "x": known[one.task, one.split, one.question_set],
            "y": one.mean,
            "low": one.low,
            "high": one.high,
            "where": f"{one.task}/{one.split}, {one.question_set}",
        }
        for one in standings
        if one.mean is not None
        and one.profile == "full"
        and one.bounded
        and (one.task, one.split, one.question_set) in known
    ]
    if len({row["x"] for row in rows}) < LEAST:
        return None
    return Plot(
        f"accuracy by {says}", "", scatter(says, "mean", tips=(("where", "question set"),)), tuple(rows), wide=True
    )
