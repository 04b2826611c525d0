"""The three that stand first on each split, two by two on the same questions.

Which of all pairs these are is a question of weight: of a thousand submissions there are half a million pairs. Any two
others are compared by `genbench compare`, and the page says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.report.contests import QUICK, contest
from genbench.report.reading import store_at
from genbench.report.results import evidence_of
from genbench.report.site.pages import Made, Page
from genbench.report.site.pairing import pairs
from genbench.report.site.places import data_path, slug, split_path, submission_path, up
from genbench.report.site.scripts import script
from genbench.report.site.table import Cell, Column, Row, Table, html, rest_of
from genbench.report.wording import figure, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genbench.analysis.comparison import Comparison
    from genbench.analysis.standings import Standing
    from genbench.report.site.pairing import Pair
    from genbench.report.site.subject import SplitRows, Subject

PATH: Final = "compare/index.html"
FIRST: Final = 3  # that are compared
SLICES: Final = 24  # rows of slices of a pair; of more the question sets alone
Where = tuple[str, str, str]  # task, split, profile


def compare_path(task: str, split: str) -> str:
    """The page on which the first of a split are compared."""
    return f"compare/{slug(task)}/{slug(split)}.html"


def comparisons(about: Subject) -> Iterator[Page]:
    """The page of all splits, and one for each on which two submissions can be compared."""
    if about.cells is None or not about.results:
        return
    chosen = {key: found for key, rows in about.splits.items() if len((found := _first(rows))[1]) > 1}
    if not chosen:
        return
    yield Page(PATH, "compare", "compares.html", (chosen,), lambda: _index(chosen))
    stores = [store_at(place) for place in about.results]
    evidence = evidence_of(about.results, about.known)
    for (task, split), (profile, names, axis) in chosen.items():
        rows = about.splits[task, split]
        cells = _cells(about.cells, (task, split, profile), names)
        known = sorted(zip(*(cells[name].to_pylist() for name in ("cell", "status")), strict=True))
        own = [one for one in rows.standings if one.submission in names and one.profile == profile]

        def made(
            where: Where = (task, split, profile), names: list[str] = names, axis: str = axis, cells: Any = cells
        ) -> Made:
            return _made(where, pairs(names, where, cells, stores, evidence, about.board.headlines, axis))

        title = f"The first of {task}/{split}, question by question"
        yield Page(compare_path(task, split), title, "compare.html", (profile, names, axis, known, own), made)


def _first(rows: SplitRows) -> tuple[str, list[str], str]:
    """The profile that is shown, the submissions that stand first there, and the axis to compare along."""
    profile = min(one.profile for one in rows.standings)
    shown = [one for one in rows.standings if one.profile == profile and one.kind != "trained" and one.mean is not None]
    of_first = [one.submission for one in shown if contest(one) == contest(shown[0])] if shown else []
    return profile, of_first[:FIRST], _axis(rows, shown)


def _axis(rows: SplitRows, shown: Sequence[Standing]) -> str:
    """The first axis along which question sets part into a few slices; none where there is no such."""
    parts: dict[str, set[str]] = {}
    names = {one.question_set for one in shown}
    for one in rows.slices:
        if one.question_set in names:
            parts.setdefault(one.axis, set()).add(one.slice)
    return next((axis for axis, own in parts.items() if 1 < len(own) <= SLICES), "")


def _cells(cells: Any, where: Where, names: Sequence[str]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    task, split, profile = where
    bare = pa.array([name.partition(" (")[0] for name in names], pa.string())
    mask = pc.and_(pc.equal(cells["task"], task), pc.equal(cells["split"], split))
    mask = pc.and_(pc.and_(mask, pc.equal(cells["profile"], profile)), pc.is_in(cells["submission"], value_set=bare))
    return cells.filter(mask)


def _index(chosen: dict[tuple[str, str], tuple[str, list[str], str]]) -> Made:
    columns = (Column("split", "split", "text"), *(Column(f"name{n}", f"{n}.", "text") for n in range(1, FIRST + 1)))
    rows = []
    for (task, split), (profile, names, _) in chosen.items():
        quick = " (quick)" if profile == "quick" else ""
        link = "../" + compare_path(task, split)
        cells = [Cell(f"{task}/{split}{quick}", head=True, link=link), *map(Cell, names)]
        cells += [Cell()] * (FIRST - len(names))
        rows.append(Row(f"{task}/{split}", tuple(cells), {"profile": profile}))
    table = Table("compared", "splits", "Those that stand first", columns, tuple(rows))
    path = data_path(PATH, "rows")
    rest = rest_of(table)
    values = {"table": html(table, "../" + path), "filters": []}
    return Made(values, {path: script("rows", {table.name: rest})} if rest else {})


def _made(where: Where, found: Sequence[Pair]) -> Made:
    task, split, profile = where
    path = compare_path(task, split)
    root = up(path)
    return Made(
        {
            "split": (f"{task}/{split}", root + split_path(task, split)),
            "quick": QUICK if profile == "quick" else "",
            "pairs": [
                (
                    [(name, root + submission_path(name)) for name in (pair.one, pair.other)],
                    html(_table(pair, number), first=10**6) if pair.compared else "",
                    pair.left_out,
                    pair.differing,
                    pair.seeds,
                )
                for number, pair in enumerate(found)
            ],
        }
    )


def _table(pair: Pair, number: int) -> Table:
    columns = (
        Column("asked", "asked", "plain"),
        Column("one", pair.one, "number"),
        Column("other", pair.other, "number"),
        Column("difference", "difference", "number", about="the one less the other, on the same questions"),
        Column("span", "95 % interval", "plain"),
        Column("p", "p", "number", about="adjusted by Holm over the question sets; of a slice as it is"),
        Column("won", "won", "number", about="questions on which the mean over seeds of the one is better"),
        Column("lost", "lost", "number", about="questions on which it is worse"),
        Column("seeds", "seeds", "plain"),
        Column("verdict", "the one is", "plain"),
    )
    rows = tuple(Row("", _row(each)) for each in pair.compared)
    return Table(f"pair-{number}", f"{pair.one} and {pair.other}", "", columns, rows, "own")


def _row(one: Comparison) -> tuple[Cell, ...]:
    asked = f"{one.axis} {one.slice}" if one.axis else f"{one.question_set}, {one.questions:,} questions"
    return (
        Cell(asked, head=True, look="part" if one.axis else ""),
        Cell(figure(one.mean, one.bounded), look="n"),
        Cell(figure(one.other_mean, one.bounded), look="n"),
        Cell(figure(one.found.difference, one.bounded), look="n"),
        Cell(span(one.found.low, one.found.high, one.bounded), look="n span"),
        Cell("<.001" if one.adjusted < 0.001 else f"{one.adjusted:.3f}", look="n"),
        Cell(f"{one.won}", look="n"),
        Cell(f"{one.lost}", look="n"),
        Cell(f"{one.seeds}, {one.other_seeds}", look="n"),
        Cell(one.verdict),
    )
