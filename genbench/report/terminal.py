"""What the verbs show a person: progress with time left, tables, cards. rich is imported when something is shown."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from genbench import registry
from genbench.errors import BadValue, GenbenchError, StoreFault
from genbench.report import reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from genbench.cards import SubmissionCard, TaskCard
    from genbench.evaluation.cell import Executor, Profile
    from genbench.evaluation.plan import Plan
    from genbench.evaluation.run import Done, SplitFault
    from genbench.registry import Catalogue, ChosenSplit
    from genbench.rows.store import Store

EXIT_OK, EXIT_FAILED_CELLS, EXIT_BAD_INPUT, EXIT_INTERRUPTED = 0, 1, 2, 130
DIFFERENCES = 10  # so many of a file of samples are shown


def evaluate(
    submissions: Sequence[str],
    tasks: Sequence[str],
    seeds: int,
    profile: str,
    executor: str,
    jobs: int | None,
    out: str,
    *,
    fresh: bool,
    strict: bool,
    quick_splits: bool = False,
) -> int:
    """Plan, run with progress, show the leaderboard. Returns 1 where a cell failed, 2 where a split did, else 0."""
    from genbench.evaluation import plan, run
    from genbench.rows import provenance
    from genbench.rows.store import Store

    found = registry.catalogue()
    splits = registry.choose_splits(tasks, found) if tasks else registry.default_splits(found)
    if quick_splits:
        splits = registry.quick_splits(splits)
    chosen = registry.choose_submissions(submissions, found) if submissions else registry.default_submissions(found)
    planned = plan.plan(splits, chosen, seeds, cast("Profile", profile), provenance.device())
    store = Store(out)
    for line in planned.left_out:
        print(f"left out: {line}", file=sys.stderr)
    events = run.run(planned, _executor(executor, jobs, planned), store, fresh=fresh, strict=strict)
    failed, faults, kept, ended = 0, 0, 0, 0
    try:
        with contextlib.closing(events), _Progress(len(planned.cells)) as progress:
            for event in events:
                if isinstance(event, run.SplitFault):
                    faults += 1
                else:  # counted before it is shown: whoever interrupts at the sight of it must find it counted
                    ended += event.status != "kept"
                    kept += event.status == "kept"
                    failed += event.status not in {"ok", "kept"}
                progress.show(event)
                if isinstance(event, run.SplitFault):
                    _keep_log(store, event)
    except KeyboardInterrupt:
        left = len(planned.cells) - ended - kept
        print(
            f"\ninterrupted: {ended} cells finished now and {kept} before are kept in {out}; {left} are left.\n"
            "Run the same command again to go on.",
            file=sys.stderr,
        )
        return EXIT_INTERRUPTED
    if kept:
        print(f"{kept} finished cells were kept from before (--fresh runs them again)", file=sys.stderr)
    reports.leaderboard((out,), None, "terminal", planned)
    return EXIT_BAD_INPUT if faults else EXIT_FAILED_CELLS if failed else EXIT_OK


def _executor(name: str, jobs: int | None, planned: Plan) -> Executor:
    from genbench.rows import provenance

    if name == "here":
        from genbench.evaluation.executors.here import Here

        return Here()
    from genbench.evaluation.executors.process import Process

    threads = max((cell.submission.card.threads for cell in planned.cells), default=1)
    return Process(jobs or max(1, provenance.usable_cores() // threads))


def _keep_log(store: Store, fault: SplitFault) -> None:
    """Keep a task's own traceback beside the results and say where."""
    if not fault.log:
        return
    try:
        path = store.keep_log(f"{fault.split.task.name}-{fault.split.split.name}", fault.log)
    except StoreFault as second:
        print(f"error: {second}", file=sys.stderr)
    else:
        print(f"its traceback is in {path}", file=sys.stderr)


