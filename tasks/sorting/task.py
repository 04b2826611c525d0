"""Sorting: integers into ascending order, learned from short sequences and asked for long ones.

Awasthi & Gupta 2023 (arXiv:2310.00726): a Transformer trained at lengths up to 20 sorts under 1 % of the sequences of
length 100, and above 92 % when it is also trained on *hints*, simpler tasks over the same sequences (their abstract).

    sequence  41 7 93 7
    sorted    7 7 41 93

No official data are published. The rule of sorting, the training lengths and the hints' names are the paper's; value
range, number of rows, mixing share and the hints' layout were not found and are ours. README.md says which is which.

A hint is a training row like any other, marked by its task token; questions are never hints:

    successor 41 7 93 7 | 7      41           the next larger element of the sequence
    predecessor 41 7 93 7 | 93   41           the next smaller
    count 41 7 93 7 | 7          2            how often it occurs
    fill 41 7 93 7 | 7 7 _ 93    41           the element missing from the sorted sequence
    parity 41 7 93 7 | 41        odd          whether its place in the sorted sequence, counted from 1, is odd or even

What is odd, and meant:

- Training lengths are uniform from 1, so short sequences recur in training; repeats are kept.
- At a training length, at most a tenth of all sequences of that length are asked, and those are not shown, in hints
  neither. So there are few questions of length 1.
- Splits with equal lengths, values and repeats share their questions and main rows, whatever their hint.
- A largest element has no successor, a smallest no predecessor: neither is asked about, and so such hints have length 2
  at least.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import seeds
from genbench.errors import BadValue, UnknownName, nearest
from genbench.task import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.cards import Value

LENGTHS = (30, 50, 100, 200, 500)  # asked by every split that trains on shorter ones
HINTS = ("successor", "predecessor", "count", "fill", "parity")
ORDERED_HINTS = ("successor", "predecessor")  # need two different elements
MARKS = ("|", "_", "odd", "even", *HINTS)  # tokens that are no number; their codes follow the numbers'
BAR, BLANK, ODD, EVEN = range(4)

ASKED_SHARE = 10  # one in so many of the sequences of a training length may be asked
LARGEST_VALUES = 1_000_000
LARGEST_QUESTIONS = 100_000  # in a question set
LARGEST_TOKENS = 50_000_000  # of training sequences; they are built in memory
CELLS = 4_194_304  # numbers shuffled at once; bounds memory


class Setting(NamedTuple):
    """A split's parameters, checked."""

    train_length: int
    values: int
    repeats: bool
    rows: int
    questions: int
    hint: str
    hint_rows: int
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

    def spell(self, codes: np.ndarray) -> pa.Array:
        """One string per row of token codes (integers of shape `[row, token]`), tokens between blanks."""
        words = vocabulary(self.numbers)
        offsets = np.arange(0, codes.size + 1, codes.shape[1], dtype=np.int32)
        return pc.binary_join(pa.ListArray.from_arrays(offsets, words.take(pa.array(codes.ravel()))), " ")

    def mark(self, mark: int) -> int:
        """The code of a token that is no number."""
        return self.numbers + mark


