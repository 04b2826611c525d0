"""How accuracy grows with frequency, measured here or reported by others; tables and pictures written."""

from __future__ import annotations

import sys
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genbench import registry
from genbench.errors import BadValue, SourceAbsent, UnknownName, nearest
from genbench.report.results import made, page_place, tables_of, trends_of, wanted_by
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.frequency import Found
    from genbench.cards import TaskCard


def frequency(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, by: str, out: str | None
) -> None:
    """Print how accuracy grows with frequency, for each submission on each split that has the axis; write and draw."""
    from genbench.analysis import frequency as measure
    from genbench.report.drawings import accuracy_by_frequency

    cells, scores = tables_of(results, ("cells", "scores"))
    found, left_out = trends_of(results, cells, scores, wanted_by(tasks, submissions), axis, by)
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    if not found:
        raise BadValue(f"no results along an axis {axis!r}; --axis names another")
    _trend_table(found)
    folder = (page_place(results[0], out).parent / "frequency") if out is None else Path(out)
    with made(folder):
        measure.write(found, folder)
        (folder / "frequency.svg").write_text(accuracy_by_frequency.draw(found), encoding="utf-8")
    print(f"tables and picture: {folder}")


def _trend_table(found: Sequence[Found]) -> None:
    """One line for each submission on each question set; its name, which may be long, comes last."""
    from itertools import groupby

    form = "{:>22}  {:>6}  {:>8}  {:>9}  {:>14}  {:>8}  {:>5}  {}"
    heads = ("points a decade", "r", "p", "concept r", "unseen", "concepts", "seeds", "submission")
    for (where, question_set), own in groupby(found, key=lambda one: (f"{one.task}/{one.split}", one.question_set)):
        print(f"{where}, {question_set}\n{form.format(*heads)}")
        for one in own:
            of = one.analysis
            name = one.submission + (" (quick)" if one.profile == "quick" else "")
            unseen = f"{100 * of.unseen_accuracy.value:.1f} % of {of.unseen}" if of.unseen else NONE
            texts = (
                NONE if isnan(of.slope.value) else f"{of.slope.value:.2f} ({of.slope.low:.2f} to {of.slope.high:.2f})",
                NONE if isnan(of.r.value) else f"{of.r.value:.3f}",
                NONE if isnan(of.trend.p) else f"{of.trend.p:.1e}",
                NONE if isnan(of.concept_r.value) else f"{of.concept_r.value:.3f}",
                unseen,
                str(of.concepts),
                str(of.seeds),
                name,
            )
            print(form.format(*texts))
        print()
    if found:
        print(
            "r: of accuracy and log frequency over the inner bins; concept r: over single concepts; unseen: of count 0"
        )


def replay(task: str, table: Path | None, source: str, out: str) -> None:
    """Print what others measured on a task: accuracy against frequency, and against another test set; write and draw.

    Without the accuracies by class at hand there is only the latter, from the published figures that are bundled.
    """
    from genbench.analysis import frequency as measure
    from genbench.analysis import published
    from genbench.analysis import replay as others
    from genbench.analysis.tables import write_table
    from genbench.report.drawings import accuracy_by_frequency, reported_models

    card = registry.catalogue().tasks.get(task)
    if card is None:
        raise UnknownName(f"there is no task {task!r}{nearest(task, registry.catalogue().tasks)}")
    pairs = [one for one in published.against(registry.published_folder()) if one.task == task]
    if not card.reported and not pairs:
        raise BadValue(f"{task} names no 'reported' on its card: nothing is known of published models")
    if table is not None and not source:
        raise BadValue("--table goes with --source, which says where its accuracies were read")
    rows = _reported(card, table, source) if card.reported else None
    found = [] if rows is None else list(others.trends(rows))
    pictures = {"frequency.svg": accuracy_by_frequency.draw(found)} if found else {}
    _trend_table(found)
    for one in pairs:
        fits = published.slopes(one)
        print(f"{one.task}/{one.split}, {one.metric} against {one.other}, {len(one.models)} models ({one.status}):")
        for name, fit in fits.items():
            if fit is not None:
                print(f"  {name} {100 * published.BORDER:g} %: slope {fit.slope:.4f}, {fit.models} models")
        pictures[f"against_{one.other.partition(',')[0].lower()}.svg"] = reported_models.draw(
            one, fits, published.BORDER
        )
    folder = Path(out)
    with made(folder):
        if rows is not None:
            write_table(rows, folder / "reported.parquet")
            measure.write(found, folder)
        for name, content in pictures.items():
            (folder / name).write_text(content, encoding="utf-8")
    print(f"tables and pictures: {folder}")


def _reported(card: TaskCard, table: Path | None, source: str) -> Any:
    """Accuracies by class that others reported, as rows of REPORTED; None where they are not at hand, which is said."""
    from genbench.analysis import replay as others
    from genbench.cards import entries

    try:
        reported = entries.load_entry(card.folder, card.reported)(table)
    except SourceAbsent as fault:
        print(f"left out, accuracies by class: {fault}", file=sys.stderr)
        return None
    return others.rows(replace(reported, source=source or reported.source))
