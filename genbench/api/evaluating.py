"""An evaluation from Python: what is named, made into a plan; its events one by one; or the whole of it."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from genbench import registry
from genbench.api import RESULTS, addresses
from genbench.api.clusters import CLUSTERS, HERE, Cluster
from genbench.api.given import Given, given
from genbench.api.reading import Results
from genbench.errors import BadValue, StoreFault, nearest
from genbench.report.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from genbench.evaluation.cell import Executor, Profile
    from genbench.evaluation.plan import Cell, Plan
    from genbench.evaluation.run import Event, SplitFault, Unsupplied
    from genbench.evaluation.salt import Salt
    from genbench.registry import Catalogue, ChosenSubmission

    Named = str | os.PathLike[str]
    Submission = Named | type | Callable[[Any, Any], Any]

ExecutorName = Literal["process", "fresh", "sandbox", "sandbox:bwrap", "sandbox:landlock", "here", "slurm", "ray"]
PROFILES: Final = ("quick", "full")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Cells that are planned and where their rows go. `given` are those submissions that run in this process.

    `cluster` says where cells run elsewhere: of which address, with which options, behind which wall.
    """

    planned: Plan
    out: str
    executor: ExecutorName = "process"
    jobs: int | None = None
    given: tuple[Given, ...] = ()
    salt: Salt | None = None
    cluster: Cluster = HERE

    def events(self, *, fresh: bool = False, strict: bool = False) -> Generator[Event]:
        """Run the cells and write their rows; yield each as it ends, and each split that could not be built.

        Submissions whose cards ask for what cannot be had come first, and the others go on.

        Cells that ended well before are kept, unless `fresh`. `strict` refuses splits with questions that cannot be
        read. Closing the generator ends the running cells; the rows of the finished ones are there. Raises `StoreFault`
        where results cannot be written, and `Unavailable` where no cell has what its card asks for.
        """
        from genbench.evaluation import run
        from genbench.evaluation.executors.here import Here
        from genbench.evaluation.plan import Plan
        from genbench.rows.store import Store

        store = Store(self.out)
        here = {one.card.folder: one.make for one in self.given}
        named = tuple(cell for cell in self.planned.cells if cell.submission.card.folder not in here)
        own = tuple(cell for cell in self.planned.cells if cell.submission.card.folder in here)
        if named or not own:
            executor = self._executor(named)
            yield from run.run(
                Plan(named, ()), executor, store, fresh=fresh, strict=strict, beside=bool(own), salt=self.salt
            )
        if own:
            try:
                for one in self.given:  # only now, so that a plan that is never run leaves nothing behind
                    one.card.folder.mkdir(parents=True)
                    for name, text in one.files.items():
                        (one.card.folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
                yield from run.run(Plan(own, ()), Here(here), store, fresh=fresh, strict=strict)
            except OSError as fault:
                raise StoreFault(f"the evaluation cannot go on: {fault}; finished cells are kept") from fault
            finally:
                for folder in here:
                    shutil.rmtree(folder, ignore_errors=True)

    def results(self) -> Results:
        """The rows of these cells, as far as they are there."""
        cells = self.planned.cells
        wanted = Wanted(
            tuple({glob.escape(f"{cell.split.task.name}/{cell.split.label}") for cell in cells}),
            tuple({glob.escape(cell.submission.label) for cell in cells}),
            tuple({cell.profile for cell in cells}),
            tuple({cell.seed for cell in cells}),
        )
        return Results((self.out,), (wanted,), {cell.split.task.name: cell.split.task for cell in cells})

    def _executor(self, cells: Sequence[Any]) -> Executor:
        from genbench.rows import provenance

        if self.executor == "here":
            from genbench.evaluation.executors.here import Here

            return Here()
        if self.executor in CLUSTERS:
            return self.cluster.executor(self.executor, self.jobs)
        threads = max((cell.submission.card.threads for cell in cells), default=1)
        jobs = self.jobs or max(1, provenance.usable_cores() // threads)
        if self.executor.startswith("sandbox"):
            from genbench.evaluation.executors.forms import sandboxed

            return sandboxed(jobs, self.executor.partition(":")[2])
        from genbench.evaluation.executors.process import Process

        return Process(jobs, prepared=self.executor == "process")


def prepare(
    submissions: Submission | Sequence[Submission] | None = None,
    tasks: Named | Sequence[Named] | None = None,
    *,
    seeds: int | Sequence[int] = 1,
    profile: str = "quick",
    executor: str = "process",
    out: Named = RESULTS,
    jobs: int | None = None,
    name: str | None = None,
    quick_splits: bool = False,
    device: str | None = None,
    salt: Named | None = None,
    salt_data: bool = False,
    cluster: Cluster = HERE,
) -> Evaluation:
    """Plan an evaluation, of which `events` runs; the arguments are those of `evaluate`, and checked here."""
    from genbench.evaluation.plan import plan
    from genbench.evaluation.salt import salt_in
    from genbench.rows import devices, provenance

    if profile not in PROFILES:
        raise BadValue(f"profile is {profile!r}; it must be quick or full")
    if executor not in get_args(ExecutorName):
        raise BadValue(f"executor is {executor!r}{nearest(str(executor), get_args(ExecutorName))}")
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1):
        raise BadValue(f"jobs is {jobs!r}; it must be at least 1, or None for as many as the cores carry")
    if not isinstance(out, (str, os.PathLike)) or not os.fspath(out):
        raise BadValue(f"out is {out!r}; it must be a folder's path or URL")
    if device not in (None, *get_args(devices.Device)):
        raise BadValue(f"device is {device!r}; it must be cpu, cuda or mps, or None for what this machine has")
    if salt is not None and not executor.startswith("sandbox"):
        raise BadValue(
            f"salt is given and executor is {executor!r}; a secret is kept from submissions by a sandbox alone"
        )
    if salt_data and salt is None:
        raise BadValue("salt_data is given without salt, the file of the secret that data are drawn from")
    if cluster != HERE and executor not in CLUSTERS:
        raise BadValue(
            f"executor is {executor}, which runs cells here; address, inside and options are of slurm and ray"
        )
    counted = _seeds(seeds)
    found = registry.catalogue()
    splits = registry.default_splits(found)
    if tasks is not None:
        splits = registry.choose_splits(addresses.texts_of(tasks, "tasks"), found)
    if quick_splits:
        splits = registry.quick_splits(splits)
    chosen, own = _chosen(submissions, name, found)
    planned = plan(splits, chosen, counted, cast("Profile", profile), device or provenance.device())
    if salt is not None and own:
        raise BadValue(f"salt is given, and {own[0].card.name} runs in this process, where nothing is kept from it")
    secret = None if salt is None else salt_in(salt, [one.card.folder for one in chosen])
    planned = replace(planned, cells=tuple(_drawn(planned.cells, secret, anew=salt_data)))
    return Evaluation(planned, str(os.fspath(out)), cast("ExecutorName", executor), jobs, own, secret, cluster)


def _drawn(cells: Iterable[Cell], salt: Salt | None, *, anew: bool) -> Iterator[Cell]:
    """Cells with the data of the salt: all of them where it draws `anew`, else those whose split is called by it."""
    from genbench.evaluation.salt import drawn, drawn_anew

    for cell in cells:
        split = drawn_anew(cell.split, salt) if anew and salt is not None else drawn(cell.split, salt)
        if split.salted and split.drawn_from is None:
            whose = "a" if salt is None else "another"
            name = f"{split.task.name}/{split.label}"
            raise BadValue(f"{name}: its data are drawn from {whose} secret; salt must be the file that holds it")
        yield replace(cell, split=split)


def evaluate(
    submissions: Submission | Sequence[Submission] | None = None,
    tasks: Named | Sequence[Named] | None = None,
    *,
    seeds: int | Sequence[int] = 1,
    profile: str = "quick",
    executor: str = "process",
    out: Named = RESULTS,
    jobs: int | None = None,
    name: str | None = None,
    fresh: bool = False,
    strict: bool = False,
    quick_splits: bool = False,
    device: str | None = None,
    salt: Named | None = None,
    salt_data: bool = False,
    cluster: Cluster = HERE,
    quiet: bool = False,
) -> Results:
    """Evaluate submissions on splits, write a row for each cell into `out`, and return the rows of these cells.

    A submission is a name or address (`"mlp@decay5:steps=500"`), the path of a folder with a card, a class with `fit`
    and `predict` (see `genbench.Submission`), or a plain function of `train` and `questions`, both
    `datasets.Dataset`, that returns one answer per question, in order. A class or function runs in this process,
    whatever `executor` says; its rows are called by its name, or `name`, say `sealing = none`, and are never ranked.
    `tasks` are addresses or folders. Where either is None, the default ones are taken.

    `seeds` is how many training seeds, 0 .. seeds - 1, or a list of them. `profile` is `quick`, a smoke test that is
    never ranked, or `full`. `executor` is `process`, a process for each cell, `jobs` of them at a time; `fresh`,
    an interpreter for each where `process` forks one that has imported its libraries; `sandbox`, a fresh one with
    nothing in sight but what it needs (Linux), made by bubblewrap or, where that is missing, by the kernel's Landlock,
    and `sandbox:bwrap` and `sandbox:landlock` name one of these; `here`, in this process; or `slurm` or `ray`,
    on the `cluster` that is described.
    `quick_splits` leaves of the chosen splits those that are marked quick. `device` is `cpu`, `cuda` or `mps`; None is
    what torch or the driver says is here. `salt` is a file that holds a secret, or is made with one: behind a sandbox,
    each cell is then asked its questions in an order of its own, and rows say the secret's digest. With `salt_data` the
    data are drawn from it, too, where a task draws them: another draw than the public one, which rows call by a split
    of its own (`up_to_20:salt=...`).

    Cells that ended well are kept from one call to the next, also across sessions, unless `fresh`. Those of a class or
    function are as long as its source text is the same, that of the helpers and the plain values that it reaches, and
    the versions of installed packages; where it reaches something else, such as an array, they run again each time.

    Progress goes to the notebook or to stderr, unless `quiet`. A submission that fails makes a row that says so; one
    whose card asks for what cannot be had, and a split that cannot be built or is left out, is told by a warning. After
    an interruption (KeyboardInterrupt) the finished rows are there, and the same call goes on.

    Raises `UnknownName` and `BadValue` for arguments, `BadCard` for a folder's card, `StoreFault` where rows cannot be
    written, and `Unavailable`, before anything is run, where no submission has what its card asks for.

    >>> import genbench, tempfile
    >>> def sevens(train, questions):
    ...     return [7] * len(questions)
    >>> with tempfile.TemporaryDirectory() as out:
    ...     both = ["majority", sevens]
    ...     rows = genbench.evaluate(both, "modular/addition:p=11", executor="here", out=out, quiet=True)
    ...     rows.standings()[["question_set", "submission", "seeds", "questions"]]
      question_set submission  seeds  questions
    0         test   majority      1         61
    1         test     sevens      1         61
    2      trained   majority      1         60
    3      trained     sevens      1         60
    """
    from genbench.evaluation import run

    evaluation = prepare(
        submissions,
        tasks,
        seeds=seeds,
        profile=profile,
        executor=executor,
        out=out,
        jobs=jobs,
        name=name,
        quick_splits=quick_splits,
        device=device,
        salt=salt,
        salt_data=salt_data,
        cluster=cluster,
    )
    for line in evaluation.planned.left_out:
        warnings.warn(f"left out: {line}", stacklevel=2)
    lost: list[SplitFault | Unsupplied] = []
    counts: Counter[str] = Counter()
    events = evaluation.events(fresh=fresh, strict=strict)
    try:
        with contextlib.closing(events), _progress(len(evaluation.planned.cells), quiet=quiet) as progress:
            for event in events:
                if isinstance(event, run.Done):
                    counts["kept" if event.status == "kept" else "ended"] += 1
                else:
                    lost.append(event)
                if progress is not None:
                    progress.show(event)
    except KeyboardInterrupt:
        if not quiet:
            there = f"{counts['ended']} cells finished now and {counts['kept']} before are kept in {evaluation.out}"
            print(f"\ninterrupted: {there}; the same call goes on", file=sys.stderr)  # noqa: T201  for who interrupted
        raise
    for fault in lost:
        warnings.warn(_told(fault, evaluation.out), stacklevel=2)
    return evaluation.results()


def named(texts: Sequence[str]) -> dict[str, str]:
    """The labels of the submissions that some addresses name, each with its address; those of globs are left out."""
    found = registry.catalogue()
    plain = [text for text in texts if not any(sign in text for sign in "*?[")]
    return {one.label: text for text in plain for one in registry.choose_submissions([text], found)}


def _told(fault: SplitFault | Unsupplied, out: str) -> str:
    """What is said of what was not run; the traceback of a task that fails is kept beside the results."""
    from genbench.evaluation.run import Unsupplied

    if isinstance(fault, Unsupplied):
        return f"{fault.submission} was not run: {fault.message}"
    name = f"{fault.split.task.name}/{fault.split.label}"
    text = f"{name} could not be built: {fault.message.removeprefix(f'{name}: ')}"
    if not fault.log:
        return text
    from genbench.rows.store import Store

    try:
        return f"{text}; its traceback is in {Store(out).keep_log(name.replace('/', '-'), fault.log)}"
    except StoreFault as second:
        return f"{text}; {second}"


def _progress(total: int, *, quiet: bool) -> contextlib.AbstractContextManager[Any]:
    if quiet:
        return contextlib.nullcontext()
    from genbench.report import notebook
    from genbench.report.terminal.progress import Progress

    return notebook.Progress(total) if notebook.is_here() else Progress(total)


def _seeds(given: object) -> int | list[int]:
    """Seeds as a count or as a list. Raises `BadValue` for others."""
    if isinstance(given, bool) or not (hasattr(given, "__index__") or isinstance(given, Sequence)):
        raise BadValue(f"seeds is {given!r}; it must be how many, or a list of them")
    if not isinstance(given, Sequence):
        count = int(cast("int", given))
        if count < 1:
            raise BadValue(f"seeds is {count}; it must be at least 1")
        return count
    listed = list(given)
    for one in listed:
        if isinstance(one, bool) or not hasattr(one, "__index__") or not 0 <= int(one) < 2**63:
            raise BadValue(f"seeds holds {one!r}; a seed is a whole number from 0 on")
    if not listed or len(set(listed)) < len(listed):
        raise BadValue(f"seeds is {given!r}; it must name at least one, and each once")
    return [int(one) for one in listed]


def _chosen(wanted: object, name: str | None, found: Catalogue) -> tuple[list[ChosenSubmission], tuple[Given, ...]]:
    """The submissions that were named or given, and of these what makes them. Raises `BadValue` and `UnknownName`."""
    from genbench.registry import ChosenSubmission

    if wanted is None:
        everything: list[object] = []
    elif isinstance(wanted, Sequence) and not isinstance(wanted, (str, bytes)):
        everything = list(wanted)
        if not everything:
            raise BadValue("submissions is empty; it must name at least one")
    else:
        everything = [wanted]
    texts = [addresses.text_of(one, "submissions") for one in everything if isinstance(one, (str, os.PathLike))]
    things = [one for one in everything if not isinstance(one, (str, os.PathLike))]
    if name is not None and len(things) != 1:
        raise BadValue(f"name is {name!r}; it names one class or function, and {len(things)} were given")
    chosen = registry.choose_submissions(texts, found) if texts else []
    if wanted is None:
        chosen = registry.default_submissions(found)
    taken = {*found.submissions, *(one.card.name for one in chosen)}
    own: list[Given] = []
    for thing in things:
        own.append(given(thing, name, taken))
        taken.add(own[-1].card.name)
    return [*chosen, *(ChosenSubmission(one.card, "", {}) for one in own)], tuple(own)
