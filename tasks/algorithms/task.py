"""Small algorithms: questions about sequences, learned from short ones and asked for longer ones.

Zhou et al. 2023 (arXiv:2310.16028) conjecture that a Transformer generalizes to longer inputs where a short program in
RASP-L solves the task at every length; their listings are in apple/ml-np-rasp at d77577ac. One example a split:

    split                    prompt                                answer
    count                    3 6                                   3 4 5 6
    mode                     2 0 2 4                               2
    copy_unique              17 4 130                              17 4 130
    copy_repeat              1 0 0 1                               1 0 0 1
    addition_forward         0 3 6 + 0 0 7 =                       0 4 3
    addition_reversed        0 3 6 + 0 0 7 =                       3 4 0
    addition_hints_forward   h5 0 h6 3 h7 6 + h5 0 h6 0 h7 7 =     h5 0 h6 4 h7 3
    addition_hints           h5 0 h6 3 h7 6 + h5 0 h6 0 h7 7 =     h7 3 h6 4 h5 0
    parity                   0 0 1 1                               0
    parity_scratchpad        h4 0 h5 0 h6 1 h7 1                   + h6 - h7
    modular_sum              3 1 4                                 3
    multiplication           3 6 * 2 0 5 =                         0 8 3 7 0
    reverse                  1 0 0 0                               0 0 0 1
    dyck                     (0 (1 )1 (1                           )1 )0
    associative_recall       17 v4 130 v9 = 17                     v4
    induction_heads          3 7 1 0 7                             1
    mode_scratchpad          1 0 1          0 d0 d0 d1 1 d0 d0 d2 2 d0 d0 d0 3 d0 d0 d0 4 d0 d0 d0 = 1
    mode_scratchpad_sorted   0 0 1          2 d0 d0 d0 3 d0 d0 d0 4 d0 d0 d0 1 d0 d0 d1 0 d0 d0 d2 = 0
    increment                0 1 9 9                               0 2 0 0
    increment_hint           0 1 9 9                               0 2 0 0

The layouts of count and of addition with hints are those of the listings, less their marks for start and end, which are
a submission's own; those down to parity_scratchpad are as recalled from the paper; the next six are of other papers; of
the last four papers tell that were not at hand: layouts are ours. README.md says which is which, and what length is.

What is odd, and meant:

- Hints are consecutive but begin anywhere (`hint_start = "random"`), so that training shows every hint that questions
  have. The listings begin with the first (`"first"`); then hints past the training length are words never seen.
- Both summands of an addition are padded with zeros to one digit more than the longer has, in every split of addition,
  so that splits differ in order and hints only.
- A mode is unique: sequences with a tie for the first place are not drawn.
- In increment_hint a training row in two is a hint: `* 0 1 9 9` asks for the digits that will change, `1 9 9`. No hint
  is asked.
- Training lengths are uniform from 1, so short prompts recur in training; repeats are kept. At a training length at
  most a tenth of all prompts is asked, so there are few questions of length 1, or none.
- With hints that begin anywhere, a short question's digits may stand in training behind other hints.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from arithmetic import hinted_increment, increment, modular_sum, multiplication, numbers, products
from modes import clear_majorities, mode, mode_scratchpad, mode_scratchpad_sorted
from recall import KEYS_AND_VALUES, associative_recall, induction_heads, inductions, recalls
from stacks import BRACKETS, dyck, reverse
from words import EQUALS, MINUS, NOTHING, PLUS, vocabulary

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from genbench import Value

BEYOND = {"plus_10": (1, 10), "plus_50": (11, 50), "plus_100": (51, 100)}  # how much longer than the longest trained
LONGEST_BEYOND = 100
ASKED_SHARE = 10  # one in so many of the prompts of a training length may be asked
LARGEST_SYMBOLS = 100_000
LARGEST_LENGTH = 10_000
LARGEST_QUESTIONS = 100_000  # in a question set
LARGEST_TOKENS = 50_000_000  # of training prompts; they are built in memory
CELLS = 4_194_304  # numbers shuffled or counted at once; bounds memory

Codes = tuple[np.ndarray, np.ndarray]  # of prompts and answers, int64 of shape [row, token]


class Setting(NamedTuple):
    """A split's parameters, checked."""

    split: str
    train_length: int
    symbols: int
    rows: int
    shown: int
    questions: int
    shifted: bool
    seed: int

    @property
    def longest(self) -> int:
        """The length of the longest question."""
        return self.train_length + LONGEST_BEYOND

    @property
    def hints(self) -> int:
        """How many hints there are: enough for the longest question, one more for the leading zero of an addition."""
        return self.longest + 1

    def starts(self, count: int) -> int:
        """With how many hints `count` consecutive ones may begin."""
        return self.hints - count + 1 if self.shifted else 1

    def hinted(self, stream: np.random.Generator, rows: int, count: int) -> np.ndarray:
        """The codes of `count` consecutive hints for each row."""
        start = stream.integers(self.starts(count), size=(rows, 1))
        return self.symbols + start + np.arange(count)

    def spell(self, codes: np.ndarray) -> pa.Array:
        """One string per row of token codes, tokens between blanks; codes of `NOTHING` are left out."""
        there = codes != NOTHING
        words = vocabulary(self.symbols, self.hints, ALGORITHMS[self.split].kinds)
        flat = codes[there]
        flat = np.where(flat < NOTHING, flat + len(words) + 1, flat)
        offsets = np.concatenate([[0], np.cumsum(there.sum(1))]).astype(np.int32)
        return pc.binary_join(pa.ListArray.from_arrays(offsets, words.take(pa.array(flat))), " ")


