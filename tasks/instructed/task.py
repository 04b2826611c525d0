"""Instructed tasks: what to do with six letters, said in two words, in two examples, or by a name alone.

An analogue, in a world of a hundred tasks, of Mishra et al. 2021, "Cross-Task Generalization via Natural Language
Crowdsourcing Instructions" (arXiv:2104.08773): whoever is trained on many tasks with their instructions is asked tasks
that were never trained on. A task is two operations out of ten, done in turn:

    instruction                                    text          answer
    reverse next                                   c a h h j e   f a i i b d        (e j h h a c, then each its next)
    a b c d e f > f e d c b a ; ... > ...          c a h h j e   e j h h a c        (two texts with their answers)
    task 37                                        c a h h j e   ...                (nothing but a name)

Ten operations on six letters of `a` to `j`, five that move letters and five that change each for itself:

    reverse   a b c d e f > f e d c b a        next   c a h h j e > d b i i a f    (the one after, `a` after `j`)
    rotate    a b c d e f > b c d e f a        leap   c a h h j e > f d a a c h    (the third one after)
    swap      a b c d e f > b a d c f e        flip   c a h h j e > h j c c a f    (as far from the other end)
    halves    a b c d e f > d e f a b c        pair   c a h h j e > d b g g i f    (a for b, b for a, c for d, ...)
    mirror    a b c d e f > a b c c b a        even   c a h h j e > c a g g i e    (a for a and b, c for c and d, ...)

The pairs make ten parts, in each of which every operation comes first once and second once. The last two are never
trained on; training has the first two, four or eight of the rest, so that every operation is in training in both places
however few tasks it has, and fewer tasks are among more. All splits have as many rows. Of `tasks_one_domain` the tasks
of training are made of five operations: four of five parts, the fifth being asked, and all pairs of the other five.

A task may do what another does under another name, as `reverse next` and `next reverse` do, for whoever moves letters
and changes each for itself may do either first. The axis `function` tells
whether a question's task does to every text what some task of training does: "known", else "new".
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from genbench import Value

    Operation = Callable[[str], str]
    Task = tuple[str, str]
    Row = tuple[Task, str]

ONE_DOMAIN = "tasks_one_domain"  # the split whose tasks are made of half of the operations
LETTERS = "abcdefghij"
LENGTH = 6  # letters of a text, and of every answer


def changed(rule: Callable[[int], int]) -> Operation:
    """An operation that changes each letter for itself, by its number from 0."""
    return lambda text: "".join(LETTERS[rule(LETTERS.index(letter)) % len(LETTERS)] for letter in text)


OPERATIONS: Mapping[str, Operation] = {
    "reverse": lambda text: text[::-1],
    "rotate": lambda text: text[1:] + text[0],
    "swap": lambda text: "".join(text[at + 1] + text[at] for at in range(0, LENGTH, 2)),
    "halves": lambda text: text[LENGTH // 2 :] + text[: LENGTH // 2],
    "mirror": lambda text: text[: LENGTH // 2] + text[: LENGTH // 2][::-1],
    "next": changed(lambda number: number + 1),
    "leap": changed(lambda number: number + 3),
    "flip": changed(lambda number: len(LETTERS) - 1 - number),
    "pair": changed(lambda number: number ^ 1),
    "even": changed(lambda number: number - number % 2),
}
SAYS = ("words", "examples", "words_and_examples", "name")
EXAMPLES = 2  # of an instruction that has some
PROBES = 200  # texts by which two tasks are told apart
LIMITS = {"rows": (1, 5_000_000), "questions": (1, 100_000)}


def answer(task: Task, text: str) -> str:
    """The text after both operations, the first named first."""
    for name in task:
        text = OPERATIONS[name](text)
    return text


def parts_of(names: Sequence[str], stream: str, seed: int) -> list[list[Task]]:
    """All pairs of names, in as many parts as there are names; in each every name is once first and once second."""
    draw = _draw(seed, stream)
    first, second = (draw.permutation(list(names)).tolist() for _ in range(2))
    return [[(first[at], second[(at + by) % len(names)]) for at in range(len(names))] for by in range(len(names))]


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Columns `instruction`, `text` and `answer`; questions carry `function`.

    Raises `BadValue` for a parameter outside its range.
    """
    rows, questions = (_whole(params, name, *LIMITS[name]) for name in LIMITS)
    says = params["says"]
    if says not in SAYS:
        raise BadValue(f"instructed: parameter 'says' is {says!r}; it must be one of {', '.join(SAYS)}")
    every = list(OPERATIONS)
    within = domain(seed) if split == ONE_DOMAIN else every
    parts = parts_of(within, split if split == ONE_DOMAIN else "pairs", seed)
    held = len(parts) // 5
    open_, unseen = ([task for part in half for task in part] for half in (parts[:-held], parts[-held:]))
    count = _whole(params, "tasks", len(within), len(open_), step=len(within))
    seen = open_[:count]
    asked = {"seen_tasks": seen, "unseen_tasks": unseen}
    if split == ONE_DOMAIN:
        asked["other_domain"] = list(itertools.product([name for name in every if name not in within], repeat=2))
    chosen = {name: different(tasks, questions, _draw(seed, split_free(name, split))) for name, tasks in asked.items()}
    taken = {row for own in chosen.values() for row in own}
    draw = _draw(seed, f"train of {count} {split_free('tasks', split)}")
    shown = [(task, text_for(task, draw, taken)) for task in (seen[int(at)] for at in draw.integers(0, count, rows))]
    names = dict(
        zip(itertools.product(every, repeat=2), _draw(seed, "names").permutation(len(every) ** 2), strict=True)
    )
    known = {function_of(task) for task in seen}

    def table(own: Sequence[Row], stream: str) -> pa.Table:
        draw = _draw(seed, f"examples of {split_free(stream, split)}")
        return pa.table(
            {
                "instruction": [instruction(task, str(says), names[task], draw, taken) for task, _ in own],
                "text": [" ".join(text) for _, text in own],
                "answer": [" ".join(answer(task, text)) for task, text in own],
            }
        )

    def told(own: Sequence[Row], stream: str) -> pa.Table:
        functions = ["known" if function_of(task) in known else "new" for task, _ in own]
        return table(own, stream).append_column("function", pa.array(functions))

    return Data(
        train=table(shown, "training"),
        questions={name: told(own, name) for name, own in chosen.items()},
    )


