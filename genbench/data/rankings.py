"""Rankings: answers that say more than one label. The likeliest labels, best first, each with its probability.

A ranking is an Arrow list of structs, label (int64) and probability (float64). Its probabilities are null where whoever
ranked has no confidence to tell. An empty ranking is no answer: every metric takes it for wrong.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genbench.data import answer_sets
from genbench.errors import SubmissionFault

TYPE: Final = pa.list_(pa.struct([("label", pa.int64()), ("probability", pa.float64())]))
KEPT: Final = 5  # of each ranking; no metric of single labels asks for more
DEEP: Final = 100  # of each ranking whose target is a set of labels
DECIMALS: Final = 6  # of a probability that is kept, so that what is stored is what was graded
SLACK: Final = 1e-3  # how far above 1 the probabilities of a ranking may add up: bfloat16 has three digits


def of_labels(labels: Any, probability: float | None = None) -> pa.Array:
    """Rankings of one label each, from int64 of shape (questions,), all with the same `probability`."""
    values = labels if isinstance(labels, pa.Array) else pa.array(labels, pa.int64())
    beside = pa.array([probability] * len(values), pa.float64()) if probability is not None else None
    return _built(values, beside, np.ones(len(values), np.int64))


def most_of(kind: str) -> int:
    """How many labels of a ranking are kept where answers are of the type `kind`."""
    return DEEP if kind == "ranking<set>" else KEPT


def of_sets(labels: pa.Array) -> pa.Array:
    """Rankings of all labels of each set, which are equally likely, the `DEEP` least of them."""
    sets = answer_sets.canonical(labels)
    lengths = sets.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
    share = np.repeat(1.0 / np.maximum(lengths, 1), lengths)
    return kept(_built(sets.flatten(), pa.array(share), lengths), DEEP)


def of_probabilities(probabilities: np.ndarray, most: int = KEPT) -> pa.Array:
    """The `most` best of each row of `probabilities`, shape (questions, labels); among equals the lesser label first.

    Raises `SubmissionFault` for a number outside 0 to 1 and for rows that add up to more than 1, as logits do.
    """
    if probabilities.size:
        bad = ~((probabilities >= 0) & (probabilities <= 1)).all(axis=1)
        bad |= probabilities.sum(axis=1, dtype=np.float64) > 1 + SLACK
        if bad.any():
            row = int(np.argmax(bad))
            raise SubmissionFault(
                f"answer {row} is {_shown(probabilities[row])}; a row of scores must be probabilities, "
                "from 0 to 1 and together at most 1"
            )
    count = min(most, probabilities.shape[1])
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    best = np.take_along_axis(probabilities, order, axis=1).astype(np.float64)
    return kept(
        _built(pa.array(order.ravel(), pa.int64()), pa.array(best.ravel()), np.full(len(probabilities), count)), most
    )


def kept(rankings: pa.Array, most: int = KEPT) -> pa.Array:
    """What of each ranking is graded and stored: the `most` best, probabilities to `DECIMALS` places.

    Raises `SubmissionFault`, naming the first answer that is at fault, for a label that is null or stands twice, for
    some probabilities without the others, and for probabilities out of range, out of order or above 1 together.
    """
    if rankings.null_count:
        raise SubmissionFault(f"{rankings.null_count} rankings are null; one without an answer is empty")
    lengths = pc.list_value_length(rankings).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = rankings.flatten()
    if flat.null_count or flat.field("label").null_count:
        raise SubmissionFault("a ranking holds a null in place of a label")
    labels = flat.field("label").to_numpy(zero_copy_only=False)
    given = flat.field("probability")
    known = ~given.is_null().to_numpy(zero_copy_only=False)
    chances = given.fill_null(0.0).to_numpy(zero_copy_only=False)
    row = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    told = np.bincount(row[known], minlength=len(lengths))
    later = within[1:] > 0
    by_label = np.lexsort((labels, row))
    twice = (np.diff(labels[by_label]) == 0) & (np.diff(row[by_label]) == 0)
    faults = {
        "has probabilities for some labels only; give all or none": np.flatnonzero((told > 0) & (told < lengths)),
        "has a probability outside 0 to 1": row[~((chances >= 0) & (chances <= 1))],
        "is not in order of probability, the likeliest first": row[1:][later & (np.diff(chances) > 0)],
        "names a label twice": row[by_label][1:][twice],
        "has probabilities that add up to more than 1": np.flatnonzero(
            np.bincount(row, weights=chances, minlength=len(lengths)) > 1 + SLACK
        ),
    }
    for fault, rows in faults.items():
        if len(rows):
            raise SubmissionFault(f"ranking {int(rows[0])} {fault}: {rankings[int(rows[0])].as_py()!r:.200}")
    stays = within < most
    beside = pa.array(np.round(chances[stays], DECIMALS), mask=~known[stays])
    return _built(pa.array(labels[stays]), beside, np.minimum(lengths, most))


def without_answers(rankings: pa.Array, ids: np.ndarray) -> pa.Array:
    """`rankings` with those at the positions `ids` made empty."""
    out = np.zeros(len(rankings), bool)
    out[ids] = True
    return pc.if_else(pa.array(out), pa.array([[]], TYPE)[0], rankings)


def place(rankings: pa.Array, targets: pa.Array) -> np.ndarray:
    """Where in its ranking each target stands, 0 for the best; `KEPT` where it does not. Shape (questions,)."""
    lengths = pc.list_value_length(rankings).to_numpy(zero_copy_only=False).astype(np.int64)
    labels = rankings.flatten().field("label").to_numpy(zero_copy_only=False)
    row = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    found = np.full(len(lengths), KEPT)
    hits = labels == targets.to_numpy(zero_copy_only=False)[row]
    found[row[hits]] = within[hits]
    return found


def average_precision(rankings: pa.Array, targets: pa.Array) -> np.ndarray:
    """The mean precision at the places of the right labels, 0 for those that are not ranked; shape (questions,).

    `targets` are lists of distinct labels. Of more than `DEEP` right labels so many can be found. This is
    trec_eval's `map`, but that a ranking ends at `DEEP`.
    """
    lengths, wanted = (lists.value_lengths().to_numpy(zero_copy_only=False) for lists in (rankings, targets))
    labels = rankings.flatten().field("label").to_numpy(zero_copy_only=False)
    right = targets.flatten().to_numpy(zero_copy_only=False)
    row = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    _, codes = np.unique(np.concatenate([labels, right]), return_inverse=True)
    size = int(codes.max(initial=0)) + 1
    ours = row * size + codes[: len(labels)]
    hits = np.isin(ours, np.repeat(np.arange(len(wanted)), wanted) * size + codes[len(labels) :])
    found = np.cumsum(hits) - np.repeat(np.concatenate([[0], np.cumsum(hits)])[np.cumsum(lengths) - lengths], lengths)
    precision = np.where(hits, found / (within + 1), 0.0)
    total = np.bincount(row, weights=precision, minlength=len(lengths))
    return np.asarray(total / np.minimum(wanted, DEEP))


def confidence(rankings: pa.Array) -> np.ndarray:
    """The probability of each ranking's best label, NaN where none was told, 0 for an empty one. Shape (questions,)."""
    lengths = pc.list_value_length(rankings).to_numpy(zero_copy_only=False).astype(np.int64)
    given = rankings.flatten().field("probability").to_numpy(zero_copy_only=False)
    found = np.zeros(len(lengths))
    starts = np.cumsum(lengths) - lengths
    found[lengths > 0] = given[starts[lengths > 0]]
    return found


