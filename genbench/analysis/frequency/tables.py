"""The tables that `genbench frequency` writes: what they hold, and their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from genbench.analysis import tables
from genbench.analysis.tables import PROFILE, QUESTION_SET, SPLIT, SUBMISSION, TASK, number, whose
from genbench.rows.schema import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from genbench.analysis.frequency.over_seeds import Found
    from genbench.analysis.intervals import Estimate

_WHO = [TASK, SPLIT, QUESTION_SET, SUBMISSION, PROFILE]


def _with_ends(name: str, about: str) -> list[Any]:
    ends = [(f"{name}_low", f"2.5th percentile of {name}"), (f"{name}_high", f"97.5th percentile of {name}")]
    return [number(key, text, null=True) for key, text in ((name, about), *ends)]


TRENDS: Final = pa.schema(
    [
        *_WHO,
        column("seeds", pa.int64(), "training seeds"),
        column("concepts", pa.int64(), "concepts asked for"),
        *_with_ends("slope", "points of accuracy per decade of frequency, over the inner bins"),
        *_with_ends("r", "Pearson's r of log frequency and accuracy over the inner bins"),
        number("p", "two-sided p of r", null=True),
        *_with_ends("concept_r", "Pearson's r of log frequency and accuracy over concepts"),
        number("concept_p", "two-sided p of concept_r", null=True),
        column("unseen", pa.int64(), "concepts with the count 0"),
        *_with_ends("unseen_accuracy", "their mean accuracy"),
    ]
)
POINTS: Final = pa.schema(
    [
        *_WHO,
        column("bin", pa.int64(), "0 for the least frequent"),
        number("edge", "the greatest frequency of the bin"),
        column("concepts", pa.int64(), "concepts in the bin"),
        *_with_ends("accuracy", "mean accuracy over them"),
    ]
)


def trend_rows(found: Iterable[Found]) -> Iterator[dict[str, object]]:
    """Rows of TRENDS."""
    for one in found:
        of = one.analysis
        yield {
            **whose(one, _WHO),
            "seeds": of.seeds,
            "concepts": of.concepts,
            **_spread("slope", of.slope),
            **_spread("r", of.r),
            "p": _known(of.trend.p),
            **_spread("concept_r", of.concept_r),
            "concept_p": _known(of.concept_p),
            "unseen": of.unseen,
            **_spread("unseen_accuracy", of.unseen_accuracy),
        }


def point_rows(found: Iterable[Found]) -> Iterator[dict[str, object]]:
    """Rows of POINTS, bins without concepts among them."""
    for one in found:
        of = one.analysis
        for place, (edge, concepts, accuracy) in enumerate(
            zip(of.trend.edges, of.trend.concepts, of.accuracy, strict=True)
        ):
            yield {
                **whose(one, _WHO),
                "bin": place,
                "edge": float(edge),
                "concepts": int(concepts),
                **_spread("accuracy", accuracy),
            }


def _spread(name: str, of: Estimate) -> dict[str, float | None]:
    return {name: _known(of.value), f"{name}_low": _known(of.low), f"{name}_high": _known(of.high)}


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def write(found: Sequence[Found], folder: Path) -> None:
    """Write `trends.parquet` and `points.parquet` into the folder; a name appears when the bytes are whole."""
    tables.write(trend_rows(found), TRENDS, folder / "trends.parquet")
    tables.write(point_rows(found), POINTS, folder / "points.parquet")
