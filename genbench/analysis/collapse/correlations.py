"""How measures of neural collapse go along with the loss on held-out text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from genbench.analysis.bootstrap import between_percentiles, stream
from genbench.analysis.collapse.models import SEEDS
from genbench.analysis.foretelling import spearman
from genbench.analysis.tables import number
from genbench.rows.schema import column, to_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jaxtyping import Float64, Int

    from genbench.analysis.intervals import Estimate

DRAWS: Final = 2_000
LOSS: Final = "val_loss"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of collapse: its name, what it says, and whether its logarithm is what Pearson's r is of."""

    name: str
    about: str
    logarithm: bool = False


# By the names of the paper's properties; columns of the release are in `models.NUMBERS`.
MEASURES: Final = (
    Measure("cdnv", "NC1: variance within classes over the distance of their means", logarithm=True),
    Measure("etf_error", "NC2: how far class means are from equal angles"),
    Measure("log_kern_var", "GNC2: how unevenly class means lie on the sphere"),
    Measure("dual_error", "NC3: how far the classifier is from the class means"),
    Measure("simcos_var", "UNC3: how much that differs from class to class"),
    Measure("agreement", "NC4: share of tokens whose nearest class mean is what the classifier says"),
)


@dataclass(frozen=True, slots=True)
class Correlated:
    """A measure's correlations with the loss over some models: of numbers (Pearson) and of ranks (Spearman)."""

    measure: Measure
    over: str
    models: int
    pearson: Estimate
    spearman: Estimate


CORRELATIONS: Final = pa.schema(
    [
        column("over", pa.string(), "which models: all, or those of one size and one pass that differ by their seed"),
        column("models", pa.int64(), "how many these are"),
        column("measure", pa.string(), "measure of neural collapse"),
        column("about", pa.string(), "what it says, by the paper's name of the property"),
        column("of", pa.string(), "what Pearson's r is of: the measure, or its logarithm"),
        *(
            number(f"{kind}{end}", f"{told} of the correlation of {what} with the loss")
            for kind, what in (("pearson", "numbers"), ("spearman", "ranks"))
            for end, told in (("", "value"), ("_low", "lower end"), ("_high", "upper end"))
        ),
    ]
)


def table(found: Sequence[Correlated]) -> pa.Table:
    """Rows of CORRELATIONS."""
    rows = []
    for one in found:
        row = {"over": one.over, "models": one.models, "measure": one.measure.name, "about": one.measure.about}
        row["of"] = "logarithm" if one.measure.logarithm else "measure"
        for kind, estimate in (("pearson", one.pearson), ("spearman", one.spearman)):
            row |= {kind: estimate.value, f"{kind}_low": estimate.low, f"{kind}_high": estimate.high}
        rows.append(row)
    return to_table(rows, CORRELATIONS)


def correlated(models: pa.Table) -> list[Correlated]:
    """Each measure over all models, and over those that differ by their seed alone."""
    return list(_correlated(models))


def _correlated(models: pa.Table) -> Iterator[Correlated]:
    columns = {name: np.array(models[name]) for name in models.column_names if name not in {"model", "source"}}
    columns["agreement"] = columns["hits"] / (columns["hits"] + columns["misses"])
    every = np.arange(models.num_rows)
    seeds = np.array([at for at, name in enumerate(models["model"].to_pylist()) if SEEDS.fullmatch(name)])
    sizes: dict[int, list[int]] = defaultdict(list)
    for at, size in enumerate(columns["n_params"].tolist()):
        sizes[size].append(at)
    together = {
        "all models": (every, [np.array(own) for own in sizes.values()]),
        "seeds": (seeds, list(seeds[:, None])),
    }
    for over, (places, groups) in together.items():
        for measure in MEASURES:
            figures = np.log(columns[measure.name]) if measure.logarithm else columns[measure.name]
            estimates = [
                _between(kind, figures, columns[LOSS], places, groups, (measure.name, over, kind.__name__))
                for kind in (pearson, spearman)
            ]
            yield Correlated(measure, over, len(places), *estimates)


def _between(
    kind: Callable[[np.ndarray, np.ndarray], float],
    figures: Float64[np.ndarray, " model"],
    losses: Float64[np.ndarray, " model"],
    places: Int[np.ndarray, " place"],
    groups: list[Int[np.ndarray, " own"]],
    who: tuple[str, str, str],
) -> Estimate:
    """A correlation over some models, with its interval from groups of them drawn again."""
    chance = stream("collapse", *who)
    drawn = []
    for _ in range(DRAWS):
        some = np.concatenate([groups[at] for at in chance.integers(len(groups), size=len(groups))])
        drawn.append(kind(figures[some], losses[some]))
    return between_percentiles(kind(figures[places], losses[places]), np.array(drawn))


def pearson(across: np.ndarray, up: np.ndarray) -> float:
    """The correlation of numbers; NaN where one side is all equal.

    >>> round(pearson(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])), 3)
    0.982
    """
    one, other = across - across.mean(), up - up.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size else float("nan")
