"""Lists of digits and their reversals, for the golden cells: `[3, 1, 4]` is answered by `[4, 1, 3]`."""

import random

import pyarrow as pa

from genbench import Data, seeds


def load(split, params, data_seed):
    stream = random.Random(seeds.derive(data_seed, split))  # noqa: S311 - nothing secret is drawn

    def rows(lengths):
        lists = [[stream.randrange(10) for _ in range(length)] for length in lengths]
        kind = pa.list_(pa.int64())
        return pa.table(
            {
                "given": pa.array(lists, kind),
                "backwards": pa.array([given[::-1] for given in lists], kind),
                "length": pa.array([len(given) for given in lists], pa.int64()),
            }
        )

    train = rows([1 + place % 4 for place in range(80)]).drop_columns(["length"])
    return Data(train=train, questions={"test": rows([5] * 20)})
