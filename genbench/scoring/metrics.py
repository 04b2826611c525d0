"""Per-example metrics by name: from the answers and targets of many questions, one number for each.

A metric works on whole Arrow arrays: at a million questions there is no time for Python per question. One asks the task
itself, through its card's `parses`: `well_formed`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from genbench.cards import entries
from genbench.data import rankings
from genbench.errors import BadCard, BadData, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from genbench.cards import TaskCard

BINS: Final = 15  # of confidence, as in Guo et al. 2017


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: `grade(predictions, targets)` gives float64 of shape (questions,), each in [low, high].

    `perfect` is what a right answer scores, `kinds` the types of answers it can grade. A metric counted in tokens has
    no `perfect`: a right answer scores as many as its target has. Where `reduce` is given, the metric is none of single
    questions but of a set of them: `grade` gives float64 of shape (questions, parts), and `reduce` makes one number of
    the rows of any set, or None where they have none. It has no interval of its own.
    """

    name: str
    about: str
    grade: Callable[[pa.Array, pa.Array], np.ndarray]
    kinds: tuple[str, ...]
    low: float = 0.0
    high: float = 1.0
    perfect: float | None = 1.0
    reduce: Callable[[np.ndarray], float | None] | None = None

    def best(self, targets: pa.Array) -> np.ndarray:
        """What a right answer scores on each question."""
        if self.perfect is not None:
            return np.full(len(targets), self.perfect)
        return token_counts(targets).astype(np.float64)


def token_counts(values: pa.Array) -> np.ndarray:
    """How many tokens each sequence has: none where a string is blank."""
    if not pa.types.is_string(values.type):
        return _lengths(values)
    blank = pc.equal(pc.utf8_trim_whitespace(values), "").to_numpy(zero_copy_only=False)
    return np.asarray(_lengths(_tokens(values)) - blank)


def _tokens(strings: pa.Array) -> pa.Array:
    """Whitespace tokens of each string, as `str.split()` cuts them, but that an empty string has one empty token."""
    return pc.utf8_split_whitespace(pc.utf8_trim_whitespace(strings))


def _normal(strings: pa.Array) -> pa.Array:
    return pc.binary_join(_tokens(strings), " ")


