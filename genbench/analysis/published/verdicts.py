"""Published figures beside our standings: whether ours reproduce them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.published.figures import Figure
    from genbench.analysis.standings import SliceStanding, Standing


def verdict(figure: Figure, standing: Standing | SliceStanding | None) -> str:
    """What our row says of the figure, by the rule above."""
    if figure.out_of_reach:
        return f"out of reach here: {figure.out_of_reach}"
    if standing is None or standing.mean is None:
        return "no rows yet"
    low, high = figure.range
    ours = (standing.mean, standing.mean) if standing.low is None else (standing.low, standing.high or standing.mean)
    if ours[1] < low:
        return f"not reproduced: lower by {low - ours[1]:.3f}"
    if ours[0] > high:
        return f"not reproduced: higher by {ours[0] - high:.3f}"
    return "reproduced"


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
    """One line for each figure, by task, split and question set, to stand below the ranked rows of a leaderboard."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in figures:
        part = f" on {one.axis} {one.slice}" if one.axis else ""
        line = f"{one.metric} {one.shown}{part}, {one.model}: {one.paper}, {one.where} ({one.status})"
        found[one.task, one.split, one.question_set].append(line)
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