class _Progress:
    """A bar with time left on a terminal; a line a cell elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.count, self.bar = total, 0, cast("Any", None)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
            from rich.progress import TimeRemainingColumn as Left

            columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"), Left())
            self.bar = Progress(TextColumn("{task.description}"), *columns, console=Console(stderr=True))
            self.bar.start()
            self.task = self.bar.add_task("cells", total=self.total)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def show(self, event: Done | SplitFault) -> None:
        """Count one event and print its line."""
        from genbench.evaluation.run import Done

        if isinstance(event, Done):
            self.count += 1
            line = f"{event.status:<13} {event.cell.label}"
            line += f"  {event.seconds:.1f} s" if event.status != "kept" else ""
            line += f"  {event.detail}" if event.detail else ""
        else:
            self.count += event.cells
            name = f"{event.split.task.name}/{event.split.label}: "
            line = f"error         {name}{event.message.removeprefix(name)}"
        if self.bar is None:
            print(f"[{self.count}/{self.total}] {line}", file=sys.stderr, flush=True)
            return
        self.bar.update(self.task, completed=self.count)
        if not isinstance(event, Done) or event.status != "kept":
            self.bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


def show(name: str, examples: int) -> None:
    """Show a split, a task or a submission by name."""
    found = registry.catalogue()
    typed = registry.typed_address(name)
    folder = registry.folder_of(typed.name)
    if folder is not None:
        from genbench import cards

        at = folder if (folder / cards.FILE).is_file() else folder.parent
        is_submission = isinstance(cards.read(at.resolve()), cards.SubmissionCard)
    else:
        is_submission = "/" not in typed.name and typed.name not in found.tasks
    if is_submission:
        everything = [*found.submissions, *found.tasks, *_split_names(found)]
        if folder is None and typed.name not in found.submissions:
            from genbench.errors import UnknownName, nearest

            hint = registry.folder_hint(typed.name) or nearest(typed.name, everything)
            raise UnknownName(f"there is no task, split or submission {typed.name!r}{hint}")
        (chosen,) = registry.choose_submissions([name], found)[:1]
        _lines(_submission_lines(chosen.card))
        return
    splits = registry.choose_splits([name], found)
    if len(splits) > 1:
        _lines(_task_lines(splits[0].task, splits))
        return
    _lines(_split_lines(splits[0], examples))


def example(name: str, row: int, subset: str, path: Path | None) -> None:
    """Show one row of a split, what its task says of it, and where `path` is given its drawing there."""
    from genbench.cards import entries
    from genbench.errors import UnknownName, nearest
    from genbench.evaluation import build
    from genbench.report.drawings import examples, png

    chosen = _one_split(name, "--example")
    draw = examples.drawer(chosen) if path else None  # refused before the data are built
    data = build.load(chosen)
    tables = {where.removeprefix("questions/"): table for where, table in data.subsets().items()}
    whole = f"{chosen.task.name}/{chosen.label}"
    if subset not in tables:
        raise UnknownName(f"{whole} has no subset {subset!r}{nearest(subset, tables)}")
    table = tables[subset]
    if row >= table.num_rows:
        raise BadValue(f"--example is {row}; {whole} {subset} has the rows 0 to {table.num_rows - 1:,}")
    (values,) = table.slice(row, 1).to_pylist()
    describe = entries.load_entry(chosen.task.folder, chosen.task.describe) if chosen.task.describe else None
    said = describe(values, chosen.params) if describe else ""
    print(f"{whole} {subset}, row {row:,} of {table.num_rows:,}")
    for key, value in values.items():
        print(f"{key:<12} {_brief(value)}")
    if said:
        print(f"\n{_as_shown(said)}")
    if draw is not None and path is not None:
        caption = plain(said).split("\n\n")[0] or "\n".join(f"{key}: {_brief(value)}" for key, value in values.items())
        _opened(png.write(png.captioned(draw(values), caption), path))


def plain(text: str) -> str:
    """`text` without the codes that colour it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _as_shown(text: str) -> str:
    """`text` with its colours where a person reads it on a terminal that has some, as NO_COLOR (no-color.org) asks."""
    import os

    return text if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else plain(text)


def _one_split(name: str, option: str) -> ChosenSplit:
    splits = registry.choose_splits([name], registry.catalogue())
    if len(splits) != 1:
        raise BadValue(f"{name!r} names {len(splits)} splits; {option} takes one")
    return splits[0]


def contact_sheet(name: str, label: str, path: Path | None) -> None:
    """Draw the examples of one class of a split, say where the picture is, and open it where there is a display."""
    from genbench.evaluation import build
    from genbench.report.drawings import examples, png

    chosen = _one_split(name, "--class")
    examples.drawer(chosen)  # refused before the data are built
    drawn = examples.of_class(chosen, build.load(chosen), label)
    stem = re.sub(r"[^\w.=-]+", "-", f"{chosen.task.name}-{chosen.label}-class-{label}")
    _opened(png.write(drawn, path or Path(f"{stem}.png")))