def as_text(rankings: pa.Array) -> pa.Array:
    """Each ranking as JSON, `[[label, probability], ...]`, labels alone where no probability was told."""
    texts = []
    for ranking in rankings.to_pylist():
        pairs = [
            str(one["label"]) if one["probability"] is None else f"[{one['label']}, {one['probability']!r}]"
            for one in ranking
        ]
        texts.append("[" + ", ".join(pairs) + "]")
    return pa.array(texts, pa.string())


def from_values(values: list[Any]) -> pa.Array:
    """Rankings from Python values: lists of (label, probability), of {"label", "probability"}, or of labels alone.

    Raises what Arrow raises, and `TypeError` and `ValueError`, where a value is none of these.
    """
    spelled = []
    for value in values:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            raise TypeError(f"{value!r:.80} is no ranking")
        spelled.append([_pair(one) for one in value])
    return pa.array(spelled, TYPE)


def _pair(one: Any) -> dict[str, Any]:
    if isinstance(one, dict):
        if set(one) - {"label", "probability"} or "label" not in one:
            raise ValueError(f"{one!r:.80} is no label with its probability")
        return {"label": one["label"], "probability": one.get("probability")}
    if isinstance(one, (list, tuple)):
        label, probability = one
        return {"label": label, "probability": probability}
    return {"label": one, "probability": None}


def _built(labels: pa.Array, probabilities: pa.Array | None, lengths: np.ndarray) -> pa.Array:
    beside = pa.nulls(len(labels), pa.float64()) if probabilities is None else probabilities
    pairs = pa.StructArray.from_arrays([labels, beside], fields=list(TYPE.value_type))
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32()), pairs)


def _shown(row: np.ndarray) -> str:
    return "[" + ", ".join(f"{value:g}" for value in row[:4]) + (", ...]" if len(row) > 4 else "]")
