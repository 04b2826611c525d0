"""What a stream of stages did to what was learned before: average accuracy, forgetting and backward transfer.

Of the matrix R whose entry (i, j) is the score on the questions of stage j after stage i, with T the last stage:
average accuracy is the mean of R[T, j] over all j, and backward transfer the mean of R[T, j] - R[j, j] over j < T
(Lopez-Paz & Ranzato 2017, arXiv:1706.08840); forgetting is the mean over j < T of what was best before the last stage,
max over i < T of R[i, j], less R[T, j] (Chaudhry et al. 2018, doi:10.1007/978-3-030-01252-6_33). Where less of the
metric is better, signs are turned: more forgetting is worse and more backward transfer better, whatever the metric.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from genbench.analysis.intervals import interval
from genbench.analysis.newest import newest_rows, rows_of
from genbench.analysis.standings.headlines import Facts
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa
    from jaxtyping import Float64

    from genbench.analysis.standings import Headline

Part = tuple[str, str, str, str, str]  # task, split, submission, profile, question set


@dataclass(frozen=True, slots=True)
class Memory:
    """The three figures of one cell. The last two are None where there is one stage: there is nothing to forget."""

    average: float
    forgetting: float | None
    backward_transfer: float | None


@dataclass(frozen=True, slots=True)
class Streamed:
    """A submission on the question set of a stream, over seeds: each figure as (mean, low, high), by its name.

    An interval is Student's t over the seeds, and None for one seed. `matrix` is the mean over seeds of the scores:
    a row for the state after each stage, a column for the questions of each.
    """

    part: Part
    metric: str
    seeds: int
    stages: int
    figures: Mapping[str, tuple[float | None, float | None, float | None]]
    matrix: Float64[np.ndarray, "after of"]


def memory(matrix: Float64[np.ndarray, "after of"], direction: str = "higher") -> Memory:
    """Average accuracy, forgetting and backward transfer of one matrix of scores."""
    last = matrix[-1]
    average = float(np.mean(last))
    if len(matrix) == 1:
        return Memory(average, None, None)
    signed = matrix if direction == "higher" else -matrix
    old = signed[-1, :-1]
    return Memory(
        average,
        float(np.mean(signed[:-1, :-1].max(axis=0) - old)),
        float(np.mean(old - np.diag(signed)[:-1])),
    )


def streamed(
    cells: pa.Table,
    curves: pa.Table,
    headlines: Mapping[str, Headline],
    wanted: Callable[[str, str], bool],
    axis: str,
) -> tuple[list[Streamed], list[str]]:
    """The figures of each submission on each stream, in the order of names, and a line for each that has none.

    Of CURVES only the newest cells that ended well, the slices along `axis` and the headline count; a step is the stage
    that was the last. Raises `BadValue` where no cell is wanted, and where nothing can be told.
    """
    kept = {row["cell"]: row for row in newest_rows(cells, (), wanted) if row["status"] == "ok"}
    if not kept:
        raise BadValue("no cell of these results matches and ended well")
    facts = Facts(headlines, curves)
    found: dict[Part, dict[str, dict[tuple[int, str], float]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows_of(curves):
        own = kept.get(row["cell"])
        if own is None or row["axis"] != axis or row["metric"] != facts.of((own["task"], own["split"])).metric:
            continue
        part = (own["task"], own["split"], own["submission"], own["profile"], row["question_set"])
        found[part][row["cell"]][row["step"], row["slice"]] = row["value"]
    told, left_out = [], []
    for part, by_cell in sorted(found.items()):
        matrices = [_matrix(values) for values in by_cell.values()]
        name = f"{part[0]}/{part[1]} {part[4]}  {part[2]}"
        if any(matrix is None for matrix in matrices):
            left_out.append(f"{name}: its learning curve has not one step for each {axis}, so it was no stream")
            continue
        told.append(_over_seeds(part, matrices, facts.of(part[:2])))
    if not told:
        raise BadValue(
            f"no stream along {axis!r} is in these results; a split is one where its card says `stream`"
            + "".join(f"\n  {line}" for line in left_out)
        )
    return told, left_out


def _matrix(values: Mapping[tuple[int, str], float]) -> Any:
    """The matrix of one cell; None where its steps are not its stages."""
    count = len({step for step, _ in values})
    if values.keys() != {(step, str(stage)) for step in range(count) for stage in range(count)}:
        return None
    return np.array([[values[step, str(stage)] for stage in range(count)] for step in range(count)])


def _over_seeds(part: Part, matrices: list[Any], fact: Headline) -> Streamed:
    each = [memory(matrix, fact.direction) for matrix in matrices]
    figures = {
        name: interval([value for one in each if (value := getattr(one, name)) is not None], 0, bounded=False)
        for name in ("average", "forgetting", "backward_transfer")
    }
    return Streamed(part, fact.metric, len(each), len(matrices[0]), figures, np.mean(matrices, axis=0))
