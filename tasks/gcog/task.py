"""gCOG: answer questions about a screen of coloured letters, of more distractors, new combinations, deeper trees.

Ito, Dan, Rigotti, Kozloski & Campbell 2024 (arXiv:2401.17038); the rules of IBM/gcog at afba7f0f, written anew.

    instruction  [ if current red d sum is odd , then color of current b , else current blue g exist ]
    screen       red d at (3, 4), pink b at (0, 9)
    answer       pink: class 135 of 138, for 3 + 4 is odd

The instruction is shown as rows of 8 integers, one row a node, the screen as 101 rows of 3; both are flat lists, to be
cut again into rows of 8 and of 3. `language.py` has the meaning of every integer, `generate.py` the sampling.

What is odd, and kept in the splits that end in `-released`:

- The two object sets of `systematic_depth1-released` share 25 of their 50 objects, so half of what is asked was
  trained. In `systematic_depth1` they are complements: four quarters, crosswise.
- A distractor that is drawn twice is there once; one that equals what is asked for, or lies in its cell, gives way, and
  in the latter case the thing asked for moves. So there are fewer distractors than asked for, and where `exist` added
  nothing, one may still match. Elsewhere distractors are as many as asked for and never in the way.
- The second thing of a sum or product may have any of the 26 shapes, though ten are asked about.
- Questions of `distractor-released` are about tasks (operator, thing, location) that training has too, in two of five.
  In `distractor` each operator's tasks are divided: one half is trained, the other asked.
- The paper trains trees with single operators beside them; the released demonstrations with depth 3 alone.

And in all splits: an attribute that is asked for is written 1, as `a` and `red` are; a `get` in a tree may match
several things, of which the first by location counts; a question that stands in training, or was asked before, is drawn
anew, which leaves next to no questions whether something exists on an empty screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import generate
import language
import numpy as np
from generate import BLOCK, EXIST, GETSHAPE, PRODUCTEVEN, SUMEVEN, Recipe, Tasks
from language import CELLS, COLOURS, OPERATORS, SHAPES

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from genbench import Value

DEEPEST: Final = 9  # at 11 a tree may select 126 things, and there are 100 cells
MORE: Final = (10, 20, 30, 40)  # distractors, their figure 3
DEEPER: Final = (5, 7, 9)  # their figure 5, and one level beyond
ENCODINGS: Final = ("released", "objects")
FAMILIES: Final = ("distractor", "systematic_depth1", "systematic_depth3", "productive")
RELEASED: Final = "-released"
AXES: Final = ("depth", "distractors", "operator", "answer_type")
LARGEST: Final = 500_000  # rows: 1.2 GB as 64-bit integers
DRY: Final = 40  # blocks without a new question, after which there are taken to be none

# Their figure 4d: what begins like this ends like that in training, and the other way round in the questions.
_FIRST: Final = (
    ("exist", "sumeven", "producteven"),
    ("sumeven", "producteven", "getcolor", "getshape"),
)
_SECOND: Final = (("sumodd", "productodd"), ("exist", "sumodd", "productodd", "go"))
_WITH_FIRST_SET: Final = (EXIST, SUMEVEN, PRODUCTEVEN, GETSHAPE)  # their figure 4a


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters, checked."""

    depth: int
    distractors: int
    colours: int
    shapes: int
    tasks: int
    questions: int
    balanced: bool
    encoding: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Recipes of train, each with its share of the rows, and of each question set."""

    train: tuple[tuple[Recipe, float], ...]
    questions: Mapping[str, tuple[tuple[Recipe, float], ...]]


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split: columns instruction, stimulus and answer (the class); questions carry the split's axes.

    Rows of train stand in random order. Raises `UnknownName` for a split that is none, and `BadValue` for a parameter
    outside its range, for distractors that the grid cannot hold, or where there are too few different questions.
    """
    settings = settings_of(split, params)
    plan = plan_of(split, settings, seed)
    parts = [
        _rows(generate.blocks(recipe, split, "train", place, seed), count, settings)
        for place, (recipe, count) in enumerate(_counts(plan.train, settings.tasks))
    ]
    seen = np.concatenate([generate.hashes(part) for part in parts])
    order = np.random.default_rng(seeds.derive("gcog", split, "order", seed)).permutation(settings.tasks)
    train = generate.table(parts, settings.encoding, order).select(["instruction", "stimulus", "answer"])
    asked = {}
    for name, recipes in plan.questions.items():
        streams = [
            _rows(_unseen(generate.blocks(recipe, split, name, place, seed), seen, f"{split} {name}"), count, settings)
            for place, (recipe, count) in enumerate(_counts(recipes, settings.questions))
        ]
        table = generate.table(streams, settings.encoding)
        asked[name] = table.select(["instruction", "stimulus", "answer", *axes_of(split)])
    return Data(train=train, questions=asked)


