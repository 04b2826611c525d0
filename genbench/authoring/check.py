"""The contract that every contribution meets, present and future: what `genbench check FOLDER` and the test suite run.

Nothing here names a task or a baseline. A finding is one checked sentence; a contribution passes when all hold.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import cards, seeds
from genbench.cards import SubmissionCard, TaskCard, entries
from genbench.data import sources, tables
from genbench.data.problem import Data, Targets
from genbench.data.sever import sever
from genbench.errors import BadData, GenbenchError, SourceAbsent
from genbench.evaluation import build, plan, prepare
from genbench.evaluation.executors.process import Process
from genbench.registry import Catalogue, ChosenSplit, ChosenSubmission
from genbench.rows import provenance
from genbench.scoring import grading, metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genbench.evaluation.cell import Outcome

# A submission is tried on this many rows, the questions those of all sets together: enough to fit something, few enough
# for seconds.
TRAIN_ROWS, QUESTION_ROWS = 256, 64
# How far shuffled answers may lie from the card's chance level, beside four standard errors.
CHANCE_SLACK = 0.02
LEFT_OUT = "left out: its official files are not at hand"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the contract about one subject, and why it does not hold where it does not."""

    subject: str
    sentence: str
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the sentence is true."""
        return not self.fault


def check(folder: Path, found: Catalogue) -> Iterator[Finding]:
    """Every finding about the contribution in `folder`. `found` has the tasks on which a submission can be tried."""
    try:
        card = cards.read(folder)
    except GenbenchError as fault:
        yield Finding(str(folder), "the card is valid", str(fault))
        return
    yield Finding(card.name, "the card is valid")
    yield from check_task(card) if isinstance(card, TaskCard) else check_submission(card, found)


def check_task(card: TaskCard) -> Iterator[Finding]:
    """The contract of a task. Splits whose official files are not at hand are named and left out."""
    yield _tried(card.name, "the metrics can grade the target", lambda: metrics.of_card(card))
    imports = _tried(card.name, "the entry imports", lambda: entries.load_entry(card.folder, card.entry))
    yield imports
    if imports.holds:
        for split in card.splits.values():
            yield from check_split(ChosenSplit(card, split, {}))


def check_split(chosen: ChosenSplit) -> Iterator[Finding]:
    """The contract of one split. Nothing is fetched: where its official files are not at hand, that is all it says."""
    name = f"{chosen.task.name}/{chosen.split.name}"
    try:
        with sources.offline():
            data = build.load(chosen)
    except SourceAbsent:
        yield Finding(name, LEFT_OUT)
        return
    except GenbenchError as fault:
        yield Finding(name, "the data are what the card declares", str(fault))
        return
    yield Finding(name, "the data are what the card declares")
    for sentence, test in SPLIT_CONTRACT.items():
        yield _tried(name, sentence, lambda test=test: test(chosen, data))  # type: ignore[misc]  # bound at once


def same_bytes(chosen: ChosenSplit, data: Data) -> None:
    """Building the split again gives the same bytes."""
    first, second = tables.fingerprint(data.subsets()), tables.fingerprint(build.load(chosen).subsets())
    if first != second:
        raise BadData(f"built twice, the fingerprints are {first} and {second}")


def unanswered_in_training(chosen: ChosenSplit, data: Data) -> None:
    """No question stands in training or validation, but for a question set declared as training asked again."""
    inputs = list(chosen.task.inputs)
    known = _rows(data.train, inputs)
    seen = known | (set() if data.validation is None else _rows(data.validation, inputs))
    for name, card in chosen.split.questions.items():
        asked = _rows(data.questions[name], inputs)
        if card.kind == "trained":
            if not asked <= known:
                raise BadData(
                    f"{name} is declared as training asked again; {len(asked - known)} questions are not there"
                )
        elif asked & seen:
            raise BadData(f"{len(asked & seen)} questions of {name} stand in training, as {_shown(asked & seen)}")


def no_repeats(chosen: ChosenSplit, data: Data) -> None:
    """A question set asks each question once."""
    for name in chosen.split.questions:
        table = data.questions[name]
        distinct = len(_rows(table, list(chosen.task.inputs)))
        if distinct != table.num_rows:
            raise BadData(f"{name} asks {table.num_rows} questions, of which {distinct} are distinct")


def slices_cover(chosen: ChosenSplit, data: Data) -> None:
    """Along each axis, every question lies in exactly one slice."""
    _, targets = sever(data, chosen.task, chosen.split)
    graded = {"one": np.ones(len(targets.target))}
    totals: dict[tuple[str, str], int] = {}
    sizes: dict[str, int] = {}
    nobody: dict[str, object] = {}
    for row in grading.score_rows(nobody, graded, targets, chosen.split):
        name, axis, count = str(row["question_set"]), str(row["axis"]), int(str(row["n"]))
        if axis:
            totals[name, axis] = totals.get((name, axis), 0) + count
        else:
            sizes[name] = count
    for (name, axis), total in totals.items():
        if total != sizes[name]:
            raise BadData(f"{name}: the slices along {axis} hold {total} of {sizes[name]} questions")
    if len(totals) != len(sizes) * len(chosen.split.axes):
        raise BadData(f"the axes {list(chosen.split.axes)} do not slice every question set")


def perfect_answers_reach_the_ceiling(chosen: ChosenSplit, data: Data) -> None:
    """The oracle's answers score each metric's perfect value."""
    _, targets = sever(data, chosen.task, chosen.split)
    answers = grading.as_answers(targets.target, chosen.task)
    for metric, marks in grading.grade(answers, targets, chosen.task).items():
        one = metrics.named(metric)
        worst = metrics.over(metric, marks) or 0.0
        if not (worst == one.perfect if one.reduce else (marks == one.best(targets.target)).all()):
            raise BadData(f"perfect answers score {worst:.4f} in {metric}; a right answer must score its ceiling")


def shuffled_answers_are_at_chance(chosen: ChosenSplit, data: Data) -> None:
    """The right answers in random order score about the card's chance level, in each question set."""
    _, targets = sever(data, chosen.task, chosen.split)
    stream = np.random.default_rng(seeds.derive("check", chosen.task.name, chosen.split.name))
    for position, name in enumerate(targets.sets):
        asked = np.flatnonzero(targets.question_set == position)
        own = targets.target.take(pa.array(asked))
        only = Targets((name,), np.zeros(len(asked), np.int16), own)
        shuffled = grading.as_answers(own.take(pa.array(stream.permutation(len(asked)))), chosen.task)
        marks = grading.grade(shuffled, only, chosen.task)[chosen.task.headline]
        chance, scored = chosen.split.chance_of(name), metrics.over(chosen.task.headline, marks) or 0.0
        slack = CHANCE_SLACK + 4 * float(np.std(marks)) / len(asked) ** 0.5
        if abs(scored - chance) > slack:
            raise BadData(f"{name}: shuffled answers score {scored:.4f}; the card says chance is {chance:.4f}")


