"""Very many answers, marked block by block: of a block's answers, targets and marks one at a time is in memory.

What is kept of a block is its marks, a bit each where all are 0 or 1. Where all blocks are so, rows are made of counts:
a mean of zeros and ones is the same in whatever order it is summed. Other marks are put together again, eight bytes a
question and metric, for a mean of them depends on the order.

Where something is amiss this tells nobody: `Unfit` is raised, and `grading`, which sees all answers at once, says what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.rows.asked import Asked
from genbench.rows.marks import BITS, order_in_blocks, packed, unpacked
from genbench.rows.schema import KEPT_PREDICTIONS
from genbench.scoring import grading, marking, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jaxtyping import Bool, Float, Int

    from genbench.cards import SplitCard, TaskCard
    from genbench.data.problem import Targets

ROWS: Final = tables.BATCH_ROWS  # of a block, as of a batch of a table's file; a multiple of eight, so that bits join


class Unfit(Exception):  # noqa: N818 - no fault is told by it
    """These answers are not what can be marked block by block: in the order of their ids, each whole and sound."""


def fit(card: TaskCard, targets: Targets) -> bool:
    """Whether answers may be marked block by block: very many, by metrics of genbench's own that mark one by one."""
    single = metrics.METRICS | {metrics.WITHIN: metrics.ASKING[metrics.WITHIN]}
    return (
        len(targets.target) > ROWS
        and not targets.unreadable
        and card.answer != "ranking"
        and all(name in single and single[name].reduce is None for name in card.metrics)
        and not any(values.null_count or pa.types.is_floating(values.type) for values in targets.slices.values())
    )


def answers_in(path: Path, targets: Targets) -> Iterator[pa.Array]:
    """The predictions of an answers file in blocks of `ROWS`, read one batch at a time. Raises `Unfit`."""
    held: list[pa.Array] = []
    try:
        for predictions in _in_order(path, len(targets.target)):
            held.append(predictions)
            while sum(map(len, held)) >= ROWS:
                block, rest = _parted(held)
                held = [rest] if len(rest) else []
                yield grading.sound(block, targets.target.type, targets.answer)
        if held:
            yield grading.sound(pa.concat_arrays(held), targets.target.type, targets.answer)
    except Exception as fault:  # whatever Arrow raises for a file that it did not write, and what is no answer
        raise Unfit from fault


def _in_order(path: Path, count: int) -> Iterator[pa.Array]:
    """The predictions batch by batch, where they are to questions 0 to `count` - 1 one after the other."""
    first = 0
    with pa.OSFile(str(path)) as source, pa.ipc.open_stream(source) as reader:
        if reader.schema.names != [QUESTION_ID, PREDICTION] or reader.schema.field(QUESTION_ID).type != pa.int64():
            raise Unfit
        for batch in reader:
            batch.validate(full=True)  # before anything walks along offsets that lead anywhere
            ids = batch.column(QUESTION_ID)
            if ids.null_count or not np.array_equal(ids.to_numpy(), np.arange(first, first + len(batch))):
                raise Unfit
            first += len(batch)
            if first > count:
                raise Unfit
            yield batch.column(PREDICTION)
    if first != count:
        raise Unfit


