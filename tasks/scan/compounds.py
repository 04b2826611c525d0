"""The parse of a command, whose parts are the compounds that the difficulty of a split is measured by.

    jump and walk around left twice        and( jump, twice( around( walk, left)))

A node is a rule of the grammar: a conjunction of what is done so far and a phrase, a count of a turned verb, a manner
(`toward` for `walk left`, which has no word of its own) of a verb and a direction, and the words themselves. Copies of
words (`walk2`, `and7`) are rules of their own. Keysers et al. 2020 take the rules of SCAN's grammar for atoms too;
whether theirs are cut in just this way is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench import Trees
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Sequence

JOINED = r"(?:and|after)\d*"
_PHRASE = re.compile(
    r"(?P<verb>\w+)(?:(?: (?P<manner>(?:opposite|around)\d*))? (?P<direction>(?:left|right)\d*))?"
    r"(?: (?P<count>(?:twice|thrice)\d*))?"
)


def trees(inputs: pa.Table) -> Trees:
    """The parses of the column `commands`, of any number of phrases. Raises `BadValue` for what is not a command."""
    commands = inputs["commands"].combine_chunks()
    split = pc.split_pattern_regex(commands, f" {JOINED} ")
    own = split.flatten().dictionary_encode()
    words = pc.utf8_split_whitespace(commands).flatten()
    ops = words.filter(pc.match_substring_regex(words, f"^{JOINED}$")).dictionary_encode()
    labels: dict[str, int] = {word: place for place, word in enumerate(ops.dictionary.to_pylist())}
    parsed = [_parsed(phrase, labels) for phrase in own.dictionary.to_pylist()]

    phrase = np.asarray(own.indices)
    counts = np.asarray(pc.list_value_length(split)).astype(np.int64)
    example = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    nth = np.arange(len(phrase)) - firsts[example]
    sizes = np.array([len(one) for one, _, _ in parsed], np.int64)[phrase]
    before = np.concatenate([[0], np.cumsum(sizes)])
    starts = np.concatenate([[0], np.cumsum(counts - 1 + np.add.reduceat(sizes, firsts))])
    # Conjunctions first, the last one on top; then the phrases as written.
    root = starts[example] + counts[example] - 1 + before[:-1] - before[firsts[example]]
    above = starts[example] + counts[example] - 1 - np.maximum(nth, 1)  # the conjunction that a phrase stands in
    node_labels, node_parents, node_slots = (np.empty(starts[-1], np.int64) for _ in range(3))

    later = nth > 0
    node_labels[above[later]] = np.asarray(ops.indices)
    node_parents[above[later]] = np.where(nth == counts[example] - 1, -1, above - 1)[later]
    node_slots[above[later]] = 0

    flat = [np.array([value for one in parsed for value in one[part]], np.int64) for part in range(3)]
    template = np.cumsum([0, *(len(one) for one, _, _ in parsed)])[phrase]
    inside = np.arange(before[-1]) - np.repeat(before[:-1], sizes)
    where, source = np.repeat(root, sizes) + inside, np.repeat(template, sizes) + inside
    node_labels[where] = flat[0][source]
    node_slots[where] = np.where(inside == 0, np.repeat(later, sizes), flat[2][source])
    alone = np.where(counts[example] == 1, -1, above)
    node_parents[where] = np.where(inside == 0, np.repeat(alone, sizes), np.repeat(root, sizes) + flat[1][source])
    return Trees(tuple(labels), node_labels, node_parents, node_slots, starts)


def _parsed(phrase: str, labels: dict[str, int]) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """Labels, parents and slots of one phrase, its root first."""
    found = _PHRASE.fullmatch(phrase)
    if not found:
        raise BadValue(f"{phrase!r} is not a SCAN phrase: it should be a verb, a direction and a count")
    names: list[str] = [found["count"]] if found["count"] else []
    if found["direction"]:
        names += [found["manner"] or "toward", found["verb"], found["direction"]]
    else:
        names += [found["verb"]]
    parents = [place - 1 for place in range(len(names))]
    slots = [0] * len(names)
    if found["direction"]:
        parents[-1], slots[-1] = len(names) - 3, 1
    return [labels.setdefault(name, len(labels)) for name in names], parents, slots
