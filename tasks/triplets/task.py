"""Modality, area and question: a triple is held out, and what of it training shows elsewhere is what splits differ in.

An image shows an area, of one of four outlines, and in one quarter of it a mark: one of four letters, turned by some
quarters. A modality is how that is seen: a look of its own, and a pose, by which the whole image is turned.

    modality   look                                     pose, in quarter turns against the clock
    plain      light on dark                            0
    inverted   dark on light                            1
    striped    every other line darker                  2
    faint      a third of the contrast, on grey         3

    area       disc, square, triangle, cross
    question   place    the quarter with the mark before the image was turned: 0 upper left, and on with the clock
               facing   by how many quarters the mark is turned against the clock, before the image was
               kind     which letter the mark is

Each answer is one of four, and one word asks. So a triple such as (inverted, square, place) is a small task by itself.
One is held out; a split says which of the others are trained:

    parts                       all
    without_modality            those of other modalities
    without_area                those of other areas
    without_question            those of other questions
    without_modality_question   those of another modality or another question

After Med-MAT (Cai et al. 2024, arXiv:2412.20070), whose triples are of modality, anatomical area and task, with
answers to choose among. Training has as many rows in each split.

An example that a person can check: of an inverted image the mark stands in the lower left quarter. The image was turned
by one quarter against the clock, which brings the upper left to the lower left: `place` is 0. If it had been plain,
`place` would be 3.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.data import vectors
from genbench.errors import BadValue, UnknownName, nearest
from genbench.painting import letters, plane, scenes, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jaxtyping import Int, UInt8
    from PIL import Image

    from genbench import Value

    Images = Int[np.ndarray, "image size size"]
    Shown = UInt8[np.ndarray, "image size size"]
    Triple = tuple[str, str, str]

SIZE = 24  # pixels
MODALITIES = ("plain", "inverted", "striped", "faint")  # each turned by its place in quarters
AREAS = ("disc", "square", "triangle", "cross")
QUESTIONS = ("place", "facing", "kind")
KINDS = "tlp7"
ANSWERS = ("first", "second", "third", "fourth")
TRIPLES: tuple[Triple, ...] = tuple(product(MODALITIES, AREAS, QUESTIONS))
LIMITS = {"rows": 1_000_000, "questions": 1_000_000}

WIDE = (84, 100)  # least and most width of an area, in hundredths of the image's
TURN = 6  # degrees to either side
GROUND, AREA, MARK = 20, 110, 235  # of 255
CENTRES = ((7, 7), (7, 16), (16, 16), (16, 7))  # line and column of the middle of each quarter, with the clock
NOISE, BANK = 12, 1 << 18  # standard deviation, of 256 levels; values
CELLS = 64  # of an outline


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `pixels` (576 numbers from 0 to 1), `question` and `answer`; asked are `id` and `held`.

    Raises `UnknownName` for a split that is not here and for a held triple that is none, `BadValue` for a parameter
    outside its range.
    """
    if split not in DIFFERS:
        raise UnknownName(f"triplets has no split {split!r}{nearest(split, DIFFERS)}")
    rows, questions = (_whole(params, name) for name in LIMITS)
    held = triple(params["held"])
    trained = [one for one in TRIPLES if any(one[part] != held[part] for part in DIFFERS[split])]

    def drawn(name: str, count: int, among: Sequence[Triple]) -> pa.Table:
        draw = np.random.default_rng(seeds.derive("triplets", split, name, seed))
        which = draw.integers(0, len(among), count)
        return _table([among[at] for at in which], draw)

    return Data(
        train=drawn("train", rows, trained).select(["pixels", "question", "answer"]),
        questions={"id": drawn("id", questions, trained), "held": drawn("held", questions, [held])},
        classes=ANSWERS,
    )


# Of each split, the parts of a triple in one of which it must differ from the held one to be trained.
DIFFERS: Mapping[str, tuple[int, ...]] = {
    "parts": (0, 1, 2),
    "without_modality": (0,),
    "without_area": (1,),
    "without_question": (2,),
    "without_modality_question": (0, 2),
}


def triple(named: Value) -> Triple:
    """The triple that a parameter names. Raises `UnknownName` for what names none.

    >>> triple("inverted square place")
    ('inverted', 'square', 'place')
    """
    parts = tuple(str(named).split(" "))
    if parts not in TRIPLES:
        forms = " ".join("|".join(names) for names in (MODALITIES, AREAS, QUESTIONS))
        raise UnknownName(f"triplets: parameter 'held' is {named!r}, which is no triple; one is spelled {forms}")
    return parts[0], parts[1], parts[2]


