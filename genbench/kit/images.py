"""Columns of images as one tensor of bytes, decoded once: what a convolutional network trains on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import torch

from genbench.errors import BadData
from genbench.kit.batching import Batch

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Int, UInt8
    from torch import Tensor

    Pictures = UInt8[Tensor, "row channel height width"]


def decoded(given: Dataset, column: str) -> Pictures:
    """The images of a column as RGB bytes, in the memory order `channels_last`. A row takes 3 bytes a pixel.

    Raises `BadData`, naming the column and the row, for an image that is not of the first one's size, or is none.
    """
    from PIL import Image

    if not len(given):
        return torch.empty(0, 3, 1, 1, dtype=torch.uint8)
    whole = None
    row = 0
    for chunk in given.with_format("arrow")[:].column(column).chunks:
        for content in chunk.field("bytes"):
            try:
                image = Image.open(io.BytesIO(content.as_buffer()))
                pixels = np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
                raise BadData(f"column {column!r}, row {row}: not an image that can be read: {fault}") from None
            if whole is None:
                whole = np.empty((len(given), *pixels.shape), np.uint8)
            if pixels.shape != whole.shape[1:]:
                sizes = [f"{shape[1]} x {shape[0]}" for shape in (pixels.shape, whole.shape[1:])]
                raise BadData(f"column {column!r}, row {row}: an image of {sizes[0]}; the first is of {sizes[1]}")
            whole[row] = pixels
            row += 1
    return torch.from_numpy(whole).permute(0, 3, 1, 2)


class Gathered:
    """Gathers batches of some tensors' rows, in which each row costs a training step the same."""

    def __init__(self, *columns: Tensor) -> None:
        self.columns = columns

    def __call__(self, rows: Int[Tensor, " batch"]) -> Batch:
        """The batch of these rows; its tokens are rows too."""
        there = rows.to(self.columns[0].device)
        return Batch(tuple(column[there] for column in self.columns), len(rows), len(rows), (len(rows),))
