"""Examples as trees: the parses that a task gives, or each word hanging from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genbench.analysis.difficulty.words import sizes
from genbench.cards import entries
from genbench.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from jaxtyping import Int

    from genbench.cards import TaskCard


@dataclass(frozen=True, slots=True)
class Trees:
    """Examples as trees of labelled nodes, one after the other: example i has nodes starts[i] .. starts[i + 1] - 1.

    `labels` are places in `known`. `parents` are positions in the same arrays, -1 for a root; a parent stands before
    its children. `slots` say which child of its parent a node is, from 0; a root's is not looked at.
    """

    known: tuple[str, ...]
    labels: Int[np.ndarray, " node"]
    parents: Int[np.ndarray, " node"]
    slots: Int[np.ndarray, " node"]
    starts: Int[np.ndarray, " example+1"]


def chains(words: pa.Array) -> Trees:
    """Each word hangs from the one before."""
    coded = words.flatten().dictionary_encode()
    starts = np.concatenate([[0], np.cumsum(sizes(words))])
    parents = np.arange(len(coded)) - 1
    parents[starts[:-1][np.diff(starts) > 0]] = -1
    known = tuple(coded.dictionary.to_pylist())
    return Trees(known, np.asarray(coded.indices).astype(np.int64), parents, np.zeros(len(coded), np.int64), starts)


def trees_of(card: TaskCard, table: pa.Table, words: pa.Array) -> Trees:
    """The parses of a task that gives some, else chains. Raises `BadData` where they are none."""
    if not card.compounds:
        return chains(words)
    given: object = entries.load_entry(card.folder, card.compounds)(table.select(list(card.inputs)))
    where = f"{card.name}: {card.compounds}"
    if not isinstance(given, Trees):
        raise BadData(f"{where} returned {type(given).__name__}; it must return genbench.Trees")
    if len(given.starts) != table.num_rows + 1 or given.starts[-1] != len(given.labels):
        raise BadData(f"{where} gave {len(given.starts) - 1} trees for {table.num_rows} rows")
    own = np.arange(len(given.labels))
    if not (given.parents < own).all() or not (given.parents >= -1).all():
        raise BadData(f"{where} gave a node that does not stand behind its parent")
    return given


def together(given: Sequence[Trees]) -> Trees:
    """Several lists of trees as one, with the labels of all."""
    places = {label: place for place, label in enumerate(dict.fromkeys(name for one in given for name in one.known))}
    labels, parents, starts, nodes = [], [], [np.zeros(1, np.int64)], 0
    for one in given:
        labels.append(np.array([places[name] for name in one.known], np.int64)[one.labels])
        parents.append(np.where(one.parents >= 0, one.parents + nodes, -1))
        starts.append(one.starts[1:] + nodes)
        nodes += len(one.labels)
    slots = np.concatenate([one.slots for one in given])
    return Trees(tuple(places), np.concatenate(labels), np.concatenate(parents), slots, np.concatenate(starts))
