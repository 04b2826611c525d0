"""The splits of 'Data Factors for Better Compositional Generalization': SCAN's questions, other training sets.

Zhou, Jiang & Bansal 2023 (arXiv:2311.04420). They ask which property of a training set makes for generalization, so
the questions stay the official ones and the training set changes:

    BASE_primK      K renamed copies of each primitive        more kinds of examples, or more of them?
    BASE_zero200    200 renamed copies of everything          does it help with no alignment of the words?
    BASE_prim20_zipf_examples, _primitives, _lengths          does repetition undo the gain?
    star_lengthL    SCAN*, up to L actions, asked to 2 L      do longer examples generalize farther in length?
    star_primitivesP  SCAN* of 200 primitives, P an example   do simple or difficult examples help with `jump`?

How each is made is in `augment.py`, `zipf.py` and `star.py`, which say what is theirs and what our own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import augment
import numpy as np
import pyarrow as pa
import star
import zipf

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BASES: Final = {  # share of examples from which on a word is no primitive; variants of a row, 0 for all
    "addprim_jump": (0.5, 0),  # both: the scripts of owenzx/met-primaug at 6afdbb4c
    "template_around_right": (0.9, 10),
}
COPIES: Final = (2, 5, 20, 200)
ZERO: Final = 200
ZIPFED: Final = 20  # copies in the sets whose rows are drawn by Zipf's law
LENGTHS: Final = (62, 125, 250, 500)
UNIQUE: Final = (2, 8, 32, 128)
PRIMITIVES: Final = 200
LONGEST: Final = 500  # actions of a SCAN* command with many primitives
ASKED: Final = 1000  # rows of each question set of star_length
LARGEST: Final = 5_000_000  # rows of train: about 1 GB of text
LARGEST_ACTIONS: Final = 200_000_000  # rows times longest command: about 1 GB of text

SPLITS: Final = (
    *(f"{base}_prim{copies}" for base in BASES for copies in COPIES),
    *(f"{base}_zero{ZERO}" for base in BASES),
    *(f"{base}_prim{ZIPFED}_zipf_{kind}" for base in BASES for kind in zipf.KINDS),
    *(f"star_length{most}" for most in LENGTHS),
    *(f"star_primitives{unique}" for unique in UNIQUE),
)


def base_of(split: str) -> str:
    """The split whose questions are asked, "" where they are generated."""
    if split.startswith("star_"):
        return "" if split.startswith("star_length") else "addprim_jump"
    return next(base for base in BASES if split.startswith(base))


def load(
    split: str,
    rows: int,
    seed: int,
    official: Callable[[str], Data],
    templates: Sequence[tuple[str, tuple[str, ...], str]],
) -> Data:
    """A split of `SPLITS` with at most `rows` rows of train, 0 for all there are.

    `official` gives the split it is made from, `templates` are SCAN's phrases as (words, actions, verb). Raises
    `BadValue` where `rows` is too few for what stays, or asks for more than memory should hold.
    """
    if split.startswith("star_length"):
        return _longer(split, rows, seed, templates)
    base = official(base_of(split))
    if split.startswith("star_primitives"):
        _sized(split, rows, 10, LARGEST_ACTIONS // LONGEST)
        alone = base.train.slice(base.train.num_rows - 1)  # the command `jump`, a tenth of train as in the base split
        composed = next(_cut(train_blocks(split, rows, seed, official, templates), rows - rows // 10))
        train = pa.concat_tables([composed.select(["commands", "actions"]), alone.take(pa.array([0] * (rows // 10)))])
        return Data(train=train, questions=base.questions)
    own, _, kind = split.partition("_zipf_")
    train = pa.concat_tables([base.train, *train_blocks(own, rows, seed, official, templates)])
    if kind:
        stream = np.random.default_rng(seeds.derive("scan", split, "draws", seed))
        pairs = augment.aligned(base.train, BASES[base_of(split)][0])
        train = zipf.resampled(train, kind, pairs, stream)
    return Data(train=train, questions=base.questions)


def train_blocks(
    split: str,
    rows: int,
    seed: int,
    official: Callable[[str], Data],
    templates: Sequence[tuple[str, tuple[str, ...], str]],
) -> Iterator[pa.Table]:
    """What is generated of a split's training set, some thousands of rows at a time and in flat memory.

    Of a BASE split the renamed rows, which with the base's own make `rows`; of a `star_` split commands without end.
    """
    stream = np.random.default_rng(seeds.derive("scan", split, "train", seed))
    if split.startswith("star_"):
        known, recipe = _recipe(split, templates)
        yield from star.blocks(known, recipe, stream)
        return
    train = official(base_of(split)).train
    most_frequent, most = BASES[base_of(split)]
    kind, number = re.fullmatch(r"_(prim|zero)(\d+)", split.removeprefix(base_of(split))).groups()
    if kind == "zero":
        variants = augment.everything(train, int(number))
    else:
        variants = augment.primitives(train, int(number), most_frequent, most)
    count = min(variants.total, rows - train.num_rows) if rows else variants.total
    _sized(split, train.num_rows + count, train.num_rows, LARGEST)
    if rows:
        _sized(split, rows, train.num_rows, LARGEST)
    yield from augment.blocks(variants, count, stream)


def _sized(split: str, rows: int, least: int, most: int) -> None:
    """Refuse a number of rows; 0 stands for all, and comes here as their number."""
    if not least <= rows <= most:
        raise BadValue(f"scan/{split}: train would have {rows:,} rows; parameter 'rows' must be {least:,} to {most:,}")


def _recipe(split: str, templates: Sequence[tuple[str, tuple[str, ...], str]]) -> tuple[star.Phrases, star.Recipe]:
    number = int(re.sub(r"\D", "", split))
    if split.startswith("star_length"):
        return star.phrases(templates, star.KNOWN), star.Recipe(number, len(star.KNOWN))
    composed = [name for name in star.names(PRIMITIVES) if name != "jump"]
    return star.phrases(templates, composed), star.Recipe(LONGEST, number)


def _longer(split: str, rows: int, seed: int, templates: Sequence[tuple[str, tuple[str, ...], str]]) -> Data:
    """Commands of at most so many actions; asked are others of as many, and of more, to twice as many."""
    known, recipe = _recipe(split, templates)
    _sized(split, rows, 1, LARGEST_ACTIONS // recipe.most)

    def drawn(name: str, own: star.Recipe, taken: pa.ChunkedArray) -> pa.Table:
        stream = np.random.default_rng(seeds.derive("scan", split, name, seed))
        table = next(_cut(_new(star.blocks(known, own, stream), taken), ASKED))
        return table.set_column(2, "length", star.quarters(table["length"], recipe.most))

    def ended(_: str) -> Data:
        raise BadValue(f"scan/{split} is made from no official split")

    train = next(_cut(train_blocks(split, rows, seed, ended, templates), rows)).select(["commands", "actions"])
    questions = {
        "longer": drawn("longer", star.Recipe(2 * recipe.most, recipe.unique, recipe.most), train["commands"]),
        "id": drawn("id", recipe, train["commands"]),
    }
    return Data(train=train, questions=questions)


def _cut(blocks: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The first `rows` rows, once."""
    parts, count = [], 0
    for block in blocks:
        parts.append(block.slice(0, rows - count))
        count += parts[-1].num_rows
        if count == rows:
            break
    yield pa.concat_tables(parts)


def _new(blocks: Iterator[pa.Table], taken: pa.ChunkedArray) -> Iterator[pa.Table]:
    """Of each block what is not taken and was not there before."""
    seen = set(taken.to_pylist())
    for block in blocks:
        first = {command: at for at, command in reversed(list(enumerate(block["commands"].to_pylist())))}
        yield block.take(pa.array(sorted(at for command, at in first.items() if command not in seen), pa.int64()))
        seen.update(first)
