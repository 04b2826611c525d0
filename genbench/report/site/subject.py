"""What a site is of: a board and all that is known beside it, sorted once by split and by submission."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from genbench.report.families import apart_from, families
from genbench.report.site.at_hand import AtHand
from genbench.report.site.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.grokking import Summary
    from genbench.analysis.lengths import Reach
    from genbench.analysis.published import Against
    from genbench.analysis.standings import Board, CurvePoint, SliceStanding, Standing
    from genbench.cards import SubmissionCard, TaskCard
    from genbench.report.families import Family
    from genbench.report.figures import Held
    from genbench.report.site.costs import Cost
    from genbench.report.site.provenance import Who
    from genbench.report.site.takers import Taker


@dataclass(slots=True)
class SplitRows:
    """All that is known of one split, in the board's order; `difficulty` is a line, empty where it is not known."""

    task: str
    split: str
    difficulty: str = ""
    standings: list[Standing] = field(default_factory=list)
    slices: list[SliceStanding] = field(default_factory=list)
    curves: list[CurvePoint] = field(default_factory=list)
    trends: list[Found] = field(default_factory=list)
    reaches: list[Reach] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As it is typed: `scan/length`."""
        return f"{self.task}/{self.split}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the pages tell of. `cells` is the CELLS table without logs, `results` the folders that it was read from.

    `tasks` are those that have rows, in the board's order; `splits` those with a page of their own, by task and
    split; settings that one table tells are in `families`. `spent` is what each submission cost. `address` is where
    the site will be found, where that is known. `takers` are the submissions by name, with what filters ask of
    them. `known` and `cards` are the catalogue's. `courses` are learning curves on training asked again, by the
    folder of their rows; `hardness` is the difficulty of splits as it was measured, `held` are published figures by
    split, held against ours. `hand` knows what splits ask, `kept` what was answered.
    """

    results: tuple[str, ...]
    board: Board
    cells: Any
    known: Mapping[str, TaskCard]
    cards: Mapping[str, SubmissionCard]
    against: tuple[Against, ...]
    tasks: tuple[str, ...]
    splits: Mapping[tuple[str, str], SplitRows]
    families: tuple[Family, ...]
    takers: Mapping[str, Taker]
    spent: Mapping[Who, Cost] = field(default_factory=dict)
    courses: Mapping[str, Sequence[Summary]] = field(default_factory=dict)
    hardness: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    held: Mapping[tuple[str, str], tuple[Held, ...]] = field(default_factory=dict)
    address: str = ""
    hand: AtHand = field(default_factory=lambda: AtHand({}))
    kept: Kept = field(default_factory=lambda: Kept(None, (), {}))

    def title(self, task: str) -> str:
        """The task's title as its card has it, else its name."""
        told = (fact.title for label, fact in self.board.headlines.items() if label.startswith(f"{task}/"))
        return next(filter(None, told), task)


def subject(
    board: Board,
    cells: Any,
    *,
    results: Sequence[str] = (),
    known: Mapping[str, TaskCard] | None = None,
    cards: Mapping[str, SubmissionCard] | None = None,
    difficulty: Mapping[tuple[str, str], str] | None = None,
    trends: Sequence[Found] = (),
    reaches: Sequence[Reach] = (),
    against: Sequence[Against] = (),
    courses: Mapping[str, Sequence[Summary]] | None = None,
    hardness: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]] | None = None,
    held: Mapping[tuple[str, str], tuple[Held, ...]] | None = None,
    address: str = "",
) -> Subject:
    """Everything sorted once, so that a page of a split costs what the split has, however many others there are."""
    from genbench.report.site.costs import costs
    from genbench.report.site.takers import takers

    alike = families(board.standings)
    apart = apart_from(board.standings, alike) if alike else board.standings
    found: dict[tuple[str, str], SplitRows] = {}
    for one in apart:
        rows = found.get((one.task, one.split))
        if rows is None:
            rows = found[one.task, one.split] = SplitRows(one.task, one.split)
        rows.standings.append(one)
    for where, rows in found.items():
        rows.difficulty = (difficulty or {}).get(where, "")
    _sort_in(found, board, trends, reaches)
    return Subject(
        results=tuple(results),
        board=board,
        cells=cells,
        known=known or {},
        cards=cards or {},
        against=tuple(against),
        tasks=tuple(dict.fromkeys(one.task for one in board.standings)),
        splits=found,
        families=alike,
        takers=takers(board.standings, cells, cards or {}),
        spent=costs(cells, board.headlines),
        courses=courses or {},
        hardness=hardness or {},
        held=held or {},
        address=address,
        hand=AtHand(known or {}),
        kept=Kept(cells, tuple(results), known or {}),
    )


def _sort_in(
    found: Mapping[tuple[str, str], SplitRows], board: Board, trends: Sequence[Found], reaches: Sequence[Reach]
) -> None:
    nowhere = SplitRows("", "")  # settings of a family have no charts
    for part in board.slices:
        found.get((part.task, part.split), nowhere).slices.append(part)
    for point in board.curves:
        found.get((point.task, point.split), nowhere).curves.append(point)
    for trend in trends:
        found.get((trend.task, trend.split), nowhere).trends.append(trend)
    for reach in reaches:
        found.get(reach.readings[0].who[:2], nowhere).reaches.append(reach)
