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

`load` materialises a split; `stream` gives its rows without end, in flat memory.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench import Value

LENGTHS = (30, 50, 100, 200, 500)  # asked by every split that trains on shorter ones
HINTS = ("successor", "predecessor", "count", "fill", "parity")
ORDERED_HINTS = ("successor", "predecessor")  # need two different elements
BESIDE = "+"  # between the names of several hints
MARKS = ("|", "_", "odd", "even", *HINTS)  # tokens that are no number; their codes follow the numbers'
BAR, BLANK, ODD, EVEN = range(4)

ASKED_SHARE = 10  # one in so many of the sequences of a training length may be asked
LARGEST_VALUES = 1_000_000
LARGEST_QUESTIONS = 100_000  # in a question set
LARGEST_TOKENS = 50_000_000  # of training sequences; they are built in memory
CELLS = 4_194_304  # numbers shuffled at once; bounds memory
BLOCK: Final = 8192  # rows drawn from one stream of random numbers, so that a batch size changes nothing
WIDTHS = (4, 8, 16)  # bytes a token and the blank before it are packed in: 8192 tokens are looked up as one gather


class Setting(NamedTuple):
    """A split's parameters, checked."""

    train_length: int
    values: int
    repeats: bool
    rows: int
    questions: int
    hints: tuple[str, ...]
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

    def spell(self, codes: np.ndarray, *, like: pa.Array | None = None) -> pa.Array:
        """One string per row of token codes (integers of shape `[row, token]`), tokens between blanks.

        Rows that hold the same tokens in another order are as long: `like` saves adding their lengths up again.
        """
        if not codes.size:
            return pa.array([""] * len(codes), pa.string())
        packed, lengths = vocabulary(self.numbers, words=bool(codes.max() >= self.numbers))
        cells = np.take(packed, codes, mode="clip")  # every code is a token's; clipping is the fast way to say so
        text = cells.view(np.uint8).reshape(len(codes), -1)
        text[:, 0] = 0  # the first blank
        if like is None:
            ends = np.zeros(len(codes) + 1, dtype=np.int32)
            np.cumsum(np.take(lengths, codes, mode="clip").sum(1, dtype=np.int32) - 1, out=ends[1:])
            offsets = pa.py_buffer(ends)
        else:
            offsets = like.buffers()[1]
        return pa.StringArray.from_buffers(len(codes), offsets, pa.py_buffer(text.tobytes().translate(None, b"\0")))

    def mark(self, mark: int) -> int:
        """The code of a token that is no number."""
        return self.numbers + mark


