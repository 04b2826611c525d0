"""The same questions in words, and the same screens as images: what `gcog_screen` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import language
import numpy as np
import pixels
import pyarrow as pa
import task
from language import CELLS, ROW, SHAPES, SIDE

from genbench import Data
from genbench.painting import png

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """A split of gCOG with `instruction` in words and `screen` as PNG; raises as `task.load` does."""
    data = task.load(split, {**params, "encoding": "released"}, seed)
    return Data(shown(data.train), {name: shown(table) for name, table in data.questions.items()})


def shown(table: pa.Table) -> pa.Table:
    """The rows of a table in the released encoding, in words and images."""
    words = [
        language.words(language.tree_in([row[start : start + ROW] for start in range(0, len(row), ROW)]))
        for row in table.column("instruction").to_pylist()
    ]
    tokens = table.column("stimulus").combine_chunks().flatten().to_numpy().reshape(-1, CELLS + 1, 3)[:, :CELLS]
    colour, shape = tokens[..., 0], tokens[..., 1]
    sorts = np.where(colour > 0, len(SHAPES) * (colour - 1) + shape, 0).reshape(-1, SIDE, SIDE).swapaxes(1, 2)
    screen = png.column([png.indexed(pixels.of_sorts(sorts), pixels.PALETTE)])
    rest = table.drop_columns(["instruction", "stimulus"])
    columns = {name: rest.column(name) for name in rest.column_names}
    return pa.table({"instruction": pa.array(words, pa.string()), "screen": screen, **columns})


def told(row: Mapping[str, object]) -> str:
    """What a class stands for, where the row has one."""
    return f"-> {language.answer_of(int(str(row['answer'])))}" if "answer" in row else ""
