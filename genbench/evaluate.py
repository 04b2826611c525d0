"""Plan cells, run them, grade the answers, write the rows.

Split by split: the data are built once, checked against the card, severed, and every cell of that split gets its own
copy of the problem. Targets stay in this process; answers come back by id.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import os
import shutil
import tempfile
import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genbench import loading, metrics, provenance, seeds, tables
from genbench.cell import QUESTIONS, TRAIN, VALIDATION, Context, Job
from genbench.errors import BadData, BadValue, EntryFault, GenbenchError, StoreFault, SubmissionFault
from genbench.grading import grade, join, prediction_table, read_answers, score_rows
from genbench.schema import CURVES, SCORES, to_table
from genbench.task import Data, Problem, Targets, check_sizes, conform, sever

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from genbench.cell import Executor, Outcome, Profile
    from genbench.registry import ChosenSplit, ChosenSubmission
    from genbench.store import Store


LINKED = 2**28  # bytes; a copy of a larger file for each cell would fill the disk
SHOWN = 3  # of the questions that cannot be read, those that a row names
CHECKPOINT_SECONDS = 30 * 24 * 3600  # how long the checkpoints of an interrupted cell are kept


@dataclass(frozen=True, slots=True)
class Cell:
    """A submission on a split with a seed under a profile; `settings` are the submission's parameters there."""

    split: ChosenSplit
    submission: ChosenSubmission
    seed: int
    profile: Profile
    settings: Mapping[str, Any]

    @property
    def label(self) -> str:
        """`scan/length  transformer  seed 0`."""
        return f"{self.split.task.name}/{self.split.label}  {self.submission.label}  seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells to run, grouped by split, and one line for each pair that was left out and why."""

    cells: tuple[Cell, ...]
    left_out: tuple[str, ...]

    def by_split(self) -> list[tuple[ChosenSplit, list[Cell]]]:
        """The cells of each split, in the order planned."""
        groups: dict[tuple[str, str], tuple[ChosenSplit, list[Cell]]] = {}
        for cell in self.cells:
            groups.setdefault((cell.split.task.name, cell.split.label), (cell.split, []))[1].append(cell)
        return list(groups.values())


@dataclass(frozen=True, slots=True)
class Built:
    """A split ready to be asked: the problem, its targets, the data's fingerprint, and what rows tell of them."""

    problem: Problem
    targets: Targets
    fingerprint: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One cell behind us: `status` is the outcome's, or "kept" where an earlier run's rows stand."""

    cell: Cell
    status: str
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SplitFault:
    """A split that could not be built, with how many cells that cost and the log to keep."""

    split: ChosenSplit
    cells: int
    message: str
    log: str


def plan(
    splits: Sequence[ChosenSplit],
    submissions: Sequence[ChosenSubmission],
    seeds_wanted: int,
    profile: Profile,
    device: str,
) -> Plan:
    """Every submission on every split that it takes, seeds 0 .. seeds_wanted - 1.

    Raises `BadValue` for fewer than one seed, and where no submission takes any of the splits.
    """
    if seeds_wanted < 1:
        raise BadValue(f"--seeds is {seeds_wanted}; it must be at least 1")
    cells, left_out = [], []
    for chosen in splits:
        metrics.of_card(chosen.task)
        for submission in submissions:
            name = f"{chosen.task.name}/{chosen.split.name}"
            if not submission.card.takes(chosen.task, chosen.split):
                continue
            if submission.card.needs == "gpu" and device == "cpu":
                left_out.append(f"{submission.label} on {name}: needs a GPU, and there is none here")
                continue
            settings = submission.card.settings(name, profile, submission.variant, submission.given)
            cells += [Cell(chosen, submission, seed, profile, settings) for seed in range(seeds_wanted)]
    idle = [one.label for one in submissions if not any(cell.submission.label == one.label for cell in cells)]
    if not cells and not left_out:
        names = ", ".join(f"{one.task.name}/{one.label}" for one in splits[:5]) + (", ..." if len(splits) > 5 else "")
        if not submissions or not splits:
            raise BadValue(f"nothing to evaluate: no {'split' if submissions else 'submission'} was chosen")
        raise BadValue(f"nothing to evaluate: {names} is not taken by {', '.join(idle)}")
    left_out += [f"{label}: takes none of the chosen splits" for label in idle if not any(label in x for x in left_out)]
    return Plan(tuple(cells), tuple(left_out))


def build(chosen: ChosenSplit, *, strict: bool = False) -> Built:
    """Build a split through its task's entry, check it against the card, and sever it.

    Sizes and fingerprint are checked where the parameters are the card's own; `strict` refuses a split with questions
    that cannot be read. Raises `BadData` and `EntryFault`.
    """
    data = load(chosen)
    if strict:
        broken = [told for rows in data.unreadable.values() for told in rows.values()]
        if broken:
            raise BadData(
                f"{chosen.task.name}/{chosen.label}: --strict, and the input of {len(broken)} questions cannot be read:"
                + "".join(f"\n  {told}" for told in broken)
            )
    problem, targets = sever(data, chosen.task, chosen.split)
    return Built(problem, targets, tables.fingerprint(data.subsets()), "; ".join(_told(data)))


def _told(data: Data) -> Iterator[str]:
    """What a row tells of the data: the task's note, and how many questions count as wrong whatever is answered."""
    if data.note:
        yield data.note
    broken = [told for rows in data.unreadable.values() for told in rows.values()]
    if broken:
        them = "question counts" if len(broken) == 1 else "questions count"
        more = ", ..." if len(broken) > SHOWN else ""
        yield f"{len(broken)} {them} as wrong, for the input cannot be read: {', '.join(broken[:SHOWN])}{more}"


