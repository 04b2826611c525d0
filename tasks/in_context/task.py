"""Classes to be told from a few shots, where a random projection and a permutation of the labels make the task.

Kirsch, Harrison, Sohl-Dickstein & Metz 2022 (arXiv:2212.04458): images of one data set become as many tasks as one
likes, each by a random projection through which all of its images go, and a permutation of the labels. What is trained
on sequences of images and labels of few tasks memorizes them; of more, it finds out which one it is shown; of very
many, it learns to learn, and does so on a task that nobody has shown before.

Here an image is 4 x 4 numbers: a painted digit of 16 x 16 pixels, the mean of each 16 of them, each of the 16 places
less its mean and over its deviation in training. A projection is a matrix of 16 x 16 numbers of N(0, 1/16).

A row is a sequence of one task. `shots` are 24 projected images of 16 numbers, one after another; `labels` theirs;
`x` is one more, and `label`, 0 to 2, what is asked. Questions have 0 to 24 shots: `labels` is so long, and the numbers
of `shots` beyond are 0. `seen` asks of the tasks of training, `unseen` of tasks made anew, both with images that
training does not have. The axis `given` says how many there were.

An example that a person can check: two equal images of a task have equal numbers and one label, whatever A is. Where
`x` is equal to the third shot, 16 numbers from the 33rd on, `label` is the third of `labels`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.data import vectors
from genbench.errors import BadValue, UnknownName, nearest
from genbench.painting import segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int

    from genbench import Value

    Images = Float[np.ndarray, "image number"] | Int[np.ndarray, "image number"]
    Labels = Int[np.ndarray, "*sequence"]

SPLITS = ("tasks1", "tasks64", "tasks65536")
PAINTED, SIDE = 16, 4  # pixels of a painted digit and of what is left of it, each way
NUMBERS = SIDE * SIDE  # of an image
STEPS = 2**10  # of 1: numbers are multiples of a step, so that machines agree on them bit for bit
SHOTS = 24  # of a row of training, and at most of a question
ASKED = (0, 1, 2, 4, 8, 16, SHOTS)  # shots of questions
POOLS = {"train": 2000, "asked": 1000}  # images; sequences draw from them
LIMITS = {"tasks": (1, 2**24), "classes": (2, 10), "rows": (1, 1_000_000), "questions": (1, 100_000)}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Columns `shots` (384 numbers), `labels` (a list), `x` (16 numbers) and `label`; questions carry `given`, a count.

    Fewer rows of training are the first of more. Raises `UnknownName` for a split that is none, `BadValue` for a
    parameter outside its range.
    """
    if split not in SPLITS:
        raise UnknownName(f"in_context has no split {split!r}{nearest(split, SPLITS)}")
    tasks, classes, rows, questions = (_whole(params, name) for name in LIMITS)
    pools = {name: pool(name, count, classes, seed) for name, count in POOLS.items()}
    mean, deviation = pools["train"][0].mean(0), pools["train"][0].std(0)
    pools = {name: (np.round((images - mean) / deviation * STEPS), labels) for name, (images, labels) in pools.items()}

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("in_context", split, name, seed))

    def asked(name: str, of: int) -> pa.Table:
        draw, shots = stream(name), np.repeat(ASKED, questions)
        numbers = draw.integers(0, of, len(shots))
        return table(
            *sequences(pools["asked"], name if name == "unseen" else "seen", numbers, classes, seed, draw), shots
        )

    numbers = stream("tasks").integers(0, tasks, rows)
    train = table(*sequences(pools["train"], "seen", numbers, classes, seed, stream("train")), np.full(rows, SHOTS))
    return Data(
        train=train.drop_columns("given"),
        questions={"seen": asked("seen", tasks), "unseen": asked("unseen", LIMITS["tasks"][1])},
        classes=tuple(map(str, range(classes))),
    )


def pool(name: str, count: int, classes: int, seed: int) -> tuple[Images, Labels]:
    """So many painted digits of 4 x 4 numbers, sums of the pixels that each stands for, and which digits they are."""
    draw = np.random.default_rng(seeds.derive("in_context", "pool", name, seed))
    labels = draw.integers(0, classes, count)
    painted = segments.Painter(("in_context",), PAINTED, seed, name).images(np.array(segments.DIGITS)[labels])
    step = PAINTED // SIDE
    small = painted.reshape(count, SIDE, step, SIDE, step).astype(np.int64).sum((2, 4))
    return small.reshape(count, NUMBERS), labels


def made(kind: str, number: int, classes: int, seed: int) -> tuple[Float[np.ndarray, "number number"], Labels]:
    """The matrix, in `STEPS` of 1, and the permutation of a task: `number` of those of training ("seen"), or others."""
    draw = np.random.default_rng(seeds.derive("in_context", "task", kind, number, seed))
    matrix = np.round(draw.normal(0, NUMBERS**-0.5, (NUMBERS, NUMBERS)) * STEPS)
    return matrix, draw.permutation(classes)


def sequences(
    given: tuple[Images, Labels],
    kind: str,
    numbers: Int[np.ndarray, " row"],
    classes: int,
    seed: int,
    draw: np.random.Generator,
) -> tuple[Float[np.ndarray, "row shot number"], Labels]:
    """For each row, images of the pool through the matrix of the task of this number, and their permuted labels.

    Images are in `STEPS` of 1, as matrices are, so that sums of products are exact in whatever order.
    """
    images, labels = given
    chosen = draw.integers(0, len(images), (len(numbers), SHOTS + 1))
    rows = np.empty((*chosen.shape, NUMBERS), np.float32)
    said = np.empty(chosen.shape, np.int64)
    tasks = {int(number): made(kind, int(number), classes, seed) for number in np.unique(numbers)}
    for row, (number, own) in enumerate(zip(numbers.tolist(), chosen, strict=True)):
        matrix, permutation = tasks[number]
        rows[row] = images[own] @ matrix.T / STEPS**2
        said[row] = permutation[labels[own]]
    return rows, said


def table(
    rows: Float[np.ndarray, "row shot number"], labels: Labels, given: Int[np.ndarray, " row"]
) -> pa.Table:  # fmt: skip
    """Sequences as columns, the last of each asked, with so many shots `given`."""
    shown = rows[:, :SHOTS] * (np.arange(SHOTS) < given[:, None])[:, :, None]
    offsets = pa.array(np.concatenate([[0], np.cumsum(given)]), pa.int32())
    kept = labels[:, :SHOTS][np.arange(SHOTS) < given[:, None]]
    return pa.table(
        {
            "shots": vectors.column(shown.reshape(len(rows), -1)),
            "labels": pa.ListArray.from_arrays(offsets, pa.array(kept)),
            "x": vectors.column(rows[:, SHOTS]),
            "label": pa.array(labels[:, SHOTS]),
            "given": pa.array(given),
        }
    )


def describe(row: Mapping[str, Any], params: Mapping[str, Value]) -> str:
    """The classes of a row's shots, and the one asked for where the row has it."""
    del params
    told = f"{len(row['labels'])} shots, of the classes {' '.join(map(str, row['labels'])) or '-'}, and one vector more"
    return f"{told}\n-> {row['label']}" if "label" in row else told


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"in_context: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}"
        )
    return value