def _opened(path: Path) -> None:
    """Say where a picture is, and open it where there is a display and a person to look."""
    import os

    print(f"picture: {path}")
    shown = sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if shown and sys.stdout.isatty():
        import click

        click.launch(str(path))


def _split_names(found: Catalogue) -> list[str]:
    return [f"{card.name}/{split}" for card in found.tasks.values() for split in card.splits]


def _lines(lines: Iterator[tuple[str, str]]) -> None:
    """Print name and text in two columns, the text wrapped where it is prose."""
    import shutil
    import textwrap

    width = max(40, shutil.get_terminal_size((100, 24)).columns - 14)
    for name, text in lines:
        if not text and name:
            continue
        body = (
            text.splitlines()
            if "\n" in text and name in {"bibtex", ""}
            else textwrap.wrap(" ".join(text.split()), width)
        )
        for position, line in enumerate(body or [""]):
            print(f"{name if position == 0 else '':<12}  {line}".rstrip())


def _task_lines(card: TaskCard, splits: Sequence[ChosenSplit]) -> Iterator[tuple[str, str]]:
    yield card.name, card.title
    yield "about", card.about
    yield from _source_lines(card)
    for chosen in splits:
        yield "split", f"{card.name}/{chosen.label}: {chosen.split.about}"
    yield "bibtex", card.bibtex


def _source_lines(card: TaskCard | SubmissionCard) -> Iterator[tuple[str, str]]:
    commit = getattr(card, "commit", "")
    yield "source", card.source + (f" at {commit}" if commit else "")
    yield "paper", card.paper
    yield "license", card.license
    yield "folder", str(card.folder)


