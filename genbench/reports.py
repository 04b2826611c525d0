"""What results say, shown to a person: the leaderboard, published figures, phases, and the list of cells."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genbench import registry
from genbench.cards import UNSEEN
from genbench.errors import BadValue, SourceAbsent, StoreFault, UnknownName, nearest
from genbench.wording import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from genbench.cards import TaskCard
    from genbench.evaluate import Plan
    from genbench.frequency import Found
    from genbench.grokking import Median, Summary, Unit
    from genbench.lengths import Reach
    from genbench.standings import Headline, SliceStanding, Standing
    from genbench.store import Store

WHOLE = "question_set"  # what means are told by where no axis is asked for


def leaderboard(results: Sequence[str], out: str | None, form: str, planned: Plan | None = None) -> None:
    """Print the standings of results folders and write the page.

    After an evaluation, what was `planned` keeps the printed tables to its splits, and knows the tasks that were named
    by folder.
    """
    from genbench import page
    from genbench.frequency import AXIS, BY
    from genbench.lengths import reaches as lengths_of
    from genbench.published import read, reported
    from genbench.standings import board

    cells, scores, curves = _tables(results, ("cells", "scores", "curves"))
    known = dict(registry.catalogue().tasks)
    only = None
    if planned is not None:
        known |= {cell.split.task.name: cell.split.task for cell in planned.cells}
        only = {(cell.split.task.name, cell.split.label) for cell in planned.cells}
    shown = board(cells, scores, curves, _headlines(known))
    standings = [one for one in shown.standings if only is None or (one.task, one.split) in only]
    figures = reported(read(registry.published_folder()))
    if form == "markdown":
        _lines_of_markdown(standings, figures)
    else:
        from rich.console import Console

        page.terminal(standings, Console(), figures)
    told = _told_difficulty(results, known)
    trends, _ = _trends(results, cells, scores, _wanted((), ()), AXIS, BY)
    reaches: list[Reach] = []
    numeric = {axis for card in known.values() for axis, kind in card.axes.items() if kind in {"int64", "float64"}}
    for axis in sorted(numeric - {AXIS}):
        with contextlib.suppress(BadValue):  # no split of these has it
            reaches += lengths_of(cells, scores, _wanted((), ()), axis)[0]
    place = _page_place(results[0], out) / "index.html"
    path = page.render(shown, place, registry.page_folder(), told, figures, trends, reaches, _against())
    print(f"page: {path}", file=sys.stderr if form == "markdown" else sys.stdout)


def _against() -> dict[str, list[str]]:
    """Pictures of published models held against another test set, by task."""
    from genbench import published, spectrum

    found: dict[str, list[str]] = {}
    for one in published.against(registry.published_folder()):
        picture = spectrum.against(one, published.slopes(one), published.BORDER)
        found.setdefault(one.task, []).append(picture)
    return found


def _lines_of_markdown(standings: Sequence[Standing], reported: Mapping[tuple[str, str, str], tuple[str, ...]]) -> None:
    """The printed tables as GitHub Markdown, one for each question set and profile."""
    from itertools import groupby

    from genbench.page import REPORTED, normalised, of_contest
    from genbench.wording import figure

    if not standings:
        print("No rows.")
    for (task, split, asked, profile), own in groupby(
        standings, key=lambda one: (one.task, one.split, one.question_set, one.profile)
    ):
        rows = list(own)
        chance = "" if rows[0].chance is None else f", chance {rows[0].chance:.3g}"
        print(f"\n#### {task}/{split}, {asked or 'not graded'} ({rows[0].metric}{chance}, {profile} profile)\n")
        beside = normalised(rows)
        head = "| # | submission | mean | 95 % interval | above chance | seeds | failed |"
        print(head if beside else head.replace(" above chance |", ""))
        print("| --: | --- | --: | --: | --: |" + (" --: |" if beside else "") + " --- |")
        for one in rows:
            span = "" if one.low is None else f"{figure(one.low, one.bounded)} to {figure(one.high, one.bounded)}"
            failed = "; ".join(f"{count} {status}" for status, count in one.failed)
            name = one.submission.replace("|", "\\|").replace("<", "&lt;")
            rank = "" if one.rank is None else one.rank
            mean = figure(one.mean, one.bounded)
            above = f" {figure(one.above_chance, one.bounded)} |" if beside else ""
            print(f"| {rank} | {name} | {mean} | {span} |{above} {one.seeds} | {failed} |")
        told = of_contest(rows[0], reported)
        if told:
            print(f"\n{REPORTED}:\n")
        for line in told:
            print(f"- {line}")


def beside(results: Sequence[str], tasks: Sequence[str], by: str, form: str, metric: str | None = None) -> None:
    """Print the means of each split as one table: a row a submission, a column a question set, or a slice of an axis.

    `by` is `question_set` or the name of an axis, of which each question set has a table. Chance, where it is known,
    is the first row. `metric` is shown in place of the headline, by the splits that have it, and its chance is not
    known. Raises `UnknownName` where no split has the axis or the metric, or none is named by `tasks`.
    """
    from itertools import groupby

    from genbench import metrics
    from genbench.standings import SliceStanding, by_slice, standings
    from genbench.wording import figure

    cells, scores = _tables(results, ("cells", "scores"))
    headlines = _headlines(registry.catalogue().tasks)
    if metric is not None:
        bounded = metrics.of_questions(metrics.named(metric).name)
        headlines = {name: replace(one, metric=metric, chance={}, bounded=bounded) for name, one in headlines.items()}
    find = standings if by == WHOLE else by_slice
    rows: Sequence[Standing | SliceStanding] = find(cells, scores, headlines)
    wanted = _wanted(tasks, ())
    named = [one for one in rows if wanted(f"{one.task}/{one.split}", one.submission)]
    if metric is not None:
        named = [one for one in named if one.mean is not None]
        if not named:
            raise UnknownName(f"there are no rows of the metric {metric!r} of {' or '.join(tasks) or 'any split'}")
    if not named:
        every = sorted({f"{one.task}/{one.split}" for one in rows})
        raise UnknownName(f"there are no rows of {' or '.join(tasks) or 'any split'}{nearest(''.join(tasks), every)}")
    own = [one for one in named if not isinstance(one, SliceStanding) or one.axis == by]
    if not own:
        axes = sorted({one.axis for one in named if isinstance(one, SliceStanding)})
        raise UnknownName(f"no split of these has the axis {by!r}{nearest(by, [WHOLE, *axes])}")

    def table(one: Standing | SliceStanding) -> tuple[str, ...]:
        return (one.task, one.split, one.profile, *(() if by == WHOLE else (one.question_set,)))

    for where, group in groupby(sorted(own, key=table), key=table):
        parts = list(group)
        columns = list(dict.fromkeys(_column(one) for one in parts))
        means = {(one.submission, _column(one)): figure(one.mean, one.bounded) for one in parts}
        seeds = {one.submission: str(one.seeds) for one in parts}
        chance = {_column(one): figure(one.chance, one.bounded) for one in parts if one.chance is not None}
        lines = [["chance level", "", *(chance.get(column, "") for column in columns)]] if chance else []
        for name, count in seeds.items():
            lines.append([name, count, *(means.get((name, column), "") for column in columns)])
        about = ", ".join([f"{where[0]}/{where[1]}", *where[3:], parts[0].metric, f"{where[2]} profile"])
        _matrix(about, ["submission", "seeds", *columns], lines, form)


def _column(one: Standing | SliceStanding) -> str:
    return getattr(one, "slice", one.question_set)


def _matrix(about: str, head: Sequence[str], lines: Sequence[Sequence[str]], form: str) -> None:
    if form == "markdown":
        escaped = [[text.replace("|", "\\|").replace("<", "&lt;") for text in line] for line in lines]
        print(f"\n{about}:\n\n| {' | '.join(head)} |\n| --- |{' --: |' * (len(head) - 1)}")
        print("\n".join(f"| {' | '.join(line)} |" for line in escaped))
        return
    wide = [max(len(line[place]) for line in [head, *lines]) for place in range(len(head))]
    print(about)
    for line in [head, *lines]:
        texts = [line[0].ljust(wide[0]), *(text.rjust(width) for text, width in zip(line[1:], wide[1:], strict=True))]
        print("  ".join(texts).rstrip())
    print()


def _page_place(first: str, out: str | None) -> Path:
    if out is not None:
        return Path(out)
    if "://" in first:
        raise BadValue(f"results at {first!r} are not on this disk; say with --out where the page is to be written")
    return Path(first) / "leaderboard"


def _told_difficulty(results: Sequence[str], known: Mapping[str, TaskCard]) -> dict[tuple[str, str], str]:
    """The line that a page shows under a split, from figures kept in results folders; outdated ones are named."""
    from genbench import difficulty as measures

    told = {}
    for place in results:
        for (task, label), rows in measures.stored(place).items():
            split = known[task].splits.get(label) if task in known else None
            if split is not None and split.fingerprint not in {UNSEEN, rows[0]["data_fingerprint"]}:
                print(
                    f"skipped: the difficulty of {task}/{label} in {place} is of older data; "
                    f"`genbench difficulty {task}/{label} --out {place}` measures it again",
                    file=sys.stderr,
                )
                continue
            told[task, label] = measures.line(rows)
    return told


def reproduction(results: Sequence[str], published: Path | None) -> None:
    """Print published figures beside our standings, as Markdown."""
    from genbench.published import read, table
    from genbench.standings import by_slice, standings

    cells, scores = _tables(results, ("cells", "scores"))
    place = registry.published_folder() if published is None else published
    figures = read(place)
    if not figures:
        raise BadValue(f"there are no published figures in {place}; they are TOML files")
    known = _headlines(registry.catalogue().tasks)
    print(table(figures, standings(cells, scores, known), by_slice(cells, scores, known)), end="")


def _headlines(known: Mapping[str, TaskCard]) -> dict[str, Headline]:
    """What the cards say of each split, by its name as it stands on the card."""
    from genbench import metrics
    from genbench.standings import headline

    return {
        f"{card.name}/{split.name}": headline(card, split, bounded=metrics.of_questions(card.headline))
        for card in known.values()
        for split in card.splits.values()
    }


def _wanted(tasks: Sequence[str], submissions: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether the globs take a split and a submission, by the labels of their rows; no glob takes every one."""
    from fnmatch import fnmatchcase

    def wanted(split: str, submission: str) -> bool:
        return (not tasks or any(fnmatchcase(split, one) for one in tasks)) and (
            not submissions or any(fnmatchcase(submission, one) for one in submissions)
        )

    return wanted