def stream(split: str, subset: str, params: Mapping[str, Value], seed: int, rows: int = BLOCK) -> Iterator[pa.Table]:
    """Tables of `rows` new tasks each, without end and in flat memory; the same tasks whatever `rows` is.

    `subset` is train or a question set; all columns and axes are there. Nothing is left out or balanced: what stands
    in training may be asked. Where a subset has several recipes they alternate, a block each.
    """
    settings = settings_of(split, params)
    plan = plan_of(split, settings, seed)
    recipes = {"train": plan.train, **plan.questions}
    if subset not in recipes:
        raise UnknownName(f"gcog/{split} has no subset {subset!r}{nearest(subset, recipes)}")
    if len(recipes[subset]) > 1:
        raise BadValue(f"gcog/{split} {subset} has trees of several depths, which cannot be streamed as one")
    ((recipe, _),) = recipes[subset]
    for part in generate.batches(generate.blocks(recipe, split, subset, 0, seed), rows):
        yield generate.table([part], settings.encoding)


def _rows(blocks: Iterable[Tasks], count: int, settings: Settings) -> Tasks:
    taken = _balanced(blocks, count) if settings.balanced else blocks
    return next(generate.batches(taken, count)).take(slice(0, count))


def _counts(recipes: tuple[tuple[Recipe, float], ...], rows: int) -> list[tuple[Recipe, int]]:
    """Whole numbers of rows for each recipe, in proportion to its share; the first has what is left."""
    counts = [(recipe, round(rows * share)) for recipe, share in recipes[1:]]
    return [(recipes[0][0], rows - sum(count for _, count in counts)), *counts]


def _unseen(blocks: Iterator[Tasks], seen: np.ndarray, where: str) -> Iterator[Tasks]:
    """Of each block what is not in `seen` and was not in a block before."""
    asked = np.unique(seen)
    dry = 0
    for block in blocks:
        marks = generate.hashes(block)
        new = np.zeros(len(block), bool)
        new[np.unique(marks, return_index=True)[1]] = True
        new &= asked[np.minimum(np.searchsorted(asked, marks), len(asked) - 1)] != marks
        dry = 0 if new.any() else dry + 1
        if dry > DRY:
            raise BadValue(f"gcog/{where}: parameter 'questions' asks for more different questions than are found")
        if new.any():
            asked = np.union1d(asked, marks[new])
            yield block.take(new)


def _balanced(blocks: Iterable[Tasks], count: int) -> Iterator[Tasks]:
    """`count` rows in which the four answer types are equally frequent, and true and false for each operator."""
    shares = np.zeros((len(OPERATORS), 2))  # of rows by the operator that answers, and by whether it says false
    for place, name in enumerate(OPERATORS):
        if name in language.QUESTIONS:
            shares[place] = 0.25 / (2 * len(language.QUESTIONS))
        else:
            shares[place, 0] = 0.25
    edges = np.round(np.cumsum(shares) * count).astype(np.int64)
    left = np.diff(edges, prepend=0)
    dry = 0
    for block in blocks:
        cell = 2 * block.operator + (block.answer == language.FALSE)
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(len(left)))
        rank = np.empty(len(block), np.int64)
        rank[order] = np.arange(len(block)) - starts[cell[order]]
        taken = rank < left[cell]
        left -= np.bincount(cell[taken], minlength=len(left))
        dry = 0 if taken.any() else dry + 1
        if taken.any():
            yield block.take(taken)
        if not left.any():
            return
        if dry > DRY:
            raise BadValue("gcog: parameter 'balanced' is true; of one answer there are too few tasks to balance it")


def axes_of(split: str) -> tuple[str, ...]:
    """The axes that a split's questions carry: depth only where it varies."""
    return AXES if split.startswith("productive") or split == "systematic_depth3" else AXES[1:]


def plan_of(split: str, settings: Settings, seed: int) -> Plan:
    """What a split trains and asks."""
    family, released = split.removesuffix(RELEASED), split.endswith(RELEASED)
    usual = {"colours": settings.colours, "shapes": settings.shapes, "released": released}
    few = {"most": settings.distractors, **usual}
    single = ((Recipe(1, **few), 0.5),)
    if family == "distractor":
        trained, held = _halves(settings, seed) if settings.depth == 1 and not released else (None, None)
        many = {f"test{count}": ((Recipe(settings.depth, count, count, pool=held, **usual), 1.0),) for count in MORE}
        return Plan(
            ((Recipe(settings.depth, pool=trained, **few), 1.0),),
            {"id": ((Recipe(settings.depth, pool=held, **few), 1.0),), **many},
        )
    if family == "systematic_depth1":
        sets = _object_sets(settings, released=released)
        straight, crossed = (_pool(sets, seed, crossed=crossed) for crossed in (False, True))
        trained = ((Recipe(1, pool=straight, **few), 1.0),)
        return Plan(trained, {"id": trained, "test": ((Recipe(1, pool=crossed, **few), 1.0),)})
    if family == "systematic_depth3":
        pairs = [tuple(tuple(OPERATORS.index(name) for name in names) for names in pair) for pair in (_FIRST, _SECOND)]
        crossed = ((pairs[0][0], pairs[1][1]), (pairs[1][0], pairs[0][1]))
        tree = Recipe(settings.depth, groups=tuple(pairs), **few)
        trained = ((tree, 1.0),) if released else ((tree, 0.5), *single)
        return Plan(trained, {"id": trained, "test": ((Recipe(settings.depth, groups=crossed, **few), 1.0),)})
    tree = Recipe(settings.depth, **few)
    trained = ((tree, 1.0),) if released or settings.depth == 1 else ((tree, 0.5), *single)
    deeper = {f"depth{depth}": ((Recipe(depth, **few), 1.0),) for depth in DEEPER}
    return Plan(trained, {"id": trained, **deeper})


