"""Functions of a multiset, learned on small ones and asked of larger ones, in whatever order its elements stand.

After Ong & Veličković 2022, "Learnable Commutative Monoids for Graph Neural Networks" (arXiv:2212.08541), which
compares ways of aggregating on such rules; its sizes were not found, so these are ours. One example a split:

    split            values               answer
    second_minimum   41 7 93 7            7     (7, as the minimum stands there twice)
    sum_mod_2        1 0 1 1              1
    sum_mod_5        4 4 1 0 2            1
    mode             3 8 3 5 8            3     (the smallest of those that are commonest)

Training has 1 to `longest` elements, each size as often; the values are 0 to `values` - 1, all alike. `id` asks sizes
of training, `shuffled` the same multisets in another order, and `size_32` and so on larger ones. Nothing is asked that
training shows in this order: of a training size at most a tenth of all sequences is asked, so that small sizes are
asked little, or not at all where there are few values. The second smallest of one element is that element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench import Value

    Rule = Callable[[np.ndarray], int]

ASKED_SHARE = 10  # one in so many of the sequences of a training size may be asked
SIZES = (32, 64, 128)
LIMITS = {"values": (2, 32_000), "longest": (1, 31), "rows": (1, 5_000_000), "questions": (1, 100_000)}


def second_minimum(values: np.ndarray) -> int:
    """The second smallest element, one that stands there twice counting twice."""
    return int(np.sort(values)[min(1, len(values) - 1)])


def mode(values: np.ndarray) -> int:
    """The commonest element, the smallest of several."""
    return int(np.bincount(values).argmax())


RULES: Mapping[str, Rule] = {
    "second_minimum": second_minimum,
    "sum_mod_2": lambda values: int(values.sum()) % 2,
    "sum_mod_5": lambda values: int(values.sum()) % 5,
    "mode": mode,
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Columns `values` (a list of integers) and `answer`; questions carry `size`.

    Raises `BadValue` for a parameter outside its range.
    """
    values, longest, rows, questions = (_whole(params, name) for name in LIMITS)
    rule = RULES[split]

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("sets", seed, split, name))

    asked = few(values, longest, questions, stream("id"))
    orders = other_orders(asked, stream("shuffled"))
    kept = {row.tobytes() for row in (*asked, *orders)}
    sets = {"id": asked, "shuffled": orders}
    for size in SIZES:
        sets[f"size_{size}"] = [*distinct(values, size, questions, stream(f"size {size}"))]
    return Data(
        train=table(shown(values, longest, rows, kept, stream("train")), rule),
        questions={name: table(own, rule, sized=True) for name, own in sets.items()},
    )


def few(values: int, longest: int, count: int, draw: np.random.Generator) -> list[np.ndarray]:
    """Different sequences, shared evenly among the sizes of training as far as there are enough of a size."""
    room = {size: min(count, values**size // ASKED_SHARE) for size in range(1, longest + 1)}
    taken = dict.fromkeys(room, 0)
    for _ in range(count):
        open_ = [size for size in room if taken[size] < room[size]]
        if not open_:
            break
        taken[min(open_, key=lambda size: (taken[size], size))] += 1
    return [row for size, number in taken.items() for row in distinct(values, size, number, draw)]


def distinct(values: int, size: int, count: int, draw: np.random.Generator) -> list[np.ndarray]:
    """So many different sequences of one size."""
    found: dict[bytes, np.ndarray] = {}
    while len(found) < count:
        for row in draw.integers(0, values, (count - len(found), size), dtype=np.int16):
            found.setdefault(row.tobytes(), row)
    return list(found.values())


def other_orders(rows: list[np.ndarray], draw: np.random.Generator) -> list[np.ndarray]:
    """Each sequence in another order that is not asked yet; without those that chance gave none."""
    seen = {row.tobytes() for row in rows}
    found = []
    for row in rows:
        other = draw.permutation(row)
        if other.tobytes() not in seen:
            seen.add(other.tobytes())
            found.append(other)
    return found


def shown(values: int, longest: int, count: int, kept: set[bytes], draw: np.random.Generator) -> list[np.ndarray]:
    """Sequences for training, none of those that are `kept` for questions; equal ones may recur."""
    found: list[np.ndarray] = []
    while len(found) < count:
        missing = count - len(found)
        sizes = draw.integers(1, longest + 1, missing)
        rows = draw.integers(0, values, (missing, longest), dtype=np.int16)
        found += [row[:size] for row, size in zip(rows, sizes, strict=True) if row[:size].tobytes() not in kept]
    return found


def table(rows: list[np.ndarray], rule: Rule, *, sized: bool = False) -> pa.Table:
    """Rows as columns."""
    sizes = [len(row) for row in rows]
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32))
    elements = np.concatenate(rows).astype(np.int64) if rows else np.empty(0, np.int64)
    columns = {
        "values": pa.ListArray.from_arrays(offsets, pa.array(elements)),
        "answer": pa.array([rule(row) for row in rows], pa.int64()),
    }
    return pa.table({**columns, "size": pa.array(sizes, pa.int64())} if sized else columns)


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(f"sets: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}")
    return value
