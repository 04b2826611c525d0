"""Questions whose parts are told in words, in pictures or in both, about pairs that training does not ask for.

A scene has six cells, each with a shape, a colour and a mark. A question names a shape and a colour, each by a word or
by a picture, and asks for the mark of the one cell that has both. Of the other cells at least one has that shape and at
least one that colour, so that either alone leaves two cells or more.

Six shapes and six colours are the primitives. In training

    triangle, moon, green, blue    are named by words only
    bolt, violet                   are shown by pictures only
    all others                     by either

and twelve of the 36 pairs are never asked for, nor in any scene: those of which the places of shape and colour, counted
from 0 in `SHAPES` and `COLOURS`, add up to a multiple of 3. They are what is asked in `ll`, `lv`, `vl` and `vv`: first
the source of the shape and then that of the colour, l a word (language) and v a picture (vision). There a primitive may
be told in a source that training never tells it in; the axis `unseen` counts them. In `unseen_source` pairs are those
of training and one primitive or both are so; `id` is as training.

The table `names` lies beside train: pictures of each primitive with its word. What is the same in both sources is said
there, also of primitives that training tells in one source only.

A shape is a picture of 10 x 10 in shades of grey, turned a little, of a size of its own; a colour is red, green and
blue, of a hue and a brightness of its own. A source that is not used is an empty word, or a picture of zeros.

After GQA-MSCG (Li et al. 2025, arXiv:2505.23045), which asks about photographs.

An example that a person can check: the cells are red square, red ring, blue square, green moon, orange bolt and cyan
cross, with the marks 3, 0, 5, 1, 4, 2. Asked for the word `square` and a picture of red the answer is 3: cell 0.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.data import vectors
from genbench.errors import BadValue, UnknownName, nearest
from genbench.painting import colours, plane, shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jaxtyping import Float, Int

    from genbench import Value

    Sources = Sequence[int]  # of a shape and a colour: 0 a word, 1 a picture
    Pairs = Int[np.ndarray, "row 2"]
    Pictures = Float[np.ndarray, "row number"]

SHAPES = ("square", "triangle", "cross", "ring", "moon", "bolt")
COLOURS = ("red", "orange", "green", "cyan", "blue", "violet")
WORDS_ONLY = ("triangle", "moon", "green", "blue")  # in training
PICTURES_ONLY = ("bolt", "violet")
CELLS = 6  # of a scene; as many marks
EVERY = 3  # a pair is held out where its places add up to a multiple of this
SETS = ("ll", "lv", "vl", "vv")
SOURCES = "lv"
LIMITS = {"rows": 1_000_000, "questions": 1_000_000, "pictures": 10_000}

SIDE = 10  # pixels of a picture
WIDE = (85, 100)  # least and most width of a shape, in hundredths of the picture's
TURN = 8  # degrees to either side
GRID = 64  # cells of a shape's outline
PIXELS = SIDE * SIDE

PAIRS = np.array(list(product(range(len(SHAPES)), range(len(COLOURS)))))
HELD = PAIRS[PAIRS.sum(1) % EVERY == 0]
TRAINED = PAIRS[PAIRS.sum(1) % EVERY != 0]
# Whether training tells a primitive by a word (0) and by a picture (1): (shape or colour, place, source)
TOLD = np.array([[[one not in PICTURES_ONLY, one not in WORDS_ONLY] for one in names] for names in (SHAPES, COLOURS)])


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: a scene, its marks, the shape and the colour in either source, and the mark asked for.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range.
    """
    if split != "pairs":
        raise UnknownName(f"sources has no split {split!r}{nearest(split, ['pairs'])}")
    counts = {name: _whole(params, name) for name in LIMITS}

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("sources", split, name, seed))

    asked = counts["questions"]
    return Data(
        train=_rows(TRAINED, TRAINED, counts["rows"], stream("train"), _trained).drop_columns(["source", "unseen"]),
        questions={
            "id": _rows(TRAINED, TRAINED, asked, stream("id"), _trained),
            "unseen_source": _rows(TRAINED, TRAINED, asked, stream("unseen_source"), _untrained),
            **{name: _rows(HELD, PAIRS, asked, stream(name), _always(name)) for name in SETS},
        },
        auxiliary={"names": names(counts["pictures"], stream("names"))},
        classes=tuple(f"mark {mark}" for mark in range(CELLS)),
    )


def _always(name: str) -> Callable[[Sequence[int], np.random.Generator], Sources]:
    """The sources that a question set is called by, whatever the pair."""
    both = [SOURCES.index(source) for source in name]
    return lambda _pair, _draw: both


def _trained(pair: Sequence[int], draw: np.random.Generator) -> Sources:
    """The sources of a pair, of those that training has."""
    return [int(draw.choice(np.flatnonzero(TOLD[part, place]))) for part, place in enumerate(pair)]


