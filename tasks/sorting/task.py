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
- In `up_to_20_windows` training sequences come from windows of consecutive values, which are ours; questions do not.
- A largest element has no successor, a smallest no predecessor: neither is asked about, and so such hints have length 2
  at least.

`load` materialises a split; `stream` gives its rows without end, in flat memory.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from hints import BESIDE
from rows import asked, ragged, training
from sequences import distinct, held_out
from settings import asked_lengths, checked, streamed_lengths

from genbench import Data
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench import Value

BLOCK: Final = 8192  # rows drawn from one stream of random numbers, so that a batch size changes nothing


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