@lru_cache(maxsize=8)
def vocabulary(numbers: int, *, words: bool) -> tuple[np.ndarray, np.ndarray]:
    """A blank and the token at each code, packed and padded with zero bytes, and how many bytes they are.

    Without `words` the numbers only, which are packed closer.
    """
    tokens = [f" {token}".encode() for token in (*range(numbers), *(MARKS if words else ()))]
    width = next(width for width in WIDTHS if width >= max(map(len, tokens)))
    packed = np.array(tokens, dtype=f"S{width}")
    integers = {4: np.uint32, 8: np.uint64}.get(width)  # gathered faster than bytes
    return packed if integers is None else packed.view(integers), np.array(list(map(len, tokens)), dtype=np.int32)


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split with columns sequence and sorted; questions carry `length`, the number of integers.

    Question sets are `id`, at the training lengths, and `length_N` for each longer N of `LENGTHS`. Raises `UnknownName`
    for a split whose name does not begin with `up_to_N`, `BadValue` for a parameter outside its range.
    """
    longer = asked_lengths(split)
    setting = checked(split, params, seed, longer)
    id_questions = held_out(setting)
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


def stream(split: str, subset: str, params: Mapping[str, Value], seed: int, rows: int = BLOCK) -> Iterator[pa.Table]:
    """Tables of `rows` new rows each, without end and in flat memory; the same rows whatever `rows` is.

    `subset` is `train`, with columns sequence and sorted: lengths uniform, hints in their share, and nothing that the
    split's questions ask at the training lengths; or a question set, as `id` or `length_100`, with the column length
    too. Any length may be asked so, from 1. The rows are not those of `load`, and what recurs is kept. Raises
    `UnknownName` for a split or subset that is none, `BadValue` for a parameter outside its range, when it is called.
    """
    setting = checked(split, params, seed, asked_lengths(split))
    least, most = streamed_lengths(setting, split, subset)
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
        raise BadValue(f"sorting: a stream is cut into tables of 'rows' = {rows!r}; it must be an integer from 1")
    nothing = pa.array([], pa.string())
    asked_of = held_out(setting) if subset == "train" else {}
    held_back = {
        length: setting.spell(asked_of[length]) if length in asked_of else nothing for length in range(least, most + 1)
    }

    def block(number: int) -> pa.Table:
        own = setting.stream("stream", subset, setting.train_length, BESIDE.join(setting.hints), number)
        if subset != "train":
            return ragged(setting, own, "asked", BLOCK, held_back)
        each = setting.hint_rows / max(1, len(setting.hints))
        shares = [setting.rows, *(each for _ in setting.hints)]
        counts = own.multinomial(BLOCK, np.array(shares) / sum(shares))
        kinds = zip(("main", *setting.hints), counts.tolist(), strict=True)
        parts = [ragged(setting, own, kind, count, held_back) for kind, count in kinds if count]
        return pa.concat_tables(parts).combine_chunks().take(pa.array(own.permutation(BLOCK)))

    return batches((block(number) for number in itertools.count()), rows)


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


def batches(tables: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The same rows in tables of `rows` each."""
    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        waiting.append(table)
        count += table.num_rows
        if count < rows:
            continue
        whole = pa.concat_tables(waiting)
        for begin in range(0, count - rows + 1, rows):
            yield whole.slice(begin, rows).combine_chunks()
        count %= rows
        waiting = [whole.slice(whole.num_rows - count)]


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
    main = ragged(setting, setting.stream("train", setting.train_length, "main"), "main", setting.rows, held_back)
    if not setting.hints:
        return main
    parts = [main]
    for hint, count in shared(setting.hint_rows, setting.hints):
        parts.append(ragged(setting, setting.stream("train", setting.train_length, hint), hint, count, held_back))
    whole = pa.concat_tables(parts)
    own = setting.stream("mixing", setting.train_length, BESIDE.join(setting.hints))
    return whole.combine_chunks().take(pa.array(own.permutation(whole.num_rows))).combine_chunks()


def shared(count: int, hints: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Each hint with its part of `count` rows: equal parts, the first ones larger by one where it does not divide."""
    each, over = divmod(count, len(hints))
    for place, hint in enumerate(hints):
        yield hint, each + (place < over)


def ragged(
    setting: Setting, stream: np.random.Generator, kind: str, count: int, held_back: Mapping[int, pa.Array]
) -> pa.Table:
    """`count` rows of one kind, `main`, `asked` or a hint, their lengths uniform over those of `held_back`.

    Where those are asked there is a column of lengths. A hint that needs two elements has no row of length 1.
    """
    shortest, longest = min(held_back), max(held_back)
    lengths = stream.integers(max(shortest, 2) if kind in ORDERED_HINTS else shortest, longest + 1, size=count)
    given, wanted = [], []
    for length, number in zip(*np.unique(lengths, return_counts=True), strict=True):
        rows = fresh(setting, stream, int(number), int(length), held_back[int(length)], varied=kind in ORDERED_HINTS)
        if kind in HINTS:
            shown, answer = hinted(setting, stream, kind, rows)
            given.append(setting.spell(shown))
            wanted.append(setting.spell(answer))
        else:
            given.append(setting.spell(rows))
            wanted.append(setting.spell(np.sort(rows, axis=1), like=given[-1]))
    columns = {"sequence": pa.chunked_array(given), "sorted": pa.chunked_array(wanted)}
    table = pa.table(columns).combine_chunks()
    if len(given) > 1:
        place = np.empty(count, dtype=np.int64)  # where each row's sequence lies among those ordered by length
        place[np.argsort(lengths, kind="stable")] = np.arange(count)
        table = table.take(pa.array(place)).combine_chunks()
    return table.append_column("length", pa.array(lengths)) if kind == "asked" else table


def fresh(
    setting: Setting, stream: np.random.Generator, count: int, length: int, held_back: pa.Array, *, varied: bool
) -> np.ndarray:
    """`count` sequences of one length, none of them held back; if `varied`, with two different elements at least."""
    parts: list[np.ndarray] = []
    missing = count
    while missing:
        rows = setting.draw(stream, missing, length)
        if len(held_back):
            rows = rows[~pc.is_in(setting.spell(rows), value_set=held_back).to_numpy(zero_copy_only=False)]
        if varied:
            rows = rows[rows.min(1) != rows.max(1)]
        parts.append(rows)
        missing -= len(rows)
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
    return Setting(train_length, values, repeats, rows, questions, hints, hint_rows, seed)


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
