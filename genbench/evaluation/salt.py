"""A secret that the evaluator alone knows: an order of questions for each cell, and data that nobody has seen.

Ids and order of questions are public otherwise: they follow from a task's name, so answers can be brought along by
position. With a salt a cell sees its questions in an order that nobody could know before, numbered in that order; the
evaluator puts the answers back. Data of generated tasks follow from a public seed, so answers can be looked up by what
is asked; data may be drawn from the salt in its place. Rows hold the salt's digest, which tells that two runs had the
same one and not which, and the split of such data is called by it, so that no other's rows stand beside them.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from genbench import strangers
from genbench.data import tables
from genbench.data.columns import QUESTION_ID
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genbench.registry import ChosenSplit

BYTES: Final = 32  # of a new salt
NAMED: Final = 16  # hexadecimal digits of a digest that name a draw
LEAST, MOST = 16, 4096  # bytes that one may have; of fewer, all could be tried against the digest


@dataclass(frozen=True, slots=True)
class Salt:
    """A salt; `secret` is told to nobody."""

    secret: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """What rows say of it."""
        return f"sha256:{hashlib.sha256(b'genbench-salt:' + self.secret).hexdigest()}"

    def order(self, cell: str, count: int) -> np.ndarray:
        """The order in which the cell of that key is asked `count` questions, by their ids."""
        return np.random.default_rng(self._number(cell, b"genbench-order")).permutation(count)

    @property
    def draw(self) -> str:
        """What labels of splits call the data that are drawn from it; behind a letter, for it is no number."""
        return f"x{self.digest.removeprefix('sha256:')[:NAMED]}"

    def data_seed(self, task: str) -> int:
        """The seed of a task's data; one bit less than a seed has, so that every library takes it, and never 0."""
        return self._number(task, b"genbench-data") % (2**63 - 1) + 1

    def _number(self, name: str, use: bytes) -> int:
        found = hashlib.blake2b(name.encode(), key=hashlib.sha256(self.secret).digest(), person=use)
        return int.from_bytes(found.digest(), "little")


def drawn(chosen: ChosenSplit, salt: Salt | None) -> ChosenSplit:
    """A split with the seed of its data, where it is a draw from this salt; otherwise as it is."""
    if salt is None or chosen.salted != salt.draw:
        return chosen
    return replace(chosen, drawn_from=salt.data_seed(chosen.task.name))


def drawn_anew(chosen: ChosenSplit, salt: Salt) -> ChosenSplit:
    """The same split, with data that are drawn from the salt."""
    return drawn(replace(chosen, salted=salt.draw), salt)


def salt_in(path: str | os.PathLike[str], apart_from: Iterable[Path] = (), *, made: bool = True) -> Salt:
    """The salt in a file; where there is none yet and one is to be `made`, it is, for this user alone to read.

    Raises `BadValue` for one that cannot be read or made, is too short, or lies in a folder of `apart_from`: those
    are shown to submissions.
    """
    place = Path(path).expanduser().absolute()
    for folder in apart_from:
        if place.resolve().is_relative_to(folder.resolve()):
            raise BadValue(f"the salt {place} lies in {folder}, which the submission sees; it must lie elsewhere")
    try:
        if made and not os.path.lexists(place):
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(BYTES))
        secret = strangers.content(place, MOST)
    except OSError as fault:
        raise BadValue(f"the salt {place} cannot be read or made: {fault.strerror or fault}") from fault
    if len(secret) < LEAST:
        raise BadValue(f"the salt {place} has {len(secret)} bytes; it must have {LEAST} or more, drawn at random")
    return Salt(secret)


def in_order(questions: pa.Table, order: np.ndarray) -> pa.Table:
    """Questions in an order of their ids, numbered anew from 0 on."""
    found = tables.taken(questions, order)
    place = found.schema.get_field_index(QUESTION_ID)
    numbered = found.set_column(place, found.schema.field(place), pa.array(np.arange(len(order)), pa.int64()))
    return numbered.replace_schema_metadata(questions.schema.metadata)


def by_id(answers: pa.Table, order: np.ndarray) -> pa.Table:
    """Answers by the ids that their questions have, not by the numbers in which they were asked.

    A number that no question had is left: it is the submission's fault, and told as such.
    """
    column: Any = answers.column(QUESTION_ID)
    if column.null_count:
        return answers
    ids = column.to_numpy().copy()
    inside = (ids >= 0) & (ids < len(order))
    ids[inside] = order[ids[inside]]
    place = answers.schema.get_field_index(QUESTION_ID)
    return answers.set_column(place, answers.schema.field(place), pa.array(ids, pa.int64()))
