"""What was asked is kept once: PREDICTIONS parted into answers and QUESTIONS, and put together again.

QUESTIONS are named by a digest of what they hold, the data's fingerprint among it, and answers say that name. So
answers never meet targets of other data, or of the same data under other ids.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import StoreFault
from genbench.rows.schema import KEPT_PREDICTIONS, PREDICTIONS, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

ASKED: Final = ("target", "slices")  # columns of PREDICTIONS that are kept in QUESTIONS


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
    name = _digest((task, split, data_fingerprint), asked)
    count = len(asked)
    answers = predictions.select([one for one in KEPT_PREDICTIONS.names if one != "questions"])
    answers = answers.append_column(KEPT_PREDICTIONS.field("questions"), _same(name, count))
    who = [_same(text, count) for text in (name, task, split, data_fingerprint)]
    questions = pa.Table.from_arrays(
        [*who, *(asked.column(one) for one in QUESTIONS.names[len(who) :])], names=QUESTIONS.names
    )
    return Parted(answers.cast(KEPT_PREDICTIONS), questions.cast(QUESTIONS), name)


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


def _digest(who: Sequence[str], asked: pa.Table) -> str:
    """Of the values of a table whose arrays are whole, however they are laid out in memory."""
    digest = hashlib.sha256("\0".join(who).encode())
    digest.update(asked.column("question_id").to_numpy().astype("<i8").tobytes())
    slices = _one(asked.column("slices"))
    digest.update(np.asarray(slices.offsets).astype("<i8").tobytes())
    for texts in (_one(asked.column("question_set")), _one(asked.column("target")), slices.keys, slices.items):
        _feed(digest, texts.cast(pa.string()))
    return digest.hexdigest()[:24]


def _one(column: pa.ChunkedArray) -> Any:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _feed(digest: Any, texts: pa.StringArray) -> None:
    digest.update(np.packbits(np.asarray(texts.is_null())).tobytes())
    digest.update(np.asarray(pc.fill_null(pc.binary_length(texts), -1)).astype("<i8").tobytes())
    for start in range(0, len(texts), 65_536):
        digest.update("".join(filter(None, texts.slice(start, 65_536).to_pylist())).encode())
