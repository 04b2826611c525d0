"""What is checked of a task: that its data are what the card declares, whole, unseen in training, and scored right."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow as pa

from genbench import seeds
from genbench.authoring.distinct import distinct, shown
from genbench.authoring.finding import Finding, tried
from genbench.authoring.training_contract import training_contract
from genbench.cards import entries
from genbench.cards.columns import answer_column, family
from genbench.cards.task import UNSEEN, LevelName
from genbench.data import sources, tables
from genbench.data.sever import sever
from genbench.errors import BadCard, BadData, GenbenchError, SourceAbsent, UnknownName
from genbench.evaluation import build
from genbench.registry import ChosenSplit
from genbench.scoring import grading, metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genbench.cards import TaskCard
    from genbench.data.problem import Data, Targets

# How far shuffled answers may lie from the card's chance level, beside four standard errors.
CHANCE_SLACK = 0.02
LEFT_OUT = "left out: its official files are not at hand"


@dataclass(frozen=True)
class Held:
    """A split that is held to the contract, and what several of its sentences ask of the data, found once."""

    chosen: ChosenSplit
    data: Data

    @cached_property
    def asked(self) -> dict[str, set[tuple[object, ...]]]:
        """The distinct questions of each question set."""
        inputs = list(self.chosen.task.inputs)
        return {name: distinct(self.data.questions[name], inputs) for name in self.chosen.split.questions}

    @cached_property
    def targets(self) -> Targets:
        """What is cut away from the questions."""
        return sever(self.data, self.chosen.task, self.chosen.split, self.chosen.given)[1]


def check_task(card: TaskCard) -> Iterator[Finding]:
    """The contract of a task. Splits whose official files are not at hand are named and left out."""
    yield tried(card.name, "the metrics can grade the target", lambda: metrics.of_card(card))
    yield tried(card.name, "numbers are not compared bit for bit", lambda: numbers_have_room(card))
    yield tried(card.name, "the direction is the headline's", lambda: direction_fits(card))
    yield tried(card.name, "the levels are ones that the headline can have", lambda: levels_fit(card))
    imports = tried(card.name, "the entry imports", lambda: entries.load_entry(card.folder, card.entry))
    yield imports
    if imports.holds:
        for split in card.splits.values():
            yield from check_split(ChosenSplit(card, split, {}))


def numbers_have_room(card: TaskCard) -> None:
    """No metric asks a number to be the target's bit for bit, but beside a tolerance."""
    numbers = {"float64", "list<float64>", "vector", "list<vector>"}
    if "exact_match" in card.metrics and family(answer_column(card.answer_type)) in numbers and card.tolerance is None:
        raise BadData(
            f"exact_match compares the target {card.target!r} ({card.target_type}) bit for bit, so that a right answer "
            'in float32 scores 0; say metrics = ["within"] and tolerance = { abs = 1e-3 }, or "squared_error"'
        )


def direction_fits(card: TaskCard) -> None:
    """The card's direction is the one in which the headline is better."""
    if card.headline in card.own_metrics:
        return  # it says its direction itself, and the reader of cards holds the card to that
    with contextlib.suppress(BadCard, UnknownName):  # which the sentence on metrics says
        better = "lower" if metrics.of_card(card)[0].lower else "higher"
        if card.direction != better:
            raise BadData(f"key 'direction' is {card.direction!r}; of {card.headline} the {better} is better")


def levels_fit(card: TaskCard) -> None:
    """Chance, floor and best attainable lie between the headline's ends, the last no worse than the second."""
    with contextlib.suppress(BadCard, UnknownName):  # which the sentence on metrics says
        metrics.of_card(card)
        least, most = metrics.ends(card.headline, card)
        for split in card.splits.values():
            told = {level: split.levels(level) for level in get_args(LevelName)}
            for level, values in told.items():
                for name, value in values.items():
                    if not least <= value <= most:
                        raise BadData(
                            f"{split.name}, {name}: key {level!r} is {split.told(level, name)!r}"
                            f"{'' if value == split.told(level, name) else f', which is {value:g}'}; "
                            f"{card.headline} lies from {least:g} to {most:g}"
                        )
            for name in told["floor"].keys() & told["bayes"].keys():
                floor, bayes = told["floor"][name], told["bayes"][name]
                if (bayes > floor) if card.direction == "lower" else (bayes < floor):
                    raise BadData(f"{split.name}, {name}: key 'bayes' is {bayes:g}, worse than the floor, {floor:g}")
        for axis, slices in card.chance_along.items():
            for member, chance in slices.items():
                if not least <= chance <= most:
                    key = f"chance_along.{axis}.{member}"
                    raise BadData(f"key {key!r} is {chance:g}; {card.headline} lies from {least:g} to {most:g}")


def check_split(chosen: ChosenSplit, built_twice: bool = True) -> Iterator[Finding]:
    """The contract of one split. Nothing is fetched: where its official files are not at hand, that is all it says.

    Not `built_twice`, a split with a fingerprint on its card, to which loading holds it, is not built a second time.
    """
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
    held = Held(chosen, data)
    for sentence, test in SPLIT_CONTRACT.items():
        if test is same_bytes and not built_twice and chosen.split.fingerprint != UNSEEN:
            continue
        yield tried(name, sentence, lambda test=test: test(held))  # type: ignore[misc]  # bound at once
    for sentence, holds in training_contract(chosen, data):
        yield tried(name, sentence, holds)


