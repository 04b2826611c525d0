"""Per-example metrics by name: from the answers and targets of many questions, one number for each.

A metric works on whole Arrow arrays: at a million questions there is no time for Python per question. Some are the
task's: `well_formed` asks its card's `parses`, and a card may bring metrics of its own, `[metric.NAME]`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from genbench.cards import entries
from genbench.cards.columns import answer_column, family
from genbench.data import rankings
from genbench.errors import BadCard, UnknownName, nearest
from genbench.scoring import excess
from genbench.scoring.matching import exact_match, top
from genbench.scoring.metric import Metric, mean
from genbench.scoring.numbers import absolute_error, squared_error, within
from genbench.scoring.overlap import by_counts, by_label, jaccard, macro_f1, micro_f1, set_exact, set_f1
from genbench.scoring.own import Own
from genbench.scoring.parsing import well_formed
from genbench.scoring.probabilities import (
    WORST,
    area_under_roc,
    by_brier,
    by_loss,
    by_ranking,
    excess_risk_coverage,
    mean_told,
    risk_coverage,
)
from genbench.scoring.rouge import rouge_l
from genbench.scoring.sequences import first_error, prefix_length, token_accuracy, token_edit_distance
from genbench.scoring.sets import by_class, by_confidence, calibration_error, mean_of_classes, of_those_within
from genbench.scoring.several import any_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from jaxtyping import Float

    from genbench.cards import MetricCard, TaskCard


METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        Metric(
            "exact_match",
            "the whole answer is right",
            exact_match,
            (
                "string",
                "int64",
                "float64",
                "bool",
                "list<int64>",
                "list<string>",
                "list<float64>",
                "list<list<int64>>",
                "list<list<string>>",
                "vector",
                "list<vector>",
            ),
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
        Metric(
            "rouge_l",
            "F of the longest common subsequence of the words of answer and target, lower-cased and not stemmed",
            rouge_l,
            ("string",),
        ),
        Metric(
            "squared_error",
            "square of the distance from the target, the mean over a vector's or list's components; lower is better",
            squared_error,
            ("float64", "int64", "vector", "list<float64>"),
            high=math.inf,
            perfect=0.0,
        ),
        Metric(
            "absolute_error",
            "distance from the target, the mean over a vector's or list's components; lower is better",
            absolute_error,
            ("float64", "int64", "vector", "list<float64>"),
            high=math.inf,
            perfect=0.0,
        ),
        Metric("set_exact", "answer and target have the same elements", set_exact, ("set<int64>", "set<string>")),
        Metric(
            "jaccard",
            "elements in both answer and target, over those in either",
            jaccard,
            ("set<int64>", "set<string>"),
        ),
        Metric(
            "set_f1",
            "harmonic mean of precision and recall of the elements of one answer",
            set_f1,
            ("set<int64>", "set<string>"),
        ),
        Metric(
            "micro_f1",
            "F1 of the elements of all answers together",
            by_counts,
            ("set<int64>", "set<string>"),
            reduce=of_those_within(micro_f1),
        ),
        Metric(
            "macro_f1",
            "mean over labels of their F1",
            by_label,
            ("set<int64>", "set<string>", "int64", "string", "bool"),
            reduce=of_those_within(macro_f1),
        ),
        Metric(
            "mean_average_precision",
            "mean precision at the places of the right labels, of the hundred likeliest",
            rankings.average_precision,
            ("ranking<set>",),
        ),
        Metric("top_1", "the likeliest label is right", top(1), ("ranking",)),
        Metric("top_5", "the right label is among the five likeliest", top(5), ("ranking",)),
        Metric(
            "class_balanced_accuracy",
            "mean over classes of the share whose likeliest label is right",
            by_class,
            ("ranking",),
            reduce=of_those_within(mean_of_classes),
        ),
        Metric(
            "expected_calibration_error",
            "distance of confidence from the share that is right, over 15 bins of confidence; lower is better",
            by_confidence,
            ("ranking",),
            perfect=0.0,
            reduce=of_those_within(calibration_error),
        ),
        Metric(
            "nll",
            "negative log likelihood of the right label; lower is better",
            by_loss,
            ("ranking",),
            high=WORST,
            perfect=0.0,
            reduce=of_those_within(mean_told),
        ),
        Metric(
            "brier",
            "squared distance of the probabilities from the right label, from 0 to 2; lower is better",
            by_brier,
            ("ranking",),
            high=2.0,
            perfect=0.0,
            reduce=of_those_within(mean_told),
        ),
        Metric(
            "auc",
            "how often one of a class is given a higher probability of it than one of another",
            by_ranking,
            ("ranking",),
            reduce=of_those_within(area_under_roc),
        ),
        Metric(
            "aurc",
            "mean error among the surest answers, over how many of them; lower is better",
            by_confidence,
            ("ranking",),
            perfect=0.0,
            reduce=of_those_within(risk_coverage),
        ),
        Metric(
            "e_aurc",
            "aurc above that of the best order of the same answers; lower is better",
            by_confidence,
            ("ranking",),
            perfect=0.0,
            reduce=of_those_within(excess_risk_coverage),
        ),
    )
}


def _nobody(predictions: pa.Array, targets: pa.Array) -> np.ndarray:  # noqa: ARG001  the shape of a metric
    raise BadCard(WELL_FORMED, ["only the metrics of a card, from of_card, know which parser to ask"])


WELL_FORMED: Final = "well_formed"
WITHIN: Final = "within"
EXCESS: Final = "excess_error"
# Beside those above: what a metric alone cannot say, for it needs an entry of the card. `of_card` puts that in.
ASKING: Final[dict[str, Metric]] = {
    WELL_FORMED: Metric(WELL_FORMED, "the answer parses as one of the task's, right or wrong", _nobody, ("string",)),
    WITHIN: Metric(
        WITHIN,
        "every number of the answer is within the task's tolerance of the target's",
        _nobody,
        ("float64", "int64", "list<float64>", "vector"),
    ),
    EXCESS: Metric(
        EXCESS,
        "how far the headline is from the best attainable, the card's bayes; lower is better",
        _nobody,
        (),  # those of the headline
        low=-math.inf,
        high=math.inf,
        perfect=None,
        falls=True,
    ),
}


def named(name: str) -> Metric:
    """The metric called `name`. Raises `UnknownName` with a hint."""
    known = METRICS | ASKING
    if name not in known:
        raise UnknownName(f"there is no metric {name!r}{nearest(name, known)}")
    return known[name]


def of_card(
    card: TaskCard, questions: pa.Table | None = None, bayes: Float[np.ndarray, " question"] | None = None
) -> tuple[Metric, ...]:
    """The card's metrics, the headline first; those of the task's own are imported when they grade.

    `questions` are the input columns of what is graded, in order of question id: the task's own metrics see them;
    `bayes` is the best attainable of each, which `excess_error` asks. Raises `BadCard` for a metric unknown or unfit
    for the target's type, for one that needs a key which the card has not, and for one of the task's own that bears
    the name of one there is.
    """
    faults, known = [], METRICS | ASKING
    for name in card.metrics:
        if name in card.own_metrics:
            if name in known:
                faults.append(f"key 'metric.{name}': {name!r} is a metric of genbench; choose another name")
        elif name not in known:
            faults.append(f"key 'metrics' names {name!r}, which is no metric{nearest(name, known)}")
        elif name == EXCESS:
            faults += excess.faults(card, METRICS | ASKING)
        elif not _grades(known[name], card):
            faults.append(f"metric {name!r} cannot grade {_WHAT[card.answer].format(kind=card.target_type)}")
        elif name == WELL_FORMED and not card.parses:
            faults.append(f"metric {name!r} needs a parser: key 'parses', written as module:object")
        elif name == WITHIN and card.tolerance is None:
            faults.append(f"metric {name!r} needs to know how near: key 'tolerance', as {{ abs = 1e-3, rel = 1e-6 }}")
    if faults:
        raise BadCard(str(card.folder / "card.toml"), faults)
    found = {name: _of_task(name, card, questions) for name in card.metrics if name != EXCESS}
    if EXCESS in card.metrics:
        found[EXCESS] = excess.above(ASKING[EXCESS], found[card.headline], card.direction, bayes)
    return tuple(found[name] for name in card.metrics)


_WHAT: Final = {  # is graded, by the card's `answer`
    "target": "a target of type {kind}",
    "ranking": "rankings",
    "set": "sets",
    "any_of": "an answer that is one of a target's, of type {kind}",
}


def _grades(metric: Metric, card: TaskCard) -> bool:
    """Whether a metric takes the card's answers; one of several asks for marks of single questions and a best one."""
    if card.answer == "any_of":
        single = metric.reduce is None and metric.perfect is not None
        return single and family(answer_column(card.answer_type)) in metric.kinds
    return family(card.answer_type) in metric.kinds


