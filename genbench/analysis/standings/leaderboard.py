"""All that a leaderboard shows, from the tables of results and the facts of the cards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.analysis.standings import question_sets, slices
from genbench.analysis.standings.curves import learning_curves
from genbench.analysis.standings.ranks import in_order
from genbench.analysis.standings.sources import Held
from genbench.analysis.standings.splits import splits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pyarrow as pa

    from genbench.analysis.standings.curves import CurvePoint
    from genbench.analysis.standings.evidence import Evidence
    from genbench.analysis.standings.headlines import Headline
    from genbench.analysis.standings.question_sets import Standing
    from genbench.analysis.standings.slices import SliceStanding


@dataclass(frozen=True, slots=True)
class Board:
    """All that a leaderboard shows. `cells` counts those that stand, `failed` among them, `superseded` beside them.

    `first` and `last` are when cells started; `versions` holds each library's name and the versions that occur.
    """

    standings: tuple[Standing, ...]
    slices: tuple[SliceStanding, ...]
    curves: tuple[CurvePoint, ...]
    headlines: Mapping[str, Headline]
    cells: int
    failed: int
    superseded: int
    first: datetime | None
    last: datetime | None
    versions: tuple[tuple[str, tuple[str, ...]], ...]


def board(
    cells: pa.Table,
    scores: pa.Table,
    curves: pa.Table,
    headlines: Mapping[str, Headline],
    evidence: Evidence | None = None,
) -> Board:
    """Everything a leaderboard shows, from the CELLS, SCORES and CURVES tables and the facts of `task/split`.

    `evidence` are the marks of single questions; without them intervals and ranks are of scores alone.
    """
    versions: dict[str, set[str]] = defaultdict(set)
    stands: list[Standing] = []
    parts: list[SliceStanding] = []
    count = failed = superseded = 0
    started: list[datetime] = []
    for rows in splits(Held(cells, scores), headlines, evidence):
        stands += question_sets.of_split(rows)
        parts += slices.of_split(rows)
        count += len(rows.cells)
        failed += sum(cell.status != "ok" for cell in rows.cells)
        superseded += sum(cell.superseded for cell in rows.cells)
        times = [cell.started for cell in rows.cells]
        started += [min(times), max(times)]
        for name, version in {pair for cell in rows.cells for pair in cell.versions}:
            versions[name].add(version)
    return Board(
        standings=tuple(in_order(stands)),
        slices=tuple(parts),
        curves=learning_curves(cells, curves, headlines) if curves.num_rows else (),
        headlines=headlines,
        cells=count,
        failed=failed,
        superseded=superseded,
        first=min(started, default=None),
        last=max(started, default=None),
        versions=tuple((name, tuple(sorted(found))) for name, found in sorted(versions.items())),
    )
