"""The child: fit, then open the questions, then predict. Runs in a process of its own, alone in its folder.

    python -P -s -m genbench.evaluation.worker FOLDER

Or a template, which has imported what cells need, forks itself and calls `main` (`template.py`).

The folder holds `job.json` and the train, validation and question files; the answers and `report.json` are written
beside them. Whatever the submission does, the parent learns it from the report, or from there being none.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import shutil
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from genbench.cards.entries import first_line, load_entry
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.errors import EntryFault, SubmissionFault
from genbench.evaluation.answers import as_answers
from genbench.evaluation.auxiliary import Auxiliary
from genbench.evaluation.cell import (
    ANSWERS,
    COUNTS,
    CURVE,
    DIAGNOSTIC,
    JOB,
    REPORT,
    STEPS,
    TRAIN,
    VALIDATION,
    Context,
)
from genbench.evaluation.copies import Relayed, in_a_copy, obstacle
from genbench.evaluation.questions import questions_at
from genbench.evaluation.stages import stage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genbench.evaluation.cell import Asked

    Work = Callable[[Path, Mapping[str, Any], dict[str, Any]], None]
    Make = Callable[[Context], Any]

# What a submission may say of itself when all is done.
AFTERWARDS = {"parameters": int, "training_flops": float, "resumed_cpu_seconds": float}
FILE_BYTES = 16 * 2**30  # of one file that a submission writes
OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "unable to allocate")


def main(work: Work | None = None) -> None:
    """Run the job in the folder that the command line names."""
    run(Path(sys.argv[1]), fresh=True, work=work)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # a submission may have closed or replaced it
            stream.flush()
    # Threads or exit handlers that a submission left behind must not keep a finished cell waiting.
    os._exit(0)


def run(folder: Path, *, fresh: bool, work: Work | None = None) -> str:
    """Run the job in `folder` and leave `report.json` there. `fresh` says this process is the job's own.

    `work` is what is done with folder, job and report: by default, fit and predict. Any exception of the submission is
    caught and reported, but for KeyboardInterrupt. Returns its traceback, which went to standard error too, or "".
    """
    log = ""
    report: dict[str, Any] = {"status": "ok", "detail": "", "steps": [], "asked_during_fit": "nobody"}
    try:
        job = json.loads((folder / JOB).read_text(encoding="utf-8")) | {"alone": fresh}
        if fresh:
            limit_memory(job["memory_bytes"], job["context"]["device"])
            _limit_files()
        (work or fit_and_predict)(folder, job, report)
    except KeyboardInterrupt:
        raise
    except Relayed as fault:
        report |= fault.described
    except BaseException as fault:  # noqa: BLE001 - a submission may raise anything, SystemExit included
        report |= _described(fault, folder)
        with contextlib.suppress(Exception):  # a submission may have closed or replaced the stream
            log = fault.log if isinstance(fault, EntryFault) else traceback.format_exc()
            sys.stderr.write(log)
    before = report.pop("resumed_cpu_seconds", 0.0)
    report |= resources(fresh=fresh, before=before)
    partial = folder / (REPORT + ".partial")
    partial.write_text(json.dumps(report), encoding="utf-8")
    partial.replace(folder / REPORT)
    return log


def fit_and_predict(folder: Path, job: Mapping[str, Any], report: dict[str, Any], make: Make | None = None) -> None:
    """Fit, then predict, and tell `report` of it; the submission is made by `make`, or else by the job's entry."""
    submission, context = submission_of(folder, job, make)
    if job["stages"]:
        _fit_stages(submission, folder, context, job, report)
        return
    train, validation = training(folder)
    start = time.perf_counter()
    steps = steps_of(submission.fit(train, validation))
    spent, before = 0.0, None
    while steps is not None:
        step = next(steps, None)
        spent += time.perf_counter() - start
        if before is None:
            before = _resumed_seconds(submission)
            spent += before
            report["steps"] = _curve_before(context, folder, before, step)
        if step is None:
            break
        number = _step(step, report)
        answers = folder / CURVE.format(step=number)
        report["asked_during_fit"] = _ask(submission, folder, context, answers, job, report["asked_during_fit"])
        report["steps"].append(
            {"step": number, "fit_seconds": spent, "answers": answers.name, "measures": _measures(submission)}
        )
        _keep_curve(context, report["steps"], answers)
        start = time.perf_counter()
    else:
        spent = time.perf_counter() - start + _resumed_seconds(submission)
    report["fit_seconds"] = spent
    report["predict_seconds"] = _predict(submission, folder, context, folder / ANSWERS)
    report |= told(submission, AFTERWARDS)


