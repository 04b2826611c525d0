"""A question is a number and so is its answer."""

import numpy as np
import pyarrow as pa

from genbench import Data
from genbench.errors import BadValue


def load(split, params, seed):
    if params["questions"] < 1:
        raise BadValue(f"questions is {params['questions']}; it must be at least 1")
    asked = np.arange(params["questions"])
    train = np.arange(-50, 0)
    parity = pa.array(["even", "odd"]).take(pa.array(asked % 2))
    return Data(
        train=pa.table({"number": train, "again": train}),
        questions={"test": pa.table({"number": asked, "again": asked, "parity": parity})},
    )
