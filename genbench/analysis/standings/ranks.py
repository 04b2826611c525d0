"""Which standings are ranked, and how: by the set of ranks that paired tests leave each submission."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from genbench.analysis.inference import rank_sets, surely_better
from genbench.analysis.standings.editions import in_common
from genbench.analysis.standings.order import section
from genbench.cards.addresses import card_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from genbench.analysis.inference import Layout
    from genbench.analysis.standings.cells import Cell
    from genbench.analysis.standings.question_sets import Standing

OPEN: Final = "had the network or variables"
UNREAD: Final = "code that nobody reviewed, without a sandbox"
SEEDS: Final = 3  # that a rank asks for at least
BIMODAL: Final = 5  # the same where seeds part into those that succeed and those that fail


def why_unranked(standing: Standing, graded: Sequence[Cell], data: str, reviewed: Collection[str] | None = None) -> str:
    """One short reason, the first that holds, why the standing may never be ranked; empty where it may.

    `reviewed` are submissions whose code was read: a process apart keeps from accidents, and they mean no more. Of code
    that nobody read, a rank asks for a sandbox. None is where nobody says who was read.
    """
    read = reviewed is None or all(card_name(cell.base) in reviewed for cell in graded)
    lost = sum(count for _, count in standing.failed)
    reasons = (
        (any(cell.sealing == "network" for cell in graded), OPEN),  # first: it is told in every profile
        (standing.profile == "quick", "quick profile"),
        (standing.mean is None, "no seed was graded"),
        (standing.kind == "trained", "training asked again"),
        (lost > 0, f"{lost} of {lost + standing.seeds} seeds failed"),
        (any(cell.sealing == "none" for cell in graded), "ran without the wall"),
        (not read and any(cell.sealing == "process" for cell in graded), UNREAD),
        (any(cell.data != data for cell in graded), "other edition of the data"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def why_provisional(standing: Standing, graded: Sequence[Cell], *, bimodal: bool) -> str:
    """What is missing before the standing is ranked: seeds 0 to S - 1, enough of them, and all of one edition."""
    seeds = sorted({cell.seed for cell in graded})
    asked = 1 if standing.deterministic else BIMODAL if bimodal else SEEDS
    if seeds != list(range(max(asked, len(seeds)))):
        needed = range(max(asked, len(seeds)))
        there = f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"
        told = "0" if len(needed) == 1 else f"0 to {needed[-1]}"
        return f"{there} of {told}" if set(seeds) <= set(needed) else f"{there}, not {told}"
    if not in_common(cell.editions for cell in graded):
        return "seeds of different code or parameters"
    return "" if standing.low is not None else "no interval"


def ranked(found: Sequence[Standing], layouts: Mapping[int, Layout]) -> list[Standing]:
    """Each standing with the ranks it may have; `layouts` are by its place in `found`.

    A rank is counted among those that are ranked. The ranks of a submission are from 1 + the number of those that are
    surely better to the number of all, less those that are surely worse.
    """
    contests: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        if not one.unranked and place in layouts:
            contests[one.task, one.split, one.question_set, one.profile].append(place)
    ranks: dict[int, tuple[int, int]] = {}
    for places in contests.values():
        better = surely_better([layouts[place] for place in places], lower=found[places[0]].direction == "lower")
        ranks.update(zip(places, rank_sets(better), strict=True))
    return [replace(one, ranks=ranks.get(place)) for place, one in enumerate(found)]


def in_order(found: Iterable[Standing]) -> list[Standing]:
    """Standings as they are shown: in each contest by mean, those without a rank for good below the others.

    Provisional ones stand among the ranked, but never first where there is one that is ranked; then those that are
    never ranked, those with failed cells, and those with nothing else.
    """
    contests: dict[tuple[object, ...], list[Standing]] = {}
    for one in sorted(found, key=_place):
        contests.setdefault((one.task, one.split, one.question_set, one.profile), []).append(one)
    for own in contests.values():
        best = next((place for place, one in enumerate(own) if one.ranks is not None), 0)
        own.insert(0, own.pop(best))
    return [one for own in contests.values() for one in own]


def _place(one: Standing) -> tuple[object, ...]:
    better = 0.0 if one.mean is None else one.mean if one.direction == "lower" else -one.mean
    never = one.ranks is None and not one.provisional
    return (*section(one), one.mean is None, bool(one.failed), never, better, one.submission)
