"""The leaderboard for other readers, written beside its pages: spreadsheets, scripts, papers, feed readers.

- `texts`: what rows say of themselves, made harmless and short once, for all that follows;
- `leaderboard.{csv,json,parquet,md,tex}`: the tables that `genbench leaderboard --long` prints, of every row;
- `overall.{csv,parquet}`: all splits together, a row a submission, which in the others is a table behind the summary;
- `leaderboard.bib`: the papers of the tasks and submissions that are shown (`report.citations`);
- `feed.xml`: new rows (`atom`);
- `preview.png`, `preview-TASK.png`: what is shown where a link is shared (`preview`, `previews`).

The same rows give the same bytes: no clock is asked. A file that would not change is not touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.cards.addresses import card_name
from genbench.report.citations import bibtex
from genbench.report.exports import previews
from genbench.report.exports.atom import feed, news
from genbench.report.exports.parquet import as_parquet
from genbench.report.exports.texts import harmless
from genbench.report.filters import Filter
from genbench.report.forms import as_csv, as_json, as_markdown
from genbench.report.latex import as_latex
from genbench.report.overall import empty_table, overall_table
from genbench.report.results import made
from genbench.report.summary import summary
from genbench.report.terminal.standings import long_tables, standings_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from genbench.analysis.standings import Board, Standing
    from genbench.cards import SubmissionCard, TaskCard
    from genbench.report.contests import Reported
    from genbench.report.tables import Table

BOARD = "leaderboard"
OVERALL = "overall"


def write(
    board: Board,
    cells: Any,
    cards: Sequence[TaskCard | SubmissionCard],
    reported: Reported,
    folder: Path,
    page: Callable[[str, str], str],
    home: str = "",
) -> list[str]:
    """Write what other readers get into the folder of the pages; the names of the files that changed.

    `cells` are CELLS, `cards` those that there are, of which what has rows is cited; `page` gives the address of a
    split's page, and `home` that of the site, where it is known. Raises `StoreFault` where it cannot be written.
    """
    standings = [harmless(one) for one in board.standings]
    means, whole = summary(standings, Filter()), overall_table(standings, Filter())
    brief = [means] if whole is None else [means, whole]
    changed = []
    with made(folder):
        for name, content in _tables(standings, brief, reported):
            changed += _put(folder / name, content)
        together = whole or empty_table()
        changed += _put(folder / f"{OVERALL}.csv", as_csv([together]).encode())
        changed += _put(folder / f"{OVERALL}.parquet", as_parquet(together))
        changed += _put(folder / f"{BOARD}.bib", bibtex(_shown(board, cards))[0].encode())
        changed += _put(folder / "feed.xml", feed(news(cells), board.standings, page, home).encode())
        for name, picture in previews.pictures(standings, means, whole, board.cells, board.last):
            changed += _put(folder / name, picture)
    return changed


def _tables(standings: Sequence[Standing], brief: Sequence[Table], reported: Reported) -> Iterator[tuple[str, bytes]]:
    every = standings_table(standings, reported)
    long = long_tables(standings, reported)
    yield f"{BOARD}.csv", as_csv([every]).encode()
    yield f"{BOARD}.json", as_json([every, *brief]).encode()
    yield f"{BOARD}.parquet", as_parquet(every)
    yield f"{BOARD}.md", as_markdown([*brief, *long]).encode()
    yield f"{BOARD}.tex", as_latex([*brief, *long]).encode()


def _shown(board: Board, cards: Sequence[TaskCard | SubmissionCard]) -> list[TaskCard | SubmissionCard]:
    """Of the cards, those of tasks and submissions that have rows."""
    names = {one.task for one in board.standings}
    names |= {card_name(one.submission) for one in board.standings}
    return [card for card in cards if card.name in names]


def _put(path: Path, content: bytes) -> list[str]:
    """Write a file whole or not at all; its name, or nothing where it was so already."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return []
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
    return [path.name]