def _store(place: str) -> Store:
    """The results at a place. Raises `StoreFault` where there are none."""
    from genbench.store import Store

    store = Store(place)
    if not store.exists():
        raise StoreFault(f"there are no results at {place!r}; `genbench evaluate --out {place}` makes some")
    return store


def _tables(results: Sequence[str], names: Sequence[str]) -> list[Any]:
    """The tables of some results folders, each as one."""
    import pyarrow as pa

    parts: dict[str, list[Any]] = {name: [] for name in names}
    for place in results:
        store = _store(place)
        for name, found in parts.items():
            read = store.read(name)  # type: ignore[arg-type]  # a name of a table, which the store checks
            found.append(read.table)
            for line in read.skipped:
                print(f"skipped: {line}", file=sys.stderr)
    return [pa.concat_tables(parts[name]) for name in names]


def results(place: str) -> None:
    """List the cells of a results folder."""
    store = _store(place)
    columns = ["task", "split", "submission", "profile", "seed", "status", "cell_seconds", "detail"]
    read = store.read("cells", columns)
    rows = sorted(read.table.to_pylist(), key=lambda row: [str(row[name]) for name in columns[:5]])
    for row in rows:
        name = f"{row['task']}/{row['split']}"
        print(
            f"{row['status']:<13} {name:<40} {row['submission']:<24} {row['profile']:<5} seed {row['seed']:<3}"
            f"{row['cell_seconds']:9.1f} s  {row['detail']}".rstrip()
        )
    for line in read.skipped:
        print(f"skipped: {line}", file=sys.stderr)
    print(f"{len(rows)} cells in {place}")


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
    from genbench import diagram, grokking

    cells, curves = _tables(results, ("cells", "curves"))
    courses, left_out = grokking.courses(cells, curves, _wanted(tasks, submissions))
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    summaries = grokking.summaries(courses)
    panels = diagram.panels(summaries, across, up)
    if not panels:
        known = {name for one in summaries for name in one.courses[0].params}
        missing = next((name for name in (across, up) if name not in known), across)
        raise UnknownName(f"no split and submission have {across!r} and {up!r}{nearest(missing, known)}")
    _phase_table(summaries, unit)
    if diagnostics:
        _diagnostics_table(summaries)
    folder = (_page_place(results[0], out).parent / "phases") if out is None else Path(out)
    written = {
        "courses.parquet": (grokking.course_rows(courses), grokking.COURSES),
        "ends.parquet": (grokking.end_rows(courses), grokking.ENDS),
        "medians.parquet": (grokking.median_rows(summaries), grokking.MEDIANS),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (rows, schema) in written.items():
            grokking.write(rows, schema, folder / name)
        (folder / "phases.svg").write_text(diagram.phases(panels, across, up), encoding="utf-8")
        (folder / "courses.svg").write_text(diagram.courses(summaries), encoding="utf-8")
    except OSError as fault:
        raise StoreFault(f"cannot write {folder}: {fault.strerror or fault}") from fault
    if len(summaries) > diagram.DRAWN:
        print(f"courses.svg shows the first {diagram.DRAWN} of {len(summaries)}; --task and --submission choose others")
    print(f"tables and pictures: {folder}")


def frequency(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, by: str, out: str | None
) -> None:
    """Print how accuracy grows with frequency, for each submission on each split that has the axis; write and draw."""
    from genbench import frequency as measure
    from genbench import spectrum

    cells, scores = _tables(results, ("cells", "scores"))
    found, left_out = _trends(results, cells, scores, _wanted(tasks, submissions), axis, by)
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    if not found:
        raise BadValue(f"no results along an axis {axis!r}; --axis names another")
    _trend_table(found)
    folder = (_page_place(results[0], out).parent / "frequency") if out is None else Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        measure.write(found, folder)
        (folder / "frequency.svg").write_text(spectrum.trends(found), encoding="utf-8")
    except OSError as fault:
        raise StoreFault(f"cannot write {folder}: {fault.strerror or fault}") from fault
    print(f"tables and picture: {folder}")


def _trends(
    results: Sequence[str], cells: Any, scores: Any, wanted: Callable[[str, str], bool], axis: str, by: str
) -> tuple[list[Found], list[str]]:
    """The analyses of the newest cells that ended well and whose splits have the axis; only their answers are read."""
    import pyarrow.compute as pc

    from genbench import frequency as measure
    from genbench.standings import newest_rows

    sliced = set(scores.filter(pc.equal(scores["axis"], axis))["cell"].unique().to_pylist())
    chosen = [row for row in newest_rows(cells, (), wanted) if row["status"] == "ok" and row["cell"] in sliced]
    chosen.sort(key=lambda row: [row[name] for name in ("task", "split", "submission", "profile", "seed")])

    def answers(row: Mapping[str, Any]) -> Any:
        base = row["submission"].partition(":")[0].partition("@")[0]
        found: Any = "its answers are not there"
        for store in map(_store, results):
            found = store.read_one("predictions", store.path("predictions", row["task"], base, row["cell"]))
            if not isinstance(found, str):
                break
        return found

    found, left_out = measure.analyses(chosen, answers, axis, by)
    return sorted(found, key=lambda one: (one.task, one.split, one.question_set, one.profile, one.submission)), left_out


def replay(task: str, table: Path | None, source: str, out: str) -> None:
    """Print what others measured on a task: accuracy against frequency, and against another test set; write and draw.

    Without the accuracies by class at hand there is only the latter, from the published figures that are bundled.
    """
    from genbench import frequency as measure
    from genbench import published, spectrum
    from genbench import replay as others

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
    pictures = {"frequency.svg": spectrum.trends(found)} if found else {}
    _trend_table(found)
    for one in pairs:
        fits = published.slopes(one)
        print(f"{one.task}/{one.split}, {one.metric} against {one.other}, {len(one.models)} models ({one.status}):")
        for name, fit in fits.items():
            if fit is not None:
                print(f"  {name} {100 * published.BORDER:g} %: slope {fit.slope:.4f}, {fit.models} models")
        pictures[f"against_{one.other.partition(',')[0].lower()}.svg"] = spectrum.against(one, fits, published.BORDER)
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if rows is not None:
            _write_parquet(rows, folder / "reported.parquet")
            measure.write(found, folder)
        for name, content in pictures.items():
            (folder / name).write_text(content, encoding="utf-8")
    except OSError as fault:
        raise StoreFault(f"cannot write {folder}: {fault.strerror or fault}") from fault
    print(f"tables and pictures: {folder}")


def _reported(card: TaskCard, table: Path | None, source: str) -> Any:
    """Accuracies by class that others reported, as rows of REPORTED; None where they are not at hand, which is said."""
    from genbench import loading
    from genbench import replay as others

    try:
        reported = loading.load_entry(card.folder, card.reported)(table)
    except SourceAbsent as fault:
        print(f"left out, accuracies by class: {fault}", file=sys.stderr)
        return None
    return others.rows(replace(reported, source=source or reported.source))


def _write_parquet(table: Any, path: Path) -> None:
    """Write a table; the name appears when the bytes are whole."""
    import pyarrow.parquet as pq

    partial = path.with_name(path.name + ".partial")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)


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