@lru_cache(maxsize=4)
def vocabulary(numbers: int) -> pa.Array:
    """Every token at its code."""
    return pa.array([*map(str, range(numbers)), *MARKS])


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split with columns sequence and sorted; questions carry `length`, the number of integers.

    Question sets are `id`, at the training lengths, and `length_N` for each longer N of `LENGTHS`. Raises `UnknownName`
    for a split whose name does not begin with `up_to_N`, `BadValue` for a parameter outside its range.
    """
    longer = asked_lengths(split)
    setting = checked(split, params, seed, longer)
    id_questions = {
        length: distinct(
            setting,
            "id",
            length,
            min(setting.questions // setting.train_length, setting.sequences(length) // ASKED_SHARE),
        )
        for length in range(1, setting.train_length + 1)
    }
    if not sum(map(len, id_questions.values())):
        raise BadValue(
            f"sorting: parameter 'values' is {setting.values}, which makes too few sequences to hold one in "
            f"{ASKED_SHARE} of them back at lengths up to {setting.train_length}; it must be larger"
        )
    return Data(
        train=training(setting, {length: setting.spell(rows) for length, rows in id_questions.items()}),
        questions={
            "id": pa.concat_tables([asked(setting, rows) for rows in id_questions.values()]).combine_chunks(),
            **{
                f"length_{length}": asked(setting, distinct(setting, "ood", length, setting.questions))
                for length in longer
            },
        },
    )


def asked_lengths(split: str) -> tuple[int, ...]:
    """The lengths that a split asks beyond its training, from the N of its name, `up_to_N...`."""
    words = split.split("_")
    named = int(words[2]) if words[:2] == ["up", "to"] and len(words) > 2 and words[2].isdecimal() else 0
    if not 0 < named < LENGTHS[-1]:
        raise UnknownName(
            f"sorting has no split {split!r}; its names begin with 'up_to_' and a length from 1 to {LENGTHS[-1] - 1}"
        )
    return tuple(length for length in LENGTHS if length > named)


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


def distinct(setting: Setting, part: str, length: int, count: int) -> np.ndarray:
    """`count` different sequences of one length, for questions; the first of equals is kept."""
    # The training length enters the stream of id questions only: a longer set is equal in up_to_10 and up_to_20.
    stream = setting.stream("questions", part, *([setting.train_length] if part == "id" else []), length)
    found: dict[bytes, np.ndarray] = {}
    while len(found) < count:
        for row in setting.draw(stream, count - len(found), length):
            found.setdefault(row.tobytes(), row)
    return np.stack(list(found.values())) if found else setting.draw(stream, 0, length)


def asked(setting: Setting, rows: np.ndarray) -> pa.Table:
    """A table of questions from sequences of one length."""
    length = pa.array(np.full(len(rows), rows.shape[1], dtype=np.int64))
    return pa.table({"sequence": setting.spell(rows), "sorted": setting.spell(np.sort(rows, axis=1)), "length": length})


def training(setting: Setting, held_back: Mapping[int, pa.Array]) -> pa.Table:
    """The rows that sort, and hints mixed in at random; no row holds a sequence that is asked."""
    main = ragged(setting, "main", setting.rows, held_back)
    if not setting.hint_rows:
        return main
    hints = ragged(setting, setting.hint, setting.hint_rows, held_back)
    order = setting.stream("mixing", setting.train_length, setting.hint).permutation(main.num_rows + hints.num_rows)
    return pa.concat_tables([main, hints]).combine_chunks().take(pa.array(order)).combine_chunks()


def ragged(setting: Setting, kind: str, count: int, held_back: Mapping[int, pa.Array]) -> pa.Table:
    """`count` training rows of one kind, `main` or a hint, their lengths uniform up to the training length."""
    stream = setting.stream("train", setting.train_length, kind)
    lengths = stream.integers(2 if kind in ORDERED_HINTS else 1, setting.train_length + 1, size=count)
    given, wanted = [], []
    for length, number in zip(*np.unique(lengths, return_counts=True), strict=True):
        rows = fresh(setting, stream, int(number), int(length), held_back[int(length)], varied=kind in ORDERED_HINTS)
        shown, answer = (rows, np.sort(rows, axis=1)) if kind == "main" else hinted(setting, stream, kind, rows)
        given.append(setting.spell(shown))
        wanted.append(setting.spell(answer))
    place = np.empty(count, dtype=np.int64)  # where each row's sequence lies among those ordered by length
    place[np.argsort(lengths, kind="stable")] = np.arange(count)
    table = pa.table({"sequence": pa.chunked_array(given), "sorted": pa.chunked_array(wanted)})
    return table.combine_chunks().take(pa.array(place)).combine_chunks()


def fresh(
    setting: Setting, stream: np.random.Generator, count: int, length: int, held_back: pa.Array, *, varied: bool
) -> np.ndarray:
    """`count` sequences of one length, none of them held back; if `varied`, with two different elements at least."""
    parts: list[np.ndarray] = []
    missing = count
    while missing:
        rows = setting.draw(stream, missing, length)
        keep = ~pc.is_in(setting.spell(rows), value_set=held_back).to_numpy(zero_copy_only=False)
        if varied:
            keep &= rows.min(1) != rows.max(1)
        parts.append(rows[keep])
        missing -= int(keep.sum())
    return np.concatenate(parts)


def hinted(setting: Setting, stream: np.random.Generator, hint: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hints over sequences of one length: token codes of the inputs and of the one-token answers, a row for each."""
    rows = rows.astype(np.int64)
    ordered = np.sort(rows, axis=1)
    count, length = rows.shape
    each = np.arange(count)

    def some(choices: Any) -> np.ndarray:  # a position in 0 .. choices - 1 for each row
        return np.asarray(stream.integers(choices, size=count))

    if hint == "fill":
        hole = some(length)
        answer = ordered[each, hole]
        about = ordered.copy()
        about[each, hole] = setting.mark(BLANK)
    else:
        if hint == "successor":
            place = some((ordered < ordered[:, -1:]).sum(1))
        elif hint == "predecessor":
            place = length - 1 - some((ordered > ordered[:, :1]).sum(1))
        else:
            place = some(length)
        about = ordered[each, place][:, None]
        smaller, not_larger = (ordered < about).sum(1), (ordered <= about).sum(1)
        if hint == "successor":
            answer = ordered[each, not_larger]
        elif hint == "predecessor":
            answer = ordered[each, smaller - 1]
        elif hint == "count":
            answer = not_larger - smaller
        else:  # its first place, counted from 1, is smaller + 1
            answer = np.where(smaller % 2 == 0, setting.mark(ODD), setting.mark(EVEN))
    first = np.full((count, 1), setting.mark(MARKS.index(hint)))
    bar = np.full((count, 1), setting.mark(BAR))
    return np.concatenate([first, rows, bar, about], axis=1), answer[:, None]


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
    questions = _integer(params, "questions", train_length, LARGEST_QUESTIONS, ": at least one a training length")
    hint = params.get("hint")
    if not isinstance(hint, str) or hint not in ("none", *HINTS):
        near = nearest(hint, ("none", *HINTS)) if isinstance(hint, str) else ""
        raise BadValue(f"sorting: parameter 'hint' is {hint!r}; it must be 'none' or one of {', '.join(HINTS)}{near}")
    share = params.get("hint_share")
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share < 1:
        raise BadValue(f"sorting: parameter 'hint_share' is {share!r}; it must be a number above 0 and below 1")
    if hint in ORDERED_HINTS and train_length < 2:
        raise BadValue(
            f"sorting: parameter 'train_length' is {train_length}; with hint = {hint!r} it must be at least 2, "
            "for one element has no other beside it"
        )
    if hint == "count" and not repeats:
        raise BadValue(
            "sorting: parameter 'hint' is 'count', which is always 1 without repeats; it must be another, "
            "or 'repeats' must be true"
        )
    hint_rows = 0 if hint == "none" else max(1, round(rows * share / (1 - share)))
    if (rows + hint_rows) * train_length > LARGEST_TOKENS:
        raise BadValue(
            f"sorting: parameter 'hint_share' is {share}, which adds {hint_rows} rows to {rows}; at train_length = "
            f"{train_length} they must be at most {LARGEST_TOKENS // train_length} together"
        )
    return Setting(train_length, values, repeats, rows, questions, hint, hint_rows, seed)


def _integer(params: Mapping[str, Value], key: str, least: int, most: int, why: str = "") -> int:
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadValue(f"sorting: parameter {key!r} is {value!r}; it must be an integer from {least} to {most}{why}")
    return value
