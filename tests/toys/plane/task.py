"""A question is a vector and its answer a weighted sum of it."""

import numpy as np
import pyarrow as pa

from genbench import Data, seeds

WEIGHTS = np.array([1.0, -1.0, 0.5, -0.5, 1.0, -1.0, 0.5, -0.5])


def load(split, params, seed):
    def table(name, rows, width, *, asked):
        stream = np.random.default_rng(seeds.derive(seed, split, name))
        # In steps of 1/64, so that every sum is exact and the same on every machine.
        x = (stream.integers(-64, 65, (rows, len(WEIGHTS))) / 64 * width).astype(np.float32)
        y = x.astype(np.float64) @ WEIGHTS
        columns = {
            "x": pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), len(WEIGHTS)),
            "y": pa.array(y),
        }
        return pa.table(columns | ({"side": pa.array(np.where(y < 0, "below", "above"))} if asked else {}))

    width = params["width"]
    return Data(
        train=table("train", 64, width, asked=False),
        questions={"id": table("id", 200, width, asked=True), "wide": table("wide", 200, 2 * width, asked=True)},
    )