def lengths(
    results: Sequence[str], tasks: Sequence[str], submissions: Sequence[str], axis: str, out: str | None
) -> None:
    """Print up to which length submissions are right; write tables and the picture of accuracy by length."""
    from genbench import falls, grokking
    from genbench import lengths as measures

    cells, scores = _tables(results, ("cells", "scores"))
    reaches, left_out = measures.reaches(cells, scores, _wanted(tasks, submissions), axis)
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    _reach_table(reaches)
    folder = (_page_place(results[0], out).parent / "lengths") if out is None else Path(out)
    written = {
        "accuracies.parquet": (measures.accuracy_rows(reaches), measures.ACCURACIES),
        "seeds.parquet": (measures.seed_rows(reaches), measures.SEEDS),
        "reaches.parquet": (measures.reach_rows(reaches), measures.REACHES),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (rows, schema) in written.items():
            grokking.write(rows, schema, folder / name)
        (folder / "lengths.svg").write_text(falls.lengths(reaches), encoding="utf-8")
    except OSError as fault:
        raise StoreFault(f"cannot write {folder}: {fault.strerror or fault}") from fault
    names = {one.readings[0].submission for one in reaches}
    if len(names) > falls.SUBMISSIONS:
        print(f"lengths.svg shows {falls.SUBMISSIONS} of {len(names)} submissions; --submission chooses others")
    print(f"tables and picture: {folder}")


def _reach_table(found: Sequence[Reach]) -> None:
    """One line for each submission on each split; its name, which may be long, comes last."""
    from itertools import groupby

    from genbench.lengths import UNSTEADY
    from genbench.wording import figure, point

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


def _phase_table(summaries: Sequence[Summary], unit: Unit) -> None:
    """One line for each submission on each split; its name, which may be long, comes last."""
    from itertools import groupby

    from genbench.wording import figure

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

    from genbench.wording import figure

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