SPLIT_CONTRACT: dict[str, Callable[[ChosenSplit, Data], None]] = {
    "the same seed gives the same bytes": same_bytes,
    "no question was answered in training": unanswered_in_training,
    "no question is asked twice": no_repeats,
    "the slices cover the questions": slices_cover,
    "perfect answers score the ceiling": perfect_answers_reach_the_ceiling,
    "shuffled answers score about chance": shuffled_answers_are_at_chance,
}


def check_submission(card: SubmissionCard, found: Catalogue) -> Iterator[Finding]:
    """The contract of a submission: it fits and predicts behind the wall, and twice with the same seed alike.

    It is tried on a small part of the first embedded split it takes, in the quick profile; a card may make that
    quicker still by an override with `profile = "check"`.
    """
    for variant in card.variants:
        yield _tried(f"{card.name}@{variant}", "the variant is valid", lambda v=variant: card.settings("*", "full", v))  # type: ignore[misc]
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
    outcomes: list[Outcome] = []
    answers: list[pa.Array] = []

    def tried() -> None:
        for _ in range(2):
            outcome, given = try_submission(card, chosen)
            if given is None:
                raise BadData(f"{outcome.status}: {outcome.detail}" + (f"\n{outcome.log}" if outcome.log else ""))
            outcomes.append(outcome)
            answers.append(given)

    ran = _tried(card.name, f"it fits and predicts on part of {name}", tried)
    yield ran
    if ran.holds:
        same = answers[0].equals(answers[1])
        yield Finding(
            card.name, "the same seed gives the same answers", "" if same else "two runs answered differently"
        )


def try_submission(card: SubmissionCard, chosen: ChosenSplit) -> tuple[Outcome, pa.Array | None]:
    """Run a submission in the process executor on a small part of a split; its outcome, and the answers if ok."""
    data = build.load(chosen)
    stream = np.random.default_rng(seeds.derive("check", chosen.task.name))
    rows = np.sort(stream.permutation(data.train.num_rows)[:TRAIN_ROWS])
    each = max(1, QUESTION_ROWS // len(data.questions))
    small = Data(
        train=data.train.take(pa.array(rows)).combine_chunks(),
        questions={name: table.slice(0, each) for name, table in data.questions.items()},
        validation=None if data.validation is None else data.validation.slice(0, QUESTION_ROWS),
        classes=data.classes,
    )
    problem, targets = sever(small, chosen.task, chosen.split)
    name = f"{chosen.task.name}/{chosen.split.name}"
    settings = card.settings(name, "quick")
    for override in card.overrides:
        if override.profile == "check" and fnmatchcase(name, override.task):
            settings.update(override.params)
    cell = plan.Cell(chosen, ChosenSubmission(card, "", {}), 0, "quick", settings)
    root = Path(tempfile.mkdtemp(prefix="genbench-check-"))
    try:
        prepare.write_problem(problem, root / "job")
        (outcome,) = Process(1).run([prepare.job_of(cell, "check", root / "job")])
        if outcome.answers is None:
            return outcome, None
        return outcome, grading.join(grading.read_answers(outcome.answers), targets)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _tried(subject: str, sentence: str, test: Callable[[], object]) -> Finding:
    try:
        test()
    except GenbenchError as fault:
        log = getattr(fault, "log", "")
        return Finding(subject, sentence, str(fault) + (f"\n{log}" if log else ""))
    return Finding(subject, sentence)


def _rows(table: pa.Table, columns: list[str]) -> set[tuple[object, ...]]:
    """The distinct rows of the named columns, as hashable tuples."""
    lists = [table.column(name).to_pylist() for name in columns]
    return {tuple(_hashable(value) for value in row) for row in zip(*lists, strict=True)}


def _hashable(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return tuple(sorted((key, _hashable(inner)) for key, inner in value.items() if inner is not None))
    return value


def _shown(rows: set[tuple[object, ...]]) -> str:
    first = min(rows, key=repr)
    return repr(first if len(first) > 1 else first[0])[:120]