def _fit_stages(
    submission: Any, folder: Path, context: Context, job: Mapping[str, Any], report: dict[str, Any]
) -> None:
    """Fit each stage in turn, and ask all questions after each."""
    count = job["stages"]
    behind = _resumed_stage(submission, folder, context, count, report)
    spent = before = _resumed_seconds(submission)
    seconds = 0.0
    for stage in range(min(behind, len(report["steps"])), count):
        if stage >= behind:
            with stage_of(folder, stage) as (train, validation):
                start = time.perf_counter()
                for _ in steps_of(submission.fit(train, validation)) or ():
                    pass  # a stage is asked about at its end
                spent += time.perf_counter() - start
            if stage == behind:  # fit may have gone on from the middle of its stage
                spent += _resumed_seconds(submission) - before
        answers, name = folder / ANSWERS, CURVE.format(step=stage)
        if stage < count - 1:
            report["asked_during_fit"] = _ask(submission, folder, context, answers, job, report["asked_during_fit"])
        else:
            seconds = _predict(submission, folder, context, answers)
        report["steps"].append(
            {"step": stage, "fit_seconds": spent, "answers": name, "measures": _measures(submission)}
        )
        _keep_curve(context, report["steps"], answers, name)
        answers.replace(folder / name)  # last: it may be taken at once
    shutil.copyfile(folder / report["steps"][-1]["answers"], folder / ANSWERS)
    report |= {"fit_seconds": spent, "predict_seconds": seconds}
    report |= told(submission, AFTERWARDS)


def _resumed_seconds(submission: Any) -> float:
    """What fit took before this attempt at the cell, as the submission says."""
    return told(submission, {"resumed_seconds": float}).get("resumed_seconds", 0.0)


def _resumed_stage(submission: Any, folder: Path, context: Context, count: int, report: dict[str, Any]) -> int:
    """How many stages a submission has behind it, by what it says. The answers after them are brought to `folder`.

    Those after the last may be missing, and are asked for: an attempt may end between its fit and its questions.
    """
    behind = int(told(submission, {"resumed_stage": int}).get("resumed_stage", 0))
    if not 0 <= behind <= count:
        raise SubmissionFault(f"resumed_stage is {behind}; it must be 0 to {count}, the stages that are behind")
    report["steps"] = _curve_before(context, folder, float(behind), behind)
    if len(report["steps"]) < behind - 1:
        raise SubmissionFault(
            f"resumed_stage is {behind}, and only {len(report['steps'])} stages were answered before; keep a "
            "checkpoint when fit of a stage ends, not ahead of it"
        )
    return behind


def _measures(submission: Any) -> dict[str, float]:
    """What the submission says of itself at a yield. Raises `SubmissionFault` for a diagnostic that is not finite."""
    said = told(submission, dict.fromkeys(COUNTS, float))
    if not callable(asked := getattr(submission, "diagnostics", None)):
        return said
    given = asked()
    if not isinstance(given, Mapping):
        raise SubmissionFault(f"diagnostics returned {type(given).__name__}; it must return numbers by name")
    for name, value in given.items():
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not isinstance(name, str) or not name or not math.isfinite(number):
            raise SubmissionFault(f"diagnostics returned {value!r:.80} for {name!r:.80}; it must be a finite number")
        said[DIAGNOSTIC + name] = number
    return said


