"""What each split of gCOG trains and asks: recipes with their shares, and tasks divided by lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from language import CELLS, OPERATORS, SHAPES
from recipe import EXIST, GETSHAPE, PRODUCTEVEN, SUMEVEN, Recipe
from settings import DEEPER, MORE, RELEASED

from genbench import seeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from settings import Settings

# Their figure 4d: what begins like this ends like that in training, and the other way round in the questions.
_FIRST: Final = (
    ("exist", "sumeven", "producteven"),
    ("sumeven", "producteven", "getcolor", "getshape"),
)
_SECOND: Final = (("sumodd", "productodd"), ("exist", "sumodd", "productodd", "go"))
_WITH_FIRST_SET: Final = (EXIST, SUMEVEN, PRODUCTEVEN, GETSHAPE)  # their figure 4a


@dataclass(frozen=True, slots=True)
class Plan:
    """Recipes of train, each with its share of the rows, and of each question set."""

    train: tuple[tuple[Recipe, float], ...]
    questions: Mapping[str, tuple[tuple[Recipe, float], ...]]


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
