"""Submissions as filters ask for them: of what kind, how walled off, how large."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.standings.floors import FLOORS
from genbench.cards.addresses import card_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.analysis.standings import Standing
    from genbench.cards import SubmissionCard

WEIGHTS: Final = frozenset({"open-clip-torch", "transformers"})  # libraries that bring trained weights
NETWORKS: Final = frozenset({"jax", "tensorflow", "torch"})
SIZES: Final = ((10**5, "under 100k"), (10**6, "100k to 1M"), (10**7, "1M to 10M"), (10**9, "10M to 1B"))


@dataclass(frozen=True, slots=True)
class Taker:
    """A submission: its kind, how its cells were sealed, and its trained parameters, 0 where it says none."""

    name: str
    kind: str
    sealing: tuple[str, ...]
    parameters: int

    @property
    def size(self) -> str:
        """Its parameters as a filter has them."""
        if not self.parameters:
            return "not told"
        return next((name for most, name in SIZES if self.parameters < most), "1B and more")


def takers(standings: Iterable[Standing], cells: Any, cards: Mapping[str, SubmissionCard]) -> dict[str, Taker]:
    """Every submission of the board by its name, in the board's order."""
    sealing: dict[str, set[str]] = defaultdict(set)
    largest: dict[str, int] = defaultdict(int)
    if cells is not None:
        wanted = cells.select(["submission", "sealing", "parameters"]).group_by(["submission", "sealing"])
        for row in wanted.aggregate([("parameters", "max")]).to_pylist():
            sealing[row["submission"]].add(row["sealing"])
            largest[row["submission"]] = max(largest[row["submission"]], row["parameters_max"] or 0)
    found = {}
    for name in dict.fromkeys(one.submission for one in standings):
        base = name.partition(" (")[0]  # as a name says that rows had no wall
        card = cards.get(card_name(base))
        found[name] = Taker(name, kind_of(card), tuple(sorted(sealing.get(base, ()))), largest.get(base, 0))
    return found


def kind_of(card: SubmissionCard | None) -> str:
    """What a submission is, by its card: a floor, pretrained, trained from scratch, or symbolic."""
    if card is None:
        return "unknown"
    if card.name in FLOORS:
        return "floor"
    own = frozenset(card.libraries) | frozenset(name.partition("=")[0].strip() for name in card.requires)
    if own & WEIGHTS:
        return "pretrained"
    return "trained from scratch" if own & NETWORKS else "symbolic"