def _halves(settings: Settings, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Every task of depth 1, (8, tasks), in two halves by lot: those that are trained and those that are asked."""
    things = np.arange(settings.colours * settings.shapes)
    codes = len(SHAPES) * (things // settings.shapes) + things % settings.shapes
    every = _shuffled([codes] * len(OPERATORS), seed, "distractor")
    half = every.shape[1] // 2
    return every[:, :half], every[:, half:]


def _object_sets(settings: Settings, *, released: bool) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of object codes; as released they overlap, else the second holds what the first does not."""
    colour, shape = (axis.ravel() for axis in np.indices((settings.colours, settings.shapes)))
    codes = len(SHAPES) * colour + shape
    low_colour, low_shape = colour < round(settings.colours / 2), shape < round(settings.shapes / 2)
    if released:
        return codes[low_colour], codes[~low_shape]
    return codes[low_colour == low_shape], codes[low_colour != low_shape]


def _pool(sets: tuple[np.ndarray, np.ndarray], seed: int, *, crossed: bool) -> np.ndarray:
    """Every object of the operator's set at every location, (8, tasks), in random order."""
    own = [sets[(operator not in _WITH_FIRST_SET) != crossed] for operator in range(len(OPERATORS))]
    width = max(map(len, own))  # sets of an odd number of colours or shapes differ in size: the smaller is repeated
    return _shuffled([np.resize(codes, width) for codes in own], seed, "crossed" if crossed else "straight")


def _shuffled(codes: list[np.ndarray], seed: int, purpose: str) -> np.ndarray:
    """Tasks of each operator, 100 * code + cell, in random order."""
    rng = np.random.default_rng(seeds.derive("gcog", "pool", purpose, seed))
    every = np.array([(CELLS * one[:, None] + np.arange(CELLS)).ravel() for one in codes])
    return rng.permuted(every, axis=1)


def settings_of(split: str, params: Mapping[str, Value]) -> Settings:
    """The parameters of a split, checked one by one and then against the grid."""
    family = split.removesuffix(RELEASED)
    if family not in FAMILIES:
        every = [name + ending for name in FAMILIES for ending in ("", RELEASED)]
        raise UnknownName(f"gcog has no split {split!r}{nearest(split, every)}")
    depth = _depth(params, family)
    distractors = _integer(params, "distractors", 0, CELLS)
    settings = Settings(
        depth=depth,
        distractors=distractors,
        colours=_integer(params, "colours", 2, len(COLOURS), "there are so many colours"),
        shapes=_integer(params, "shapes", 2, len(SHAPES), "there are so many shapes"),
        tasks=_integer(params, "tasks", 1, LARGEST),
        questions=_integer(params, "questions", 1, LARGEST),
        balanced=_flag(params, "balanced"),
        encoding=_choice(params, "encoding", ENCODINGS),
    )
    deepest = DEEPER[-1] if family == "productive" else depth
    free = CELLS - generate.slots_of(deepest)
    if distractors > free:
        raise BadValue(
            f"gcog: parameter 'distractors' is {distractors}; it must be an integer from 0 to {free}, "
            f"for a tree of depth {deepest} may have {CELLS - free} of the {CELLS} cells"
        )
    return settings


def _depth(params: Mapping[str, Value], family: str) -> int:
    value = params.get("depth")
    low, high = {
        "distractor": (1, DEEPEST - 2),
        "systematic_depth1": (1, 1),
        "systematic_depth3": (3, DEEPEST),
        "productive": (1, 3),
    }[family]
    if not isinstance(value, int) or isinstance(value, bool) or value % 2 == 0 or not low <= value <= high:
        form = f"an odd integer from {low} to {high}" if low < high else f"{low} in {family}"
        if family == "distractor":
            form += f" (deeper trees leave fewer cells than its {MORE[-1]} distractors take)"
        raise BadValue(f"gcog: parameter 'depth' is {value!r}; it must be {form}")
    return value


def _integer(params: Mapping[str, Value], key: str, low: int, high: int, why: str = "") -> int:
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        form = f"an integer from {low} to {high}" + (f" ({why})" if why else "")
        raise BadValue(f"gcog: parameter {key!r} is {value!r}; it must be {form}")
    return value


def _flag(params: Mapping[str, Value], key: str) -> bool:
    value = params.get(key)
    if not isinstance(value, bool):
        raise BadValue(f"gcog: parameter {key!r} is {value!r}; it must be true or false")
    return value


def _choice(params: Mapping[str, Value], key: str, options: tuple[str, ...]) -> str:
    value = params.get(key)
    if not isinstance(value, str) or value not in options:
        raise BadValue(f"gcog: parameter {key!r} is {value!r}; it must be one of {', '.join(options)}")
    return value
