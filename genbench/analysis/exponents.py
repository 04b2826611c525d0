"""How error falls with training rows: the slope of log error against log rows.

Error is 1 less the score where more is better and scores lie in [0, 1], and the score itself where less is better.
A straight line is fitted to the logarithms by least squares, for each seed by itself; the exponent is the mean of the
slopes, and its interval Student's t over the seeds, which holds whatever the line leaves over. With one seed it is that
of the least-squares slope over the sizes, and knows of no other training run. A power law with a floor bends: `misfit`
is the root mean square of what the line leaves over, in logarithms to base e.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from genbench.analysis.inference.means import TAIL
from genbench.analysis.newest import newest_rows, rows_of
from genbench.analysis.standings.headlines import Facts
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from genbench.analysis.standings import Headline

Part = tuple[str, str, str, str, str]  # task, split without the parameter, submission, profile, question set
FEWEST: Final = 2  # sizes through which there is a line


@dataclass(frozen=True, slots=True)
class Exponent:
    """The exponent of one submission on one question set; None for its ends where there is no ground for an interval.

    `over` says what the interval is of. `sizes` are those of the fit, `without_error` counts the points that had no
    error, whose logarithm there is not: they are left out, and the exponent is then too near to 0.
    """

    part: Part
    metric: str
    slope: float
    low: float | None
    high: float | None
    over: Literal["seeds", "sizes", ""]
    seeds: int
    sizes: tuple[float, ...]
    without_error: int
    misfit: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line through logarithms: its slope, the slope's standard error (NaN for two points), the residuals' size."""

    slope: float
    error: float
    misfit: float
    points: int


def line(rows: Sequence[float], errors: Sequence[float]) -> Line:
    """The least-squares line of log error against log rows, of two different numbers of rows at least."""
    across, up = np.log(np.asarray(rows, float)), np.log(np.asarray(errors, float))
    centred = across - across.mean()
    slope = float(centred @ up / (centred @ centred))
    left = up - up.mean() - slope * centred
    spare = len(across) - 2
    error = math.sqrt(float(left @ left) / spare / float(centred @ centred)) if spare > 0 else math.nan
    return Line(slope, error, math.sqrt(float(left @ left) / len(across)), len(across))


def together(lines: Sequence[Line]) -> tuple[float, float | None, float | None, Literal["seeds", "sizes", ""]]:
    """The mean slope with its 95 % interval, and what that is of: seeds, the sizes of an only one, or nothing."""
    slopes = [one.slope for one in lines]
    mean = math.fsum(slopes) / len(slopes)
    if len(slopes) > 1:
        half = _quantile(len(slopes) - 1) * float(np.std(slopes, ddof=1)) / math.sqrt(len(slopes))
        return mean, mean - half, mean + half, "seeds"
    (only,) = lines
    if math.isnan(only.error):
        return mean, None, None, ""
    half = _quantile(only.points - 2) * only.error
    return mean, mean - half, mean + half, "sizes"


def _quantile(freedom: int) -> float:
    from scipy.special import stdtrit  # scipy.stats has the same and takes a second to import

    return float(stdtrit(freedom, TAIL))


def exponents(
    cells: pa.Table,
    scores: pa.Table,
    headlines: Mapping[str, Headline],
    wanted: Callable[[str, str], bool],
    along: Mapping[str, str],
) -> tuple[list[Exponent], list[str]]:
    """The exponent of each submission on each question set, in the order of names, and a line for what has none.

    `along` names the parameter of each task that is its number of training rows; "" is for tasks that are not there.
    Of cells run again the newest counts. Raises `BadValue` where no cell is wanted, and where nothing can be told.
    """
    kept = {row["cell"]: row for row in newest_rows(cells, ["task_params"], wanted) if row["status"] == "ok"}
    if not kept:
        raise BadValue("no cell of these results matches and ended well")
    facts = Facts(headlines, scores)
    points: dict[Part, dict[int, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    left_out: dict[str, None] = {}
    for row in rows_of(scores):
        own = kept.get(row["cell"])
        if own is None or row["axis"]:
            continue
        fact = facts.of((own["task"], own["split"]))
        if row["metric"] != fact.metric:
            continue
        name = along.get(own["task"], along.get("", ""))
        size = json.loads(own["task_params"]).get(name)
        if isinstance(size, bool) or not isinstance(size, (int, float)) or size <= 0:
            left_out[f"{own['task']}/{own['split']}: it has no parameter {name!r} that is a number of rows"] = None
            continue
        if fact.direction == "higher" and not fact.bounded:
            left_out[
                f"{own['task']}/{own['split']}: more of {fact.metric} is better without end; there is no error"
            ] = None
            continue
        error = 1 - row["value"] if fact.direction == "higher" else row["value"]
        part = (own["task"], _without(own["split"], name), own["submission"], own["profile"], row["question_set"])
        points[part][own["seed"]].append((float(size), float(error)))
    told = []
    for part, by_seed in sorted(points.items()):
        one = _exponent(part, by_seed, facts.of(part[:2]).metric)
        if one is None:
            left_out[f"{part[0]}/{part[1]} {part[4]}  {part[2]}: no seed has errors at {FEWEST} sizes"] = None
        else:
            told.append(one)
    if not told:
        raise BadValue("no exponent can be told" + "".join(f"\n  {line_}" for line_ in left_out))
    return told, list(left_out)


def _exponent(part: Part, by_seed: Mapping[int, Sequence[tuple[float, float]]], metric: str) -> Exponent | None:
    lines, sizes, without = [], set[float](), 0
    for points in by_seed.values():
        some = [(size, error) for size, error in points if error > 0]
        without += len(points) - len(some)
        if len({size for size, _ in some}) >= FEWEST:
            lines.append(line(*zip(*some, strict=True)))
            sizes |= {size for size, _ in some}
    if not lines:
        return None
    slope, low, high, over = together(lines)
    misfit = math.sqrt(math.fsum(one.misfit**2 for one in lines) / len(lines))
    return Exponent(part, metric, slope, low, high, over, len(lines), tuple(sorted(sizes)), without, misfit)


def _without(label: str, name: str) -> str:
    """A split's label without one of its parameters: `count:p=5,rows=50` without `rows` is `count:p=5`."""
    split, _, given = label.partition(":")
    kept = [part for part in given.split(",") if part and part.partition("=")[0] != name]
    return split + (":" + ",".join(kept) if kept else "")


def of_tasks(known: Mapping[str, Any], named: str) -> dict[str, str]:
    """Each task's parameter that is its number of training rows: `named`, else its card's `prefix`, else `rows`."""
    return {"": named or "rows"} | {name: named or card.prefix or "rows" for name, card in known.items()}
