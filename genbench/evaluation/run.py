"""Plan cells, run them, grade the answers, write the rows.

Split by split: the data are built once, checked against the card, severed, and every cell of that split gets its own
copy of the problem. Targets stay in this process; answers come back by id.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from genbench import seeds, strangers
from genbench.cards.entries import first_line
from genbench.errors import BadData, EntryFault, GenbenchError, StoreFault, SubmissionFault
from genbench.evaluation import checkpoints
from genbench.evaluation.build import build
from genbench.evaluation.draws import against_public
from genbench.evaluation.handed_in import answers_of, copied
from genbench.evaluation.job_folders import job_folders
from genbench.evaluation.keys import folders_of, key_of
from genbench.evaluation.known_data import KnownData
from genbench.evaluation.prepare import ask_in_order, job_of, placing, stages_of, write_problem
from genbench.evaluation.records import cell_row, measure_rows, who_of, without_values
from genbench.evaluation.redaction import Redaction
from genbench.evaluation.salt import by_id
from genbench.evaluation.seen import Seen
from genbench.evaluation.stages import taken
from genbench.evaluation.supplies import supplies
from genbench.rows.asked import InBlocks
from genbench.rows.schema import CURVES, MARKS, SCORES, to_table
from genbench.scoring import blocks, debris, marking
from genbench.scoring.grading import as_answers, grade, join, prediction_table, score_rows
from genbench.scoring.metrics import EXCESS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from genbench.evaluation.build import Built
    from genbench.evaluation.cell import Executor, Job, Outcome, Step
    from genbench.evaluation.plan import Cell, Plan
    from genbench.evaluation.salt import Salt
    from genbench.evaluation.supplies import Supplies
    from genbench.registry import ChosenSplit
    from genbench.rows.asked import Asked
    from genbench.rows.store import Store


@dataclass(frozen=True, slots=True)
class Done:
    """One cell behind us: `status` is the outcome's, or "kept" where an earlier run's rows stand; rows by `key`."""

    cell: Cell
    status: str
    detail: str
    seconds: float
    key: str = ""


@dataclass(frozen=True, slots=True)
class SplitFault:
    """A split that could not be built or graded, with how many cells that cost and the log to keep."""

    split: ChosenSplit
    cells: int
    message: str
    log: str


@dataclass(frozen=True, slots=True)
class Unsupplied:
    """A submission whose card asks for what cannot be had here, by its label, with how many cells that cost."""

    submission: str
    cells: int
    message: str


Event = Done | SplitFault | Unsupplied


def run(
    planned: Plan,
    executor: Executor,
    store: Store,
    *,
    fresh: bool = False,
    strict: bool = False,
    work: Path | None = None,
    beside: bool = False,
    salt: Salt | None = None,
) -> Generator[Event]:
    """Run a plan and write its rows; yield each cell as it ends, and each split that could not be built.

    Each submission whose card asks for what cannot be had is yielded first, before anything is run; the others go on.

    Cells whose rows are there and ended well are kept, unless `fresh`; splits with questions that cannot be read are
    faults where `strict`. `work` is where the job folders are made (the
    system's temporary folder by default). Closing the iterator, or Ctrl-C, ends the running cells; the rows of the
    finished ones are there. Raises `StoreFault` where results or job folders cannot be written, `Unavailable` where no
    cell has what its card asks for, unless the plan is run `beside` others. With a `salt` each cell is asked its
    questions in an order of its own.
    """
    if salt is not None:
        planned = replace(planned, cells=tuple(replace(cell, salt=salt.digest) for cell in planned.cells))
    needed = supplies(planned.cells, apart=getattr(executor, "apart", True), some=beside)
    yield from unsupplied(planned, needed)
    planned = replace(planned, cells=tuple(cell for cell in planned.cells if not needed.lacks(cell)))
    store.prepare()
    checkpoints.remove_forgotten()
    try:
        with job_folders(work) as root:
            under_way = _Run(planned, needed, executor, store, fresh=fresh, strict=strict, root=root, salt=salt)
            yield from under_way.events()
    except OSError as fault:  # no room for the cells' folders, no process to be had: the machine's fault, in its words
        raise StoreFault(f"the evaluation cannot go on: {fault}; finished cells are kept") from fault


def unsupplied(planned: Plan, needed: Supplies) -> Iterator[Unsupplied]:
    """The submissions of a plan that cannot have what they need, each once, with all of it."""
    lost: dict[str, list[tuple[str, ...]]] = {}
    for cell in planned.cells:
        if told := needed.lacks(cell):
            lost.setdefault(cell.submission.label, []).append(told)
    for label, each in lost.items():
        yield Unsupplied(label, len(each), "; ".join(dict.fromkeys(itertools.chain(*each))))


class _Run:
    """One evaluation under way: what each job's answers have to be joined with."""

    def __init__(
        self,
        planned: Plan,
        needed: Supplies,
        executor: Executor,
        store: Store,
        *,
        fresh: bool,
        strict: bool,
        root: Path,
        salt: Salt | None,
    ) -> None:
        self.planned, self.executor, self.store, self.fresh, self.root = planned, executor, store, fresh, root
        self.strict, self.salt = strict, salt
        self.open: dict[str, tuple[Cell, Built, Path]] = {}
        self.aside: list[Done | SplitFault] = []  # what was decided while jobs were being made ready
        self.held: dict[str, tuple[Path, contextlib.ExitStack]] = {}  # the checkpoint folders of cells under way
        self.folders = folders_of(planned.cells)
        self.supplies = needed
        self.known = KnownData()
        self.seen = Seen(store)

    def events(self) -> Iterator[Done | SplitFault]:
        outcomes = self.executor.run(self._jobs())
        try:
            for outcome in outcomes:
                yield from self._set_aside()
                cell, built, folder = self.open.pop(outcome.key)
                room = self.root / f"{outcome.key}.answers"
                ended = self._keep(cell, built, outcome, room)
                room.unlink(missing_ok=True)
                for left in (folder, taken(folder)):
                    shutil.rmtree(left, ignore_errors=True)
                kept, holding = self.held.pop(outcome.key)
                checkpoints.remove(kept)
                holding.close()
                yield ended
            yield from self._set_aside()
        finally:
            outcomes.close()  # type: ignore[attr-defined]  # executors are generators; closing one ends its jobs
            for _, holding in self.held.values():
                holding.close()

    def _set_aside(self) -> Iterator[Done | SplitFault]:
        yield from self.aside
        self.aside.clear()

    def _checkpoints(self, key: str) -> Path:
        """Where the checkpoints of a cell lie; another store that evaluates the same cell has its own."""
        return checkpoints.place() / f"{key}-{seeds.derive('checkpoints', self.store.root) % 2**32:08x}"

    def _checkpoints_ready(self, key: str) -> Path:
        """The folder for the checkpoints of a cell, made and held. Raises `StoreFault` where it cannot be had."""
        holding = contextlib.ExitStack()
        folder = holding.enter_context(checkpoints.held(self._checkpoints(key)))
        self.held[key] = (folder, holding)
        if self.fresh:
            checkpoints.empty(folder)
        return folder

    def _jobs(self) -> Iterator[Job]:
        for position, (chosen, planned) in enumerate(self.planned.by_split()):
            # Where the data are known to be what they were, nothing is built for cells that are kept.
            known = None if self.fresh else self.known.of(chosen)
            cells = [cell for cell in planned if known is None or not self._stands(cell, known)]
            if not cells:
                continue
            try:
                built = build(chosen, strict=self.strict)
                if chosen.salted:
                    built = against_public(chosen, built)
                if chosen.task.own_metrics or EXCESS in chosen.task.metrics:  # known before anything is trained
                    _tried(built, chosen)
            except GenbenchError as fault:
                log = fault.log if isinstance(fault, EntryFault) else ""
                self.aside.append(SplitFault(chosen, len(cells), str(fault), log))
                continue
            if not built.note:
                self.known.keep(chosen, built.fingerprint)
            shared = self.root / f"split-{position}"
            for cell in self._in_order(cells):
                supply = self.supplies.of(cell)
                key = key_of(cell, built.fingerprint, self.folders, supply)
                if not self.fresh and built.fingerprint != known and self._stands(cell, built.fingerprint):
                    continue
                if not shared.exists():
                    write_problem(built.problem, shared, chosen.split.stream)
                folder = self.root / key
                shutil.copytree(shared, folder, copy_function=placing(getattr(self.executor, "sealing", "")))
                if self.salt is not None:
                    ask_in_order(built.problem, folder, self.salt.order(key, built.problem.questions.num_rows))
                self.open[key] = (cell, built, folder)
                yield job_of(
                    cell,
                    key,
                    folder,
                    self._checkpoints_ready(key),
                    supply,
                    stages_of(built.problem, chosen.split.stream),
                )
            shutil.rmtree(shared, ignore_errors=True)

    def _in_order(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The cells of a split: where several run at a time the long ones first, so that all end together."""
        alone = getattr(self.executor, "jobs", 1) == 1
        return cells if alone else sorted(cells, key=_allowed, reverse=True)

    def _stands(self, cell: Cell, fingerprint: str) -> bool:
        """Whether a cell is there from before, on data of this fingerprint; then it is told as kept."""
        key = key_of(cell, fingerprint, self.folders, self.supplies.of(cell))
        if there := self.seen.finished(cell.split.task.name, cell.submission.card.name, key):
            self.aside.append(Done(cell, "kept", "", 0.0, key))
        return there

    def _keep(self, cell: Cell, built: Built, outcome: Outcome, room: Path) -> Done | SplitFault:
        """Grade an outcome and write its rows. A fault in the answers becomes the cell's status.

        Answers are read from a copy at `room`, which is left there.

        Where a metric that the task brings cannot grade them, that is the split's fault: the cell has no rows, and a
        task that is put right finds it missing.
        """
        who, task = who_of(cell, outcome.key), cell.split.task
        hide = Redaction(self.supplies.of(cell).variables.values())
        tables_of: dict[Any, Any] = {}
        hint = ""
        if outcome.answers is not None:
            try:
                tables_of, hint = self._graded(cell, built, outcome, outcome.answers, room)
            except (BadData, EntryFault) as fault:
                return _fault_of(cell, fault, hide)
            except OSError:  # no room on this machine
                raise
            except Exception as fault:  # noqa: BLE001 - what a stranger's answers bring about is the stranger's
                outcome = _at_fault(outcome, fault, hide)
        if outcome.status == "ok":
            outcome = replace(outcome, detail="; ".join(filter(None, (built.note, hide(hint)))))
        tables_of["cells"] = [cell_row(cell, outcome, who, built.fingerprint, self.folders, self.supplies.of(cell))]
        self.store.append(task.name, cell.submission.card.name, outcome.key, tables_of)
        if outcome.status == "ok":
            self.seen.written(task.name, cell.submission.card.name, outcome.key)
        return Done(cell, outcome.status, outcome.detail, outcome.cell_seconds, outcome.key)

    def _graded(
        self, cell: Cell, built: Built, outcome: Outcome, answers_at: Path, room: Path
    ) -> tuple[dict[Any, Any], str]:
        """The tables of a cell that ended well, but for CELLS, and a hint. Raises what its answers bring about.

        Its answers are copied to `room`, where very many are read once more as PREDICTIONS are written.
        """
        if built.asked is not None and self.salt is None:
            try:
                return self._graded_in_blocks(cell, built, built.asked, outcome, answers_at, room)
            except blocks.Unfit:  # which answers are amiss, or in what order they are, is seen of all at once
                room.unlink(missing_ok=True)
        who, task = who_of(cell, outcome.key), cell.split.task
        hide = Redaction(self.supplies.of(cell).variables.values())
        order = None if self.salt is None else self.salt.order(outcome.key, len(built.targets.target))

        def joined(path: Path) -> Any:
            given = answers_of(path, room, built.targets)
            return join(given if order is None else by_id(given, order), built.targets)

        answers = joined(answers_at)
        graded = grade(answers, built.targets, task)
        predictions = prediction_table(outcome.key, answers, graded, built.targets, task)
        marks = marking.mark_rows(who, built.fingerprint, graded, built.targets, task)
        right = predictions.column("correct").to_numpy()
        hint = debris.hint(answers, built.problem.train.column(task.target), right)
        found = {
            "scores": to_table(score_rows(who, graded, built.targets, cell.split.split, task), SCORES),
            "predictions": without_values(predictions, hide, task.target_type),
            "marks": to_table(marks, MARKS),
        }
        points: list[dict[str, object]] = []
        for step in outcome.steps:
            room.unlink()
            at_step = grade(joined(step.answers), built.targets, task)
            rows = score_rows(who, at_step, built.targets, cell.split.split, task, errors=False)
            points += _points(who, step, rows)
        if points:
            found["curves"] = to_table(points, CURVES)
        return found, hint

    def _graded_in_blocks(
        self, cell: Cell, built: Built, asked: Asked, outcome: Outcome, answers_at: Path, room: Path
    ) -> tuple[dict[Any, Any], str]:
        """The same of very many answers. Raises `Unfit` besides."""
        who, task, targets = who_of(cell, outcome.key), cell.split.task, built.targets
        hide = Redaction(self.supplies.of(cell).variables.values())

        def marked(path: Path) -> blocks.Marked:
            room.unlink(missing_ok=True)
            copied(path, room, targets)
            return blocks.mark(blocks.answers_in(room, targets), targets, task)

        def predictions() -> Iterator[Any]:
            given = blocks.answers_in(room, targets)
            return (
                without_values(block, hide, task.target_type)
                for block in blocks.predictions(outcome.key, given, found, targets)
            )

        points: list[dict[str, object]] = []
        for step in outcome.steps:
            rows = blocks.score_rows(who, marked(step.answers), targets, cell.split.split, task, errors=False)
            points += _points(who, step, rows)
        found = marked(answers_at)  # last, for what is at `room` is read again
        right, hint = found.correct(), ""
        if debris.may_tell(targets.target.type, right):
            answers = pa.concat_arrays(list(blocks.answers_in(room, targets)))
            hint = debris.hint(answers, built.problem.train.column(task.target), right)
        return {
            "scores": to_table(blocks.score_rows(who, found, targets, cell.split.split, task), SCORES),
            "predictions": InBlocks(predictions, asked),
            "marks": to_table(blocks.mark_rows(who, built.fingerprint, found, targets, task), MARKS),
            **({"curves": to_table(points, CURVES)} if points else {}),
        }, hint


def _points(who: Mapping[str, object], step: Step, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows of CURVES at one step: what it scored, and what the submission said of itself."""
    both = itertools.chain(rows, measure_rows(who, step.measures))
    return [{**row, "step": step.step, "fit_seconds": step.fit_seconds} for row in both]


def _allowed(cell: Cell) -> float:
    """The seconds that a cell may take: what is known of how long it will."""
    return cell.submission.card.budget(cell.profile, cell.submission.variant)


def _at_fault(outcome: Outcome, fault: Exception, hide: Redaction) -> Outcome:
    """The outcome of a cell whose answers cannot be graded. What is no fault we know of leaves its traceback."""
    known = isinstance(fault, SubmissionFault)
    said = str(fault) if known else f"the answers cannot be graded: {type(fault).__name__}: {first_line(fault)}"
    log = outcome.log if known else f"{outcome.log}\n{''.join(traceback.format_exception(fault))}"
    detail, log = hide(strangers.plain(said)), hide(log)
    return replace(outcome, status="error", detail=detail, log=log, predict_seconds=None, answers=None)


def _tried(built: Built, chosen: ChosenSplit) -> None:
    """Grade the right answers. Raises `MetricFault` where a metric of the task's own cannot grade even those."""
    graded = grade(as_answers(built.targets.target, chosen.task), built.targets, chosen.task)
    list(score_rows({}, graded, built.targets, chosen.split, chosen.task, errors=False))


def _fault_of(cell: Cell, fault: GenbenchError, hide: Redaction) -> SplitFault:
    """One cell's answers that the task could not grade; what it says of them may hold what they were told."""
    log = fault.log if isinstance(fault, EntryFault) else ""
    return SplitFault(cell.split, 1, hide(f"{cell.submission.label}, seed {cell.seed}: {fault}"), hide(log))
