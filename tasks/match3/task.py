"""Match3: of each number of a sequence, whether it makes zero with two others, modulo M.

The problem by which Sanford, Hsu & Telgarsky 2023 (arXiv:2306.02896) tell ordinary attention from attention of order 3,
and which Alman & Song 2023 (arXiv:2310.04064) name as what their form of it can solve. Both prove what weights can
compute; no trained figure of theirs was at hand, so lengths, moduli and rows are ours. The rule: target i is 1 where
some j and k, equal to i or to each other as may be, give x_i + x_j + x_k = 0 modulo M. One example with M = 17:

    values   8 6 4 1 10 11
    answers  1 1 0 1  1  0     6 + 1 + 10 = 17 and 8 + 8 + 1 = 17; for 4 no two make 13 or 30, for 11 none 6 or 23

Every number is 0 to M - 1, all alike. Training and the question set `id` have the parameter `length`, `length_8` and
`length_10` are longer. With length the share of ones rises, so that each question set has a floor of its own: the more
numbers, the likelier two of them make what is missing. No sequence is asked that training shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Int

    from genbench import Value

SPLITS = ("m17", "m37")
LONGER = (8, 10)
ASKED_SHARE = 10  # at most one in so many of all sequences of a length is asked
LIMITS = {"modulus": (2, 1000), "length": (1, 7), "rows": (1, 1_000_000), "questions": (1, 100_000)}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Columns `values` and `answers`, lists of integers of one length; questions carry `length`.

    Fewer rows of training are the first of more. Raises `UnknownName` for a split that is none, `BadValue` for a
    parameter outside its range and for more questions than a tenth of all sequences.
    """
    if split not in SPLITS:
        raise UnknownName(f"match3 has no split {split!r}{nearest(split, SPLITS)}")
    modulus, length, rows, questions = (_whole(params, name) for name in LIMITS)
    if questions > (room := modulus**length // ASKED_SHARE):
        raise BadValue(
            f"match3: parameter 'questions' is {questions}, above {room}, a tenth of the {modulus**length} sequences "
            f"of 'length' {length} and 'modulus' {modulus}; ask fewer, or make 'length' or 'modulus' larger"
        )

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("match3", seed, split, name))

    asked = {
        "id": distinct(modulus, length, questions, stream("id")),
        **{f"length_{longer}": distinct(modulus, longer, questions, stream(f"length {longer}")) for longer in LONGER},
    }
    held_back = {row.tobytes() for row in asked["id"]}
    return Data(
        train=table(shown(modulus, length, rows, held_back, stream("train")), modulus),
        questions={name: table(own, modulus, asked=True) for name, own in asked.items()},
    )


def match3(values: Int[np.ndarray, "row place"], modulus: int) -> Int[np.ndarray, "row place"]:
    """1 where the number makes zero with two of its row, itself and one twice included; 0 elsewhere.

    Raises `BadValue` for a modulus below 2 and for a number that is not 0 to `modulus` - 1.
    """
    if modulus < 2:
        raise BadValue(f"match3: the modulus is {modulus}; it must be 2 or more")
    if (outside := (values < 0) | (values >= modulus)).any():
        row, place = np.argwhere(outside)[0]
        raise BadValue(
            f"match3: number {place + 1} of row {row} is {values[row, place]}; modulo {modulus} numbers are 0 to "
            f"{modulus - 1}"
        )
    made = np.zeros((len(values), modulus), bool)  # the sums of two
    sums = (values[:, :, None] + values[:, None, :]) % modulus
    np.put_along_axis(made, sums.reshape(len(values), -1), values=True, axis=1)
    return np.take_along_axis(made, -values % modulus, axis=1).astype(np.int64)


def distinct(modulus: int, length: int, count: int, draw: np.random.Generator) -> Int[np.ndarray, "row place"]:
    """So many different sequences."""
    found: dict[bytes, np.ndarray] = {}
    while len(found) < count:
        for row in draw.integers(0, modulus, (count - len(found), length)):
            found.setdefault(row.tobytes(), row)
    return np.stack(list(found.values()))


def shown(
    modulus: int, length: int, count: int, held_back: set[bytes], draw: np.random.Generator
) -> Int[np.ndarray, "row place"]:
    """Sequences for training, none of those that are asked; equal ones may recur."""
    found: list[np.ndarray] = []
    while len(found) < count:
        drawn = draw.integers(0, modulus, (count - len(found), length))
        found += [row for row in drawn if row.tobytes() not in held_back]
    return np.stack(found)


def table(values: Int[np.ndarray, "row place"], modulus: int, *, asked: bool = False) -> pa.Table:
    """Rows as columns."""
    rows, length = values.shape
    offsets = pa.array(np.arange(rows + 1) * length, pa.int32())
    columns = {
        "values": pa.ListArray.from_arrays(offsets, pa.array(values.ravel())),
        "answers": pa.ListArray.from_arrays(offsets, pa.array(match3(values, modulus).ravel())),
    }
    return pa.table({**columns, "length": pa.array([length] * rows, pa.int64())} if asked else columns)


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(f"match3: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}")
    return value
