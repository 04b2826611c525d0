"""Patches: an easy feature that nine rows in ten have, and a hard one that all have.

After Nguyen, Haddad, Gan & Mirzasoleiman 2024 (arXiv:2404.17768), whose theory is of such rows; no code was found, and
sizes are ours. A row is four patches of 50 numbers in random order, with y = 1 for class 1 and -1 for class 0:

    hard    y v_d / 2, in every row
    easy    y v_e, in all but a share `absent` of the rows of each class; in those noise stands in its place
    noise   two patches (three where the easy one is absent), each number normal, of variance noise**2 / 50

v_d and v_e are of length 1 and at right angles, drawn once for a data seed. Whoever knows v_d is right of every row: of
the numbers .3 .4 in two dimensions, with v_d = (.6, .8), a row that holds the patch (-.3, -.4) is of class 0 whatever
stands beside it. Whoever has only learned v_e is at chance where it is absent.

`test` asks rows like those of training. `against` asks rows whose easy patch speaks for the other class, in four sizes:
-y v_e / 8, / 4, / 2 and whole. The label is that of the hard patch, so the size up to which a learner is right says how
much the hard feature weighs for it beside the easy one: the weights themselves are nobody's to know who answers.

Numbers are whole steps of 2**-20, so no machine's way of multiplying makes other rows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Float, Int

    from genbench import Value

CLASSES = ("class 0", "class 1")
PATCHES, LENGTH = 4, 50
HARD = 0.5  # size of the hard feature; that of the easy one is 1
AGAINST = {"1/8": 0.125, "1/4": 0.25, "1/2": 0.5, "1": 1.0}  # sizes of an easy feature of the other class
MOST_NOISE = 100.0
STEPS = 2**20  # in 1
ROWS = 1_000_000  # of which all are in memory


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `x`, a float32 vector of 200 numbers, and `label`, 0 or 1.

    Axes of the questions: `easy`, present or absent, in `test`; `against`, the size of the easy feature of the other
    class, in `against`; each is "none" in the other. Raises `BadValue` for a parameter outside its range.
    """
    train, asked = _whole(params, "rows", 2), _whole(params, "questions", 2 * len(AGAINST))
    absent, noise = _number(params, "absent", 1.0), _number(params, "noise", MOST_NOISE)

    def stream(*names: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("patches", seed, *names))

    hard, easy = features(stream("features"))

    def drawn(name: str, sizes: Float[np.ndarray, " row"]) -> tuple[pa.Table, Float[np.ndarray, " row"]]:
        """Rows of both classes by turns before they are shuffled, and the size of the easy feature of each."""
        draw = stream(split, name)
        labels, count = np.arange(len(sizes)) % 2, len(sizes)
        signs, has = 2.0 * labels - 1, sizes != 0
        rows = draw.standard_normal((count, PATCHES, LENGTH)) * (noise / math.sqrt(LENGTH))
        rows[:, 0] = HARD * signs[:, None] * hard
        rows[has, 1] = (signs * sizes)[has, None] * easy
        places = draw.permuted(np.tile(np.arange(PATCHES), (count, 1)), axis=1)
        order = draw.permutation(count)
        return table(np.take_along_axis(rows, places[..., None], axis=1)[order], labels[order]), sizes[order]

    def like_training(name: str, count: int) -> tuple[pa.Table, Float[np.ndarray, " row"]]:
        return drawn(name, np.where(np.arange(count) < 2 * round(absent * count / 2), 0.0, 1.0))

    test, own = like_training("test", asked)
    against, other = drawn("against", -np.array(list(AGAINST.values()))[np.arange(asked) // 2 % len(AGAINST)])
    named = {size: name for name, size in AGAINST.items()}
    none = pa.array(["none"] * asked)
    return Data(
        train=like_training("train", train)[0],
        questions={
            "test": _with(test, pa.array(np.where(own == 0, "absent", "present")), none),
            "against": _with(against, none, pa.array([named[-size] for size in other])),
        },
        classes=CLASSES,
    )


def features(draw: np.random.Generator) -> tuple[Float[np.ndarray, " number"], Float[np.ndarray, " number"]]:
    """v_d of the hard feature and v_e of the easy one."""
    hard, easy = draw.standard_normal((2, LENGTH))
    hard = hard / math.sqrt(float(hard @ hard))
    easy = easy - float(easy @ hard) * hard
    return hard, easy / math.sqrt(float(easy @ easy))


def table(rows: Float[np.ndarray, "row patch number"], labels: Int[np.ndarray, " row"]) -> pa.Table:
    """Patches beside each other, in whole steps."""
    flat = (np.round(rows * STEPS) / STEPS).astype(np.float32).ravel()
    return pa.table(
        {"x": pa.FixedSizeListArray.from_arrays(pa.array(flat), PATCHES * LENGTH), "label": pa.array(labels)}
    )


def _with(questions: pa.Table, easy: pa.Array, against: pa.Array) -> pa.Table:
    return questions.append_column("easy", easy).append_column("against", against)


def _whole(params: Mapping[str, Value], name: str, step: int) -> int:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int) or not step <= value <= ROWS or value % step:
        raise BadValue(
            f"patches: parameter {name!r} is {value!r}; it must be a multiple of {step} from {step} to {ROWS:,}, "
            "for classes and sizes are equally many"
        )
    return value


def _number(params: Mapping[str, Value], name: str, most: float) -> float:
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise BadValue(f"patches: parameter {name!r} is {value!r}; it must be a number from 0 to {most:g}")
    return float(value)