def exact_match(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """1 where the answer equals the target, else 0. Strings are compared as sequences of whitespace tokens.

    SCAN and COGS score so: the whole output sequence must be right (Lake & Baroni 2018; Kim & Linzen 2020).
    """
    if pa.types.is_list(targets.type):
        return _same_lists(predictions, targets).astype(np.float64)
    same = pc.equal(predictions, targets).to_numpy(zero_copy_only=False)
    if pa.types.is_string(targets.type) and not same.all():
        # Most answers are equal byte for byte or differ in their tokens; only the unequal are worth normalising.
        unequal = np.flatnonzero(~same)
        where = pa.array(unequal)
        same = same.copy()
        same[unequal] = pc.equal(_normal(predictions.take(where)), _normal(targets.take(where))).to_numpy(
            zero_copy_only=False
        )
    return np.asarray(same, dtype=np.float64)


def _same_lists(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    lengths, wanted = _lengths(predictions), _lengths(targets)
    same = lengths == wanted
    if same.any():
        rows = pa.array(np.flatnonzero(same))
        flat = pc.equal(predictions.take(rows).flatten(), targets.take(rows).flatten()).to_numpy(zero_copy_only=False)
        starts = np.concatenate([[0], np.cumsum(wanted[same])])
        wrong = np.concatenate([[0], np.cumsum(~flat.astype(bool))])
        same[same] = wrong[starts[1:]] == wrong[starts[:-1]]
    return np.asarray(same)


def _lengths(lists: pa.Array) -> np.ndarray:
    return np.asarray(pc.list_value_length(lists).to_numpy(zero_copy_only=False)).astype(np.int64)


def token_accuracy(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Share of positions at which answer and target hold the same token, over the longer of the two.

    A missing or surplus token is a wrong position, so a right prefix of a long answer is not mistaken for the whole.
    Two empty sequences score 1.
    """
    shorter, longer, _, same = _aligned(predictions, targets)
    total = np.concatenate([[0], np.cumsum(same)])
    ends = np.cumsum(shorter)
    hits = total[ends] - total[ends - shorter]
    return np.asarray(np.divide(hits, longer, out=np.ones(len(longer)), where=longer > 0))


def first_error(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Share of the longer sequence that stands before the first wrong position; 1 where there is none.

    It tells an answer that goes astray early from one that is right for long, which `token_accuracy` cannot: one token
    too many at the start puts all others out of place.
    """
    right, longer = _right_before(predictions, targets)
    return np.asarray(np.divide(right, longer, out=np.ones(len(longer)), where=longer > 0))


def prefix_length(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Number of tokens before the first wrong position; as many as the target has where there is none.

    `first_error` is a share of what is asked, so it falls with length even for an answer that always goes astray at the
    same place; this stays where it is. Tokens after a whole target change nothing.
    """
    right, _ = _right_before(predictions, targets)
    return np.asarray(np.minimum(right, token_counts(targets)), dtype=np.float64)  # blanks agree in one empty token


def _right_before(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Positions before the first wrong one of those that answer and target share, and the longer's length."""
    shorter, longer, within, same = _aligned(predictions, targets)
    wrong = np.flatnonzero(~same)
    rows, first = np.unique(np.repeat(np.arange(len(shorter)), shorter)[wrong], return_index=True)
    right = shorter.copy()
    right[rows] = within[wrong[first]]
    return right, longer


def _aligned(predictions: pa.Array, targets: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """How long the shorter and the longer of each pair are; for each position they share, its number and whether equal.

    The last two are flat: the shared positions of the first pair, then those of the second, ...
    """
    if pa.types.is_string(targets.type):
        predictions, targets = _tokens(predictions), _tokens(targets)
    given, wanted = _lengths(predictions), _lengths(targets)
    shorter, longer = np.minimum(given, wanted), np.maximum(given, wanted)
    given_flat, wanted_flat = predictions.flatten(), targets.flatten()
    # Positions 0 .. shorter-1 of every row, as indices into the two flat arrays.
    ends = np.cumsum(shorter)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - shorter, shorter)
    given_at = np.repeat(np.cumsum(given) - given, shorter) + within
    wanted_at = np.repeat(np.cumsum(wanted) - wanted, shorter) + within
    same = pc.equal(given_flat.take(pa.array(given_at)), wanted_flat.take(pa.array(wanted_at)))
    return shorter, longer, within, np.asarray(same.to_numpy(zero_copy_only=False)).astype(bool)


def token_edit_distance(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """Levenshtein distance in tokens (insert, delete, replace: 1 each) over the longer of the two: 0 right, 1 nothing.

    Two empty sequences score 0.
    """
    distances = 1.0 - exact_match(predictions, targets)
    unequal = np.flatnonzero(distances)  # the others need no Python objects
    if len(unequal):
        rows = pa.array(unequal)
        given, wanted = predictions.take(rows), targets.take(rows)
        if pa.types.is_string(targets.type):
            given, wanted = _tokens(given), _tokens(wanted)
        scored = cpdist(given.to_pylist(), wanted.to_pylist(), scorer=Levenshtein.normalized_distance, dtype=np.float64)
        distances[unequal] = scored
    return distances


def well_formed(predictions: pa.Array, parses: Callable[[str], bool], where: str) -> np.ndarray:
    """1 where an answer parses, right or wrong, else 0. `parses` is asked once for each distinct answer.

    It must take any text, for a submission may answer anything: raises `BadData`, naming `where` it comes from, where
    it raises or returns something else than true or false.
    """
    coded = predictions.dictionary_encode()
    verdicts = np.empty(len(coded.dictionary), dtype=np.float64)
    for at, text in enumerate(coded.dictionary.to_pylist()):
        try:
            verdict: object = parses(text)
        except Exception as fault:  # a contribution's parser may raise anything
            kind = type(fault).__name__
            raise BadData(f"{where} raised {kind} for the answer {text[:80]!r}: {entries.first_line(fault)}") from fault
        if not isinstance(verdict, bool):
            raise BadData(f"{where} returned {verdict!r} for the answer {text[:80]!r}; it must return true or false")
        verdicts[at] = verdict
    return np.asarray(verdicts[coded.indices.to_numpy(zero_copy_only=False)])


def top(count: int) -> Callable[[pa.Array, pa.Array], np.ndarray]:
    """A metric that gives 1 where the target is among the `count` best labels of a ranking, else 0."""

    def grade(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
        return (rankings.place(predictions, targets) < count).astype(np.float64)

    return grade


def by_class(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question its class and whether the best label is right: shape (questions, 2)."""
    return np.stack([targets.to_numpy(zero_copy_only=False).astype(np.float64), top(1)(predictions, targets)], axis=1)


def mean_of_classes(marks: np.ndarray) -> float:
    """The mean over classes of the share that is right of each, so that a frequent class counts no more than a rare."""
    _, which = np.unique(marks[:, 0], return_inverse=True)
    return mean(np.bincount(which, weights=marks[:, 1]) / np.bincount(which))


def by_confidence(predictions: pa.Array, targets: pa.Array) -> np.ndarray:
    """For each question the probability of its best label (NaN if none was told) and whether that is right."""
    return np.stack([rankings.confidence(predictions), top(1)(predictions, targets)], axis=1)


def calibration_error(marks: np.ndarray) -> float | None:
    """Expected calibration error: |share right - mean confidence| over bins of confidence, weighted by their questions.

    15 bins of equal width, each open below and closed above (Guo et al. 2017, arXiv:1706.04599, equation 3); a
    confidence of 0 is put in the first. None where a confidence was not told.
    """
    sure, right = marks[:, 0], marks[:, 1]
    if not len(marks) or np.isnan(sure).any():
        return None
    place = np.clip(np.ceil(sure * BINS).astype(np.int64) - 1, 0, BINS - 1)
    gaps = np.bincount(place, weights=right, minlength=BINS) - np.bincount(place, weights=sure, minlength=BINS)
    return float(np.abs(gaps).sum() / len(marks))


METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        Metric(
            "exact_match",
            "the whole answer is right",
            exact_match,
            ("string", "int64", "float64", "bool", "list<int64>", "list<string>"),
        ),
        Metric(
            "token_accuracy",
            "share of positions with the right token, over the longer of answer and target",
            token_accuracy,
            ("string", "list<int64>", "list<string>"),
        ),
        Metric(
            "token_edit_distance",
            "tokens to insert, delete or replace, over the longer of answer and target; lower is better",
            token_edit_distance,
            ("string", "list<int64>", "list<string>"),
            perfect=0.0,
        ),
        Metric(
            "first_error",
            "share of the longer of answer and target that stands before the first wrong token",
            first_error,
            ("string", "list<int64>", "list<string>"),
        ),
        Metric(
            "prefix_length",
            "tokens of the answer before the first wrong one, at most as many as the target has",
            prefix_length,
            ("string", "list<int64>", "list<string>"),
            high=math.inf,
            perfect=None,
        ),
        Metric("top_1", "the likeliest label is right", top(1), ("ranking",)),
        Metric("top_5", "the right label is among the five likeliest", top(5), ("ranking",)),
        Metric(
            "class_balanced_accuracy",
            "mean over classes of the share whose likeliest label is right",
            by_class,
            ("ranking",),
            reduce=mean_of_classes,
        ),
        Metric(
            "expected_calibration_error",
            "distance of confidence from the share that is right, over 15 bins of confidence; lower is better",
            by_confidence,
            ("ranking",),
            perfect=0.0,
            reduce=calibration_error,
        ),
    )
}


def _nobody(predictions: pa.Array, targets: pa.Array) -> np.ndarray:  # noqa: ARG001  the shape of a metric
    raise BadCard(WELL_FORMED, ["only the metrics of a card, from of_card, know which parser to ask"])


WELL_FORMED: Final = "well_formed"
# Beside those above: what a metric alone cannot say, for it needs an entry of the card. `of_card` puts that in.
ASKING: Final[dict[str, Metric]] = {
    WELL_FORMED: Metric(WELL_FORMED, "the answer parses as one of the task's, right or wrong", _nobody, ("string",))
}


def named(name: str) -> Metric:
    """The metric called `name`. Raises `UnknownName` with a hint."""
    known = METRICS | ASKING
    if name not in known:
        raise UnknownName(f"there is no metric {name!r}{nearest(name, known)}")
    return known[name]


def of_card(card: TaskCard) -> tuple[Metric, ...]:
    """The card's metrics, the headline first; `well_formed` asks the card's `parses`, which is imported when it grades.

    Raises `BadCard` for a metric unknown or unfit for the target's type, and for `well_formed` without a parser.
    """
    faults, known = [], METRICS | ASKING
    for name in card.metrics:
        if name not in known:
            faults.append(f"key 'metrics' names {name!r}, which is no metric{nearest(name, known)}")
        elif card.answer_type not in known[name].kinds:
            what = f"a target of type {card.target_type}" if card.answer == "target" else "rankings"
            faults.append(f"metric {name!r} cannot grade {what}")
        elif name == WELL_FORMED and not card.parses:
            faults.append(f"metric {name!r} needs a parser: key 'parses', written as module:object")
    if faults:
        raise BadCard(str(card.folder / "card.toml"), faults)
    return tuple(_asking(card) if name == WELL_FORMED else METRICS[name] for name in card.metrics)


def _asking(card: TaskCard) -> Metric:
    """`well_formed` by the card's own parser."""

    def grade(predictions: pa.Array, targets: pa.Array) -> np.ndarray:  # noqa: ARG001  an answer parses or does not
        parses = entries.load_entry(card.folder, card.parses)
        return well_formed(predictions, parses, f"{card.name}: {card.parses}")

    return replace(ASKING[WELL_FORMED], grade=grade)


def over(name: str, marks: np.ndarray) -> float | None:
    """The metric `name` over the questions of `marks`: their mean, or what its `reduce` says of them."""
    metric = (METRICS | ASKING).get(name)
    return mean(marks) if metric is None or metric.reduce is None else metric.reduce(marks)


def of_questions(name: str) -> bool:
    """Whether a metric is a mean over questions within [0, 1], so that their number bounds how sure it is."""
    metric = (METRICS | ASKING).get(name)
    return metric is None or (metric.reduce is None and (metric.low, metric.high) == (0.0, 1.0))


def mean(values: Any) -> float:
    """The mean as Python float, summed in float64 in row order, so that the same rows give the same bytes."""
    return float(np.mean(np.asarray(values, dtype=np.float64)))