def _split_lines(chosen: ChosenSplit, examples: int) -> Iterator[tuple[str, str]]:
    import numpy as np
    import pyarrow as pa

    from genbench.cards import entries
    from genbench.data import tables
    from genbench.evaluation import build

    task, split = chosen.task, chosen.split
    data = build.load(chosen)
    yield "", f"{task.name}/{chosen.label}"
    yield "about", split.about
    yield "task", f"{task.title}. {task.about}"
    yield "inputs", ", ".join(f"{name} ({kind})" for name, kind in task.inputs.items())
    yield "target", f"{task.target} ({task.target_type})"
    yield "metrics", f"{', '.join(task.metrics)} (the first is the headline; {task.direction} is better)"
    yield "train", f"{data.train.num_rows:,} rows"
    yield "validation", "" if data.validation is None else f"{data.validation.num_rows:,} rows"
    for name, question in split.questions.items():
        kind = "training asked again" if question.kind == "trained" else question.kind
        about = f": {question.about}" if question.about else ""
        yield (
            "questions",
            f"{name}, {data.questions[name].num_rows:,} rows, {kind}, chance {split.chance_of(name):.4g}{about}",
        )
    yield "axes", ", ".join(split.axes) or "none"
    yield "parameters", ", ".join(f"{key}={value}" for key, value in chosen.params.items())
    yield "fingerprint", tables.fingerprint(data.subsets())
    yield from _source_lines(task)
    describe = entries.load_entry(task.folder, task.describe) if task.describe else None
    # As many of train as of all question sets together, each of which has one at least.
    each = -(-examples // len(split.questions))
    wanted = [("train", data.train, examples), *((name, data.questions[name], each) for name in split.questions)]
    for heading, table, most in wanted:
        # Spread over the table: neighbours look alike where rows are in the order of a grammar.
        count = min(most, table.num_rows)
        spread = np.arange(count) * table.num_rows // max(1, count)
        for row in table.take(pa.array(spread)).to_pylist():
            shown = "\n".join(f"{key:<10} {_brief(value)}" for key, value in row.items())
            said = f"\n{_as_shown(describe(row, chosen.params))}" if describe else ""
            yield "", f"\n[{heading}]\n{shown}{said}"
    yield "bibtex", task.bibtex


def _brief(value: object) -> str:
    text = (
        value if isinstance(value, str) else f"<{len(value['bytes'])} bytes>" if isinstance(value, dict) else str(value)
    )
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"


def _submission_lines(card: SubmissionCard) -> Iterator[tuple[str, str]]:
    yield card.name, card.title
    yield "about", card.about
    yield "tasks", ", ".join(card.tasks)
    yield (
        "accepts",
        "; ".join(
            f"{name} {', '.join(kinds)}"
            for name, kinds in (("inputs", card.accepts_inputs), ("target", card.accepts_target))
            if kinds
        ),
    )
    yield "parameters", ", ".join(f"{key}={value}" for key, value in card.params.items())
    for override in card.overrides:
        text = ", ".join(f"{key}={value}" for key, value in override.params.items())
        yield "override", f"profile {override.profile}, task {override.task}: {text}"
    for variant in card.variants.values():
        yield "variant", f"{card.name}@{variant.name}: {variant.about} {json.dumps(dict(variant.params))}"
    budget = ", ".join(f"{name} {seconds:g} s" for name, seconds in card.budget_seconds.items())
    yield "limits", f"{budget}; {card.memory_gib:g} GiB; {card.threads} threads; needs {card.needs}"
    yield "authors", card.authors
    yield from _source_lines(card)
    yield "bibtex", card.bibtex


def check(folders: Sequence[Path]) -> int:
    """Check contributions and print each finding. Returns 2 where one does not hold."""
    from genbench.authoring import check as contract

    found = registry.catalogue()
    wrong = 0
    for folder in folders:
        for finding in contract.check(folder.resolve(), found):
            wrong += not finding.holds
            print(f"{'ok   ' if finding.holds else 'FAULT'} {finding.subject}: {finding.sentence}", flush=True)
            if not finding.holds:
                print("      " + finding.fault.strip().replace("\n", "\n      "))
    print("all holds" if not wrong else f"{wrong} faults")
    return EXIT_BAD_INPUT if wrong else EXIT_OK


def verify(names: Sequence[str], *, download: bool) -> int:
    """Compare splits with their official files and print one line each. Returns 2 where one differs or none is there.

    Parameters given by hand would make other data than the official ones, so they are refused.
    """
    from genbench.authoring import exchange

    chosen = registry.choose_splits(names, registry.catalogue())
    for one in chosen:
        if one.given:
            raise BadValue(f"{one.task.name}/{one.label}: data with changed parameters have no official files")
    wide = max(len(f"{one.task.name}/{one.label}") for one in chosen)
    print(f"{'split':<{wide}}  {'subset':<10}  {'rows':>7}  {'order':<8}  {'sha256':<64}  result")
    counts = {"equal": 0, "differs": 0, "absent": 0, "alike": 0}
    absent, own = "", False
    for task in dict.fromkeys(one.task.name for one in chosen):
        for found in exchange.verify([one for one in chosen if one.task.name == task], download=download):
            counts[found.status] += 1
            own |= found.ordered is False
            absent = absent or (found.detail if found.status == "absent" else "")
            rows, order = (f"{found.rows:,}", "official" if found.ordered else "own") if found.subset else ("", "")
            place = f"{f'{task}/{found.split}':<{wide}}"
            line = f"{place}  {found.subset:<10}  {rows:>7}  {order:<8}  {found.digest:<64}"
            if found.ordered is None:  # a likeness: no order, no digest, and names of what was counted are longer
                line = f"{place}  {found.subset:<39}  {rows:>7}  {found.digest:<52}"
            print(f"{line}  {found.status}", flush=True)
            if found.status == "differs":
                print("  " + found.detail.replace("\n", "\n  "))
    print(", ".join(f"{count} {status}" for status, count in counts.items() if count or status != "alike"))
    if own:
        print("order own: as many of the same rows, in the order of a rule; the digest is that of the sorted lines")
    if absent:
        hint = "" if download else "\n  or fetch what is missing: --download"
        print(f"the first that is absent: {absent}{hint}", file=sys.stderr)
    return EXIT_BAD_INPUT if counts["differs"] or not (counts["equal"] or counts["alike"]) else EXIT_OK


def verify_samples(names: Sequence[str], path: Path) -> int:
    """Check a file of samples by a task's rules, and print how many agree. Returns 2 where one differs."""
    from genbench.authoring import exchange

    tasks = {one.task.name: one.task for one in registry.choose_splits(names, registry.catalogue())}
    if len(tasks) != 1:
        raise BadValue(f"--samples checks one task; {' '.join(names)} names {', '.join(tasks)}")
    count = wrong = 0
    for fault in exchange.verify_samples(next(iter(tasks.values())), path):
        count += 1
        wrong += bool(fault)
        if fault and wrong <= DIFFERENCES:
            print(f"{path.name} {fault}", file=sys.stderr)
    if wrong > DIFFERENCES:
        print(f"and {wrong - DIFFERENCES:,} more", file=sys.stderr)
    print(f"{count - wrong:,} of {count:,} samples agree" + (f", {wrong:,} differ" if wrong else ""))
    return EXIT_BAD_INPUT if wrong else EXIT_OK


def verify_reference(names: Sequence[str], folder: Path) -> int:
    """Recompute a task's published figures from a folder of reference data, and say in one line how many came out.

    Those that did not are named on stderr. Returns 2 where one did not that should have.
    """
    from genbench.authoring import exchange

    tasks = {one.task.name: one.task for one in registry.choose_splits(names, registry.catalogue())}
    if len(tasks) != 1:
        raise BadValue(f"--reference checks one task; {' '.join(names)} names {', '.join(tasks)}")
    found = exchange.verify_reference(next(iter(tasks.values())), folder)
    wanted = [one for one in found if one.wanted]
    lost = [one for one in wanted if not one.agrees]
    others = [one for one in found if not one.wanted]
    for one in lost[:DIFFERENCES]:
        print(f"not reproduced: {one.name}: {one.detail}", file=sys.stderr)
    if len(lost) > DIFFERENCES:
        print(f"and {len(lost) - DIFFERENCES:,} more", file=sys.stderr)
    for one in others:
        said = "reproduced all the same" if one.agrees else one.detail
        print(f"not marked reproducible: {one.name}: {said}", file=sys.stderr)
    line = f"reproduced {len(wanted) - len(lost)} of {len(wanted)} curves marked reproducible"
    line += f", largest difference {max(one.difference for one in wanted):.1e}" if wanted else ""
    print(line + (f"; {len(others)} others are not marked so" if others else ""))
    return EXIT_BAD_INPUT if lost or not wanted else EXIT_OK


def score(predictions: Path, split: str, name: str, seed: int, out: str | None) -> None:
    """Score a predictions file, print its scores, and store its rows where `out` says."""
    from genbench.authoring import exchange
    from genbench.rows.store import Store

    chosen = registry.choose_splits([split], registry.catalogue())
    if len(chosen) != 1:
        raise BadValue(f"{split!r} names {len(chosen)} splits; score takes one")
    store = Store(out) if out else None
    if store:
        store.prepare()
    scored = exchange.score(predictions, chosen[0], name, seed)
    for row in scored.scores:
        place = row["question_set"] + (f" {row['axis']}={row['slice']}" if row["axis"] else "")
        print(f"{place:<32} {row['metric']:<16} {row['value']:.4f}  n={row['n']}")
    if store:
        store.append(chosen[0].task.name, name, scored.key, scored.rows)
        print(f"rows added to {out}; a predictions file is shown and never ranked")


def rescore(place: str) -> int:
    """Rescore stored predictions. Returns 2 where a cell could not be rescored."""
    from genbench.authoring import exchange
    from genbench.rows.store import Store

    store = Store(place)
    if not store.exists():
        raise StoreFault(f"there are no results at {place!r}; `genbench evaluate --out {place}` makes some")
    cells = faults = 0
    for _, written, fault in exchange.rescore(store, registry.catalogue()):
        if fault:
            faults += 1
            print(f"left as it was: {fault}", file=sys.stderr)
        cells += bool(written)
    print(f"{cells} cells scored again in {place}" + (f", {faults} left as they were" if faults else ""))
    return EXIT_BAD_INPUT if faults else EXIT_OK


def timing(
    submissions: Sequence[str], tasks: Sequence[str], profile: str, repeats: int, seconds: float, out: str
) -> int:
    """Time submissions with progress, then print a table each. Returns 1 where one failed, 2 where a split did."""
    from genbench.evaluation import plan, run
    from genbench.evaluation import timing as clock
    from genbench.rows import provenance
    from genbench.rows.store import Store

    rule = clock.rule_of(repeats, seconds)
    found = registry.catalogue()
    splits = registry.choose_splits(tasks, found) if tasks else registry.default_splits(found)
    chosen = registry.choose_submissions(submissions, found) if submissions else registry.default_submissions(found)
    planned = plan.plan(splits, chosen, 1, cast("Profile", profile), provenance.device())
    for line in planned.left_out:
        print(f"left out: {line}", file=sys.stderr)
    store = Store(out)
    events = clock.run(planned, store, rule)
    timed: list[clock.Timed] = []
    code = EXIT_OK
    try:
        with contextlib.closing(events), _Progress(len(planned.cells)) as progress:
            for event in events:
                if isinstance(event, run.SplitFault):
                    code = EXIT_BAD_INPUT
                    progress.show(event)
                    _keep_log(store, event)
                    continue
                progress.show(event.done)
                timed.append(event)
                code = code or (EXIT_OK if event.rows else EXIT_FAILED_CELLS)
    except KeyboardInterrupt:
        print("\ninterrupted: what was timed up to here is kept", file=sys.stderr)
        code = EXIT_INTERRUPTED
    for one in timed:
        if one.rows:
            print(f"\n{one.done.cell.label}  {profile}, {one.rows[0]['device']}, threads {one.rows[0]['threads']}")
            for name, median, span, unit, count, ended in clock.table(one.rows):
                print(f"  {name:<38} {median:>9}  {span:<20} {unit:<13} {count:>5}  {ended}")
    if any(one.rows for one in timed):
        print(f"timings: {out}")
    return code


def difficulty(names: Sequence[str], out: str | None, *, fresh: bool) -> int:
    """Measure splits and print their difficulty: every measure of one, a line a question set of several.

    What was measured before is taken from `out` or the cache. Returns 2 where a split could not be measured.
    """
    from genbench.analysis import difficulty as measures

    chosen = registry.choose_splits(names, registry.catalogue())
    code = EXIT_OK
    if len(chosen) > 1:
        print(measures.head(max(len(f"{one.task.name}/{one.label}") for one in chosen)))
    for one in chosen:
        try:
            table = _measured(one, out, fresh=fresh)
        except GenbenchError as fault:
            name = f"{one.task.name}/{one.label}: "
            print(f"error: {name}{str(fault).removeprefix(name)}", file=sys.stderr)
            code = EXIT_BAD_INPUT
            continue
        rows = table.to_pylist()
        if len(chosen) == 1:
            _lines_of_measures(rows)
            continue
        wide = max(len(f"{other.task.name}/{other.label}") for other in chosen)
        for line in measures.lines(rows, wide):
            print(line, flush=True)
    if out:
        print(f"figures: {out}")
    return code


def _measured(chosen: ChosenSplit, out: str | None, *, fresh: bool) -> Any:
    """The difficulty of a split, from where it was kept or from its data, and kept where it was not.

    A split with the card's own parameters has the card's fingerprint, so its data need not be built to be known.
    """
    from genbench.analysis import difficulty as measures
    from genbench.data import sources, tables
    from genbench.evaluation import build

    task, label = chosen.task, chosen.label
    measures.refuse_images(task, chosen.split)
    own = chosen.params == dict(chosen.split.params)
    data = None if own else build.load(chosen)
    fingerprint = chosen.split.fingerprint if data is None else tables.fingerprint(data.subsets())
    key = measures.digest(task, label, fingerprint)
    kept = f"{sources.cache_folder()}/{measures.FOLDER}/{key}.parquet"
    shown = measures.path_of(out, task.name, label) if out else kept
    found = None
    for place in () if fresh else dict.fromkeys((shown, kept)):
        there = measures.read(place)
        if there is not None and there["digest"].to_pylist()[0] == key:
            found = there
            break
    if found is None:
        found = measures.measure(task, chosen.split, label, data or build.load(chosen), fingerprint)
        with contextlib.suppress(StoreFault):  # a cache that cannot be written costs time, nothing else
            measures.write(found, kept)
    if out:
        measures.write(found, shown)
    return found


def _lines_of_measures(rows: Sequence[dict[str, Any]]) -> None:
    """Every measure of one split with what it says; a column for each question set."""
    from genbench.analysis import difficulty as measures

    sets = list(dict.fromkeys(row["question_set"] for row in rows))
    value = {(row["question_set"], row["measure"]): row["value"] for row in rows}
    print(f"{rows[0]['task']}/{rows[0]['split']}")
    print(f"compounds: {rows[0]['compounds']}; headline metric: {rows[0]['metric']}")
    wide = max(10, *(len(name) + 2 for name in sets))
    print(f"{'':<20}" + "".join(f"{name:>{wide}}" for name in sets))
    for name, about in measures.MEASURES.items():
        print(f"{name:<20}" + "".join(f"{measures.spelled(name, value[one, name]):>{wide}}" for one in sets), "", about)