def load(chosen: ChosenSplit) -> Data:
    """The split's data as its task builds them, checked against the card."""
    data = load_unchecked(chosen)
    if chosen.params == dict(chosen.split.params):
        check_sizes(data, chosen.task, chosen.split)
    return data


def load_unchecked(chosen: ChosenSplit) -> Data:
    """The split's data with the card's columns; their sizes and fingerprint are not looked at."""
    task, split = chosen.task, chosen.split
    entry = loading.load_entry(task.folder, task.entry)
    try:
        built = entry(split.name, chosen.params, task.data_seed)
    except GenbenchError:
        raise
    except (Exception, SystemExit) as fault:
        raise EntryFault(
            f"{task.name}/{chosen.label}: load raised {type(fault).__name__}: {loading.first_line(fault)}",
            traceback.format_exc(),
        ) from fault
    data = conform(built, task, split)
    if not any(table.num_rows for table in data.questions.values()):
        raise BadData(f"{task.name}/{chosen.label}: there are no questions")
    return data


def key_of(cell: Cell, data_fingerprint: str, folders: Mapping[Path, str]) -> str:
    """The cell's key: a digest of everything that decides its outcome.

    Both folders' content, both parameter sets, the data, the seed, the profile, threads, device and budget, the
    versions of python, genbench and the libraries that the cards name, and the engine's own deciding files.
    """
    task, card = cell.split.task, cell.submission.card
    content = {
        "task": [task.name, cell.split.label, folders[task.folder]],
        "submission": [cell.submission.label, folders[card.folder]],
        "params": [cell.split.params, dict(cell.settings)],
        "data": data_fingerprint,
        "seed": cell.seed,
        "profile": cell.profile,
        "limits": [card.threads, card.budget_seconds[cell.profile], card.memory_gib, provenance.device()],
        "versions": provenance.versions((*task.libraries, *card.libraries)),
        "engine": provenance.engine(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def run(
    planned: Plan,
    executor: Executor,
    store: Store,
    *,
    fresh: bool = False,
    strict: bool = False,
    work: Path | None = None,
) -> Generator[Done | SplitFault]:
    """Run a plan and write its rows; yield each cell as it ends, and each split that could not be built.

    Cells whose rows are there and ended well are kept, unless `fresh`; splits with questions that cannot be read are
    faults where `strict`. `work` is where the job folders are made (the
    system's temporary folder by default). Closing the iterator, or Ctrl-C, ends the running cells; the rows of the
    finished ones are there. Raises `StoreFault` where results or job folders cannot be written.
    """
    store.prepare()
    forget_old_checkpoints()
    try:
        root = Path(tempfile.mkdtemp(prefix="genbench-", dir=work))
        try:
            yield from _Run(planned, executor, store, fresh=fresh, strict=strict, root=root).events()
        finally:
            shutil.rmtree(root, ignore_errors=True)
    except OSError as fault:  # no room for the cells' folders, no process to be had: the machine's fault, in its words
        raise StoreFault(f"the evaluation cannot go on: {fault}; finished cells are kept") from fault


class _Run:
    """One evaluation under way: what each job's answers have to be joined with."""

    def __init__(
        self, planned: Plan, executor: Executor, store: Store, *, fresh: bool, strict: bool, root: Path
    ) -> None:
        self.planned, self.executor, self.store, self.fresh, self.root = planned, executor, store, fresh, root
        self.strict = strict
        self.open: dict[str, tuple[Cell, Built, Path]] = {}
        self.aside: list[Done | SplitFault] = []  # what was decided while jobs were being made ready
        folders = {cell.split.task.folder for cell in planned.cells} | {c.submission.card.folder for c in planned.cells}
        self.folders = {folder: loading.digest(folder) for folder in sorted(folders)}

    def events(self) -> Iterator[Done | SplitFault]:
        outcomes = self.executor.run(self._jobs())
        try:
            for outcome in outcomes:
                yield from self._set_aside()
                cell, built, folder = self.open.pop(outcome.key)
                outcome = self._keep(cell, built, outcome)  # noqa: PLW2901 - graded, its status may have changed
                shutil.rmtree(folder, ignore_errors=True)
                shutil.rmtree(self._checkpoints(outcome.key), ignore_errors=True)
                yield Done(cell, outcome.status, outcome.detail, outcome.cell_seconds)
            yield from self._set_aside()
        finally:
            outcomes.close()  # type: ignore[attr-defined]  # executors are generators; closing one ends its jobs

    def _set_aside(self) -> Iterator[Done | SplitFault]:
        yield from self.aside
        self.aside.clear()

    def _checkpoints(self, key: str) -> Path:
        """Where the checkpoints of a cell lie; another store that evaluates the same cell has its own."""
        return checkpoint_folder() / f"{key}-{seeds.derive('checkpoints', self.store.root) % 2**32:08x}"

    def _checkpoints_ready(self, key: str) -> Path:
        """The folder for the checkpoints of a cell, made. Raises `StoreFault` where it cannot be had."""
        folder = self._checkpoints(key)
        try:
            if self.fresh:
                shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise StoreFault(
                f"checkpoints cannot be kept in {folder.parent}: {fault.strerror or fault}; "
                "GENBENCH_CHECKPOINTS names another folder"
            ) from fault
        return folder

    def _jobs(self) -> Iterator[Job]:
        for position, (chosen, cells) in enumerate(self.planned.by_split()):
            try:
                built = build(chosen, strict=self.strict)
            except GenbenchError as fault:
                log = fault.log if isinstance(fault, EntryFault) else ""
                self.aside.append(SplitFault(chosen, len(cells), str(fault), log))
                continue
            shared = self.root / f"split-{position}"
            for cell in cells:
                key = key_of(cell, built.fingerprint, self.folders)
                name = cell.submission.card.name
                if not self.fresh and self.store.finished(chosen.task.name, name, key):
                    self.aside.append(Done(cell, "kept", "", 0.0))
                    continue
                if not shared.exists():
                    write_problem(built.problem, shared)
                folder = self.root / key
                shutil.copytree(shared, folder, copy_function=place_file)
                self.open[key] = (cell, built, folder)
                yield job_of(cell, key, folder, self._checkpoints_ready(key))
            shutil.rmtree(shared, ignore_errors=True)

    def _keep(self, cell: Cell, built: Built, outcome: Outcome) -> Outcome:
        """Grade an outcome and write its rows. A fault in the answers becomes the cell's status."""
        who = who_of(cell, outcome.key)
        tables_of: dict[Any, Any] = {}
        if outcome.answers is not None:
            try:
                answers = join(read_answers(outcome.answers), built.targets)
                graded = grade(answers, built.targets, cell.split.task)
                tables_of["scores"] = to_table(score_rows(who, graded, built.targets, cell.split.split), SCORES)
                tables_of["predictions"] = prediction_table(
                    outcome.key, answers, graded, built.targets, cell.split.task
                )
                points: list[dict[str, object]] = []
                for step in outcome.steps:
                    at_step = grade(join(read_answers(step.answers), built.targets), built.targets, cell.split.task)
                    rows = score_rows(who, at_step, built.targets, cell.split.split)
                    rows = itertools.chain(rows, measure_rows(who, step.measures))
                    points += [{**row, "step": step.step, "fit_seconds": step.fit_seconds} for row in rows]
                if points:
                    tables_of["curves"] = to_table(points, CURVES)
            except SubmissionFault as fault:
                tables_of = {}
                outcome = replace(outcome, status="error", detail=str(fault), predict_seconds=None, answers=None)
        if outcome.status == "ok" and built.note:
            outcome = replace(outcome, detail=built.note)
        tables_of["cells"] = [cell_row(cell, outcome, who, built.fingerprint, self.folders)]
        self.store.append(cell.split.task.name, cell.submission.card.name, outcome.key, tables_of)
        return outcome


def measure_rows(who: Mapping[str, object], measures: Mapping[str, float]) -> Iterator[dict[str, object]]:
    """Rows of CURVES for what a submission said of itself: they belong to no question set, and n is 0."""
    blank = dict.fromkeys(("question_set", "kind", "axis", "slice"), "")
    for name, value in measures.items():
        yield {**who, **blank, "metric": name, "value": value, "n": 0}


def place_file(source: str, target: str) -> None:
    """Copy a file; one above `LINKED` bytes is the same file under another name, read-only, where that can be had."""
    if os.path.getsize(source) > LINKED:  # noqa: PTH202  copytree gives texts
        with contextlib.suppress(OSError):  # another file system, or one without links
            os.chmod(source, 0o444)  # noqa: PTH101  as above
            os.link(source, target)
            return
    shutil.copy2(source, target)


def write_problem(problem: Problem, folder: Path) -> None:
    """Write train, validation and questions as Arrow files into a new folder."""
    folder.mkdir(parents=True)
    tables.write(problem.train, folder / TRAIN)
    if problem.validation is not None:
        tables.write(problem.validation, folder / VALIDATION)
    tables.write(problem.questions, folder / QUESTIONS)


def checkpoint_folder() -> Path:
    """Where interrupted cells keep their checkpoints: `GENBENCH_CHECKPOINTS`, else in the user's state folder.

    Not beside the results or the cache: both hold targets, and a submission is told this path.
    """
    given = os.environ.get("GENBENCH_CHECKPOINTS", "")
    if given:
        return Path(given).expanduser().absolute()
    own = os.environ.get("XDG_STATE_HOME", "")
    # The specification has relative paths ignored.
    return (Path(own) if Path(own).is_absolute() else Path.home() / ".local" / "state") / "genbench" / "checkpoints"


def forget_old_checkpoints() -> None:
    """Remove checkpoints that nobody came back for in a month."""
    oldest = time.time() - CHECKPOINT_SECONDS
    for folder in checkpoint_folder().glob("*-*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def job_of(cell: Cell, key: str, folder: Path, checkpoints: Path | None = None) -> Job:
    """The job of a cell whose problem lies in `folder`."""
    task, card = cell.split.task, cell.submission.card
    return Job(
        key=key,
        label=cell.label,
        folder=folder,
        contribution=card.folder,
        entry=card.entry,
        context=Context(
            task=task.name,
            split=cell.split.label,
            inputs=dict(task.inputs),
            target=task.target,
            target_type=task.target_type,
            params=dict(cell.settings),
            # One bit less than a seed has, so that every library takes it as a signed 64-bit integer.
            seed=seeds.derive("train", task.name, cell.split.label, card.name, cell.seed) >> 1,
            profile=cell.profile,
            budget_seconds=card.budget_seconds[cell.profile],
            threads=card.threads,
            device=provenance.device(),
            folder=folder,
            checkpoints=checkpoints,
            answer=task.answer,
        ),
        memory_bytes=int(card.memory_gib * 2**30),
    )


def who_of(cell: Cell, key: str) -> dict[str, object]:
    """The columns that open every table."""
    return {
        "cell": key,
        "task": cell.split.task.name,
        "split": cell.split.label,
        "submission": cell.submission.label,
        "profile": cell.profile,
        "seed": cell.seed,
    }


def cell_row(
    cell: Cell, outcome: Outcome, who: Mapping[str, object], data_fingerprint: str, folders: Mapping[Path, str]
) -> dict[str, object]:
    """The CELLS row of an outcome."""
    task, card = cell.split.task, cell.submission.card
    return {
        **who,
        "status": outcome.status,
        "detail": outcome.detail,
        "fit_seconds": outcome.fit_seconds,
        "predict_seconds": outcome.predict_seconds,
        "cell_seconds": outcome.cell_seconds,
        "cpu_seconds": outcome.cpu_seconds,
        "peak_memory_bytes": outcome.peak_memory_bytes,
        "parameters": outcome.parameters,
        "training_flops": outcome.training_flops,
        "device": outcome.device,
        "sealing": outcome.sealing,
        "budget_seconds": card.budget_seconds[cell.profile],
        "task_params": json.dumps(cell.split.params, sort_keys=True),
        "submission_params": json.dumps(dict(cell.settings), sort_keys=True),
        "data_fingerprint": data_fingerprint,
        "task_fingerprint": folders[task.folder],
        "submission_fingerprint": folders[card.folder],
        "versions": json.dumps(provenance.versions((*task.libraries, *card.libraries)), sort_keys=True),
        "machine": json.dumps(provenance.machine(), sort_keys=True),
        "started": moment(outcome.started),
        "log": outcome.log,
    }


def moment(seconds: float) -> dt.datetime:
    """Seconds since the epoch as the UTC timestamp that rows carry."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
