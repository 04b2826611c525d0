"""Make a cell ready to run: the files of its problem in a fresh folder, and its job."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from genbench import seeds
from genbench.data import tables
from genbench.evaluation.cell import AUXILIARY, QUESTIONS, TRAIN, VALIDATION, Context, Job
from genbench.evaluation.salt import in_order
from genbench.evaluation.stages import Stages
from genbench.evaluation.supplies import NOTHING
from genbench.rows import provenance

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from genbench.data.problem import Problem
    from genbench.evaluation.plan import Cell
    from genbench.evaluation.supplies import Supply

LINKED = 2**28  # bytes; a copy of a larger file for each cell would fill the disk


def place_file(source: str, target: str) -> None:
    """Copy a file; one above `LINKED` bytes is the same file under another name, read-only, where that can be had."""
    if os.path.getsize(source) > LINKED:  # noqa: PTH202  copytree gives texts
        with contextlib.suppress(OSError):  # another file system, or one without links
            os.chmod(source, 0o444)  # noqa: PTH101  as above
            os.link(source, target)
            return
    shutil.copy2(source, target)


def placing(sealing: str) -> Callable[[str, str], object]:
    """How the files of cells that run behind this wall come into their folders.

    In a sandbox each has a copy of its own: where all cells are the same user's, who owns a file may make it writable
    again, and a cell would write to what its siblings read.
    """
    return shutil.copy2 if sealing.startswith("sandbox") else place_file


def write_problem(problem: Problem, folder: Path, stream: str = "") -> None:
    """Write train, validation, auxiliary tables and questions as Arrow files into a new folder.

    Of a `stream`, train and validation are not written.
    """
    folder.mkdir(parents=True)
    if not stream:  # whose training is handed over stage by stage
        tables.write(problem.train, folder / TRAIN)
        if problem.validation is not None:
            tables.write(problem.validation, folder / VALIDATION)
    tables.write(problem.questions, folder / QUESTIONS)
    for name, table in problem.auxiliary.items():
        tables.write(table, folder / AUXILIARY.format(name=name))


def ask_in_order(problem: Problem, folder: Path, order: np.ndarray) -> None:
    """Let the job in `folder` be asked its questions in that order of their ids."""
    path = folder / QUESTIONS
    path.unlink()  # which may be the same file in other folders
    tables.write(in_order(problem.questions, order), path)


def stages_of(problem: Problem, stream: str) -> Stages | None:
    """The stages of a split's training, by the column that its card calls `stream`; None where it is no stream."""
    if not stream:
        return None
    count = pc.max(problem.train.column(stream)).as_py() + 1
    return Stages(problem.train, problem.validation, stream, count)


def job_of(
    cell: Cell,
    key: str,
    folder: Path,
    checkpoints: Path | None = None,
    supply: Supply = NOTHING,
    stages: Stages | None = None,
) -> Job:
    """The job of a cell whose problem lies in `folder`."""
    task, card = cell.split.task, cell.submission.card
    params = supply.settings(cell.settings)
    named = (Path(str(params[name])) for name in card.files)
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
            params=params,
            # One bit less than a seed has, so that every library takes it as a signed 64-bit integer.
            seed=seeds.derive("train", task.name, cell.split.label, card.name, cell.seed) >> 1,
            profile=cell.profile,
            budget_seconds=card.budget(cell.profile, cell.submission.variant),
            threads=card.threads,
            device=cell.device or provenance.device(),
            folder=folder,
            checkpoints=checkpoints,
            answer=task.answer,
            stages=0 if stages is None else stages.count,
        ),
        memory_bytes=int(card.memory_gib * 2**30),
        environment=supply.variables,
        network=card.network,
        python=None if supply.environment is None else supply.environment.python,
        transductive=card.transductive,
        stages=stages,
        auxiliary=tuple(cell.split.split.auxiliary),
        files=tuple(path for path in named if path.is_absolute()),
        libraries=card.libraries,
    )