def same_bytes(held: Held) -> None:
    """Building the split again gives the same bytes."""
    chosen, data = held.chosen, held.data
    again = build.load(chosen)
    if chosen.split.fingerprint != UNSEEN and chosen.params == dict(chosen.split.params):
        return  # both were held to the fingerprint on the card when they were loaded
    first, second = tables.fingerprint(data.subsets()), tables.fingerprint(again.subsets())
    if first != second:
        raise BadData(f"built twice, the fingerprints are {first} and {second}")


def unanswered_in_training(held: Held) -> None:
    """No question stands in training or validation, but for a question set declared as training asked again."""
    chosen, data = held.chosen, held.data
    inputs = list(chosen.task.inputs)
    known = distinct(data.train, inputs)
    seen = known | (set() if data.validation is None else distinct(data.validation, inputs))
    for name, card in chosen.split.questions.items():
        asked = held.asked[name]
        if card.kind == "trained":
            if not asked <= known:
                raise BadData(
                    f"{name} is declared as training asked again; {len(asked - known)} questions are not there"
                )
        elif asked & seen:
            raise BadData(f"{len(asked & seen)} questions of {name} stand in training, as {shown(asked & seen)}")


def no_repeats(held: Held) -> None:
    """A question set asks each question once."""
    for name, asked in held.asked.items():
        rows = held.data.questions[name].num_rows
        if len(asked) != rows:
            raise BadData(f"{name} asks {rows} questions, of which {len(asked)} are distinct")


def slices_cover(held: Held) -> None:
    """Along each axis, every question lies in exactly one slice."""
    axes = held.chosen.split.axes
    totals: dict[tuple[str, str], int] = {}
    sizes: dict[str, int] = {}
    for name, asked, groups in grading.parts(held.targets):
        sizes[name] = len(asked)
        for axis, _, within in groups[1:]:
            totals[name, axis] = totals.get((name, axis), 0) + int(within.sum())
    for (name, axis), total in totals.items():
        if total != sizes[name]:
            raise BadData(f"{name}: the slices along {axis} hold {total} of {sizes[name]} questions")
    if len(totals) != len(sizes) * len(axes):
        raise BadData(f"the axes {list(axes)} do not slice every question set")


def perfect_answers_reach_the_ceiling(held: Held) -> None:
    """The oracle's answers score each metric's perfect value.

    A metric of whole sets, other than the headline, may have no number of a split's right answers: it is of other
    splits then, and no score of it is ever written here.
    """
    chosen, targets = held.chosen, held.targets
    answers = grading.as_answers(targets.target, chosen.task)
    for one in metrics.of_card(chosen.task, targets.questions, targets.bayes):
        marks = one.grade(answers, targets.target)
        worst = one.over(marks)
        if worst is None and one.reduce and one.name != chosen.task.headline:
            continue
        if not (worst == one.perfect if one.reduce else (marks == one.best(targets.target)).all()):
            scored = "nothing" if worst is None else f"{worst:.4f}"
            raise BadData(f"perfect answers score {scored} in {one.name}; a right answer must score its ceiling")


def shuffled_answers_are_at_chance(held: Held) -> None:
    """The right answers in random order score about the card's chance level, in each question set."""
    chosen, targets = held.chosen, held.targets
    questions = targets.questions
    stream = np.random.default_rng(seeds.derive("check", chosen.task.name, chosen.split.name))
    for position, name in enumerate(targets.sets):
        asked = np.flatnonzero(targets.question_set == position)
        own = targets.target.take(pa.array(asked))
        seen = None if questions is None else tables.taken(questions, asked)
        shuffled = grading.as_answers(own.take(pa.array(stream.permutation(len(asked)))), chosen.task)
        headline = metrics.of_card(chosen.task, seen)[0]
        marks = headline.grade(shuffled, own)
        chance, scored = chosen.split.chance_of(name, chosen.params), headline.over(marks) or 0.0
        size = 1.0 if (headline.low, headline.high) == (0.0, 1.0) else max(abs(chance), abs(scored))
        of_marks = float(np.std(marks)) / len(asked) ** 0.5
        unsure = of_marks if headline.reduce is None else headline.error(marks, np.ones(len(asked), bool)) or 0.0
        slack = CHANCE_SLACK * size + 4 * unsure
        if abs(scored - chance) > slack:
            raise BadData(f"{name}: shuffled answers score {scored:.4f}; the card says chance is {chance:.4f}")


SPLIT_CONTRACT: dict[str, Callable[[Held], None]] = {
    "the same seed gives the same bytes": same_bytes,
    "no question was answered in training": unanswered_in_training,
    "no question is asked twice": no_repeats,
    "the slices cover the questions": slices_cover,
    "perfect answers score the ceiling": perfect_answers_reach_the_ceiling,
    "shuffled answers score about chance": shuffled_answers_are_at_chance,
}
