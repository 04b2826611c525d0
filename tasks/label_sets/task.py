"""Operations on the label sets of two scenes, given as features: union, intersection and subtraction.

A scene holds one to three of sixteen classes. Its features are 64 numbers: each thing in it adds the numbers of its
class and a variation of its own, noise is added, and what is below zero is cut off, as a last layer of a network would.
The operation `union` asks for the labels that a or b has, `intersection` for those of both, `subtraction` for those of
a that b has not, and `itself` for those of a; there b is zeros.

Training has single scenes of all classes (`itself`), and the three operations on scenes of the first twelve classes
only. Those four that no operation was trained on are what `unseen` asks for. In its scenes they stand among all
classes, at least one in each; `seen` has scenes of the twelve classes, `itself` single scenes of all.

A target has a number for each label: 1 where it is in the set, 0 where not, and -1 where it is not asked for: in `seen`
for the last four and in `unseen` for the first twelve. What is asked for is never empty, but in `itself`.

After LaSO (Alfassy et al. 2019, arXiv:1902.09811; leokarlin/LaSO at eea81de), whose features are those of photographs
and whose classes are 64 and 16 of COCO's 80.

An example that a person can check: a has the labels 2 and 13, b has 13 and 14. Of what `unseen` asks for, 12 to 15, the
union is 13 and 14, and the intersection 13; this pair is not asked for a subtraction, which would be empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.data import vectors
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jaxtyping import Bool, Float, Int
    from PIL import Image

    from genbench import Value

    Sets = Bool[np.ndarray, "scene label"]

CLASSES = 16
NUMBERS = 64  # of a scene's features
OPERATIONS = ("union", "intersection", "subtraction")
STEPS = 64  # of one; features are whole multiples of its inverse, so that sums are exact
VARIED, NOISE = 1.0, 1.0  # standard deviations: a thing's variation, noise; of classes it is 1
ABSENT = -1.0  # in a target: not asked for
SIDE, BRIGHT, GREY = 8, 4.0, 90  # of a drawing: an edge, the feature that is white, what is not asked for
AT_ONCE = 4096  # pairs drawn together
LIMITS = {"rows": (1, 1_000_000), "questions": (1, 1_000_000), "seen": (3, CLASSES - 1), "most": (1, CLASSES)}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: features `a` and `b`, `operation`, and `labels`, a number for each of sixteen labels.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range and for scenes of
    more classes than are seen.
    """
    if split != "operations":
        raise UnknownName(f"label_sets has no split {split!r}{nearest(split, ['operations'])}")
    rows, questions, seen, most = (_whole(params, name) for name in LIMITS)
    if most > seen:
        raise BadValue(
            f"label_sets: parameters 'most' and 'seen' are {most} and {seen}; a scene has no more labels than are seen"
        )
    draw = np.random.default_rng(seeds.derive("label_sets", "classes", seed))
    prototypes = _steps(draw.standard_normal((CLASSES, NUMBERS)))
    first = np.arange(CLASSES) < seen

    def drawn(name: str, operation: str, count: int) -> pa.Table:
        draw = np.random.default_rng(seeds.derive("label_sets", name, operation, seed))
        everything = np.ones(CLASSES, bool)
        asked = {"seen": first, "unseen": ~first}.get(name, everything)
        among = everything if operation == "itself" or name == "unseen" else first
        wanted_of = asked if operation != "itself" else np.zeros(CLASSES, bool)
        a, b = pairs(operation, among, wanted_of, most, count, draw)
        wanted = combined(operation, a, b)
        columns = {
            "a": vectors.column(features(a, prototypes, draw)),
            "b": vectors.column(features(b, prototypes, draw) * (operation != "itself")),
            "operation": [operation] * count,
            "labels": vectors.column(np.where(asked, wanted, ABSENT)),
        }
        told = {"asked": [operation] * count, "label_seen": [name if name != "itself" else "all"] * count}
        return pa.table(columns if name == "train" else {**columns, **told})

    def all_of(name: str, count: int) -> pa.Table:
        return pa.concat_tables([drawn(name, operation, count) for operation in OPERATIONS])

    shown = pa.concat_tables([drawn("train", "itself", 2 * rows), all_of("train", rows)])
    order = np.random.default_rng(seeds.derive("label_sets", "order", seed)).permutation(shown.num_rows)
    return Data(
        train=shown.take(order),
        questions={
            "itself": drawn("itself", "itself", questions),
            "seen": all_of("seen", questions),
            "unseen": all_of("unseen", questions),
        },
    )