def _of_task(name: str, card: TaskCard, questions: pa.Table | None) -> Metric:
    """The metric `name` of a card: one of those above by what the card adds to it, or one of the task's own.

    Where several answers are right, one of those above marks by the best of them; the task's own sees them all.
    """
    if name in card.own_metrics:
        return _own(card.own_metrics[name], card, questions)
    if name == WITHIN and card.tolerance is not None:
        metric = replace(ASKING[WITHIN], grade=within(card.tolerance))
    else:
        metric = _asking(card) if name == WELL_FORMED else METRICS[name]
    return replace(metric, grade=any_of(metric.grade, lower=metric.lower)) if card.answer == "any_of" else metric


def _own(told: MetricCard, card: TaskCard, questions: pa.Table | None) -> Metric:
    """A metric of the task's own, which sees the questions."""
    own = Own(card.folder, told)
    return Metric(
        told.name,
        told.about,
        lambda predictions, targets: own.marks(predictions, targets, questions),
        (card.answer_type,),
        told.low,
        told.high,
        told.perfect,
        own.number if told.reduce else None,
    )


def _asking(card: TaskCard) -> Metric:
    """`well_formed` by the card's own parser."""

    def grade(predictions: pa.Array, targets: pa.Array) -> np.ndarray:  # noqa: ARG001  an answer parses or does not
        parses = entries.load_entry(card.folder, card.parses)
        return well_formed(predictions, parses, f"{card.name}: {card.parses}")

    return replace(ASKING[WELL_FORMED], grade=grade)


