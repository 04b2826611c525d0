"""SCAN*: commands of any number of phrases, so that length and the number of primitives can be chosen.

Zhou, Jiang & Bansal 2023 (arXiv:2311.04420). What is known of their sets is in their names (owenzx/data4comp at
5ff3549d): at most 62, 125, 250 or 500 long; or at most 500 long, of 200 primitives, at most 2, 8, 32 or 128 of them in
an example. All else here is our own:

- A command is a phrase and any number of `and PHRASE` and `after PHRASE`. It is read from the left: `and` adds the
  phrase's actions behind what is done so far, `after` before. With two phrases that is SCAN.

      jump and walk after run and look        I_RUN I_JUMP I_WALK I_LOOK

- Length is counted in actions. A command has a bound, drawn evenly from 1 to the most, and phrases drawn evenly from
  SCAN's 102 are added while they keep within it, at most a fifth as many as the longest command has actions.
- The first primitives are SCAN's four; the others are `act5`, `act6`, ..., with actions `I_ACT5`, `I_ACT6`, ...
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jaxtyping import Bool, Int

KNOWN: Final = ("walk", "look", "run", "jump")
BLOCK: Final = 1024  # rows made at once, so few that they stay in the cache: a row of 500 actions takes 3 KB
PER_PHRASE: Final = 5  # actions to a phrase of the longest command; a phrase has 7 on average
JOINED: Final = ("", "and ", "after ")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a command is built of: texts of all phrases for each primitive, and the actions in each form.

    Phrase `form + forms * primitive` for a form with a primitive; those without one (`turn left`) come last. `joined`
    holds each phrase's words thrice: bare, behind `and`, behind `after`. `order` sorts the 102 by their length.
    """

    primitives: int
    forms: int
    joined: pa.Array
    actions: pa.Array
    lengths: Int[np.ndarray, " phrase"]
    order: Int[np.ndarray, " phrase"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How commands are drawn: of least < actions <= most, with at most `unique` different primitives."""

    most: int
    unique: int
    least: int = 0


def names(count: int) -> tuple[str, ...]:
    """The first `count` primitives."""
    return (*KNOWN, *(f"act{number}" for number in range(len(KNOWN) + 1, count + 1)))[:count]


def phrases(templates: Sequence[tuple[str, tuple[str, ...], str]], primitives: Sequence[str]) -> Phrases:
    """The phrases of `primitives`, from SCAN's own as (words, actions, verb)."""
    forms = [(words, acts) for words, acts, verb in templates if verb == "walk"]
    turns = [(words, acts) for words, acts, verb in templates if verb == "turn"]
    words = [words.replace("walk", name) for name in primitives for words, _ in forms] + [words for words, _ in turns]
    actions = [" ".join(acts).replace("I_WALK", f"I_{name.upper()}") for name in primitives for _, acts in forms] + [
        " ".join(acts) for _, acts in turns
    ]
    lengths = np.array([len(acts) for _, acts in forms * len(KNOWN) + turns], np.int16)
    return Phrases(
        primitives=len(primitives),
        forms=len(forms),
        joined=pa.array([f"{joined}{text}" for joined in JOINED for text in words]),
        actions=pa.array(actions),
        lengths=lengths,
        order=np.argsort(lengths, kind="stable"),
    )


def blocks(known: Phrases, recipe: Recipe, stream: np.random.Generator) -> Iterator[pa.Table]:
    """Commands without end, in tables of about `BLOCK` rows: columns commands, actions and length."""
    columns = max(1, recipe.most // PER_PHRASE)
    fitting = np.searchsorted(known.lengths[known.order], np.arange(recipe.most + 1), side="right")
    shape = (BLOCK, columns)
    while True:
        bound = stream.integers(recipe.least + 1, recipe.most + 1, BLOCK, np.int16)
        drawn = stream.integers(0, 2 * len(known.lengths), shape, np.uint16)
        form, after = drawn >> 1, (drawn & 1).astype(bool)
        # The first phrase is drawn from those that keep within the bound.
        form[:, 0] = known.order[(stream.random(BLOCK) * fitting[bound]).astype(np.int64)]
        sofar = np.cumsum(known.lengths[form], axis=1, dtype=np.int16)  # 200 phrases have at most 4,800
        there = sofar <= bound[:, None]
        length = sofar[np.arange(BLOCK), there.sum(1) - 1]
        there[length <= recipe.least] = False
        own = stream.integers(0, known.primitives, (BLOCK, recipe.unique), np.uint16)
        which = stream.integers(0, recipe.unique, int(there.sum()), np.uint32)
        yield _table(known, there, form[there], after[there], own, which).append_column(
            "length", pa.array(length[length > recipe.least], pa.int64())
        )


def _table(
    known: Phrases,
    there: Bool[np.ndarray, "row place"],
    form: Int[np.ndarray, " phrase"],
    after: Bool[np.ndarray, " phrase"],
    own: Int[np.ndarray, "row unique"],
    which: Int[np.ndarray, " phrase"],
) -> pa.Table:
    """Commands and actions of the rows that have phrases: the form of each, how it is joined, and its primitive."""
    counts = there.sum(1, dtype=np.int32)
    row = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    with_primitive = known.forms * len(KNOWN)
    phrase = np.where(
        form < with_primitive,
        form % known.forms + known.forms * own[row, which].astype(np.int32),
        form + np.int32(known.forms * known.primitives - with_primitive),
    )
    # `after` goes to the front, so the last one written is done first; `and` goes to the back.
    here = np.arange(len(row), dtype=np.int32)
    first = here == starts[row]
    after &= ~first
    count = np.concatenate([[0], np.cumsum(after, dtype=np.int32)])
    before, through = count[starts[:-1]][row], count[starts[1:]][row]
    sooner = count[1:] - before  # how many `after` in the row so far, this one included
    place = np.where(after, starts[row] + (through - before) - sooner, here + (through - before) - sooner)
    done = np.empty(len(phrase), np.int32)
    done[place] = phrase
    ends = pa.array(starts[np.append(True, counts > 0)])

    def text(parts: pa.Array, codes: Int[np.ndarray, " phrase"]) -> pa.Array:
        return pc.binary_join(pa.ListArray.from_arrays(ends, parts.take(pa.array(codes))), " ")

    joined = np.where(first, 0, 1 + after.astype(np.int32))
    words = phrase + joined * np.int32(len(known.actions))
    return pa.table([text(known.joined, words), text(known.actions, done)], names=["commands", "actions"])


def quarters(length: pa.ChunkedArray, most: int) -> pa.Array:
    """For each length the end of its quarter: of 1 .. most, or of what lies above up to twice as much."""
    bound = np.asarray(length)
    base = np.where(bound > most, most, 0)
    part = -(-4 * (bound - base) // most)
    return pa.array(base + part * most // 4, pa.int64())
