"""Marks: what a metric gave each question, kept packed, so that cells can be compared question by question.

A row of MARKS is one cell on one question set by one metric. The marks stand in ascending order of question ids; the
ids are not kept with each cell, for `order` tells whether two cells answered the same questions of the same data.

The form is the narrowest that gives every mark back exactly: a bit each where all are 0 or 1, float32 where nothing is
lost by it (counts), float64 otherwise (shares such as 0.7). So no mean that is made of marks depends on their form.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.compute as pc

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    import pyarrow as pa
    from jaxtyping import Float, Int

    from genbench.rows.store import Store

BITS: Final = "bits"
_FLOATS: Final = {"float32": "<f4", "float64": "<f8"}
COLUMNS: Final = ("cell", "question_set", "metric", "n", "order", "form", "marks")


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one cell on one question set by one metric.

    `values` is float64 of shape (n,), in ascending order of question ids; cells with the same `order` answered the same
    questions of the same data, so their values can be compared place by place.
    """

    cell: str
    question_set: str
    metric: str
    order: str
    values: Float[np.ndarray, " n"]


def order_of(data_fingerprint: str, ids: Int[np.ndarray, " n"]) -> str:
    """The digest that two cells share where they answered the same questions: of their data and the ascending ids."""
    return order_in_blocks(data_fingerprint, [ids])


def order_in_blocks(data_fingerprint: str, blocks: Iterable[Int[np.ndarray, " n"]]) -> str:
    """The same of ids that come block by block."""
    digest = hashlib.sha256(data_fingerprint.encode())
    for ids in blocks:
        digest.update(np.ascontiguousarray(ids, dtype="<i8").data)
    return digest.hexdigest()[:24]


def packed(values: Float[np.ndarray, " n"]) -> tuple[str, bytes]:
    """Marks in the narrowest form that gives each of them back: its name, and the bytes."""
    if ((values == 0) | (values == 1)).all():
        return BITS, np.packbits(values.astype(bool), bitorder="little").tobytes()
    with np.errstate(over="ignore"):
        exact = np.array_equal(values.astype("<f4").astype("<f8"), values, equal_nan=True)
    form = "float32" if exact else "float64"
    return form, values.astype(_FLOATS[form]).tobytes()


def unpacked(form: str, marks: bytes, n: int) -> Float[np.ndarray, " n"]:
    """The marks in a form, as float64 of shape (n,). Raises `StoreFault` where the bytes are not `n` marks of it."""
    if form != BITS and form not in _FLOATS:
        raise StoreFault(f"marks in the form {form!r}; it must be bits, float32 or float64")
    needed = (n + 7) // 8 if form == BITS else n * np.dtype(_FLOATS[form]).itemsize
    if len(marks) != needed:
        raise StoreFault(f"{len(marks)} bytes of marks in the form {form!r}; {n} questions have {needed}")
    if form == BITS:
        return np.unpackbits(np.frombuffer(marks, np.uint8), count=n, bitorder="little").astype(np.float64)
    return np.frombuffer(marks, _FLOATS[form]).astype(np.float64)


def row_of(
    data_fingerprint: str, question_set: str, metric: str, ids: Int[np.ndarray, " n"], values: Float[np.ndarray, " n"]
) -> dict[str, object]:
    """A row of MARKS without the columns that say whose it is; `ids` ascend, and `values` are in their order."""
    form, marks = packed(values)
    return {
        "question_set": question_set,
        "metric": metric,
        "n": len(values),
        "order": order_of(data_fingerprint, ids),
        "form": form,
        "marks": marks,
    }


def of_split(
    store: Store,
    task: str,
    split: str,
    cells: Collection[str] | None = None,
    metric: str | None = None,
    *,
    unreadable: dict[str, str] | None = None,
) -> list[Marks]:
    """The marks that are kept of a split, by its label: of all cells or of those named, by all metrics or by one.

    Sorted by cell, question set and metric. Cells older than MARKS have none here; `analysis.marks.of_split` has
    theirs, made of their answers. Marks that are not what their row says raise `StoreFault`; where `unreadable` is
    given, it gets their cell and why, and that cell has no marks here.
    """
    chosen = store.keys(task, split)
    chosen = chosen if cells is None else chosen & set(cells)
    table = store.read("marks", COLUMNS, chosen, split=(task, split.partition(":")[0])).table
    if metric is not None:
        table = table.filter(pc.equal(table.column("metric"), metric))
    found = [one for one in _all_in(table, unreadable) if one.cell not in (unreadable or ())]
    return sorted(found, key=lambda one: (one.cell, one.question_set, one.metric))


def _all_in(table: pa.Table, unreadable: dict[str, str] | None) -> Iterator[Marks]:
    """The rows of MARKS, unpacked; those with as many marks in bits at once, which thousands of cells have."""
    rows = table.drop_columns(["marks"]).to_pylist()
    packs = table.column("marks").to_pylist()
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row["form"] == BITS and len(packs[place]) == (row["n"] + 7) // 8:
            alike[row["n"], len(packs[place])].append(place)
        else:
            try:
                yield marks_in({**row, "marks": packs[place]})
            except StoreFault as fault:
                if unreadable is None:
                    raise
                unreadable[row["cell"]] = str(fault)
    for (n, size), places in alike.items():
        bits = np.frombuffer(b"".join(packs[place] for place in places), np.uint8).reshape(len(places), size)
        values = np.unpackbits(bits, axis=1, count=n, bitorder="little").astype(np.float64)
        for place, own in zip(places, values, strict=True):
            row = rows[place]
            yield Marks(row["cell"], row["question_set"], row["metric"], row["order"], own)


def marks_in(row: Mapping[str, Any]) -> Marks:
    """A row of MARKS, unpacked. Raises `StoreFault` where the bytes are not what the row says."""
    try:
        values = unpacked(row["form"], row["marks"], row["n"])
    except StoreFault as fault:
        raise StoreFault(f"cell {row['cell']}, {row['question_set']}, {row['metric']}: {fault}") from None
    return Marks(row["cell"], row["question_set"], row["metric"], row["order"], values)
