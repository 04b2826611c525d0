"""Accuracy by length over all question sets of a split, and how far each submission reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genbench.analysis.standings import natural
from genbench.report.plots.looks import MOST
from genbench.report.plots.plot import Plot
from genbench.report.plots.specs import lines
from genbench.report.wording import point, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.lengths import Reach
    from genbench.report.plots.specs import Levels

FAMILIAR: Final = "shaded: values asked as in training; bands: 95 % intervals over questions and seeds"


def by_length(found: Sequence[Reach], title: str, levels: Levels = ()) -> Plot:
    """The plot of the reaches along one axis; what is asked as in training is shaded."""
    first = found[0].readings[0]
    known = None if first.familiar is None else (min(one.lengths[0] for one in found), first.familiar)
    rows = [
        {
            "who": one.readings[0].submission,
            "x": length,
            "y": share.value,
            "low": share.low,
            "high": share.high,
            "n": count,
        }
        for one in found
        for length, share, count in zip(one.lengths, one.shares, one.readings[0].counts, strict=True)
    ]
    return Plot(
        title=title,
        says=f"by {first.axis}",
        spec=lines(
            first.axis, "exact match", log=found[0].bent, levels=levels, familiar=known, tips=(("n", "questions"),)
        ),
        rows=tuple(rows),
        across="x",
        value="y",
        wide=True,
        notes=tuple(reached(one) for one in sorted(found, key=lambda one: -one.area.value)),
    )


def frames(found: Sequence[Reach]) -> tuple[list[Plot], list[str]]:
    """A plot for each split and profile, and the submissions that have looks, the same in all: the first by name."""
    names = sorted({one.readings[0].submission for one in found}, key=natural)[:MOST]
    own: dict[tuple[str, str, str], list[Reach]] = {}
    for one in found:
        task, split, submission, profile, _ = one.readings[0].who
        if submission in names:
            own.setdefault((task, split, profile), []).append(one)
    titles = {
        (task, split, profile): f"{task}/{split}" + " (quick)" * (profile == "quick") for task, split, profile in own
    }
    return [by_length(each, titles[where]) for where, each in own.items()], names


def reached(one: Reach) -> str:
    """How far a submission reaches, in words."""
    far, half = (point(of.value, of.low, of.high, one.lengths) for of in (one.break_point, one.half_length))
    area = f"{one.area.value:.3f} ({span(one.area.low, one.area.high, bounded=True)})"
    return f"{one.readings[0].submission}: at least .9 up to {far}, half at {half}, area {area}"