def pairs(
    operation: str,
    among: Bool[np.ndarray, " label"],
    asked: Bool[np.ndarray, " label"],
    most: int,
    count: int,
    draw: np.random.Generator,
) -> tuple[Sets, Sets]:
    """Pairs of scenes of 1 to `most` labels of `among`, each with one of `asked`, where it is more than none.

    Of what is asked for, the operation leaves one label at least; drawn until there are `count`.
    """
    kept: list[tuple[Sets, Sets]] = []
    while sum(len(a) for a, _ in kept) < count:
        a, b = (scenes(among, most, AT_ONCE, draw) for _ in range(2))
        right = np.ones(AT_ONCE, bool)
        if asked.any():
            right = (combined(operation, a, b) & asked).any(1) & (a & asked).any(1) & (b & asked).any(1)
        kept.append((a[right], b[right]))
    first, second = (np.concatenate(part)[:count] for part in zip(*kept, strict=True))
    return first, second


def scenes(among: Bool[np.ndarray, " label"], most: int, count: int, draw: np.random.Generator) -> Sets:
    """Scenes of 1 to `most` labels of `among`, each number as often as another."""
    size = draw.integers(1, most + 1, count)
    rank = np.where(among, draw.random((count, CLASSES)), 2.0).argsort(1).argsort(1)
    return (rank < size[:, None]) & among


def combined(operation: str, a: Sets, b: Sets) -> Sets:
    """The labels that an operation leaves of two sets."""
    sets: dict[str, Sets] = {"union": a | b, "intersection": a & b, "subtraction": a & ~b, "itself": a}
    return sets[operation]


def features(
    held: Sets, prototypes: Int[np.ndarray, "label number"], draw: np.random.Generator
) -> Float[np.ndarray, "scene number"]:
    """The features of scenes, 0 or more each."""
    summed = _steps(NOISE * draw.standard_normal((len(held), NUMBERS)))
    for label in range(CLASSES):
        own = held[:, label]
        summed[own] += prototypes[label] + _steps(VARIED * draw.standard_normal((int(own.sum()), NUMBERS)))
    return np.maximum(summed, 0) / STEPS


def draw(row: Mapping[str, Sequence[float]], params: Mapping[str, Value]) -> Image.Image:
    """The features of both scenes, 8 x 8, the lighter the larger; then the labels, 4 x 4, grey if not asked for."""
    from PIL import Image

    del params
    canvas = np.zeros((SIDE, 3 * SIDE + 2), np.uint8)
    for at, name in enumerate(("a", "b")):
        lit = np.minimum(np.array(row[name]) / BRIGHT, 1).reshape(SIDE, SIDE)
        canvas[:, at * (SIDE + 1) :][:, :SIDE] = np.rint(lit * 255)
    if "labels" in row:
        told = np.array(row["labels"]).reshape(SIDE // 2, SIDE // 2).repeat(2, 0).repeat(2, 1)
        canvas[:, -SIDE:] = np.where(told < 0, GREY, told * 255)
    return Image.fromarray(canvas)


def _steps(numbers: Float[np.ndarray, "*numbers"]) -> Int[np.ndarray, "*numbers"]:
    return np.rint(numbers * STEPS).astype(np.int64)


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(
            f"label_sets: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}"
        )
    return value
