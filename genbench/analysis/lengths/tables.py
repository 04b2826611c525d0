"""The tables that `genbench lengths` writes: what they hold, and their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from genbench.analysis.lengths.area import weights
from genbench.analysis.lengths.break_points import HALF, KEPT, points
from genbench.analysis.lengths.readings import BESIDE
from genbench.analysis.tables import CELL, PROFILE, SEED, SPLIT, SUBMISSION, TASK, number, whose
from genbench.rows.schema import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from genbench.analysis.lengths.over_seeds import Reach

_WHO = [TASK, SPLIT, SUBMISSION, PROFILE, column("axis", pa.string(), "the axis: length, or another with numbers")]
_FIGURES = [
    number("break_point", "largest length asked with accuracy of .9 at least; inf beyond, -inf before those asked"),
    number("half_length", "length at which accuracy falls below .5; inf beyond, -inf before those asked"),
    number("area", "area under accuracy by length, over the range asked: 0 to 1"),
]
ACCURACIES: Final = pa.schema(
    [
        *_WHO,
        number("length", "the value on the axis"),
        number("accuracy", "share of the questions of that length answered right, mean over seeds"),
        number("low", "lower end of its 95 % interval"),
        number("high", "upper end"),
        number("fitted", "the nearest accuracy that never rises with length"),
        number("token_accuracy", "mean of that metric; null where it is not graded", null=True),
        number("prefix_length", "mean tokens before the first wrong one; null where not graded", null=True),
        column("questions", pa.int64(), "questions of that length"),
        column("seeds", pa.int64(), "seeds"),
    ]
)
SEEDS: Final = pa.schema([*_WHO, SEED, CELL, *_FIGURES])
REACHES: Final = pa.schema(
    [
        *_WHO,
        *(
            part
            for figure in _FIGURES
            for part in (
                figure,
                number(f"{figure.name.partition('_')[0]}_low", "lower end of its 95 % interval"),
                number(f"{figure.name.partition('_')[0]}_high", "upper end"),
            )
        ),
        number("shortest", "the shortest length asked"),
        number("longest", "the longest"),
        number("familiar", "the longest asked as in training; null where none is", null=True),
        number("misfit", "mean distance of measured accuracy from one that never rises with length"),
        column("questions", pa.int64(), "questions of all lengths"),
        column("seeds", pa.int64(), "seeds that were graded; with one, intervals know of questions only"),
        column("failed", pa.int64(), "seeds that were not"),
    ]
)


def accuracy_rows(found: Iterable[Reach]) -> Iterator[dict[str, object]]:
    """Rows of ACCURACIES."""
    for one in found:
        first = one.readings[0]
        beside = {metric: one.mean_of(metric) for metric in BESIDE}
        for at, length in enumerate(one.lengths):
            share = one.shares[at]
            yield {
                **whose(first, _WHO),
                "length": length,
                "accuracy": share.value,
                "low": share.low,
                "high": share.high,
                "fitted": one.fitted[at],
                **{metric: None if values is None else values[at] for metric, values in beside.items()},
                "questions": first.counts[at],
                "seeds": len(one.readings),
            }


def seed_rows(found: Iterable[Reach]) -> Iterator[dict[str, object]]:
    """Rows of SEEDS: what would be read off each seed alone."""
    for one in found:
        for reading in one.readings:
            asked, shares, counts = (np.array(one) for one in (reading.lengths, reading.shares, reading.counts))
            figures = {
                "break_point": float(points(asked, shares[None], counts, KEPT)[0][0]),
                "half_length": float(points(asked, shares[None], counts, HALF)[1][0]),
                "area": float(shares @ weights(asked)),
            }
            yield {**whose(reading, [*_WHO, SEED, CELL]), **figures}


def reach_rows(found: Iterable[Reach]) -> Iterator[dict[str, object]]:
    """Rows of REACHES."""
    for one in found:
        figures: dict[str, float] = {}
        for name in ("break_point", "half_length", "area"):
            estimate, short = getattr(one, name), name.partition("_")[0]
            figures |= {name: estimate.value, f"{short}_low": estimate.low, f"{short}_high": estimate.high}
        first = one.readings[0]
        yield {
            **whose(first, _WHO),
            **figures,
            "shortest": one.lengths[0],
            "longest": one.lengths[-1],
            "familiar": first.familiar,
            "misfit": one.misfit,
            "questions": sum(first.counts),
            "seeds": len(one.readings),
            "failed": one.failed,
        }
