"""Up to which length submissions are right, printed; its tables and picture written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from genbench.report.results import made, page_place, tables_of, wanted_by
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.lengths import Reach


def lengths(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, out: str | None
) -> None:
    """Print up to which length submissions are right; write tables and the picture of accuracy by length."""
    from genbench.analysis import lengths as measures
    from genbench.analysis.tables import write
    from genbench.report.drawings import accuracy_by_length

    cells, scores = tables_of(results, ("cells", "scores"))
    reaches, left_out = measures.reaches(cells, scores, wanted_by(tasks, submissions), axis)
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    _reach_table(reaches)
    folder = (page_place(results[0], out).parent / "lengths") if out is None else Path(out)
    written = {
        "accuracies.parquet": (measures.accuracy_rows(reaches), measures.ACCURACIES),
        "seeds.parquet": (measures.seed_rows(reaches), measures.SEEDS),
        "reaches.parquet": (measures.reach_rows(reaches), measures.REACHES),
    }
    with made(folder):
        for name, (rows, schema) in written.items():
            write(rows, schema, folder / name)
        (folder / "lengths.svg").write_text(accuracy_by_length.draw(reaches), encoding="utf-8")
    names = {one.readings[0].submission for one in reaches}
    drawn = accuracy_by_length.SUBMISSIONS
    if len(names) > drawn:
        print(f"lengths.svg shows {drawn} of {len(names)} submissions; --submission chooses others")
    print(f"tables and picture: {folder}")


def _reach_table(found: Sequence[Reach]) -> None:
    """One line for each submission on each split; its name, which may be long, comes last."""
    from itertools import groupby

    from genbench.analysis.lengths import UNSTEADY
    from genbench.report.wording import figure, point

    form = "{:>18}  {:>22}  {:>22}  {:>6}  {:>6}  {}"  # as wide as `100 (100 to 500+)` and `37.4 (35.1 to 500+)`
    for (task, split), own in groupby(found, key=lambda one: one.readings[0].who[:2]):
        rows = list(own)
        first, asked = rows[0].readings[0], rows[0].lengths
        axis = first.axis
        seen = "" if first.familiar is None else f", as in training up to {first.familiar:g}"
        print(f"{task}/{split}: {axis} {asked[0]:g} to {asked[-1]:g}{seen}")
        print(form.format(".9 up to", ".5 at", "area", "prefix", "seeds", "submission"))
        for one in rows:
            asked = one.lengths
            points = [point(of.value, of.low, of.high, asked) for of in (one.break_point, one.half_length)]
            area, low, high = (figure(value, True) for value in (one.area.value, one.area.low, one.area.high))
            name = one.readings[0].submission + (" (quick)" if one.readings[0].profile == "quick" else "")
            if one.misfit > UNSTEADY:
                name += f"  accuracy does not fall steadily with {axis}: {one.misfit:.2f} from one that does"
            count = f"{len(one.readings)} of {len(one.readings) + one.failed}" if one.failed else len(one.readings)
            before = one.mean_of("prefix_length")
            prefix = NONE if before is None else f"{before[-1]:.1f}"
            print(form.format(*points, f"{area} ({low} to {high})", prefix, count, name))
        print()
    print(".9 up to: the largest value asked with exact match of .9 at least; .5 at: where it falls below one half;")
    print("area under exact match, 0 to 1; in brackets 95 % intervals, with one seed over questions only;")
    print("n+: beyond all that was asked, <n: before it; prefix: tokens before the first wrong one, at the longest")
