"""gCOG: answer questions about a screen of coloured letters, of more distractors, new combinations, deeper trees.

Ito, Dan, Rigotti, Kozloski & Campbell 2024 (arXiv:2401.15030); the rules of IBM/gcog at afba7f0f, written anew.

    instruction  [ if current red d sum is odd , then color of current b , else current blue g exist ]
    screen       red d at (3, 4), pink b at (0, 9)
    answer       pink: class 135 of 138, for 3 + 4 is odd

The instruction is shown as rows of 8 integers, one row a node, the screen as 101 rows of 3; both are flat lists, to be
cut again into rows of 8 and of 3. `language.py` has the meaning of every integer, `plans.py` what each split is drawn
from, `generate.py` the drawing.

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

from typing import TYPE_CHECKING, Final

import encoding
import generate
import language
import numpy as np
from language import OPERATORS
from plans import plan_of
from recipe import BLOCK
from settings import settings_of

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa
    from recipe import Recipe, Tasks
    from settings import Settings

    from genbench import Value

AXES: Final = ("depth", "distractors", "operator", "answer_type")
DRY: Final = 40  # blocks without a new question, after which there are taken to be none


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
    seen = np.concatenate([encoding.hashes(part) for part in parts])
    order = np.random.default_rng(seeds.derive("gcog", split, "order", seed)).permutation(settings.tasks)
    train = encoding.table(parts, settings.encoding, order).select(["instruction", "stimulus", "answer"])
    asked = {}
    for name, recipes in plan.questions.items():
        streams = [
            _rows(_unseen(generate.blocks(recipe, split, name, place, seed), seen, f"{split} {name}"), count, settings)
            for place, (recipe, count) in enumerate(_counts(recipes, settings.questions))
        ]
        table = encoding.table(streams, settings.encoding)
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
        yield encoding.table([part], settings.encoding)


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
        marks = encoding.hashes(block)
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
