"""Rows that bring shots: vectors with their labels, and one vector more whose label is asked.

A row has a list of labels, a vector of as many images as a row has shots at most, one after another, and the image that
is asked about. Which column is which, the kinds and sizes of the inputs say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genbench.errors import BadData
from genbench.kit import vectors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasets import Dataset
    from jaxtyping import Float32, Int64

    Sequences = tuple[
        Float32[np.ndarray, "row token number"], Int64[np.ndarray, "row token"], Int64[np.ndarray, " row"]
    ]


def columns(inputs: Mapping[str, str]) -> tuple[str, str, str]:
    """The columns of the shots, of their labels and of the image asked about, from names and kinds of inputs.

    Raises `BadData` where they are not a list of labels and two vectors, one several times as long as the other.

    >>> columns({"x": "vector(2)", "shots": "vector(8)", "labels": "list<int64>"})
    ('shots', 'labels', 'x')
    """
    lists = [name for name, kind in inputs.items() if kind == "list<int64>"]
    sizes = {name: int(kind[7:-1]) for name, kind in inputs.items() if kind.startswith("vector(")}
    ordered = sorted(sizes, key=lambda name: -sizes[name])
    if (len(inputs), len(lists), len(ordered)) != (3, 1, 2) or sizes[ordered[0]] % sizes[ordered[1]]:
        said = ", ".join(f"{name}: {kind}" for name, kind in inputs.items())
        raise BadData(f"inputs are {said}; they must be a list of labels, and a vector of several times another's size")
    return ordered[0], lists[0], ordered[1]


def sequences(given: Dataset, inputs: Mapping[str, str]) -> Sequences:
    """Images, labels of shots, and how many shots each row has.

    The image that is asked about stands behind the shots of its row; all that is behind it is 0, and so are labels from
    there on. Raises `BadData` where a row has more labels than there is room for shots.
    """
    shots, listed, asked = columns(inputs)
    lists = given.with_format("arrow")[:].column(listed).combine_chunks()
    lengths = lists.value_lengths().to_numpy().astype(np.int64)
    image, shown = vectors.matrix(given, [asked]), vectors.matrix(given, [shots])
    room = shown.shape[1] // image.shape[1]
    if (most := int(lengths.max(initial=0))) > room:
        raise BadData(f"column {listed!r} has {most} labels in a row, and {shots!r} room for {room} shots")
    tokens = np.zeros((len(given), room + 1, image.shape[1]), np.float32)
    before = np.arange(room) < lengths[:, None]
    tokens[:, :room] = shown.reshape(len(given), room, -1) * before[:, :, None]
    tokens[np.arange(len(given)), lengths] = image
    labels = np.zeros((len(given), room + 1), np.int64)
    labels[:, :room][before] = lists.flatten().to_numpy()
    return tokens, labels, lengths
