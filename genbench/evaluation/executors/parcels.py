"""A job on another machine: what it needs as a parcel, run there as it would be here, and what it left brought back.

A parcel holds what a job's folder does, and the submission's own folder; of the task nothing but the problem, and no
target. On the other machine it becomes a folder of its own, and the process executor or the sandbox runs it there with
clock, limits and wall as here. The libraries that decide must be of the same versions on both: a row tells one set.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from genbench import strangers
from genbench.edition import EDITION, VERSION
from genbench.errors import Unavailable
from genbench.evaluation.cell import Outcome
from genbench.evaluation.stages import taken
from genbench.rows import provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench.evaluation.cell import Job, Step

Inside = Literal["process", "sandbox"]
MOST_ATTEMPTS: Final = 3  # of a job whose machine or process is lost; then it is its own fault, or might as well be
MOST_ANSWERS: Final = 2**33  # bytes of one file of answers that are brought back
LARGE: Final = 2**16  # bytes; files from this size on travel once for all cells that have the same


@dataclass(frozen=True, slots=True)
class Parcel:
    """A job, the files of its folder and of its submission's, by their paths there; `shared` names large ones' digests.

    `versions` are those of the libraries that decide, where the job is from.
    """

    job: Job
    inside: Inside
    files: Mapping[str, bytes]
    shared: Mapping[str, str]
    code: Mapping[str, bytes]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Returned:
    """An outcome, the files that it names, and the machine it is from, as rows tell it."""

    outcome: Outcome
    answers: bytes | None
    steps: tuple[bytes, ...]


def packed(job: Job, inside: Inside, keep: Callable[[str, bytes], None]) -> Parcel:
    """The parcel of a job; `keep` is given each large file once it is met, by its digest."""
    files: dict[str, bytes] = {}
    shared: dict[str, str] = {}
    for path in sorted(job.folder.iterdir()):
        content = path.read_bytes()
        if len(content) < LARGE:
            files[path.name] = content
        else:
            digest = hashlib.sha256(content).hexdigest()
            keep(digest, content)
            shared[path.name] = digest
    code = {
        path.relative_to(job.contribution).as_posix(): path.read_bytes()
        for path in sorted(job.contribution.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    return Parcel(job, inside, files, shared, code, _versions(job))


def done(parcel: Parcel, contents: Mapping[str, bytes]) -> Returned:
    """Run a parcel on this machine; `contents` are its large files by digest.

    Raises `Unavailable` where this machine has other versions of what decides, or no sandbox.
    """
    here = _versions(parcel.job)
    if others := {name: (was, here[name]) for name, was in parcel.versions.items() if here[name] != was}:
        told = ", ".join(f"{name} {now} where {was} is asked for" for name, (was, now) in sorted(others.items()))
        raise Unavailable([f"a machine of the cluster has {told}; a row tells one set of versions"])
    root = Path(tempfile.mkdtemp(prefix="genbench-"))
    try:
        job = _unpacked(parcel, contents, root)
        (outcome,) = _executor(parcel.inside).run([job])
        outcome = replace(outcome, machine=json.dumps(provenance.machine(), sort_keys=True))
        answers = None if outcome.answers is None else _content(outcome.answers)
        if outcome.answers is not None and answers is None:
            said = "its answers are no file, or too large to be brought back"
            outcome = replace(outcome, status="error", detail=said, answers=None, steps=())
        return Returned(outcome, answers, tuple(_content(step.answers) or b"" for step in outcome.steps))
    finally:
        shutil.rmtree(root, ignore_errors=True)


def unpacked(returned: Returned, job: Job) -> Outcome:
    """The outcome as if the job had been run here: its files lie in the folder of the job."""
    outcome = returned.outcome
    folder = taken(job.folder)
    folder.mkdir(exist_ok=True)
    steps: list[Step] = []
    for step, content in zip(outcome.steps, returned.steps, strict=True):
        path = folder / f"step-{step.step}.arrow"
        path.write_bytes(content)
        steps.append(replace(step, answers=path))
    answers = None
    if returned.answers is not None:
        answers = folder / "returned.arrow"
        answers.write_bytes(returned.answers)
    return replace(outcome, key=job.key, answers=answers, steps=tuple(steps))


def lost(job: Job, started: float, seconds: float, why: str) -> Outcome:
    """The outcome of a job whose process or machine was lost as often as it was tried."""
    return Outcome(
        key=job.key,
        status="crashed",
        detail=strangers.plain(" ".join(f"lost {MOST_ATTEMPTS} times with its process or machine: {why}".split()))[
            :1000
        ],
        sealing="process",
        started=started,
        cell_seconds=seconds,
        device=job.context.device,
    )


def _unpacked(parcel: Parcel, contents: Mapping[str, bytes], root: Path) -> Job:
    folder, contribution = root / parcel.job.key, root / "code" / parcel.job.contribution.name
    for place, files in ((folder, parcel.files), (contribution, parcel.code)):
        place.mkdir(parents=True)
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
    for name, digest in parcel.shared.items():
        (folder / name).write_bytes(contents[digest])
    kept = parcel.job.context.checkpoints
    # Where the state folder is on a disk that all machines share, an interrupted cell goes on; else it starts over.
    checkpoints = kept if kept is not None and kept.is_dir() else None
    context = replace(parcel.job.context, folder=folder, checkpoints=checkpoints)
    return replace(parcel.job, folder=folder, contribution=contribution, context=context)


def _executor(inside: Inside) -> Any:
    if inside == "sandbox":
        from genbench.evaluation.executors.sandbox import Sandbox

        return Sandbox(1)
    from genbench.evaluation.executors.process import Process

    return Process(1, prepared=False)  # one cell has no use for a template


def _content(path: Path) -> bytes | None:
    try:
        return strangers.content(path, MOST_ANSWERS)
    except OSError:
        return None


def _versions(job: Job) -> dict[str, str]:
    """Versions of what decides: python without its patch, genbench with its edition, and libraries."""
    told = provenance.versions(job.libraries)
    python = ".".join(told["python"].split(".")[:2])
    return {**told, "python": python, "genbench": f"{VERSION} (edition {EDITION})"}
