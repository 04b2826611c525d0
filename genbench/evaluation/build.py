"""Build a split through its task's entry, check it against the card, and sever it."""

from __future__ import annotations

import contextlib
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from genbench.cards import entries
from genbench.data import tables
from genbench.data.conform import check_sizes, conform
from genbench.data.sever import sever
from genbench.errors import BadData, BadValue, EntryFault, GenbenchError
from genbench.scoring import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.cards import TaskCard
    from genbench.data.problem import Data, Problem, Targets
    from genbench.registry import ChosenSplit
    from genbench.rows.asked import Asked


SHOWN = 3  # of the questions that cannot be read, those that a row names
HELD_BYTES: Final = 2**26  # most of what `holding` keeps
_HELD: list[dict[object, tuple[Data, Built]]] = []  # of those who hold, the innermost last


@dataclass(frozen=True, slots=True)
class Built:
    """A split ready to be asked: the problem, its targets, the data's fingerprint, and what rows tell of them.

    `asked` is what the rows of all its cells have in common, where the questions are so many that it comes in blocks.
    """

    problem: Problem
    targets: Targets
    fingerprint: str
    note: str = ""
    asked: Asked | None = None


@contextlib.contextmanager
def holding() -> Iterator[None]:
    """Build no split twice meanwhile: what was built for cells is there for the pages that tell of them.

    Of tables beyond `HELD_BYTES` in all, later ones are built again.
    """
    _HELD.append({})
    try:
        yield
    finally:
        _HELD.pop()


def build(chosen: ChosenSplit, *, strict: bool = False) -> Built:
    """Build a split through its task's entry, check it against the card, and sever it.

    Sizes and fingerprint are checked where the parameters are the card's own; `strict` refuses a split with questions
    that cannot be read. Raises `BadData` and `EntryFault`.
    """
    data = load(chosen)
    if strict:
        broken = [told for rows in data.unreadable.values() for told in rows.values()]
        if broken:
            raise BadData(
                f"{chosen.task.name}/{chosen.label}: --strict, and the input of {len(broken)} questions cannot be read:"
                + "".join(f"\n  {told}" for told in broken)
            )
    return severed(chosen, data)


def severed(chosen: ChosenSplit, data: Data) -> Built:
    """A split's data, cut into the problem and its targets."""
    there = _HELD[-1].get(_named(chosen)) if _HELD else None
    if there is not None and there[0] is data:
        return there[1]
    problem, targets = sever(data, _drawn(chosen), chosen.split, chosen.given)
    together = blocks.asked(targets) if blocks.fit(chosen.task, targets) else None
    built = Built(problem, targets, tables.fingerprint(data.subsets()), "; ".join(_told(data)), together)
    if _HELD and sum(map(_bytes, (data, *(one for one, _ in _HELD[-1].values())))) <= HELD_BYTES:
        _HELD[-1][_named(chosen)] = data, built
    return built


def _named(chosen: ChosenSplit) -> object:
    """What tells the data of a split from those of others."""
    return chosen.task.folder, chosen.label, repr(sorted(chosen.params.items())), _drawn(chosen).data_seed


def _bytes(data: Data) -> int:
    return sum(table.nbytes for table in data.subsets().values())


def _drawn(chosen: ChosenSplit) -> TaskCard:
    """The card of a split's task, with the seed that its data are drawn from. Raises `BadValue` where none is known."""
    if not chosen.salted:
        return chosen.task
    if chosen.drawn_from is None:
        name = f"{chosen.task.name}/{chosen.label}"
        raise BadValue(f"{name}: its data are drawn from a secret, of which --salt FILE tells evaluate and verify")
    return replace(chosen.task, data_seed=chosen.drawn_from)


def _told(data: Data) -> Iterator[str]:
    """What a row tells of the data: the task's note, and how many questions count as wrong whatever is answered."""
    if data.note:
        yield data.note
    broken = [told for rows in data.unreadable.values() for told in rows.values()]
    if broken:
        them = "question counts" if len(broken) == 1 else "questions count"
        more = ", ..." if len(broken) > SHOWN else ""
        yield f"{len(broken)} {them} as wrong, for the input cannot be read: {', '.join(broken[:SHOWN])}{more}"


def load(chosen: ChosenSplit) -> Data:
    """The split's data as its task builds them, checked against the card."""
    if _HELD and (there := _HELD[-1].get(_named(chosen))) is not None:
        return there[0]
    data = load_unchecked(chosen)
    if chosen.params == dict(chosen.split.params) and not chosen.salted:
        check_sizes(data, chosen.task, chosen.split)
    return data


def load_unchecked(chosen: ChosenSplit) -> Data:
    """The split's data with the card's columns; their sizes and fingerprint are not looked at."""
    task, split = _drawn(chosen), chosen.split
    entry = entries.load_entry(task.folder, task.entry)
    try:
        built = entry(split.name, chosen.params, task.data_seed)
    except GenbenchError:
        raise
    except (Exception, SystemExit) as fault:
        raise EntryFault(
            f"{task.name}/{chosen.label}: load raised {type(fault).__name__}: {entries.first_line(fault)}",
            traceback.format_exc(),
        ) from fault
    data = conform(built, task, split)
    if not any(table.num_rows for table in data.questions.values()):
        raise BadData(f"{task.name}/{chosen.label}: there are no questions")
    return data
