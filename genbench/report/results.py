"""Results folders as every verb that tells of them reads them: found, their tables joined, chosen by globs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench import strangers
from genbench.cards.addresses import card_name
from genbench.errors import BadValue, StoreFault
from genbench.report.reading import MAKES, Rows, store_at
from genbench.rows import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.standings import Evidence, Headline
    from genbench.cards import SubmissionCard, TaskCard
    from genbench.rows.schema import TableName

SITES: Final = "genbench-sites"  # in the current folder: pages of results that lie elsewhere, by the name of these


def wanted_by(tasks: Sequence[str], submissions: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether the globs take a split and a submission, by the labels of their rows; no glob takes every one."""
    from fnmatch import fnmatchcase

    def wanted(split: str, submission: str) -> bool:
        return (not tasks or any(fnmatchcase(split, one) for one in tasks)) and (
            not submissions or any(fnmatchcase(submission, one) for one in submissions)
        )

    return wanted


def tables_of(results: Sequence[str], names: Sequence[TableName]) -> list[Any]:
    """The tables of some results folders, each as one; of CELLS without logs."""
    return rows_of(results).tables(names)


def tables_of_splits(results: Sequence[str], names: Sequence[TableName], splits: Iterable[str]) -> list[Any]:
    """The tables of some splits alone, by their labels with the task; files of no other split's cells are opened."""
    from genbench.report.wanted import Wanted

    labels = tuple(sorted(splits)) or ("",)  # no task is called nothing
    return replace(rows_of(results), wanted=(Wanted(tasks=labels),)).tables(names)


def rows_of(results: Sequence[str]) -> Rows:
    """The rows of some results folders, for a verb: what cannot be read is a line on stderr."""
    return Rows(tuple(results), tell=_printed, makes=MAKES)


def _printed(lines: Sequence[str]) -> None:
    """Say what was skipped, once a command: what it reads twice, for a table and for a page, it skips twice."""
    import click

    context = click.get_current_context(silent=True)
    said: set[str] = context.meta.setdefault(f"{__name__}.skipped", set()) if context else set()
    for line in dict.fromkeys(lines):
        if line not in said:
            print(f"skipped: {strangers.plain(line)}", file=sys.stderr)
    said.update(lines)


def evidence_of(results: Sequence[str], known: Mapping[str, TaskCard]) -> Evidence:
    """The marks in some results folders; of what cannot be read, a line on stderr."""
    return rows_of(results).evidence(known)


def page_place(first: str, out: str | None) -> Path:
    """Where the page of these results goes: `out`, or beside the first; `BadValue` where that is no folder here."""
    if out is not None:
        return Path(out)
    folder = places.local(first)
    if folder is None:
        raise BadValue(f"results at {first!r} are not on this disk; say with --out where the page is to be written")
    return Path(folder if "://" in first else first) / "leaderboard"


def page_after(first: str) -> Path:
    """Where an evaluation writes the page of its results: beside them, or in a folder here where they lie elsewhere."""
    if places.local(first) is None:
        return Path(SITES) / places.slug(first)
    return page_place(first, None)


@contextmanager
def made(folder: Path) -> Iterator[None]:
    """Make the folder for what is written inside. Raises `StoreFault` where either cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as fault:
        raise StoreFault(f"cannot write {folder}: {fault.strerror or fault}") from fault


def headlines(known: Mapping[str, TaskCard], takers: Iterable[SubmissionCard] | None = None) -> dict[str, Headline]:
    """What the cards say of each split, by its name as it stands on the card.

    `takers` are the submissions to know of, those of the catalogue where none are given.
    """
    from genbench import registry
    from genbench.analysis.standings import headline
    from genbench.scoring import metrics

    takers = list(registry.catalogue().submissions.values() if takers is None else takers)
    learners = frozenset(card.name for card in takers if card.transductive)
    deterministic = frozenset(card.name for card in takers if card.deterministic)
    reviewed = registry.reviewed(takers)
    neutral = {card.name: card.neutral for card in takers if card.neutral}
    return {
        f"{card.name}/{split.name}": replace(
            headline(
                card,
                split,
                bounded=metrics.of_questions(card.headline, card),
                ends=metrics.ends(card.headline, card),
            ),
            learners=learners,
            deterministic=deterministic,
            neutral=neutral,
            reviewed=reviewed,
        )
        for card in known.values()
        for split in card.splits.values()
    }


def trends_of(
    results: Sequence[str], cells: Any, scores: Any, wanted: Callable[[str, str], bool], axis: str, by: str
) -> tuple[list[Found], list[str]]:
    """The analyses of the newest cells that ended well and whose splits have the axis; only their answers are read."""
    import pyarrow.compute as pc

    from genbench.analysis import frequency as measure
    from genbench.analysis.standings import newest_rows

    sliced = set(scores.filter(pc.equal(scores["axis"], axis))["cell"].unique().to_pylist())
    chosen = [row for row in newest_rows(cells, (), wanted) if row["status"] == "ok" and row["cell"] in sliced]
    chosen.sort(key=lambda row: [row[name] for name in ("task", "split", "submission", "profile", "seed")])

    def answers(row: Mapping[str, Any]) -> Any:
        base = card_name(row["submission"])
        found: Any = "its answers are not there"
        for store in map(store_at, results):
            own = store.read_cell("predictions", row["task"], base, row["cell"])
            found = own if own is not None else found
            if not isinstance(found, str):
                break
        return found

    found, left_out = measure.analyses(chosen, answers, axis, by)
    return sorted(found, key=lambda one: (one.task, one.split, one.question_set, one.profile, one.submission)), left_out
