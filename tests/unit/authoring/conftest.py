"""The toy split, and predictions made elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench import registry

if TYPE_CHECKING:
    from collections.abc import Callable

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def echo() -> registry.ChosenSplit:
    """The toy split."""
    (chosen,) = registry.choose_splits([f"{TOYS}/echo/small"], registry.Catalogue())
    return chosen


@pytest.fixture
def path(tmp_path: Path) -> Callable[..., Path]:
    """Gives `path(array)`: a Parquet file of predictions, without a note of the types it was written from."""

    def write(predictions: pa.Array, ids: pa.Array | None = None) -> Path:
        ids = pa.array(range(len(predictions))) if ids is None else ids
        file = tmp_path / "mine.parquet"
        pq.write_table(pa.table({"prediction": predictions, "question_id": ids}), file, store_schema=False)
        return file

    return write
