"""The parameters of a split of sorting, checked, and what follows from them alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from hints import BESIDE, HINTS, ORDERED_HINTS
from sequences import draw
from spelling import spelled

from genbench import seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench import Value

LENGTHS = (30, 50, 100, 200, 500)  # asked by every split that trains on shorter ones
LARGEST_VALUES = 1_000_000
LARGEST_QUESTIONS = 100_000  # in a question set
LARGEST_DRAW = 1_000_000
LARGEST_TOKENS = 50_000_000  # of training sequences; they are built in memory


class Setting(NamedTuple):
    """A split's parameters, checked."""

    train_length: int
    values: int
    repeats: bool
    rows: int
    questions: int
    hints: tuple[str, ...]
    hint_rows: int
    windows: bool
    seed: int

    def stream(self, *names: str | int) -> np.random.Generator:
        """The stream of what `names` name; hints have streams of their own, so they move neither rows nor questions."""
        return np.random.default_rng(
            seeds.derive("sorting", *names, self.values, "repeats" if self.repeats else "unique", self.seed)
        )

    def draw(self, stream: np.random.Generator, count: int, length: int) -> np.ndarray:
        """`count` sequences as this split has them."""
        return draw(stream, count, length, self.values, repeats=self.repeats)

    def sequences(self, length: int) -> int:
        """How many sequences of that length there are."""
        return self.values**length if self.repeats else math.perm(self.values, length)

    @property
    def numbers(self) -> int:
        """How many numbers are tokens: a count may exceed every value."""
        return max(self.values, self.train_length + 1)

    def spell(self, codes: np.ndarray, *, like: pa.Array | None = None) -> pa.Array:
        """One string per row of token codes; see `spelling`."""
        return spelled(codes, self.numbers, like=like)

    def mark(self, mark: int) -> int:
        """The code of a token that is no number."""
        return self.numbers + mark


def checked(split: str, params: Mapping[str, Value], seed: int, longer: tuple[int, ...]) -> Setting:
    """The parameters, each in its range and all together possible. Raises `BadValue`."""
    train_length = _integer(
        params, "train_length", 1, min(longer) - 1, f": {split} asks length {min(longer)} as unseen"
    )
    values = _integer(params, "values", 2, LARGEST_VALUES)
    repeats = params.get("repeats")
    if not isinstance(repeats, bool):
        raise BadValue(f"sorting: parameter 'repeats' is {repeats!r}; it must be true or false")
    if not repeats and values <= max(longer):
        raise BadValue(
            f"sorting: parameter 'values' is {values}, too few for sequences of length {max(longer)} without repeats; "
            f"it must be an integer from {max(longer) + 1} to {LARGEST_VALUES}"
        )
    rows = _integer(params, "rows", 1, LARGEST_TOKENS // train_length)
    windows = params.get("windows")
    if not isinstance(windows, bool):
        raise BadValue(f"sorting: parameter 'windows' is {windows!r}; it must be true or false")
    if windows and not repeats:
        raise BadValue(
            "sorting: parameter 'windows' is true, and a window may hold fewer values than a sequence has places; it "
            "must be false, or 'repeats' must be true"
        )
    questions = _integer(params, "questions", train_length, LARGEST_QUESTIONS, ": at least one a training length")
    hints = _hints(params.get("hint"))
    share = params.get("hint_share")
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share < 1:
        raise BadValue(f"sorting: parameter 'hint_share' is {share!r}; it must be a number above 0 and below 1")
    ordered = [hint for hint in hints if hint in ORDERED_HINTS]
    if ordered and train_length < 2:
        raise BadValue(
            f"sorting: parameter 'train_length' is {train_length}; with hint = {ordered[0]!r} it must be at least 2, "
            "for one element has no other beside it"
        )
    if "count" in hints and not repeats:
        raise BadValue(
            "sorting: parameter 'hint' is 'count', which is always 1 without repeats; it must be another, "
            "or 'repeats' must be true"
        )
    hint_rows = max(len(hints), round(rows * share / (1 - share))) if hints else 0
    if (rows + hint_rows) * train_length > LARGEST_TOKENS:
        raise BadValue(
            f"sorting: parameter 'hint_share' is {share}, which adds {hint_rows} rows to {rows}; at train_length = "
            f"{train_length} they must be at most {LARGEST_TOKENS // train_length} together"
        )
    number = _integer(params, "draw", 0, LARGEST_DRAW)
    own = seeds.derive("sorting", "draw", number, seed) if number else seed
    return Setting(train_length, values, repeats, rows, questions, hints, hint_rows, windows, own)


def _hints(given: object) -> tuple[str, ...]:
    """The hints named by the parameter, in the order of `HINTS` whichever was typed first; none for `none`."""
    names = given.split(BESIDE) if isinstance(given, str) else []
    if names == ["none"]:
        return ()
    wrong = [name for name in names if name not in HINTS]
    if wrong or not names:
        near = nearest(wrong[0], ("none", *HINTS)) if wrong else ""
        raise BadValue(
            f"sorting: parameter 'hint' is {given!r}; it must be 'none' or one of {', '.join(HINTS)}, "
            f"or several with {BESIDE!r} between them{near}"
        )
    if len(set(names)) < len(names):
        raise BadValue(f"sorting: parameter 'hint' is {given!r}; each hint is named once")
    return tuple(hint for hint in HINTS if hint in names)


def _integer(params: Mapping[str, Value], key: str, least: int, most: int, why: str = "") -> int:
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadValue(f"sorting: parameter {key!r} is {value!r}; it must be an integer from {least} to {most}{why}")
    return value


def asked_lengths(split: str) -> tuple[int, ...]:
    """The lengths that a split asks beyond its training, from the N of its name, `up_to_N...`."""
    words = split.split("_")
    named = int(words[2]) if words[:2] == ["up", "to"] and len(words) > 2 and words[2].isdecimal() else 0
    if not 0 < named < LENGTHS[-1]:
        raise UnknownName(
            f"sorting has no split {split!r}; its names begin with 'up_to_' and a length from 1 to {LENGTHS[-1] - 1}"
        )
    return tuple(length for length in LENGTHS if length > named)


def streamed_lengths(setting: Setting, split: str, subset: str) -> tuple[int, int]:
    """The least and the greatest length of a subset that is streamed. Raises as `stream` says."""
    if subset in ("train", "id"):
        return 1, setting.train_length
    word, _, number = subset.rpartition("_")
    if word != "length" or not number.isdecimal():
        raise UnknownName(
            f"sorting/{split} has no subset {subset!r}{nearest(subset, ('train', 'id'))}; it must be train, id, or "
            "length_ and an integer"
        )
    length, most = int(number), LARGEST_VALUES if setting.repeats else setting.values
    if not 1 <= length <= most:
        why = "" if setting.repeats else f": without repeats {setting.values} values make no longer sequence"
        raise BadValue(f"sorting: subset {subset!r} asks length {length}; it must be an integer from 1 to {most}{why}")
    return length, length
