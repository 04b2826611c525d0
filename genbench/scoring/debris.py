"""What a language model leaves in its answers and nobody was taught: a mark of its end, of a space, of byte order.

Such answers are wrong, for marks are strict; that all of them hold the same strange word is worth a line.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from jaxtyping import Bool

SHARE: Final = 0.5  # of all answers that hold it, from which it is told
LONGEST: Final = 80  # characters of a word that are told


def hint(answers: pa.Array, taught: pa.ChunkedArray, right: Bool[np.ndarray, " question"]) -> str:
    """One line on a word or character that many answers hold and no training answer does; "" where there is none.

    `answers` and `taught` are text or lists of text, anything else has no words. `right` says which answers are at the
    headline's ceiling: a word that a right answer holds is none of debris.
    """
    texts, known = _texts(answers), _texts(taught)
    if texts is None or known is None or len(texts) == 0 or not len(known) or not _many_wrong(right):
        return ""
    count, word = _strange(texts, known, right, pc.utf8_split_whitespace)
    news = {*"".join(pc.drop_null(texts).to_pylist())} - {*"".join(pc.unique(known).drop_null().to_pylist()), " "}
    more, character = _strange(texts, known, right, _characters) if news else (0, "")
    if not count and not more:
        return ""
    # What cannot be seen in a word is told by its name; of `</s>` the word says more than its first sign.
    seen = f"a word that no training answer has: {ascii(word)[:LONGEST]}"
    if more > count or (more == count and not character.isascii()):
        count, seen = more, f"a character that no training answer has: {_named(character)}"
    return f"{count:,} of {len(texts):,} answers hold {seen}"


def may_tell(kind: pa.DataType, right: Bool[np.ndarray, " question"]) -> bool:
    """Whether there may be a hint of answers of that type: they have words, and too many are wrong."""
    words = pa.types.is_string(kind) or (pa.types.is_list(kind) and pa.types.is_string(kind.value_type))
    return words and _many_wrong(right)


def _many_wrong(right: Bool[np.ndarray, " question"]) -> bool:
    return bool((~right).sum() >= SHARE * len(right))


def _texts(values: pa.Array | pa.ChunkedArray) -> pa.Array | None:
    """Values as one text each; None where they are no text."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    whole = whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole
    if pa.types.is_list(whole.type) and pa.types.is_string(whole.type.value_type):
        return pc.binary_join(whole, " ")
    return whole if pa.types.is_string(whole.type) else None


def _characters(texts: pa.Array) -> pa.Array:
    """The characters of each text that are no space."""
    return pa.array([sorted(set(text) - {" "}) for text in texts.to_pylist()], pa.list_(pa.string()))


def _strange(texts: pa.Array, known: pa.Array, right: Bool[np.ndarray, " question"], parts: object) -> tuple[int, str]:
    """The part of texts that most of them hold, `known` do not, and no right one does, and how many it is."""
    split = parts(texts)  # type: ignore[operator]  # a function of Arrow's, which tells its type to nobody
    flat, whose = split.flatten(), np.asarray(pc.list_parent_indices(split))
    of_known = parts(pc.unique(known)).flatten()  # type: ignore[operator]  # likewise
    strange = np.asarray(pc.invert(pc.is_in(flat, pc.unique(of_known))))
    if not strange.any():
        return 0, ""
    each = pa.table({"part": flat.filter(pa.array(strange)), "whose": whose[strange]}).group_by(["part", "whose"])
    counted = each.aggregate([]).group_by("part").aggregate([("whose", "count"), ("whose", "list")])
    for count, part, held in sorted(
        zip(*(counted.column(name).to_pylist() for name in ("whose_count", "part", "whose_list")), strict=True),
        key=lambda one: (-one[0], one[1]),
    ):
        if count < SHARE * len(texts):
            break
        if not right[held].any():
            return count, part
    return 0, ""


def _named(one: str) -> str:
    return f"U+{ord(one):04X} ({unicodedata.name(one, 'without a name')})"
