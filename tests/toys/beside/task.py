"""A word is of the class of its first letter, and unlabelled words lie beside train."""

import pyarrow as pa

from genbench import Data

LETTERS = "abcd"


def words(place, count):
    return [f"{LETTERS[at % 4]}{place}{at}" for at in range(count)]


def table(place, count):
    own = words(place, count)
    labels = [LETTERS.index(word[0]) for word in own]
    return pa.table({"word": own, "label": labels, "place": [place] * count})


def load(split, params, seed):
    asked = table(2, 8)
    unlabelled = words(5, 20 - params["leak"]) + words(2, params["leak"])
    return Data(
        train=pa.concat_tables([table(0, 4), table(1, 4)]),
        questions={"test": asked},
        validation=table(3, 4),
        auxiliary={
            "unlabelled": pa.table({"word": unlabelled, "place": [int(word[1]) for word in unlabelled]}),
            "order": pa.table({"letter": list("abc"), "next": list("bcd")}),
        },
    )
