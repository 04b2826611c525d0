"""A question is a number and its answer its divisors, the largest first."""

import pyarrow as pa

from genbench import Data


def load(split, params, seed):
    def table(numbers, *, asked):
        divisors = [[part for part in range(number, 0, -1) if number % part == 0] for number in numbers]
        columns = {"number": pa.array(numbers), "divisors": pa.array(divisors, pa.list_(pa.int64()))}
        return pa.table(columns | ({"parity": [["even", "odd"][number % 2] for number in numbers]} if asked else {}))

    return Data(train=table(range(1, 61), asked=False), questions={"test": table(range(61, 261), asked=True)})