def _parted(held: Sequence[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """The first `ROWS` of some arrays, and the rest."""
    if len(held) == 1 and len(held[0]) == ROWS:
        return held[0], held[0].slice(ROWS)
    whole = pa.concat_arrays(held)
    return _own(whole.slice(0, ROWS)), _own(whole.slice(ROWS))


def _own(values: pa.Array) -> pa.Array:
    """A copy of a slice: values that are no part of a larger array, as metrics are given them otherwise."""
    return pa.concat_arrays([values, values.slice(0, 0)])


def targets_in(targets: Targets) -> Iterator[tuple[int, Targets]]:
    """The targets in blocks of `ROWS`, each with the id of its first question."""
    for first in range(0, len(targets.target), ROWS):
        yield (
            first,
            replace(
                targets,
                question_set=targets.question_set[first : first + ROWS],
                target=_own(targets.target.slice(first, ROWS)),
                slices={axis: _own(values.slice(first, ROWS)) for axis, values in targets.slices.items()},
                questions=None,
                bayes=None,
            ),
        )


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks of very many answers: of each metric a form and bytes a block; and which are at the headline's ceiling.

    `right` has a bit for each question, the first in the lowest.
    """

    packs: Mapping[str, Sequence[tuple[str, bytes]]]
    right: bytes
    count: int

    def marks(self, metric: str) -> Float[np.ndarray, " question"]:
        """The marks by one metric, of all questions."""
        return np.concatenate([self._block(metric, place) for place in range(len(self.packs[metric]))])

    def bits(self, metric: str, place: int) -> Bool[np.ndarray, " question"]:
        """The marks of one block, where all are 0 or 1."""
        return np.unpackbits(
            np.frombuffer(self.packs[metric][place][1], np.uint8), count=self._rows(place), bitorder="little"
        ).astype(bool)

    def correct(self) -> Bool[np.ndarray, " question"]:
        """Which answers are at the headline's ceiling."""
        return np.unpackbits(np.frombuffer(self.right, np.uint8), count=self.count, bitorder="little").astype(bool)

    def _block(self, metric: str, place: int) -> Float[np.ndarray, " question"]:
        form, marks = self.packs[metric][place]
        return unpacked(form, marks, self._rows(place))

    def _rows(self, place: int) -> int:
        return min(ROWS, self.count - place * ROWS)


def mark(answers: Iterable[pa.Array], targets: Targets, card: TaskCard) -> Marked:
    """Mark answers that come in blocks of `ROWS`. Raises `Unfit`."""
    known = metrics.of_card(card)
    packs: dict[str, list[tuple[str, bytes]]] = {metric.name: [] for metric in known}
    right = []
    for given, (_, own) in zip(answers, targets_in(targets), strict=True):
        for metric in known:
            marks = metric.grade(given, own.target)
            packs[metric.name].append(packed(marks))
            if metric is known[0]:
                right.append(packed((marks == metric.best(own.target)).astype(np.float64))[1])
    return Marked(packs, b"".join(right), len(targets.target))


def score_rows(
    who: Mapping[str, object],
    marked: Marked,
    targets: Targets,
    split: SplitCard,
    card: TaskCard,
    *,
    errors: bool = True,
) -> Iterator[dict[str, object]]:
    """SCORES rows, as `grading.score_rows` makes them."""
    known = metrics.of_card(card)
    if not _counted(marked, card):
        graded = {metric.name: marked.marks(metric.name) for metric in known}
        yield from grading.score_rows(who, graded, targets, split, card, errors=errors)
        return
    counts = _counts(marked, targets, [metric.name for metric in known])
    for position, name in enumerate(targets.sets):
        for axis in ("", *targets.slices):
            for text, (n, *rights) in counts.get((position, axis), ()):
                row = grading.score_row(who, split, name, axis, text)
                for metric, found in zip(known, rights, strict=True):
                    told = {"metric": metric.name, "value": found / n, "n": n}
                    yield row | told | ({"error": None} if errors else {})


def _counted(marked: Marked, card: TaskCard) -> bool:
    """Whether what SCORES say are counts: every mark is 0 or 1, and their number bounds how sure a mean is."""
    bits = all(form == BITS for packs in marked.packs.values() for form, _ in packs)
    return bits and all(metric.of_questions for metric in metrics.of_card(card))


def _counts(
    marked: Marked, targets: Targets, names: Sequence[str]
) -> dict[tuple[int, str], list[tuple[str, Sequence[int]]]]:
    """Of each question set on each axis, and on none, by value: its text, questions, and right ones by each metric."""
    found: dict[tuple[int, str], dict[Any, Int[np.ndarray, " n"]]] = defaultdict(dict)
    texts: dict[tuple[str, object], str] = {("", ""): ""}
    for place, (_, own) in enumerate(targets_in(targets)):
        bits = [marked.bits(name, place) for name in names]
        for axis in ("", *own.slices):
            values: list[Any] = [""]
            where = own.question_set.astype(np.int64)
            if axis:
                coded = own.slices[axis].dictionary_encode()
                values = coded.dictionary.to_pylist()
                texts |= zip(
                    ((axis, one) for one in values), coded.dictionary.cast(pa.string()).to_pylist(), strict=True
                )
                where = where * len(values) + coded.indices.to_numpy()
            many = len(own.sets) * len(values)
            each = np.stack([np.bincount(one, minlength=many) for one in (where, *(where[right] for right in bits))])
            for spot in np.flatnonzero(each[0]).tolist():
                position, code = divmod(spot, len(values))
                of_axis, value = found[position, axis], values[code]
                of_axis[value] = of_axis.get(value, 0) + each[:, spot]
    return {
        spot: [(texts[spot[1], value], each[value].tolist()) for value in sorted(each)] for spot, each in found.items()
    }


def mark_rows(
    who: Mapping[str, object], data_fingerprint: str, marked: Marked, targets: Targets, card: TaskCard
) -> Iterator[dict[str, object]]:
    """Rows of MARKS, as `marking.mark_rows` makes them."""
    known = metrics.of_card(card)
    if any(form != BITS for packs in marked.packs.values() for form, _ in packs):
        graded = {metric.name: marked.marks(metric.name) for metric in known}
        yield from marking.mark_rows(who, data_fingerprint, graded, targets, card)
        return
    for position, name in enumerate(targets.sets):
        ids = (first + np.flatnonzero(own) for first, own in _inside(targets, position))
        order = order_in_blocks(data_fingerprint, ids)
        n = sum(int(own.sum()) for _, own in _inside(targets, position))
        for metric in known:
            bits = (marked.bits(metric.name, first // ROWS)[own] for first, own in _inside(targets, position))
            told = {"metric": metric.name, "n": n, "order": order, "form": BITS, "marks": _joined(bits)}
            yield {**who, "question_set": name, **told}


def _inside(targets: Targets, position: int) -> Iterator[tuple[int, Bool[np.ndarray, " question"]]]:
    """Block by block the id of the first question, and which are of the question set at that position."""
    for first in range(0, len(targets.target), ROWS):
        yield first, targets.question_set[first : first + ROWS] == position


def _joined(blocks: Iterable[Bool[np.ndarray, " n"]]) -> bytes:
    """Bits of blocks of whatever length, one after the other, packed."""
    packs, rest = [], np.zeros(0, bool)
    for block in blocks:
        bits = np.concatenate([rest, block])
        whole = len(bits) // 8 * 8
        packs.append(np.packbits(bits[:whole], bitorder="little").tobytes())
        rest = bits[whole:]
    return b"".join([*packs, np.packbits(rest, bitorder="little").tobytes()])


def predictions(key: str, answers: Iterable[pa.Array], marked: Marked, targets: Targets) -> Iterator[pa.Table]:
    """KEPT_PREDICTIONS of one cell but for `questions`, in blocks."""
    right = np.frombuffer(marked.right, np.uint8)
    names = [name for name in KEPT_PREDICTIONS.names if name != "questions"]
    for given, (first, own) in zip(answers, targets_in(replace(targets, slices={})), strict=True):
        bits = np.unpackbits(right[first // 8 : (first + ROWS) // 8], count=len(given), bitorder="little").astype(bool)
        columns = grading.answered(key, given, bits, own, first)
        yield pa.table([columns[name] for name in names], names=names)


def asked(targets: Targets) -> Asked:
    """What is asked of very many targets, for the rows of all cells that answer it."""

    def blocks(names: Sequence[str]) -> Iterator[pa.Table]:
        for first, own in targets_in(targets if "slices" in names else replace(targets, slices={})):
            columns = grading.asked(own, first, names)
            yield pa.table([columns[name] for name in names], names=list(names))

    return Asked(blocks)