# --- the algorithms --------------------------------------------------------------------------------------------------
# Those of Zhou et al.; the others are in modules of their own. Each draws at most `count` prompts of one length with
# their answers; fewer where some are left out, or for memory.


def count_up(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """From a to b, both counted: `length` numbers."""
    first = stream.integers(setting.symbols - length + 1, size=(count, 1))
    return np.concatenate([first, first + length - 1], axis=1), first + np.arange(length)


def copy_unique(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The prompt again: `length` symbols, each at most once."""
    every = np.tile(np.arange(setting.symbols), (min(count, max(1, CELLS // setting.symbols)), 1))
    prompts = stream.permuted(every, axis=1)[:, :length]
    return prompts, prompts


def copy_repeat(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The prompt again: `length` symbols."""
    prompts = stream.integers(setting.symbols, size=(count, length))
    return prompts, prompts


def addition(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The sum of two numbers, the longer of `length` digits, the other of 1 to `length`."""
    base = setting.symbols
    digits = stream.integers(base, size=(count, 2, length + 1))
    shorter = stream.integers(1, length + 1, size=count)
    long = np.where(stream.integers(2, size=(count, 1)) == [0, 1], length, shorter[:, None])  # digits of either summand
    place = length - np.arange(length + 1)  # of a digit, counted from the last
    leading = (place == long[..., None] - 1) & (long[..., None] > 1)
    digits = np.where(leading, stream.integers(1, base, size=(count, 2, 1)), digits) * (place < long[..., None])

    total = digits.sum(1)
    carry = np.zeros(count, dtype=np.int64)
    answers = np.empty((count, length + 1), dtype=np.int64)
    for column in range(length, -1, -1):
        carry, answers[:, column] = np.divmod(total[:, column] + carry, base)

    plus, equals = np.full((count, 1), PLUS), np.full((count, 1), EQUALS)
    first, second = digits[:, 0], digits[:, 1]
    hints = setting.hinted(stream, count, length + 1)
    if setting.split in {"addition_reversed", "addition_hints"}:
        answers, answer_hints = answers[:, ::-1], hints[:, ::-1]
    else:
        answer_hints = hints
    if "hints" in setting.split:
        first, second, answers = paired(hints, first), paired(hints, second), paired(answer_hints, answers)
    return np.concatenate([first, plus, second, equals], axis=1), answers


def parity(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """Whether `length` bits hold an odd number of ones."""
    bits = stream.integers(setting.symbols, size=(count, length))
    return bits, bits.sum(1, keepdims=True) % 2


def parity_scratchpad(setting: Setting, stream: np.random.Generator, count: int, length: int) -> Codes:
    """The hint of each one among `length` bits, after + if it makes the number of ones odd, - if even; one at least."""
    bits = stream.integers(setting.symbols, size=(count, length))
    bits = bits[bits.any(1)]
    hints = setting.hinted(stream, len(bits), length)
    sign = np.where(np.cumsum(bits, axis=1) % 2 == 1, PLUS, MINUS)
    return paired(hints, bits), np.where(np.repeat(bits, 2, axis=1) == 1, paired(sign, hints), NOTHING)


def paired(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Two matrices of shape `[row, place]` as one, their columns in turn."""
    return np.stack([before, after], axis=2).reshape(len(before), 2 * before.shape[1])


class Algorithm(NamedTuple):
    """How a split's rows are drawn, how many prompts of a length there are at least, and with how many symbols.

    `per_length` says that a question needs more symbols than its length, whatever `least` is; `kinds` the letters of
    its kinds of symbols, each of which has as many. `mixed` puts rows that ask something else among those of training.
    """

    draw: Callable[[Setting, np.random.Generator, int, int], Codes]
    prompts: Callable[[Setting, int], int]
    least: int = 2
    most: int = LARGEST_SYMBOLS
    per_length: bool = False
    kinds: tuple[str, ...] = ("",)
    mixed: Callable[[Setting, np.random.Generator, pa.Table], pa.Table] | None = None


def pairs(setting: Setting, length: int) -> int:
    """How many additions there are of numbers with `length` digits at most, one of them with as many."""
    shorter: int = setting.symbols ** (2 * (length - 1)) if length > 1 else 0
    starts = setting.starts(length + 1) if "hints" in setting.split else 1
    every: int = setting.symbols ** (2 * length)
    return (every - shorter) * starts


ALGORITHMS = {
    "count": Algorithm(count_up, lambda s, n: s.symbols - n + 1, per_length=True),
    "mode": Algorithm(mode, clear_majorities, most=100),
    "mode_scratchpad": Algorithm(mode_scratchpad, clear_majorities, most=100),
    "mode_scratchpad_sorted": Algorithm(mode_scratchpad_sorted, clear_majorities, most=100),
    "copy_unique": Algorithm(copy_unique, lambda s, n: math.perm(s.symbols, n), most=5_000, per_length=True),
    "copy_repeat": Algorithm(copy_repeat, lambda s, n: s.symbols**n),
    **dict.fromkeys(
        ("addition_forward", "addition_reversed", "addition_hints_forward", "addition_hints"),
        Algorithm(addition, pairs, most=1_000),
    ),
    "parity": Algorithm(parity, lambda s, n: s.symbols**n, most=2),
    "parity_scratchpad": Algorithm(parity_scratchpad, lambda s, n: (s.symbols**n - 1) * s.starts(n), most=2),
    "modular_sum": Algorithm(modular_sum, lambda s, n: s.symbols**n, most=100),
    "multiplication": Algorithm(multiplication, products, most=1_000),
    "reverse": Algorithm(reverse, lambda s, n: s.symbols**n),
    "dyck": Algorithm(dyck, lambda s, n: s.symbols**n, most=1_000, kinds=BRACKETS),  # those that only open
    "associative_recall": Algorithm(associative_recall, recalls, most=5_000, per_length=True, kinds=KEYS_AND_VALUES),
    "induction_heads": Algorithm(induction_heads, inductions, least=3, most=1_000),
    "increment": Algorithm(increment, numbers, most=1_000),
    "increment_hint": Algorithm(increment, numbers, most=1_000, mixed=hinted_increment),
}


# --- the split -------------------------------------------------------------------------------------------------------


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split with columns prompt and answer; questions carry `length`, which README.md defines for each split.

    Question sets are `id`, at the training lengths, and those of `BEYOND`. Raises `UnknownName` for a split that is no
    algorithm here, `BadValue` for a parameter outside its range.
    """
    if split not in ALGORITHMS:
        raise UnknownName(f"algorithms has no split {split!r}{nearest(split, ALGORITHMS)}")
    setting = checked(split, params, seed)
    prompts = ALGORITHMS[split].prompts
    longest = setting.train_length
    id_questions = {
        length: distinct(
            setting, "id", length, min(setting.questions // longest, prompts(setting, length) // ASKED_SHARE)
        )
        for length in range(1, longest + 1)
    }
    if not sum(table.num_rows for table in id_questions.values()):
        raise BadValue(
            f"algorithms: parameter 'train_length' is {longest} and 'symbols' is {setting.symbols}, which makes too "
            f"few prompts of {split} to hold one in {ASKED_SHARE} of a length back; one of the two must be larger"
        )
    questions = {"id": pa.concat_tables(id_questions.values()).combine_chunks()}
    for name, (least, most) in BEYOND.items():
        each = setting.questions // (most - least + 1)
        questions[name] = pa.concat_tables(
            [
                distinct(setting, "ood", length, min(each, prompts(setting, length)))
                for length in range(longest + least, longest + most + 1)
            ]
        ).combine_chunks()
    return Data(train=training(setting, id_questions).slice(0, setting.shown), questions=questions)


def distinct(setting: Setting, part: str, length: int, count: int) -> pa.Table:
    """`count` different questions of one length; the first of equals is kept."""
    names = (setting.split, part, setting.train_length, length, setting.seed)
    stream = np.random.default_rng(seeds.derive("algorithms", *names))
    found: dict[str, str] = {}
    while len(found) < count:
        prompts, answers = map(
            setting.spell, ALGORITHMS[setting.split].draw(setting, stream, count - len(found), length)
        )
        for prompt, answer in zip(prompts.to_pylist(), answers.to_pylist(), strict=True):
            found.setdefault(prompt, answer)
    return pa.table(
        {
            "prompt": pa.array(found.keys(), pa.string()),
            "answer": pa.array(found.values(), pa.string()),
            "length": pa.array(np.full(len(found), length, dtype=np.int64)),
        }
    )


def training(setting: Setting, held_back: Mapping[int, pa.Table]) -> pa.Table:
    """The training rows, their lengths uniform up to the training length; no prompt of them is asked."""
    stream = np.random.default_rng(
        seeds.derive("algorithms", setting.split, "train", setting.train_length, setting.seed)
    )
    lengths = stream.integers(1, setting.train_length + 1, size=setting.rows)
    parts = []
    for length, number in zip(*np.unique(lengths, return_counts=True), strict=True):
        missing = int(number)
        while missing:
            codes = ALGORITHMS[setting.split].draw(setting, stream, missing, int(length))
            prompts, answers = map(setting.spell, codes)
            keep = pc.invert(pc.is_in(prompts, value_set=held_back[int(length)]["prompt"].combine_chunks()))
            parts.append(pa.table({"prompt": prompts, "answer": answers}).filter(keep))
            missing -= parts[-1].num_rows
    place = np.empty(setting.rows, dtype=np.int64)  # where each row's prompt lies among those ordered by length
    place[np.argsort(lengths, kind="stable")] = np.arange(setting.rows)
    table = pa.concat_tables(parts).combine_chunks().take(pa.array(place)).combine_chunks()
    mixed = ALGORITHMS[setting.split].mixed
    if mixed is None:
        return table
    return mixed(
        setting, np.random.default_rng(seeds.derive("algorithms", setting.split, "mixed", setting.seed)), table
    )


def checked(split: str, params: Mapping[str, Value], seed: int) -> Setting:
    """The parameters, each in its range and all together possible. Raises `BadValue`."""
    algorithm = ALGORITHMS[split]
    train_length = _integer(params, "train_length", 1, LARGEST_LENGTH)
    longest = train_length + LONGEST_BEYOND
    if algorithm.per_length:
        why = f": {split} takes a symbol for each place of the longest question"
        symbols = _integer(params, "symbols", longest + 1, algorithm.most, why)
    else:
        symbols = _integer(params, "symbols", algorithm.least, algorithm.most)
    rows = _integer(params, "rows", 1, LARGEST_TOKENS // train_length)
    shown = _integer(params, "shown", 1, LARGEST_TOKENS)
    sets = max(train_length, *(most - least + 1 for least, most in BEYOND.values()))
    questions = _integer(params, "questions", sets, LARGEST_QUESTIONS, ": at least one for each length of a set")
    start = params.get("hint_start")
    if start not in ("random", "first"):
        raise BadValue(f"algorithms: parameter 'hint_start' is {start!r}; it must be 'random' or 'first'")
    return Setting(split, train_length, symbols, rows, shown, questions, start == "random", seed)


def _integer(params: Mapping[str, Value], key: str, least: int, most: int, why: str = "") -> int:
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        form = f"an integer from {least} to {most}" if least < most else str(least)
        raise BadValue(f"algorithms: parameter {key!r} is {value!r}; it must be {form}{why}")
    return value
