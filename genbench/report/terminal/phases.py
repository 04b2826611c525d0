"""When submissions memorized and generalized, printed; its tables and phase diagrams written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from genbench.errors import UnknownName, nearest
from genbench.report.results import made, page_place, tables_of, wanted_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.grokking import Median, Summary, Unit


def phases(
    results: Sequence[str],
    tasks: Sequence[str],
    submissions: Sequence[str],
    across: str,
    up: str,
    out: str | None,
    *,
    unit: Unit = "steps",
    diagnostics: bool = False,
) -> None:
    """Print when submissions memorized and generalized and in which phase they ended; write tables and pictures.

    Times are printed in `unit`; the tables have all of them. With `diagnostics` also what they said of themselves at
    the last point of their curves.
    """
    from genbench.analysis import grokking
    from genbench.analysis.tables import write
    from genbench.report.drawings import learning_courses, phase_diagram

    cells, curves = tables_of(results, ("cells", "curves"))
    courses, left_out = grokking.courses(cells, curves, wanted_by(tasks, submissions))
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    summaries = grokking.summaries(courses)
    panels = phase_diagram.panels(summaries, across, up)
    if not panels:
        known = {name for one in summaries for name in one.courses[0].params}
        missing = next((name for name in (across, up) if name not in known), across)
        raise UnknownName(f"no split and submission have {across!r} and {up!r}{nearest(missing, known)}")
    _phase_table(summaries, unit)
    if diagnostics:
        _diagnostics_table(summaries)
    folder = (page_place(results[0], out).parent / "phases") if out is None else Path(out)
    written = {
        "courses.parquet": (grokking.course_rows(courses), grokking.COURSES),
        "ends.parquet": (grokking.end_rows(courses), grokking.ENDS),
        "medians.parquet": (grokking.median_rows(summaries), grokking.MEDIANS),
    }
    with made(folder):
        for name, (rows, schema) in written.items():
            write(rows, schema, folder / name)
        (folder / "phases.svg").write_text(phase_diagram.draw(panels, across, up), encoding="utf-8")
        (folder / "courses.svg").write_text(learning_courses.draw(summaries), encoding="utf-8")
    drawn = learning_courses.DRAWN
    if len(summaries) > drawn:
        print(f"courses.svg shows the first {drawn} of {len(summaries)}; --task and --submission choose others")
    print(f"tables and pictures: {folder}")


def _phase_table(summaries: Sequence[Summary], unit: Unit) -> None:
    """One line for each submission on each split; its name, which may be long, comes last."""
    from itertools import groupby

    from genbench.report.wording import figure

    form = "{:>5}  {:>5}  {:>5}  {:>5}  {:>5}  {:>16}  {:>16}  {:>16}  {:<17}  {:>5}  {}"
    shares = ("train", "test", "mem.", "rec.", "nei.")
    heads = (*shares, "memorized at", "generalized at", "delay", "phase", "seeds", "submission")
    for split, own in groupby(summaries, key=lambda one: f"{one.courses[0].task}/{one.courses[0].split}"):
        print(f"{split}\n{form.format(*heads)}")
        for one in own:
            name = one.courses[0].submission + (" (quick)" if one.courses[0].profile == "quick" else "")
            if len(one.phases) > 1:
                name += "  (" + ", ".join(f"{count} {phase}" for phase, count in one.phases) + ")"
            texts = [figure(share, True) for share in (one.train, one.test, one.memorized, one.recovered, one.neither)]
            times = [_median(one.medians.get((event, unit))) for event in ("memorize", "generalize", "delay")]
            print(form.format(*texts, *times, one.phase, len(one.courses), name))
        print()
    print(
        "mem., rec., nei.: corrupted training rows answered as given, as is true, and neither; "
        f"times in {unit}, medians over seeds"
    )


def _diagnostics_table(summaries: Sequence[Summary]) -> None:
    """For each split, what submissions said of themselves at the last point; a column for each that does."""
    from itertools import groupby

    from genbench.report.wording import figure

    print("\ndiagnostics at the last point, means over seeds")
    for split, own in groupby(summaries, key=lambda one: f"{one.courses[0].task}/{one.courses[0].split}"):
        rows = [one for one in own if one.diagnostics]
        if not rows:
            print(f"{split}\n  no submission offers any")
            continue
        names = list(dict.fromkeys(name for one in rows for name in one.diagnostics))
        heads = [one.courses[0].submission for one in rows]
        room = max(map(len, names))
        print(split)
        for number, head in enumerate(heads, 1):
            print(f"  ({number}) {head}")
        print(f"  {'':<{room}}" + "".join(f"{f'({number})':>12}" for number in range(1, len(rows) + 1)))
        for name in names:
            print(f"  {name:<{room}}" + "".join(f"{figure(one.diagnostics.get(name), False):>12}" for one in rows))


def _median(timed: Median | None) -> str:
    """A median with its interval; `never` where it happened to no seed, `beyond` the curve where to fewer than half."""
    if timed is None or not timed.seeds:
        return "\N{EN DASH}"
    if not timed.happened:
        return "never"

    def spelled(time: float) -> str:
        return f"{time:,.0f}" if time < 1e7 else f"{time:.3g}"

    middle = "beyond" if timed.median is None else spelled(timed.median)
    if timed.low is None and timed.high is None:
        return middle
    low, high = ("" if end is None else spelled(end) for end in (timed.low, timed.high))
    return f"{middle} ({low}-{high})"