def _untrained(pair: Sequence[int], draw: np.random.Generator) -> Sources:
    """The sources of a pair, of which training lacks one at least; none where it lacks none."""
    lacking = [both for both in product((0, 1), repeat=2) if unseen(pair, both)]
    return lacking[draw.integers(len(lacking))] if lacking else ()


def unseen(pair: Sequence[int], both: Sources) -> int:
    """How many of a shape and a colour are told in a source that training never tells them in."""
    return sum(not TOLD[part, place, source] for part, (place, source) in enumerate(zip(pair, both, strict=True)))


def _rows(
    asked: Pairs,
    shown: Pairs,
    count: int,
    draw: np.random.Generator,
    sources: Callable[[Sequence[int], np.random.Generator], Sources],
) -> pa.Table:
    """Rows that ask for pairs of `asked`, in scenes of pairs of `shown`."""
    pairs, both = np.empty((count, CELLS, 2), np.int64), np.empty((count, 2), np.int64)
    places = np.empty(count, np.int64)
    for row in range(count):
        told: Sources = ()
        while not told:
            pair = asked[draw.integers(len(asked))]
            told = sources(pair, draw)
        both[row] = told
        order = draw.permutation(CELLS)
        pairs[row, order], places[row] = scene(pair, shown, draw), order[0]
    marks = draw.permuted(np.tile(np.arange(CELLS), (count, 1)), axis=1)
    pictures = [painted(part, pairs[:, :, part].ravel(), draw) for part in (0, 1)]
    cells = np.concatenate(pictures, 1).reshape(count, -1)
    own = pairs[np.arange(count), places]
    columns = {"scene": vectors.column(cells), "marks": pa.array(list(marks), pa.list_(pa.int64()))}
    for part, (name, words) in enumerate((("shape", SHAPES), ("colour", COLOURS))):
        by_picture = both[:, part] == 1
        columns[f"{name}_word"] = ["" if seen else words[at] for at, seen in zip(own[:, part], by_picture, strict=True)]
        columns[f"{name}_picture"] = vectors.column(painted(part, own[:, part], draw) * by_picture[:, None])
    columns["answer"] = pa.array(marks[np.arange(count), places])
    columns["source"] = ["".join(SOURCES[one] for one in told) for told in both]
    columns["unseen"] = [unseen(pair, told) for pair, told in zip(own, both, strict=True)]
    return pa.table(columns)


def scene(pair: Sequence[int], among: Pairs, draw: np.random.Generator) -> Pairs:
    """The pairs of a scene: the one asked for, one of its shape, one of its colour, and others that are not it."""
    others = among[(among != pair).any(1)]
    alike = [others[others[:, part] == pair[part]] for part in (0, 1)]
    chosen = [one[draw.integers(len(one))] for one in (*alike, *[others] * (CELLS - 3))]
    return np.stack([np.asarray(pair), *chosen])


def painted(part: int, which: Int[np.ndarray, " row"], draw: np.random.Generator) -> Pictures:
    """Pictures of shapes (`part` 0; 100 numbers, line by line) or of colours (1; red, green and blue), from 0 to 1."""
    count = len(which)
    if part:
        places = np.array([colours.COLOURS.index(name) for name in COLOURS])[which]
        hue, value = draw.integers(0, 2**64, (2, count), dtype=np.uint64)
        return colours.jittered(places, hue, value) / 255
    wide = draw.integers(WIDE[0] * SIDE * 4 // 100, WIDE[1] * SIDE * 4 // 100 + 1, count)  # in quarters of a pixel
    cosine, sine = plane.turns(TURN)[:, draw.integers(0, 2 * TURN + 1, count)]
    middle = np.full(count, 2 * SIDE)
    at = plane.looked_up(SIDE, GRID, ((GRID * cosine << 2) // wide, (GRID * sine << 2) // wide), (middle, middle))
    cells = shapes.sprites(GRID).reshape(len(shapes.SHAPES), len(shapes.TEXTURES), -1)[:, 0] >> 8
    outlines = cells[[shapes.SHAPES.index(name) for name in SHAPES]]
    return np.take_along_axis(outlines[which], at.reshape(count, -1), 1) / shapes.ALPHA


def names(each: int, draw: np.random.Generator) -> pa.Table:
    """`each` pictures of every primitive with its word; of the kind that it is not, a picture of zeros."""
    count = each * (len(SHAPES) + len(COLOURS))
    shown = [np.zeros((count, size)) for size in (PIXELS, 3)]
    for part, own in enumerate((slice(0, count // 2), slice(count // 2, count))):
        shown[part][own] = painted(part, np.repeat(np.arange(len(SHAPES)), each), draw)
    return pa.table(
        {
            "word": [word for word in SHAPES + COLOURS for _ in range(each)],
            "shape_picture": vectors.column(shown[0]),
            "colour_picture": vectors.column(shown[1]),
        }
    )


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, most = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise BadValue(f"sources: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    return value
