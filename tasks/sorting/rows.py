"""Sequences as rows: to be sorted, asked, or hinted at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from hints import BESIDE, HINTS, ORDERED_HINTS, hinted
from sequences import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from settings import Setting


def asked(setting: Setting, rows: np.ndarray) -> pa.Table:
    """A table of questions from sequences of one length."""
    length = pa.array(np.full(len(rows), rows.shape[1], dtype=np.int64))
    return pa.table({"sequence": setting.spell(rows), "sorted": setting.spell(np.sort(rows, axis=1)), "length": length})


def training(setting: Setting, held_back: Mapping[int, pa.Array]) -> pa.Table:
    """The rows that sort, and hints mixed in at random; no row holds a sequence that is asked."""
    main = ragged(setting, setting.stream("train", setting.train_length, "main"), "main", setting.rows, held_back)
    if not setting.hints:
        return main
    parts = [main]
    for hint, count in shared(setting.hint_rows, setting.hints):
        parts.append(ragged(setting, setting.stream("train", setting.train_length, hint), hint, count, held_back))
    whole = pa.concat_tables(parts)
    own = setting.stream("mixing", setting.train_length, BESIDE.join(setting.hints))
    return whole.combine_chunks().take(pa.array(own.permutation(whole.num_rows))).combine_chunks()


def shared(count: int, hints: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Each hint with its part of `count` rows: equal parts, the first ones larger by one where it does not divide."""
    each, over = divmod(count, len(hints))
    for place, hint in enumerate(hints):
        yield hint, each + (place < over)


def ragged(
    setting: Setting, stream: np.random.Generator, kind: str, count: int, held_back: Mapping[int, pa.Array]
) -> pa.Table:
    """`count` rows of one kind, `main`, `asked` or a hint, their lengths uniform over those of `held_back`.

    Where those are asked there is a column of lengths. A hint that needs two elements has no row of length 1. Windows
    are of training only.
    """
    windows, varied = setting.windows and kind != "asked", kind in ORDERED_HINTS
    shortest, longest = min(held_back), max(held_back)
    lengths = stream.integers(max(shortest, 2) if varied else shortest, longest + 1, size=count)
    given, wanted = [], []
    for length, number in zip(*np.unique(lengths, return_counts=True), strict=True):
        held = held_back[int(length)]
        rows = fresh(setting, stream, int(number), int(length), held, varied=varied, windows=windows)
        if kind in HINTS:
            shown, answer = hinted(setting, stream, kind, rows)
            given.append(setting.spell(shown))
            wanted.append(setting.spell(answer))
        else:
            given.append(setting.spell(rows))
            wanted.append(setting.spell(np.sort(rows, axis=1), like=given[-1]))
    columns = {"sequence": pa.chunked_array(given), "sorted": pa.chunked_array(wanted)}
    table = pa.table(columns).combine_chunks()
    if len(given) > 1:
        place = np.empty(count, dtype=np.int64)  # where each row's sequence lies among those ordered by length
        place[np.argsort(lengths, kind="stable")] = np.arange(count)
        table = table.take(pa.array(place)).combine_chunks()
    return table.append_column("length", pa.array(lengths)) if kind == "asked" else table