def split_free(stream: str, split: str) -> str:
    """The name of a stream: all splits share theirs, for the same questions, but the one with tasks of its own."""
    return f"{split} {stream}" if split == ONE_DOMAIN else stream


def domain(seed: int) -> list[str]:
    """Half of the operations."""
    return _draw(seed, "domain").permutation(list(OPERATIONS))[: len(OPERATIONS) // 2].tolist()


def different(tasks: Sequence[Task], count: int, draw: np.random.Generator) -> list[Row]:
    """So many different rows, of each task as many as of another."""
    found: dict[Row, None] = {}
    while len(found) < count:
        found[tasks[len(found) % len(tasks)], letters(draw)] = None
    return list(found)


def text_for(task: Task, draw: np.random.Generator, taken: Collection[Row]) -> str:
    """A random text with which the task is not asked."""
    while (task, text := letters(draw)) in taken:
        pass
    return text


def letters(draw: np.random.Generator) -> str:
    """A random text."""
    return "".join(LETTERS[at] for at in draw.integers(0, len(LETTERS), LENGTH))


def instruction(task: Task, says: str, name: int, draw: np.random.Generator, taken: Collection[Row]) -> str:
    """What a row says of its task; examples are drawn anew for each."""
    if says == "name":
        return f"task {name}"
    parts = [" ".join(task)] if says.startswith("words") else []
    if says.endswith("examples"):
        texts = [text_for(task, draw, taken) for _ in range(EXAMPLES)]
        parts += [f"{' '.join(text)} > {' '.join(answer(task, text))}" for text in texts]
    return " ; ".join(parts)


@functools.cache
def function_of(task: Task) -> tuple[str, ...]:
    """What a task makes of `PROBES` texts: the same of two tasks that do the same to every text."""
    draw = np.random.default_rng(seeds.derive("instructed", "probes"))
    return tuple(answer(task, letters(draw)) for _ in range(PROBES))


def _draw(seed: int, stream: str) -> np.random.Generator:
    return np.random.default_rng(seeds.derive("instructed", seed, stream))


def _whole(params: Mapping[str, Value], name: str, least: int, most: int, step: int = 1) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most or value % step:
        form = f"a whole number from {least} to {most:,}" + (f", a multiple of {step}" if step > 1 else "")
        raise BadValue(f"instructed: parameter {name!r} is {value!r}; it must be {form}")
    return value
