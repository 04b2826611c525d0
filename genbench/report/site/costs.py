"""What cells cost: time, memory, parameters and operations of each submission on each split, over its seeds."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.standings.cells import newest_cells
from genbench.report.site.lives import machine, object_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.analysis.standings import Headline
    from genbench.report.site.provenance import Who

READ: Final = (
    "cell", "parameters", "training_flops", "peak_memory_bytes", "cpu_seconds", "predict_seconds", "machine", "device",
    "submission_params",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Means over the cells that ended well, None where none of them says; `peak_memory` in bytes, the largest.

    `cells` counts all, `failed` those among them that did not end well; `where` are the machines and devices.
    """

    cells: int
    failed: int
    fit_seconds: float | None
    predict_seconds: float | None
    cpu_seconds: float | None
    peak_memory: float | None
    parameters: float | None
    flops: float | None
    where: tuple[str, ...]
    params: str


def costs(cells: Any, headlines: Mapping[str, Headline]) -> dict[Who, Cost]:
    """The costs of the cells that stand, from CELLS."""
    if cells is None:
        return {}
    rows = {row["cell"]: row for row in cells.select(list(READ)).to_pylist()}
    together: dict[Who, list[Any]] = defaultdict(list)
    for cell in newest_cells(cells, headlines):
        together[cell.task, cell.split, cell.submission, cell.profile].append(cell)
    return {who: _cost(own, [rows[cell.cell] for cell in own]) for who, own in together.items()}


def _cost(own: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> Cost:
    well = [(cell, row) for cell, row in zip(own, rows, strict=True) if cell.status == "ok"]
    return Cost(
        cells=len(own),
        failed=len(own) - len(well),
        fit_seconds=mean(cell.fit_seconds for cell, _ in well),
        predict_seconds=mean(row["predict_seconds"] for _, row in well),
        cpu_seconds=mean(row["cpu_seconds"] for _, row in well),
        peak_memory=max((row["peak_memory_bytes"] for _, row in well if row["peak_memory_bytes"]), default=None),
        parameters=mean(row["parameters"] for _, row in well),
        flops=mean(row["training_flops"] for _, row in well),
        where=tuple(sorted({_where(row) for row in rows})),
        params=rows[0]["submission_params"],
    )


def _where(row: Mapping[str, Any]) -> str:
    return ", ".join(
        part for part in (machine(row["machine"]), row["device"] if row["device"] != "cpu" else "") if part
    )


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those that are known and finite; None of none."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return math.fsum(known) / len(known) if known else None


def params_of(text: str) -> list[tuple[str, str]]:
    """Parameters as their column has them, by name; none where it holds no JSON object."""
    return [(name, json.dumps(value)) for name, value in object_of(text).items()]


def large(value: float | None, unit: str = "") -> str:
    """A large number in few letters: 1.2k, 3.45M, 6.1e+14; nothing where it is not known.

    >>> large(1234), large(3.456e6, "B"), large(6.1e14), large(12), large(None)
    ('1.23k', '3.46MB', '6.1e+14', '12', '')
    """
    if value is None:
        return ""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if size <= value < 1e12:
            return f"{value / size:.3g}{letter}{unit}"
    return f"{value:.3g}{unit}"


def gib(value: float | None) -> str:
    """Bytes as GiB with three digits; nothing where they are not known."""
    return "" if value is None else f"{value / 2**30:.3g}"