def _table(triples: Sequence[Triple], draw: np.random.Generator) -> pa.Table:
    count = len(triples)
    modality = np.array([MODALITIES.index(one[0]) for one in triples], np.int64)
    area = np.array([AREAS.index(one[1]) for one in triples], np.int64)
    asked = np.array([QUESTIONS.index(one[2]) for one in triples], np.int64)
    told = draw.integers(0, 4, (count, len(QUESTIONS)))  # place, facing, kind
    images = seen(bodies(area, told, draw), modality, draw)
    return pa.table(
        {
            "pixels": vectors.column(images.reshape(count, -1) / 255),
            "question": [one[2] for one in triples],
            "answer": pa.array(told[np.arange(count), asked]),
            "modality": [one[0] for one in triples],
            "area": [one[1] for one in triples],
            "asked": [one[2] for one in triples],
        }
    )


def bodies(area: Int[np.ndarray, " image"], told: Int[np.ndarray, "image 3"], draw: np.random.Generator) -> Images:
    """Areas with their marks, light on dark, before a modality: `told` has the place, facing and kind of each mark."""
    count = len(area)
    wide = draw.integers(WIDE[0] * SIZE * 4 // 100, WIDE[1] * SIZE * 4 // 100 + 1, count)  # in quarters of a pixel
    cosine, sine = plane.turns(TURN)[:, draw.integers(0, 2 * TURN + 1, count)]
    middle = np.full(count, 2 * SIZE)
    steps = (CELLS * cosine << 2) // wide, (CELLS * sine << 2) // wide
    outlines = _outlines()[area].reshape(count, -1)
    at = plane.looked_up(SIZE, CELLS, steps, (middle, middle)).reshape(count, -1)
    alpha = np.take_along_axis(outlines, at, 1).reshape(count, SIZE, SIZE)
    image = GROUND + alpha * (AREA - GROUND) // shapes.ALPHA
    stamps = _stamps()[told[:, 2], told[:, 1]]
    corner = np.array(CENTRES)[told[:, 0]] - stamps.shape[1] // 2
    line, column = (corner[:, one, None] + np.arange(stamps.shape[1]) for one in (0, 1))
    place = np.arange(count)[:, None, None], line[:, :, None], column[:, None, :]
    image[place] = np.where(stamps, MARK, image[place])
    return image


def seen(images: Images, modality: Int[np.ndarray, " image"], draw: np.random.Generator) -> Shown:
    """Images as modalities show them: turned, in its look, with noise."""
    out = np.empty_like(images)
    for place, name in enumerate(MODALITIES):
        own = modality == place
        turned = np.rot90(images[own], place, axes=(1, 2))
        out[own] = LOOKS[name](turned)
    bank = np.lib.stride_tricks.sliding_window_view(scenes.noise(draw, NOISE, BANK), SIZE * SIZE)
    out += bank[draw.integers(0, len(bank), len(out))].reshape(out.shape)
    shown: Shown = np.clip(out, 0, 255).astype(np.uint8)
    return shown


def _striped(images: Images) -> Images:
    striped = images.copy()
    striped[:, 1::2] //= 2
    return striped


LOOKS = {
    "plain": lambda images: images,
    "inverted": lambda images: 255 - images,
    "striped": _striped,
    "faint": lambda images: 90 + images // 3,
}


def _outlines() -> Int[np.ndarray, "area cell"]:
    """How much of each cell of a grid each area covers, from 0 to `shapes.ALPHA`."""
    cells = shapes.sprites(CELLS).reshape(len(shapes.SHAPES), len(shapes.TEXTURES), -1)
    return (cells[[shapes.SHAPES.index(area) for area in AREAS], 0] >> 8).astype(np.int64)


def _stamps() -> UInt8[np.ndarray, "kind facing 7 7"]:
    """Ones where a mark has ink, of each kind as each quarter turns it."""
    upright = np.pad(letters.cells(KINDS)[:, :7, 1:6], ((0, 0), (0, 0), (1, 1)))
    return np.stack([np.rot90(upright, turn, axes=(1, 2)) for turn in range(4)], 1)


def draw(row: Mapping[str, Sequence[float]], params: Mapping[str, Value]) -> Image.Image:
    """A row as the image that it is."""
    from PIL import Image

    del params
    return Image.fromarray(np.rint(np.array(row["pixels"]).reshape(SIZE, SIZE) * 255).astype(np.uint8))


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, most = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise BadValue(f"triplets: parameter {name!r} is {value!r}; it must be a whole number from 1 to {most:,}")
    return value