def _keep_curve(context: Context, steps: list[dict[str, Any]], answers: Path, name: str = "") -> None:
    """Leave the curve so far, `answers` being its newest point, where a later attempt at the cell finds it.

    It is called `name` there, if that is not the file's own.
    """
    if context.checkpoints is None:
        return
    for source, kept in ((answers.read_bytes(), name or answers.name), (json.dumps(steps).encode(), STEPS)):
        partial = context.checkpoints / f"{kept}.partial"
        partial.write_bytes(source)
        partial.replace(context.checkpoints / kept)


def _curve_before(context: Context, folder: Path, before: float, step: object) -> list[dict[str, Any]]:
    """The points that an earlier attempt left, where fit went on from it: those before its first `step` now, if any.

    Their answers are brought into `folder`. A fit that began anew has `before` 0 and yields them again.
    """
    if context.checkpoints is None or before <= 0 or not (context.checkpoints / STEPS).is_file():
        return []
    steps = json.loads((context.checkpoints / STEPS).read_text(encoding="utf-8"))
    kept = [one for one in steps if not hasattr(step, "__index__") or one["step"] < step.__index__()]
    for one in kept:
        (folder / one["answers"]).write_bytes((context.checkpoints / one["answers"]).read_bytes())
    return kept


def submission_of(folder: Path, job: Mapping[str, Any], make: Make | None = None) -> tuple[Any, Context]:
    """The job's submission, constructed, and what it was told. Raises `EntryFault` where it lacks a method."""
    told = job["context"]
    kept = told.get("checkpoints")
    own = {"folder": folder, "checkpoints": None if kept is None else Path(kept)}
    context = Context(**{**told, **own, "auxiliary": Auxiliary(folder, job["auxiliary"])})
    submission = (make or load_entry(Path(job["contribution"]), job["entry"], alone=job["alone"]))(context)
    for method in ("fit", "predict"):
        if not callable(getattr(submission, method, None)):
            raise EntryFault(f"{job['entry']} has no method {method!r}; a submission has fit and predict")
    return submission, context


def training(folder: Path) -> tuple[Any, Any | None]:
    """Train and validation of the job in `folder`."""
    # Imported after the contribution: a card that does not import is told apart from this library's own weight.
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    train = Dataset.from_file(str(folder / TRAIN))
    return train, Dataset.from_file(str(folder / VALIDATION)) if (folder / VALIDATION).exists() else None


def steps_of(given: Any) -> Iterator[object] | None:
    """What `fit` returned, where it is nothing or a generator of steps. Raises `SubmissionFault` otherwise."""
    if given is not None and not hasattr(given, "__next__"):
        raise SubmissionFault(f"fit returned {type(given).__name__}; it must return nothing, or yield step numbers")
    return cast("Iterator[object] | None", given)


def told(submission: Any, kinds: Mapping[str, Callable[[Any], float]]) -> dict[str, float]:
    """Those of the optional attributes that the submission has, each as its type."""
    found = {name: getattr(submission, name, None) for name in kinds}
    return {name: kinds[name](value) for name, value in found.items() if value is not None}


def _step(step: object, report: Mapping[str, Any]) -> int:
    """A yielded step as int: fit yields whole numbers that grow, so a curve has one point a step."""
    last = report["steps"][-1]["step"] if report["steps"] else -1
    if isinstance(step, bool) or not hasattr(step, "__index__") or step.__index__() <= last:
        raise SubmissionFault(
            f"fit yielded {step!r} after step {last}; it must yield whole numbers that grow, from 0 on"
        )
    return int(step.__index__())


