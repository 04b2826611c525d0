"""A question is a word, its answer a sentence that stands nowhere else: who finds one has found a target."""

import pyarrow as pa

from genbench import Data


def load(split, params, seed):
    def table(numbers, words):
        return pa.table(
            {"word": [f"word {number}" for number in numbers], "sentence": [f"{words} {number}" for number in numbers]}
        )

    return Data(train=table(range(5), "taught of"), questions={"test": table(range(5, 10_005), "whispered of")})
