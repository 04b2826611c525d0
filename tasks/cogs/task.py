"""COGS: sentences of a small English, and their logical forms.

Kim & Linzen 2020 (arXiv:2010.05465); files of najoungkim/COGS at 165a7b66.

    sentence      The sailor dusted a boy .
    logical_form  * sailor ( x _ 1 ) ; dust . agent ( x _ 2 , x _ 1 ) AND dust . theme ( x _ 2 , x _ 4 )
                  AND boy ( x _ 4 )

`test` asks sentences like those in training. `gen` asks 21 kinds that training lacks, 1,000 sentences each: in 18 a
known word stands in a new place (lexical), in 3 a known structure does, or stands deeper (structural). Which kind a
question is of would help to answer it, so `category` and `group` travel with the targets.

What is odd, and kept:

- `gen.tsv` is the corrected release of 13 September 2022: in 50 rows of `obj_pp_to_subj_pp` an agent became a theme.
  Older results were measured on the earlier file.
- train holds 143 words alone, with a meaning that is no sentence's (`shark` is `LAMBDA a . shark ( a )`), and 12
  sentences that show a held-out word in its one known place. train_100 shows each word 100 times, and 100 sentences in
  place of each of the 12; 96 of its 143 words are those of train.
- validation (`dev.tsv`) is like train and test, so it tells nothing of `gen`.

Rows stand in the official order. Nothing is random: the data seed changes nothing.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from genbench import sources
from genbench.errors import UnknownName, nearest
from genbench.sources import Claim
from genbench.task import Data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench.cards import Value
    from genbench.sources import Source

TRAIN = {"gen": "train", "gen_100": "train_100"}
COLUMNS = ("sentence", "logical_form", "category")
IN_DISTRIBUTION = "in_distribution"
# Their sections 3.2 and 3.3; the other 18 categories are lexical.
STRUCTURAL = ("obj_pp_to_subj_pp", "cp_recursion", "pp_recursion")


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:  # noqa: ARG001  there is nothing to set or draw
    """The split's official files: columns sentence and logical_form; questions carry category and group.

    Raises `UnknownName` for a split that is not here, `SourceAbsent` where the files cannot be had.
    """
    if split not in TRAIN:
        raise UnknownName(f"cogs has no split {split!r}{nearest(split, TRAIN)}")
    return Data(
        train=official(TRAIN[split]).select(COLUMNS[:2]),
        validation=official("dev").select(COLUMNS[:2]),
        questions={name: _grouped(official(name)) for name in ("test", "gen")},
    )


def _grouped(rows: pa.Table) -> pa.Table:
    inside = pc.equal(rows["category"], IN_DISTRIBUTION)
    structural = pc.is_in(rows["category"], pa.array(STRUCTURAL))
    group = pc.if_else(inside, IN_DISTRIBUTION, pc.if_else(structural, "structural", "lexical"))
    return rows.append_column("group", group)


def official(name: str) -> pa.Table:
    """The rows of an official file: train, train_100, dev, test or gen. Raises `SourceFault`."""
    path = _path(name)
    return sources.columns(sources.read(_source(), path), COLUMNS, path)


def verify(split: str, data: Data) -> Iterator[Claim]:
    """One claim for each official file of the split; a training row's category, which Data lacks, is the file's own."""
    subsets = {"train": TRAIN[split], "validation": "dev", "test": "test", "gen": "gen"}
    tables = {"train": data.train, "validation": data.validation, **data.questions}
    for subset, name in subsets.items():
        rows = tables[subset]
        category = rows["category"] if subset in data.questions else official(name)["category"]
        lines = pc.binary_join_element_wise(rows["sentence"], rows["logical_form"], category, "\t")
        content = "".join(f"{line}\n" for line in lines.to_pylist()).encode()
        yield Claim(subset, rows.num_rows, content, _source(), _path(name))


def _path(name: str) -> str:
    return f"data/{name}.tsv"


@functools.cache
def _source() -> Source:
    return sources.declared(Path(__file__).parent)["cogs"]