def _ask(submission: Any, folder: Path, context: Context, path: Path, job: Mapping[str, Any], before: str) -> Asked:
    """Ask every question while fit is not over: in a copy of the process, unless the card says `transductive`.

    Returns who was asked; `before` says who was, up to now, for one question asked of the process itself is enough.
    """
    if job["transductive"] or not job["alone"]:
        _predict(submission, folder, context, path)
    elif why := obstacle(context.device):
        sys.stderr.write(f"genbench: asked during fit in the process itself; {why}\n")
        _predict(submission, folder, context, path)
    else:
        in_a_copy(lambda: _predict(submission, folder, context, path), lambda fault: _described(fault, folder))
        return "itself" if before == "itself" else "copy"
    return "itself"


def _predict(submission: Any, folder: Path, context: Context, path: Path) -> float:
    """Ask every question, write the answers to `path`, return the seconds that predict took."""
    import pyarrow as pa
    from datasets import Dataset

    from genbench.data import tables

    asked = Dataset.from_file(str(questions_at(folder)))
    ids = asked.data.column(QUESTION_ID).combine_chunks()
    questions = asked.remove_columns(QUESTION_ID)
    start = time.perf_counter()
    given = submission.predict(questions)
    seconds = time.perf_counter() - start
    answers = as_answers(given, context.answer_type, len(questions))
    tables.write(pa.table({QUESTION_ID: ids, PREDICTION: answers}), path)
    return seconds


def _described(fault: BaseException, folder: Path) -> dict[str, str]:
    """Status and one line for an exception, with the place in the submission's own code where it arose."""
    text = first_line(fault)
    if isinstance(fault, MemoryError) or any(hint in text.lower() for hint in OUT_OF_MEMORY):
        return {"status": "out_of_memory", "detail": f"{type(fault).__name__}: {text}"}
    if isinstance(fault, OSError) and fault.errno == errno.EFBIG:
        return {"status": "error", "detail": f"wrote a file beyond its limit, {FILE_BYTES / 2**30:g} GiB"}
    if isinstance(fault, (SubmissionFault, EntryFault)):
        return {"status": "error", "detail": text}
    if isinstance(fault, SystemExit):
        return {"status": "error", "detail": f"the submission exited by itself (code {fault.code!r})"}
    engine = str(Path(__file__).parent)
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if not frame.filename.startswith(engine)]
    own = [frame for frame in frames if "site-packages" not in frame.filename]
    where = (own or frames)[-1:]
    place = f" ({Path(where[0].filename).name}:{where[0].lineno} in {where[0].name})" if where else ""
    return {"status": "error", "detail": f"{type(fault).__name__}: {text}{place}".replace(str(folder), ".")}


def resources(*, fresh: bool, before: float = 0.0) -> dict[str, Any]:
    """CPU seconds and peak memory of this process, where it is the job's own, after `before` of earlier attempts."""
    if not fresh or sys.platform == "win32":
        return {}
    import resource

    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB elsewhere
    return {
        "cpu_seconds": before + own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "peak_memory_bytes": max(_own_peak() or own.ru_maxrss * unit, children.ru_maxrss * unit),
    }


def _own_peak() -> int | None:
    """This process's largest resident memory in bytes, where Linux tells.

    ru_maxrss will not do there: it is kept over exec, so a worker would begin with the peak of whoever started it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def limit_memory(limit: int, device: str) -> None:
    """Let an allocation past `limit` bytes fail here as MemoryError, before the parent has to kill the cell.

    RLIMIT_DATA counts private writable memory, not the address space that torch's libraries map. A GPU's driver maps
    far more than it uses, so there only the parent's watch on resident memory holds.
    """
    if device != "cpu" or sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _limit_files() -> None:
    """Let no file grow beyond `FILE_BYTES`: whoever writes one gets an error, and the disk keeps room for others."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = FILE_BYTES if most == resource.RLIM_INFINITY else min(FILE_BYTES, most)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


if __name__ == "__main__":
    main()
