"""Sequences of integers: drawn alike, different ones to be asked, fresh ones to be trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import BadValue

if TYPE_CHECKING:
    from settings import Setting

ASKED_SHARE = 10  # one in so many of the sequences of a training length may be asked
NARROWEST, WHOLE = 2, 0.25  # values of the narrowest window; share of rows that are drawn from all values nonetheless
CELLS = 4_194_304  # numbers shuffled at once; bounds memory


def draw(stream: np.random.Generator, count: int, length: int, values: int, *, repeats: bool) -> np.ndarray:
    """`count` sequences of `length` integers in 0 .. values - 1, each sequence as likely as any other.

    Integers of shape `[count, length]`, of 32 bits because numpy sorts short rows of those several times faster than
    narrower ones. Without repeats, sequences that have one are drawn again; where few would be without (length squared
    beyond four times the values), all values are shuffled and the first taken.
    """
    kind = np.int32
    if repeats or length == 1:
        return stream.integers(values, size=(count, length), dtype=kind)
    if length * length > 4 * values:
        every, size = np.arange(values, dtype=kind), max(1, CELLS // values)
        parts = [np.tile(every, (min(size, count - begin), 1)) for begin in range(0, count, size)]
        return np.concatenate([stream.permuted(part, axis=1)[:, :length] for part in parts])
    rows = stream.integers(values, size=(count, length), dtype=kind)
    again = np.arange(count)
    while len(again):
        ordered = np.sort(rows[again], axis=1)
        again = again[(ordered[:, 1:] == ordered[:, :-1]).any(1)]
        rows[again] = stream.integers(values, size=(len(again), length), dtype=kind)
    return rows


def draw_windowed(stream: np.random.Generator, count: int, length: int, values: int) -> np.ndarray:
    """`count` sequences of `length` integers of 0 .. values - 1, each from a window of values; they may recur.

    A window's width is log-uniform from NARROWEST to all values. It may begin before the first value and end behind the
    last, where it is cut, so that each value is as often at its edge as another. WHOLE of the rows have all values.
    Shape and type as `draw` has them.
    """
    spread = np.log((values + 1) / NARROWEST)
    width = np.floor(NARROWEST * np.exp(stream.random(count) * spread)).astype(np.int64).clip(max=values)
    begin = stream.integers(1 - width, values)
    least, end = begin.clip(min=0), (begin + width).clip(max=values)
    whole = stream.random(count) < WHOLE
    least[whole], end[whole] = 0, values
    return stream.integers(least[:, None], end[:, None], size=(count, length)).astype(np.int32)


def held_out(setting: Setting) -> dict[int, np.ndarray]:
    """The sequences asked at each training length. Raises `BadValue` where there are too few to hold any back."""
    found = {
        length: distinct(
            setting,
            "id",
            length,
            min(setting.questions // setting.train_length, setting.sequences(length) // ASKED_SHARE),
        )
        for length in range(1, setting.train_length + 1)
    }
    if not sum(map(len, found.values())):
        raise BadValue(
            f"sorting: parameter 'values' is {setting.values}, which makes too few sequences to hold one in "
            f"{ASKED_SHARE} of them back at lengths up to {setting.train_length}; it must be larger"
        )
    return found


def distinct(setting: Setting, part: str, length: int, count: int) -> np.ndarray:
    """`count` different sequences of one length, for questions; the first of equals is kept."""
    # The training length enters the stream of id questions only: a longer set is equal in up_to_10 and up_to_20.
    stream = setting.stream("questions", part, *([setting.train_length] if part == "id" else []), length)
    found: dict[bytes, np.ndarray] = {}
    while len(found) < count:
        for row in setting.draw(stream, count - len(found), length):
            found.setdefault(row.tobytes(), row)
    return np.stack(list(found.values())) if found else setting.draw(stream, 0, length)


def fresh(
    setting: Setting,
    stream: np.random.Generator,
    count: int,
    length: int,
    held_back: pa.Array,
    *,
    varied: bool,
    windows: bool = False,
) -> np.ndarray:
    """`count` sequences of one length, none of them held back; if `varied`, with two different elements at least.

    With `windows` they are drawn as `draw_windowed` does.
    """
    parts: list[np.ndarray] = []
    missing = count
    while missing:
        if windows:
            rows = draw_windowed(stream, missing, length, setting.values)
        else:
            rows = setting.draw(stream, missing, length)
        if len(held_back):
            rows = rows[~pc.is_in(setting.spell(rows), value_set=held_back).to_numpy(zero_copy_only=False)]
        if varied:
            rows = rows[rows.min(1) != rows.max(1)]
        parts.append(rows)
        missing -= len(rows)
    return np.concatenate(parts)
