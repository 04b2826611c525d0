"""What follows from results and is kept nowhere: phases, lengths, trends, and what others reported; told and drawn."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genbench import registry
from genbench.errors import BadValue, SourceAbsent, StoreFault, UnknownName, nearest
from genbench.report.stored import page_place, store_at, tables_of, wanted_by, write_parquet
from genbench.report.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from genbench.analysis.frequency import Found
    from genbench.analysis.grokking import Median, Summary, Unit
    from genbench.analysis.lengths import Reach
    from genbench.cards import TaskCard


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder for what is written inside. Raises `StoreFault` where either cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as fault:
        raise StoreFault(f"cannot write {folder}: {fault.strerror or fault}") from fault


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
    with _made(folder):
        for name, (rows, schema) in written.items():
            grokking.write(rows, schema, folder / name)
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


def lengths(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, out: str | None
) -> None:
    """Print up to which length submissions are right; write tables and the picture of accuracy by length."""
    from genbench.analysis import grokking
    from genbench.analysis import lengths as measures
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
    with _made(folder):
        for name, (rows, schema) in written.items():
            grokking.write(rows, schema, folder / name)
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
    with _made(folder):
        measure.write(found, folder)
        (folder / "frequency.svg").write_text(accuracy_by_frequency.draw(found), encoding="utf-8")
    print(f"tables and picture: {folder}")


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
        base = row["submission"].partition(":")[0].partition("@")[0]
        found: Any = "its answers are not there"
        for store in map(store_at, results):
            found = store.read_one("predictions", store.path("predictions", row["task"], base, row["cell"]))
            if not isinstance(found, str):
                break
        return found

    found, left_out = measure.analyses(chosen, answers, axis, by)
    return sorted(found, key=lambda one: (one.task, one.split, one.question_set, one.profile, one.submission)), left_out


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
    with _made(folder):
        if rows is not None:
            write_parquet(rows, folder / "reported.parquet")
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
