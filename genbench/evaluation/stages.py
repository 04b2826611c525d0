"""A stream: training stage by stage. The parent hands a stage over when the answers after the one before are its own.

The stages to come are in no file: the worker asks for one by a file with no content, the parent takes the answers
after every stage before it out of the job's folder, and only then writes the stage there. So whoever had a stage
early would have to leave all answers before it first. Nothing takes back what a submission has read and kept: memory
of earlier stages is its own affair.
"""

from __future__ import annotations

import contextlib
import functools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.evaluation.attending import WAIT_SECONDS, attending
from genbench.evaluation.cell import CURVE

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from genbench.evaluation.cell import Job

WANTED: Final = "stage-{stage}.wanted"
TRAIN: Final = "stage-{stage}.arrow"
VALIDATION: Final = "stage-{stage}-validation.arrow"


@dataclass(frozen=True, slots=True)
class Stages:
    """Training to be handed over stage by stage: `column` of both tables tells 0, 1, ... below `count`."""

    train: pa.Table
    validation: pa.Table | None
    column: str
    count: int

    def write(self, stage: int, job_folder: Path) -> None:
        """Put the rows of one stage into the folder of a job, validation first: that of train says that all is there.

        Written beside the folder and moved: in it, a link that a submission left would lead elsewhere.
        """
        import pyarrow.compute as pc  # here, for the worker imports this module and has no use for it

        from genbench.data import tables

        parts = (
            [(TRAIN, self.train)] if self.validation is None else [(VALIDATION, self.validation), (TRAIN, self.train)]
        )
        for name, table in parts:
            own = table.filter(pc.equal(table.column(self.column), stage))
            if name == VALIDATION and not own.num_rows:
                continue
            outside = job_folder.with_name(f"{job_folder.name}.{name.format(stage=stage)}")
            tables.write(own, outside)
            outside.replace(job_folder / name.format(stage=stage))


def taken(job_folder: Path) -> Path:
    """Where the parent keeps the answers that it has taken out of a job's folder: beside it."""
    return job_folder.with_name(f"{job_folder.name}.taken")


@contextlib.contextmanager
def handing_over(job: Job) -> Iterator[None]:
    """Hand over the stages of a job while it runs, where it has any. Raises `OSError` where one cannot be written."""
    if job.stages is None:
        yield
        return
    faults: list[OSError] = []
    with attending(functools.partial(_attend, job, job.stages, faults)):
        yield
    if faults:
        raise faults[0]


def _attend(job: Job, stages: Stages, faults: list[OSError], stop: threading.Event) -> None:
    stage = 0
    try:
        taken(job.folder).mkdir(exist_ok=True)
        while stage < stages.count and not stop.wait(WAIT_SECONDS):
            asked = next(
                (at for at in range(stage, stages.count) if (job.folder / WANTED.format(stage=at)).exists()), None
            )
            if asked is None or not _take(job.folder, asked):
                continue
            for name in (TRAIN, VALIDATION):
                (job.folder / name.format(stage=asked - 1)).unlink(missing_ok=True)
            stages.write(asked, job.folder)
            stage = asked + 1
    except OSError as fault:
        faults.append(fault)


def _take(folder: Path, before: int) -> bool:
    """Take the answers after each stage before `before` out of the job's folder; false where one is not there."""
    kept = taken(folder)
    for name in (CURVE.format(step=stage) for stage in range(before)):
        if not (kept / name).exists():
            try:
                (folder / name).replace(kept / name)
            except FileNotFoundError:
                return False
    return True


@contextlib.contextmanager
def stage_of(folder: Path, stage: int) -> Iterator[tuple[Any, Any | None]]:
    """Train and validation of one stage, for the worker: asked for, waited for, and gone at the end."""
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    (folder / WANTED.format(stage=stage)).touch()
    train, validation = (folder / name.format(stage=stage) for name in (TRAIN, VALIDATION))
    while not train.exists():  # the cell's budget ends the waiting, if need be
        time.sleep(WAIT_SECONDS)
    (folder / WANTED.format(stage=stage)).unlink(missing_ok=True)
    try:
        yield Dataset.from_file(str(train)), Dataset.from_file(str(validation)) if validation.exists() else None
    finally:
        train.unlink(missing_ok=True)
        validation.unlink(missing_ok=True)
