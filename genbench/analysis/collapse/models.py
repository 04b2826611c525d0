"""The released table of models: found, fetched and checked as official files are, and read."""

from __future__ import annotations

import csv
import io
import re
from decimal import Context, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from genbench.analysis.tables import number
from genbench.data import sources
from genbench.errors import SourceFault
from genbench.rows.schema import column, to_table

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE: Final = "artifacts/lc-2024_10_24.csv"
WHOLE: Final = ("n_params", "hits", "misses")  # whole numbers among the columns that are read
NUMBERS: Final = (
    "val_acc",
    "val_loss",
    "cdnv",
    "norms_log_mean",
    "norms_log_var",
    "etf_error",
    "log_kern_mean",
    "log_kern_var",
    "dual_error",
    "simcos_mean",
    "simcos_var",
)
DIGITS: Final = 4  # of numbers, of which the pin is
# A model is named layers x dimension, passes and kind of run with the number of its seed, and the last pass.
SEEDS: Final = re.compile(r"02x0768_01d\d*@0")
MODELS: Final = pa.schema(
    [
        column("model", pa.string(), "the model, as its source names it: layers, dimension, passes, last pass"),
        column("n_params", pa.int64(), "its parameters"),
        *(number(name, f"`{name}` of the source") for name in NUMBERS),
        column("hits", pa.int64(), "held-out tokens whose nearest class mean is what the classifier says"),
        column("misses", pa.int64(), "the others"),
        column("source", pa.string(), "where it was read"),
    ]
)


def models() -> pa.Table:
    """The models as rows of MODELS. Raises `SourceAbsent` and `SourceFault` as `genbench.sources.read` does."""
    source = sources.declared(Path(__file__).parent, pinned=pinned)["linguistic_collapse"]
    content = sources.read(source, FILE)
    rows = []
    for row in _rows(content):
        numbers = {name: float(row[name]) for name in NUMBERS} | {name: int(row[name]) for name in WHOLE}
        rows.append({"model": row["model"], **numbers, "source": source.address(FILE)})
    return to_table(rows, MODELS)


def pinned(content: bytes) -> bytes:
    """What the pin is of: the columns that are read, models by name; nothing where one is not there or no number.

    Numbers are rounded to DIGITS, so a copy to more digits than these has the same.
    """
    rounding = Context(prec=DIGITS)
    try:
        lines = [
            [
                row["model"],
                *(row[name] for name in WHOLE),
                *(f"{rounding.create_decimal(row[one]):e}" for one in NUMBERS),
            ]
            for row in _rows(content)
        ]
    except (SourceFault, InvalidOperation):
        return b""
    return "".join(",".join(line) + "\n" for line in sorted(lines)).encode()


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8")), strict=True)
        missing = [name for name in ("model", *WHOLE, *NUMBERS) if name not in (reader.fieldnames or ())]
        if missing:
            raise SourceFault(f"{FILE}: there is no column {missing[0]!r}")
        for row in reader:
            if None in row.values() or None in row:
                raise SourceFault(f"{FILE}: line {reader.line_num} has another number of columns than the first")
            yield row
    except (UnicodeDecodeError, csv.Error) as fault:
        raise SourceFault(f"{FILE}: not a table: {fault}") from None
