"""What was asked is kept once: PREDICTIONS parted into answers and QUESTIONS, and put together again.

QUESTIONS are named by a digest of what they hold, the data's fingerprint among it, and answers say that name. So
answers never meet targets of other data, or of the same data under other ids.

A cell of very many questions gives its PREDICTIONS block by block (`InBlocks`), of which one is in memory at a time;
what is kept of them is the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import StoreFault
from genbench.rows.schema import KEPT_PREDICTIONS, PREDICTIONS, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ASKED: Final = ("target", "slices")  # columns of PREDICTIONS that are kept in QUESTIONS


class Asked:
    """What very many questions ask, in ascending order of their ids, block by block: the same for all cells of a split.

    `blocks` gives tables of some columns of QUESTIONS, anew each time it is called; all but the last have a multiple of
    eight rows, and none has values that are slices of others.
    """

    def __init__(self, blocks: Callable[[Sequence[str]], Iterable[pa.Table]]) -> None:
        self.blocks = blocks
        self._names: dict[tuple[str, str, str], str] = {}

    def name(self, *who: str) -> str:
        """Its name as that of `who`: task, split and the data's fingerprint."""
        task, split, data_fingerprint = who
        if (task, split, data_fingerprint) not in self._names:
            self._names[task, split, data_fingerprint] = _digest(who, self._column)
        return self._names[task, split, data_fingerprint]

    def questions(self, *who: str) -> Iterator[pa.Table]:
        """QUESTIONS, block by block."""
        for block in self.blocks(("question_set", "question_id", *ASKED)):
            yield _questions(self.name(*who), who, block)

    def _column(self, name: str) -> Iterator[Any]:
        return (_one(block.column(name)) for block in self.blocks((name,)))


@dataclass(frozen=True, slots=True)
class InBlocks:
    """PREDICTIONS of one cell of very many questions: its answers block by block, anew at each call, and the questions.

    The answers have the columns of KEPT_PREDICTIONS but for `questions`, in ascending order of question ids.
    """

    answers: Callable[[], Iterable[pa.Table]]
    asked: Asked

    def kept(self, name: str) -> Iterator[pa.Table]:
        """KEPT_PREDICTIONS, block by block, as answers to the questions of that name."""
        return (_answers(block, name) for block in self.answers())


class Parted(NamedTuple):
    """Answers as a cell keeps them, what they answer, and the name of that."""

    answers: pa.Table  # KEPT_PREDICTIONS
    questions: pa.Table  # QUESTIONS
    name: str


def parted(predictions: pa.Table, task: str, split: str, data_fingerprint: str) -> Parted:
    """PREDICTIONS of one cell, parted; the questions in ascending order of their ids."""
    asked = predictions.select(["question_set", "question_id", *ASKED])
    ids = asked.column("question_id").to_numpy()
    plain = all(chunk.offset == 0 for column in asked.columns for chunk in column.chunks)
    if not plain or (np.diff(ids) <= 0).any():
        asked = asked.sort_by("question_id")
    asked = asked.combine_chunks()
    who = (task, split, data_fingerprint)
    name = _digest(who, lambda column: [_one(asked.column(column))])
    return Parted(_answers(predictions, name), _questions(name, who, asked), name)


def _answers(predictions: pa.Table, name: str) -> pa.Table:
    """KEPT_PREDICTIONS: answers that say the name of what they answer."""
    answers = predictions.select([one for one in KEPT_PREDICTIONS.names if one != "questions"])
    answers = answers.append_column(KEPT_PREDICTIONS.field("questions"), _same(name, len(answers)))
    return answers.cast(KEPT_PREDICTIONS)


def _questions(name: str, who: Sequence[str], asked: pa.Table) -> pa.Table:
    """QUESTIONS: what was asked beside its name and whose it is."""
    told = [_same(text, len(asked)) for text in (name, *who)]
    columns = [*told, *(asked.column(one) for one in QUESTIONS.names[len(told) :])]
    return pa.Table.from_arrays(columns, names=QUESTIONS.names).cast(QUESTIONS)


def name_in(answers: pa.Table) -> str:
    """The name of the questions that one cell's answers say. Raises `StoreFault` where they say none, or several."""
    named = pc.unique(answers.column("questions").cast(pa.string())).to_pylist()
    if len(named) != 1:
        raise StoreFault(f"its answers name {len(named)} states of what was asked; they must name one")
    return str(named[0])


def joined(answers: pa.Table, questions: pa.Table, columns: Sequence[str]) -> pa.Table:
    """`columns` of PREDICTIONS: answers beside what was asked. Raises `StoreFault` for an answer to none of them."""
    ids, known = answers.column("question_id"), questions.column("question_id")
    if not np.array_equal(ids.to_numpy(), known.to_numpy()):
        places = pc.index_in(ids.combine_chunks(), known.combine_chunks())
        if places.null_count:
            raise StoreFault(f"{places.null_count} of its answers are to questions that its split has not")
        questions = questions.take(places)
    found = [(questions if name in ASKED else answers).column(name) for name in columns]
    wanted = pa.schema([PREDICTIONS.field(name) for name in columns])
    return pa.Table.from_arrays(found, names=list(columns)).cast(wanted).replace_schema_metadata(None)


def _same(text: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))


def _digest(who: Sequence[str], column: Callable[[str], Iterable[Any]]) -> str:
    """Of the values of columns, however they lie in memory; `column` gives the arrays of one, each time anew."""
    digest = hashlib.sha256("\0".join(who).encode())
    for ids in column("question_id"):
        digest.update(ids.to_numpy().astype("<i8").data)
    begin, end = 0, 0
    for slices in column("slices"):
        offsets = np.asarray(slices.offsets).astype("<i8") + end
        digest.update(offsets[begin:].data)
        begin, end = 1, int(offsets[-1])  # where one array ends the next begins
    for name in ("question_set", "target"):
        _feed(digest, lambda name=name: column(name))  # type: ignore[misc]
    _feed(digest, lambda: (slices.keys for slices in column("slices")))
    _feed(digest, lambda: (slices.items for slices in column("slices")))
    return digest.hexdigest()[:24]


def _one(column: pa.ChunkedArray) -> Any:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _feed(digest: Any, arrays: Callable[[], Iterable[Any]]) -> None:
    """Which texts are null, how long they are, and what they say; all arrays but the last have whole bytes of nulls."""
    for texts in arrays():
        digest.update(np.packbits(np.asarray(texts.is_null())))
    for texts in arrays():
        lengths = pc.fill_null(pc.binary_length(texts.cast(pa.string())), -1)
        digest.update(np.asarray(lengths).astype("<i8"))
    for texts in arrays():
        for start in range(0, len(texts), 65_536):
            told = pc.drop_null(texts.slice(start, 65_536).cast(pa.string()))
            ends = np.frombuffer(told.buffers()[1], np.int32)[told.offset : told.offset + len(told) + 1]
            if len(told) and ends[-1] > ends[0]:
                digest.update(memoryview(told.buffers()[2])[int(ends[0]) : int(ends[-1])])
