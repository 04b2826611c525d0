"""A question is a number, its answer that number written out in digits."""

import pyarrow as pa

from genbench import Data


def load(split, params, seed):
    def table(numbers):
        return pa.table({"number": pa.array(numbers), "digits": [str(number) for number in numbers]})

    return Data(train=table(range(5)), questions={"test": table(range(5, 10))})
