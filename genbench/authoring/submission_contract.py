"""What is checked of a submission: that it fits and predicts behind the wall, and twice with the same seed alike."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import seeds
from genbench.authoring.finding import Finding, tried
from genbench.data.problem import Data
from genbench.data.sever import sever
from genbench.errors import BadData
from genbench.evaluation import build, plan, prepare
from genbench.evaluation.executors.process import Process
from genbench.evaluation.supplies import asks, supplies
from genbench.registry import ChosenSplit, ChosenSubmission
from genbench.rows import provenance
from genbench.scoring import grading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from genbench.cards import SubmissionCard
    from genbench.evaluation.cell import Job, Outcome
    from genbench.registry import Catalogue

# A submission is tried on this many rows, the questions those of all sets together: enough to fit something, few enough
# for seconds.
TRAIN_ROWS, QUESTION_ROWS = 256, 64


def check_submission(card: SubmissionCard, found: Catalogue, executor: Process | None = None) -> Iterator[Finding]:
    """The contract of a submission: it fits and predicts behind the wall, and twice with the same seed alike.

    It is tried on a small part of the first embedded split it takes, in the quick profile; a card may make that
    quicker still by an override with `profile = "check"`. An `executor` that stands imports libraries once for several.
    """
    for variant in card.variants:
        yield tried(f"{card.name}@{variant}", "the variant is valid", lambda v=variant: card.settings("*", "full", v))  # type: ignore[misc]
    splits = [
        ChosenSplit(task, split, {})
        for task in found.tasks.values()
        for split in task.splits.values()
        if split.embedded and card.takes(task, split)
    ]
    if not splits:
        yield Finding(card.name, "it takes an embedded split", "no embedded split fits its 'tasks' and 'accepts'")
        return
    yield Finding(card.name, "it takes an embedded split")
    if card.needs == "gpu" and provenance.device() == "cpu":
        return
    chosen = splits[0]
    name = f"{chosen.task.name}/{chosen.split.name}"
    if asks(card):
        needed = tried(card.name, "what it needs is here", lambda: supplies([_trial(card, chosen)]))
        yield needed
        if not needed.holds:
            return
    answers: list[pa.Array] = []

    def twice() -> None:
        seeds_asked = (0, int(card.deterministic))  # where seeds are said not to matter, another one
        for outcome, given in try_submission(card, chosen, seeds_asked, executor):
            if given is None:
                raise BadData(f"{outcome.status}: {outcome.detail}" + (f"\n{outcome.log}" if outcome.log else ""))
            answers.append(given)

    ran = tried(card.name, f"it fits and predicts on part of {name}", twice)
    yield ran
    if ran.holds:
        same = answers[0].equals(answers[1])
        asked = "the same seed gives the same answers"
        why = "two runs answered differently"
        if card.deterministic:
            asked, why = "all seeds give the same answers, as its card says", "seeds 0 and 1 answered differently"
        yield Finding(card.name, asked, "" if same else why)


def try_submission(
    card: SubmissionCard, chosen: ChosenSplit, seeds_asked: Iterable[int] = (0,), executor: Process | None = None
) -> Iterator[tuple[Outcome, pa.Array | None]]:
    """Run a submission in the process executor on a small part of a split, once a seed and in their order.

    Yields each run's outcome, and its answers if it is ok; what comes after a run that is not ok is not run.
    """
    problem, targets = sever(_small(build.load(chosen), chosen), chosen.task, chosen.split, chosen.given)
    root = Path(tempfile.mkdtemp(prefix="genbench-check-"))
    stages = prepare.stages_of(problem, chosen.split.stream)

    def jobs() -> Iterator[Job]:
        for place, seed in enumerate(seeds_asked):
            cell, folder = _trial(card, chosen, seed), root / str(place)
            prepare.write_problem(problem, folder)
            yield prepare.job_of(cell, "check", folder, supply=supplies([cell]).of(cell), stages=stages)

    try:
        executor = executor or Process(1)  # it imports libraries once for all runs
        with contextlib.closing(executor.run(jobs())) as outcomes:
            for outcome in outcomes:
                answers = outcome.answers and grading.join(grading.read_answers(outcome.answers), targets)
                yield outcome, answers
                if answers is None:
                    return
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _small(data: Data, chosen: ChosenSplit) -> Data:
    """Few rows of a split, drawn by the task's name; its classes as they are."""
    stream = np.random.default_rng(seeds.derive("check", chosen.task.name))
    rows = np.sort(stream.permutation(data.train.num_rows)[:TRAIN_ROWS])
    each = max(1, QUESTION_ROWS // len(data.questions))
    return Data(
        train=data.train.take(pa.array(rows)).combine_chunks(),
        questions={name: table.slice(0, each) for name, table in data.questions.items()},
        validation=None if data.validation is None else data.validation.slice(0, QUESTION_ROWS),
        classes=data.classes,
        auxiliary=data.auxiliary,
    )


def _trial(card: SubmissionCard, chosen: ChosenSplit, seed: int = 0) -> plan.Cell:
    """The cell that a submission is tried with, by the card's overrides for `check`."""
    name = f"{chosen.task.name}/{chosen.split.name}"
    settings = card.settings(name, "quick")
    for override in card.overrides:
        if override.profile == "check" and fnmatchcase(name, override.task):
            settings.update(override.params)
    return plan.Cell(chosen, ChosenSubmission(card, "", {}), seed, "quick", settings)
