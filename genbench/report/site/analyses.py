"""What the verbs that analyse draw, as pages: break points, trends, difficulty, phases, and what others reported."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

from genbench.analysis.difficulty import MEASURES as WORDS_OF
from genbench.analysis.foretelling import foretold, points
from genbench.analysis.published import BORDER, slopes
from genbench.report.plots.of_difficulty import MEASURES, against_difficulty
from genbench.report.plots.of_frequency import by_frequency
from genbench.report.plots.of_lengths import by_length
from genbench.report.plots.of_reported import against
from genbench.report.site import charts as drawn
from genbench.report.site.laid import laid
from genbench.report.site.pages import Made, Page
from genbench.report.site.phase_diagrams import SAYS, diagrams
from genbench.report.site.places import data_path, split_path, up
from genbench.report.site.table import Cell, Column, Row, Table
from genbench.report.wording import NONE, point, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genbench.analysis.foretelling import Foretold
    from genbench.analysis.frequency import Found
    from genbench.analysis.intervals import Estimate
    from genbench.analysis.lengths import Reach
    from genbench.report.plots.plot import Plot
    from genbench.report.site.subject import Subject

HOME: Final = "analyses/index.html"
PHASES: Final = "analyses/phases.html"
Analysis = tuple[str, str, str, str, "tuple[Table | None, list[Plot]]"]


def analyses(about: Subject) -> Iterator[Page]:
    """A page for each analysis that has something to show, and one that leads to them."""
    found = [
        one for one in (_lengths(about), _trends(about), _difficulty(about), _phases(about), _reported(about)) if one
    ]
    if not found:
        return
    cards = [(title, name, says) for name, title, says, _, _ in found]
    yield Page(HOME, "analyses", "analyses.html", tuple(cards), lambda: Made({"cards": cards}))
    for name, title, says, verb, (table, plots) in found:
        path = f"analyses/{name}.html"

        def made(
            path: str = path, says: str = says, verb: str = verb, table: Table | None = table, plots: list[Plot] = plots
        ) -> Made:
            return _made(path, says, verb, table, plots)

        rows = () if table is None else table.rows
        yield Page(
            path, title, "analysis.html", (says, verb, rows, [(one.title, one.notes, one.rows) for one in plots]), made
        )


def _made(path: str, says: str, verb: str, table: Table | None, plots: list[Plot]) -> Made:
    data = data_path(path, "charts")
    shown = laid([] if table is None else [table], path)
    values = {
        "says": says,
        "verb": verb,
        "filters": [],
        "late": path == PHASES,  # its diagrams say more than their table
        "table": shown.tables[0] if shown.tables else "",
        "charts": drawn.figures(plots),
        "data": data,
    }
    return Made(values, {**drawn.beside(data, drawn.data(plots)), **shown.beside}, shown.rest)


def _lengths(about: Subject) -> Analysis | None:
    reaches = [one for rows in about.splits.values() for one in rows.reaches]
    if not reaches:
        return None
    columns = (
        Column("split", "split", "text"),
        Column("submission", "submission", "text"),
        Column("axis", "axis", "text"),
        Column("break", ".9 up to", about="the largest value asked with exact match of .9 at least"),
        Column("half", "half at", about="where exact match falls below one half"),
        Column("area", "area", about="under exact match, 0 to 1"),
        Column("within", "95 % interval", "plain"),
    )
    table = Table("breaks", "break points", "Break points", columns, tuple(map(_reach_row, reaches)), "standings")
    plots = []
    for where, own in groupby(reaches, key=lambda one: (*one.readings[0].who[:2], *one.readings[0].who[3:])):
        plots.append(by_length(list(own), f"{where[0]}/{where[1]}"))
    says = "Up to which length, depth or number of distractors answers are right."
    return "lengths", "Break points", says, "genbench lengths", (table, plots)


def _reach_row(one: Reach) -> Row:
    first = one.readings[0]
    far, half = (point(of.value, of.low, of.high, one.lengths) for of in (one.break_point, one.half_length))
    quick = " (quick)" if first.profile == "quick" else ""
    return Row(
        first.submission,
        (
            Cell(f"{first.task}/{first.split}{quick}", link=up(HOME) + split_path(first.task, first.split)),
            Cell(first.submission, head=True, look="who"),
            Cell(first.axis),
            Cell(far, look="n", value=one.break_point.value),
            Cell(half, look="n", value=one.half_length.value),
            Cell(f"{one.area.value:.3f}", one.area.value, look="n"),
            Cell(span(one.area.low, one.area.high, bounded=True), look="n span"),
        ),
    )


def _trends(about: Subject) -> Analysis | None:
    found = [one for rows in about.splits.values() for one in rows.trends]
    if not found:
        return None
    columns = (
        Column("split", "split", "text"),
        Column("submission", "submission", "text"),
        Column("slope", "points a decade", about="of accuracy, per decade of frequency"),
        Column("r", "r over bins"),
        Column("concept_r", "r over concepts"),
        Column("unseen", "never seen", about="accuracy on concepts that training does not have"),
    )
    table = Table("trends", "trends", "Trends", columns, tuple(map(_trend_row, found)), "standings")
    plots = [
        by_frequency(list(own), title=f"{task}/{split}, {question_set}")
        for (task, split, question_set, _), own in groupby(
            found, key=lambda one: (one.task, one.split, one.question_set, one.profile)
        )
    ]
    says = "How accuracy grows with how often training, or a pretraining corpus, has what is asked."
    return "frequency", "Frequency trends", says, "genbench frequency", (table, plots)


def _trend_row(one: Found) -> Row:
    of = one.analysis
    cells = [
        Cell(f"{one.task}/{one.split}, {one.question_set}", link=up(HOME) + split_path(one.task, one.split)),
        Cell(one.submission, head=True, look="who"),
        *(_estimate(each, 2 if each is of.slope else 3) for each in (of.slope, of.r, of.concept_r, of.unseen_accuracy)),
    ]
    return Row(one.submission, tuple(cells))


def _estimate(one: Estimate, places: int) -> Cell:
    if one.value != one.value:
        return Cell(NONE, look="n")
    within = "" if one.low != one.low else f" ({one.low:.{places}f} {NONE} {one.high:.{places}f})"
    return Cell(f"{one.value:.{places}f}{within}", look="n", value=one.value)


def _difficulty(about: Subject) -> Analysis | None:
    plots = [
        plot
        for measure, says in MEASURES.items()
        if (plot := against_difficulty(about.board.standings, about.hardness, measure, says)) is not None
    ]
    found = foretold(points(about.board.standings, about.hardness))
    says = (
        "Accuracy against what can be said of a split from its data alone; each dot is a submission on a question set. "
        "Does difficulty foretell accuracy? The table has each measure's rank correlation with the best accuracy of a "
        "learner, over all question sets and over those out of distribution alone, with 95 % intervals over splits."
    )
    table = _foretold(found) if found else None
    return ("difficulty", "Difficulty and accuracy", says, "genbench foretell", (table, plots)) if plots else None


def _foretold(found: Sequence[Foretold]) -> Table:
    columns = (
        Column("measure", "measure", "text"),
        Column("correlation", "rank correlation", about="Spearman's, with the best accuracy of a learner"),
        Column("within", "95 % interval", "plain"),
        Column("beyond", "out of distribution", about="the same, over question sets out of distribution alone"),
        Column("beyond_within", "95 % interval", "plain"),
        Column("sets", "question sets"),
        Column("splits", "splits"),
        Column("tasks", "tasks"),
    )
    return Table("foretold", "correlations", "Correlations", columns, tuple(map(_foretold_row, found)), "standings")


def _foretold_row(one: Foretold) -> Row:
    counts = (Cell(str(count), look="n", value=count) for count in (one.question_sets, one.splits, one.tasks))
    cells = (
        Cell(one.measure, head=True, look="who", tip=WORDS_OF[one.measure]),
        *_correlated(one.correlation),
        *_correlated(one.beyond),
        *counts,
    )
    return Row(one.measure, cells)


def _correlated(of: Estimate) -> tuple[Cell, Cell]:
    shown = NONE if math.isnan(of.value) else f"{of.value:+.2f}"
    within = NONE if math.isnan(of.low) else f"{of.low:+.2f} {NONE} {of.high:+.2f}"
    return Cell(shown, look="n", value=None if math.isnan(of.value) else of.value), Cell(within, look="n span")


def _phases(about: Subject) -> Analysis | None:
    found = diagrams(about.courses)
    return ("phases", "Phase diagrams", SAYS, "genbench phases", found) if found else None


def _reported(about: Subject) -> Analysis | None:
    tasks = set(about.tasks)
    plots = [against(one, slopes(one), BORDER) for one in about.against if one.task in tasks]
    says = "Published models held against another test set: reported, not measured here and never ranked."
    return ("replay", "Published models replayed", says, "genbench replay", (None, plots)) if plots else None
