"""Accuracy along an axis of a question set: lines along numbers, lanes for names."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.analysis.standings import by_number
from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import dots, few, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.standings import SliceStanding
    from genbench.report.plots.specs import Levels

TIPS: Final = (("n", "questions"), ("seeds", "seeds"))
STRIPS: Final = 60  # slices of a named axis that are drawn; of more, hundreds of classes, no one reads a picture
LANES: Final = 8


def along(parts: Sequence[SliceStanding], levels: Mapping[str, Levels]) -> Iterator[Plot]:
    """A plot for each question set and axis of more than one value and, of names, no more than `STRIPS`."""
    for _, group in groupby(parts, key=lambda one: (one.question_set, one.axis)):
        own = list(group)
        names = list(dict.fromkeys(one.slice for one in own))
        numeric = all(by_number(name)[0] == 0 for name in names)
        if len(names) > 1 and (numeric or len(names) <= STRIPS):
            yield of_axis(own, levels.get(own[0].question_set, ()), numeric=numeric)


def of_axis(own: Sequence[SliceStanding], levels: Levels, *, numeric: bool) -> Plot:
    """The plot of the slices of one axis of one question set."""
    one = own[0]
    bounded = all(part.bounded for part in own)
    names = list(dict.fromkeys(part.slice for part in own))
    spec = (
        lines(one.axis, one.metric, bounded=bounded, levels=levels, tips=TIPS, ticks=few(map(float, names)))
        if numeric
        else dots(one.axis, one.metric, names, bounded=bounded, levels=levels, lanes=LANES)
    )
    chances = {part.slice: part.chance for part in own}
    rows = [
        {
            "who": part.submission,
            "x": float(part.slice) if numeric else part.slice,
            "y": part.mean,
            "low": part.low,
            "high": part.high,
            "n": part.questions,
            "seeds": part.seeds,
            "chance": None if numeric else chances[part.slice],
        }
        for part in own
    ]
    return Plot(
        title=one.question_set,
        says=f"by {one.axis}",
        spec=spec,
        rows=tuple(rows),
        across="x",
        value="y",
        bounded=bounded,
        wide=not numeric and max(map(len, names)) > 24,
    )
