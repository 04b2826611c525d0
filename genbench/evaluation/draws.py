"""How much of a secret draw of a split's data the public draw gives away, so that rows say what their secret is worth.

Where all that can be asked is few, such as the pairs of numbers below 97, another draw asks much the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from genbench.data import tables
from genbench.errors import BadData
from genbench.evaluation.build import load_unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from genbench.data.problem import Data
    from genbench.evaluation.build import Built
    from genbench.registry import ChosenSplit


def against_public(chosen: ChosenSplit, built: Built) -> Built:
    """The same data, with a note of how many questions stand in the public draw with their answers.

    Questions that ask training again do not count. Raises `BadData` where the data are the public ones: a secret would
    hide nothing.
    """
    public = load_unchecked(replace(chosen, salted="", drawn_from=None))
    if tables.fingerprint(public.subsets()) == built.fingerprint:
        raise BadData(
            f"{chosen.task.name}/{chosen.split.name}: its data follow from no seed, so a salt draws the public ones "
            "again; without --salt-data its questions come in a secret order"
        )
    known = set(_of_public(public, chosen))
    asked = [one in known for one in _asked(built, chosen)]
    told = f"data drawn from a secret; of {len(asked):,} questions {sum(asked):,} are public, too"
    return replace(built, note="; ".join(filter(None, (built.note, told))))


def _of_public(data: Data, chosen: ChosenSplit) -> Iterator[bytes]:
    columns = [*chosen.task.inputs, chosen.task.target]
    for name, table in data.subsets().items():
        if not name.startswith("auxiliary/"):
            yield from _digests(table.select(columns))


def _asked(built: Built, chosen: ChosenSplit) -> Iterator[bytes]:
    again = [name for name, one in chosen.split.questions.items() if one.kind == "trained"]
    sets = [built.targets.sets[place] for place in built.targets.question_set]
    asked = built.problem.questions.select(list(chosen.task.inputs))
    whole = asked.append_column(chosen.task.target, built.targets.target)
    for name, digest in zip(sets, _digests(whole), strict=True):
        if name not in again:
            yield digest


def _digests(table: pa.Table) -> Iterator[bytes]:
    """A digest of each row's values."""
    for batch in table.to_batches(max_chunksize=1024):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
