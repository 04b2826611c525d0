"""Images as points between which there are distances: their pixels, for the difficulty of a split."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench import Value


def embed(inputs: pa.Table, params: Mapping[str, Value]) -> np.ndarray:  # noqa: ARG001 - an embedding is given both
    """float32 of shape [rows, 3 * pixels], from 0 to 1. Images of one size, as the painted ones are."""
    images = inputs["image"].combine_chunks().field("bytes")
    painted = [np.asarray(Image.open(io.BytesIO(one.as_py())).convert("RGB")).ravel() for one in images]
    return np.stack(painted).astype(np.float32) / 255
