"""What every executor does with a job: write its `job.json`, and read the report back."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final, cast, get_args
from urllib.parse import unquote, urlsplit

from genbench import strangers
from genbench.evaluation.cell import ANSWERS, CURVE, JOB, REPORT, Asked, Outcome, Sealing, Status, Step
from genbench.evaluation.redaction import Redaction
from genbench.evaluation.stages import taken

if TYPE_CHECKING:
    from genbench.evaluation.cell import Job, Start

REPORT_BYTES: Final = 64 * 2**20  # most that is read of a report: a curve of 100,000 steps has some 20 MB
MEASURES: Final = 1_000  # most numbers that a submission says of itself at a step
NAME: Final = 200  # most characters of such a number's name
LARGEST: Final = sys.float_info.max  # an integer beyond it is no float
# Counts are a submission's own word; beyond these no machine could have had so many, or done so much in a year.
PARAMETERS: Final = 1e15
FLOPS: Final = 1e27
STEPS: Final = 100_000  # most points of a learning curve that are read
LOG_BYTES: Final = 32 * 1024  # kept of the beginning and of the end of what a submission prints
# Where a cell is given the network: the machine's way to it.
PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def write_job(job: Job) -> None:
    """Write `job.json` into the job's folder: the submission's place and its context, nothing of the task's."""
    context = job.context
    content = {
        "entry": job.entry,
        "contribution": str(job.contribution),
        "memory_bytes": job.memory_bytes,
        "auxiliary": list(job.auxiliary),
        "transductive": job.transductive,
        "stages": 0 if job.stages is None else job.stages.count,
        "context": {
            "task": context.task,
            "split": context.split,
            "inputs": dict(context.inputs),
            "target": context.target,
            "target_type": context.target_type,
            "params": dict(context.params),
            "seed": context.seed,
            "profile": context.profile,
            "budget_seconds": context.budget_seconds,
            "threads": context.threads,
            "device": context.device,
            "answer": context.answer,
            "stages": context.stages,
            "checkpoints": None if context.checkpoints is None else str(context.checkpoints),
        },
    }
    (job.folder / JOB).write_text(json.dumps(content), encoding="utf-8")


def log_of(head: bytes, tail: bytes, dropped: int = 0) -> str:
    """What was printed, first `head` and at last `tail`, with `dropped` bytes between them that are gone already.

    Of more than is kept the middle is left out; bytes that are no text are replaced.
    """
    gone = dropped + max(0, len(tail) - LOG_BYTES)
    middle = f"\n[... {gone} bytes left out ...]\n".encode() if gone else b""
    return (head + middle + tail[-LOG_BYTES:]).decode(errors="replace").replace("\0", "\\0")


def hidden(job: Job) -> Redaction:
    """What takes the values of the variables that a job was given out of texts, and a proxy's password."""
    proxies = [_password(os.environ[name]) for name in PROXIES if name in os.environ] if job.network else []
    return Redaction([*job.environment.values(), *proxies, *map(unquote, proxies)])


def _password(address: str) -> str:
    """The password in an address, "" where it has none or is none."""
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""


def outcome(
    job: Job,
    sealing: Sealing,
    started: float,
    seconds: float,
    *,
    status: Status | None = None,
    detail: str = "",
    log: str = "",
    seen_memory: int = 0,
    start: Start | None = None,
    seen_cpu: float = 0.0,
) -> Outcome:
    """The outcome of a finished job: its report, or `status` where the parent already knows how it ended.

    The report was written by a process that ran a stranger's code, so none of its values is trusted to have the right
    type, and where the parent saw for itself, that counts. A job with neither report nor status crashed.
    """
    report, hide = _report(job), hidden(job)
    if status is None and not report:
        status, detail = "crashed", detail or "the worker ended without a report"
    if status is None:
        said = report.get("status")
        status = cast("Status", said) if said in get_args(Status) else "crashed"
        detail = _text(report.get("detail"), hide)
    answers = job.folder / ANSWERS
    peak = max(_number(report.get("peak_memory_bytes")) or 0, seen_memory)
    parameters = _number(report.get("parameters"), PARAMETERS)
    flops = _number(report.get("training_flops"), FLOPS)
    said = {"parameters": parameters, "training_flops": flops}
    senseless = [name for name, value in said.items() if value is None and report.get(name) is not None]
    if senseless:
        log += f"\n[genbench: {' and '.join(senseless)}, as the submission says, make no sense and are left out]\n"
    if status == "ok" and not strangers.is_file(answers):
        status, detail = "crashed", "the worker reported success and left no answers"
    return Outcome(
        key=job.key,
        status=status,
        detail=detail,
        sealing=sealing,
        started=started,
        cell_seconds=seconds,
        answers=answers if status == "ok" else None,
        steps=_steps(job, report, hide) if status == "ok" else (),
        fit_seconds=_number(report.get("fit_seconds")),
        predict_seconds=_number(report.get("predict_seconds")) if status == "ok" else None,
        cpu_seconds=max(_number(report.get("cpu_seconds")) or 0.0, seen_cpu) or None,
        peak_memory_bytes=int(peak) or None,
        parameters=None if parameters is None else int(parameters),
        training_flops=flops,
        asked_during_fit=asked if (asked := report.get("asked_during_fit")) in get_args(Asked) else None,
        start=start,
        device=job.context.device,
        log=hide(log),
    )


def _report(job: Job) -> dict[str, Any]:
    try:
        report = json.loads(strangers.content(job.folder / REPORT, REPORT_BYTES))
    except (OSError, ValueError, RecursionError, MemoryError):  # nested too deeply, or a number of a million digits
        return {}
    return report if isinstance(report, dict) else {}


def _steps(job: Job, report: dict[str, Any], hide: Redaction) -> tuple[Step, ...]:
    found = []
    steps = report.get("steps")
    last = -1
    for step in steps[:STEPS] if isinstance(steps, list) else []:
        given = step if isinstance(step, dict) else {}
        number, seconds = _number(given.get("step")), _number(given.get("fit_seconds"))
        if number is None or seconds is None or not last < number or number != int(number):
            continue
        name = CURVE.format(step=int(number))  # as the worker calls it, whatever a report may say
        answers = taken(job.folder) / name  # of a stream: those that were taken before the next stage was given
        answers = answers if strangers.is_file(answers) else job.folder / name
        if strangers.is_file(answers):
            found.append(Step(int(number), seconds, answers, _measures(given.get("measures"), hide)))
            last = int(number)
    return tuple(found)


def _measures(given: object, hide: Redaction) -> dict[str, float]:
    """The finite numbers among what a submission is said to have said of itself."""
    items = list(given.items())[:MEASURES] if isinstance(given, dict) else ()
    return {
        _text(name, hide)[:NAME]: float(value)
        for name, value in items
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST
    }


def _number(value: object, most: float = 2**62) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < most:
        return None
    return value if value >= 0 else None


def _text(value: object, hide: Redaction) -> str:
    """One line of text that a table can hold: a lone surrogate, such as a file's undecodable name has, cannot be."""
    line = hide(value)[:1000].encode(errors="backslashreplace").decode() if isinstance(value, str) else ""
    return strangers.plain(" ".join(line.split()))