def over(name: str, marks: np.ndarray) -> float | None:
    """The metric `name`, one of those above, over the questions of `marks`; of any other name their mean."""
    metric = (METRICS | ASKING).get(name)
    return mean(marks) if metric is None else metric.over(marks)


def of_questions(name: str, card: TaskCard | None = None) -> bool:
    """Whether a metric is a mean over questions within [0, 1]; one of the task's own is as its `card` says."""
    if card is not None and name in card.own_metrics:
        return _own(card.own_metrics[name], card, None).of_questions
    metric = (METRICS | ASKING).get(name)
    return metric is None or metric.of_questions


def of_sets(name: str, card: TaskCard | None = None) -> bool:
    """Whether a metric is one number of a whole question set, which no single question has a mark of."""
    if card is not None and name in card.own_metrics:
        return _own(card.own_metrics[name], card, None).reduce is not None
    metric = (METRICS | ASKING).get(name)
    return metric is not None and metric.reduce is not None


def ends(name: str, card: TaskCard | None = None) -> tuple[float, float]:
    """The least and the largest value of a metric; one of the task's own has those of its `card`."""
    if card is not None and name in card.own_metrics:
        return card.own_metrics[name].low, card.own_metrics[name].high
    metric = (METRICS | ASKING).get(name)
    return (-math.inf, math.inf) if metric is None else (metric.low, metric.high)
