"""Published figures beside our standings: whether ours reproduce them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from genbench.analysis.inference.means import Z, student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.published.figures import Figure
    from genbench.analysis.standings import SliceStanding, Standing


SEEDS: Final = 3  # of ours, from which on a figure may be called reproduced
ROOMS: Final = 4  # as wide as this an interval tells nothing
PARTS: Final = 8  # figures of parts of a question set that are told one by one below its rows


def verdict(figure: Figure, standing: Standing | SliceStanding | None) -> str:
    """What our row says of the figure: reproduced, compatible, differs or cannot tell; see the head of the room."""
    if figure.out_of_reach:
        return f"out of reach here: {figure.out_of_reach}"
    if standing is None or standing.mean is None:
        return "no rows yet"
    low, high = figure.range
    if standing.seeds >= SEEDS and standing.inner is not None and low <= standing.inner[0] <= standing.inner[1] <= high:
        return "reproduced"
    alone = ", one seed" if standing.seeds == 1 else ""
    if figure.spread >= 0:
        room = _over_runs(figure, standing.seeds)
        return _told(standing.mean, standing.mean, figure.value - room, figure.value + room) or f"compatible{alone}"
    ours = (standing.mean, standing.mean) if standing.low is None else (standing.low, standing.high or standing.mean)
    if apart := _told(*ours, low, high):
        return apart
    wide = ours[1] - ours[0] > ROOMS * (high - low) / 2
    return f"cannot tell: our interval is {ours[1] - ours[0]:.3f} wide" if wide else f"compatible{alone}"


def _told(ours_low: float, ours_high: float, low: float, high: float) -> str:
    """How far ours lies beyond; empty where the two meet."""
    if ours_high < low:
        return f"differs: lower by {low - ours_high:.3f}"
    return f"differs: higher by {ours_low - high:.3f}" if ours_low > high else ""


def _over_runs(figure: Figure, seeds: int) -> float:
    """How far the mean of our seeds and that of their runs lie apart at most in 95 % of tries, if both are alike.

    sd * sqrt(1/S + 1/k) * t of k - 1. Of a source that does not say how many runs there were, one is taken, and the
    normal quantile.
    """
    quantile = student(figure.runs - 1) if figure.runs else Z
    return quantile * figure.spread * math.sqrt(1 / seeds + 1 / max(figure.runs, 1))


def beside(
    figure: Figure, standings: Sequence[Standing], slices: Sequence[SliceStanding] = ()
) -> Standing | SliceStanding | None:
    """Our full-profile standing that the figure names, where there is one with its metric."""
    parts = [one for one in slices if (one.axis, one.slice) == (figure.axis, figure.slice)]
    for one in parts if figure.axis else standings:
        if one.profile == "full" and (one.task, one.split, one.question_set, one.submission, one.metric) == (
            figure.task,
            figure.split,
            figure.question_set,
            figure.ours,
            figure.metric,
        ):
            return one
    return None


def reported(figures: Sequence[Figure]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """One line for each figure, by task, split and question set, to stand below the ranked rows of a leaderboard.

    Where there are more than `PARTS` figures of parts of a question set, these are one line together that counts them.
    """
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    parts: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for one in figures:
        if one.axis:
            parts[one.task, one.split, one.question_set].append(one)
    for one in figures:
        place = one.task, one.split, one.question_set
        if one.axis and len(parts[place]) > PARTS:
            continue
        part = f" on {one.axis} {one.slice}" if one.axis else ""
        found[place].append(f"{one.metric} {one.shown}{part}, {one.model}: {one.paper}, {one.where} ({one.status})")
    for place, those in parts.items():
        if len(those) > PARTS:
            axes = " and ".join(sorted({one.axis for one in those}))
            found[place].append(f"{len(those)} more by {axes}: `genbench reproduction` has them")
    return {place: tuple(lines) for place, lines in found.items()}


def table(figures: Sequence[Figure], standings: Sequence[Standing], slices: Sequence[SliceStanding] = ()) -> str:
    """Figures beside our standings as a Markdown table, and below it what differs and where each was read."""
    lines = [
        "| task | asked | published | value | ours | mean | 95 % interval | seeds | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    notes = []
    for number, figure in enumerate(figures, 1):
        one = beside(figure, standings, slices)
        known = one is not None and one.mean is not None
        mean = f"{one.mean:.3f}" if one is not None and one.mean is not None else "-"
        interval = f"{one.low:.3f} to {one.high:.3f}" if one is not None and one.low is not None else "-"
        cells = (
            f"{figure.task}/{figure.split}",
            figure.asked,
            f"{figure.model} [{number}]",
            figure.shown,
            f"`{figure.ours}`" if figure.ours else "-",
            mean,
            interval,
            str(one.seeds) if known and one is not None else "-",
            verdict(figure, one),
        )
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
        note = f"{number}. {figure.paper}, {figure.where} ({figure.status}; read in {figure.source})."
        notes.append(note + (f" Ours differs: {figure.departs}." if figure.departs else ""))
    return "\n".join([*lines, "", *notes]) + "\n"
