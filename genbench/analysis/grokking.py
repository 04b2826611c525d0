"""When a submission memorized, when it generalized, how long after, and in which phase it ended: read off its curves.

For any submission whose `fit` yields steps, on any task that asks its training rows again: CURVES has all that is
needed. The *course* of a cell is its accuracy on the training rows (`train`), on the question set that asks for
generalization (`test`), and where labels are corrupted, how many of those are answered as given (`memorized`) and as is
true (`recovered`), at each step that it yielded.

- It has memorized at the first point at which `train` is at least .99, and generalized likewise by `test`. Both are
  times in steps, in examples and in floating-point operations of training, so far as the submission counts these. What
  happened between two points is dated to the later one.
- The delay is the time from the first to the second, 0 where generalization came first. Where it never came, the delay
  is longer than what is left of the curve (right-censored); where nothing was memorized there is no delay to speak of.
- Over seeds, medians are Kaplan & Meier's (1958), by `scipy.stats.ecdf`, with the interval in which the log-log
  confidence band of the survival curve crosses one half: a seed that never got there counts for as long as it was
  watched.
- The phase follows Doshi, Das, He & Gromov 2023 (arXiv:2310.13061), appendix C, from the accuracies at the last point
  and the share of corrupted labels: see `phase`.

Numbers that a submission says of itself by `diagnostics` stand beside the accuracies of a course.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.standings import natural, newest_rows
from genbench.errors import BadValue
from genbench.evaluation.cell import DIAGNOSTIC
from genbench.rows.schema import column, to_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Phase = Literal["coexistence", "partial inversion", "full inversion", "memorization", "forgetting", "confusion"]
Unit = Literal["steps", "examples", "flops"]
Event = Literal["memorize", "generalize", "delay"]

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
REACHED: Final = 0.99  # accuracy from which on something is memorized, or has generalized
HIGH: Final = 0.9  # accuracy from which on the paper calls one high
ABOVE_CLEAN: Final = 1.05  # less the share of corrupted labels: below it, those are refused almost all
METRIC: Final = "exact_match"
TRAINED, TRUE, TEST = "trained", "trained_true", "test"  # question sets
COUNTED: Final[dict[Unit, str]] = {"examples": "examples_seen", "flops": "training_flops"}

_WHO = [
    column("task", pa.string(), "task, as its card names it"),
    column("split", pa.string(), "split, with overridden parameters"),
    column("submission", pa.string(), "submission, with variant and overridden parameters"),
    column("profile", pa.string(), "quick (never ranked) or full"),
]
_CELL = [*_WHO, column("seed", pa.int64(), "training seed"), column("cell", pa.string(), "digest of the cell")]


def _share(name: str, about: str) -> Any:
    return column(name, pa.float64(), about, null=True)


_ACCURACIES = [
    column("train", pa.float64(), "share of the training rows answered with the label given"),
    column("test", pa.float64(), "share of the held-out questions answered right"),
    _share("memorized", "share of the corrupted rows answered with the label given"),
    _share("recovered", "share of the corrupted rows answered with the true one"),
    _share("neither", "the rest of them; a label right by chance counts as both, so this is too small by so many"),
]
COURSES: Final = pa.schema(
    [
        *_CELL,
        column("step", pa.int64(), "training step"),
        _share("examples", "training examples seen so far, repeats counted"),
        _share("flops", "floating-point operations of training so far"),
        *_ACCURACIES,
    ]
)
ENDS: Final = pa.schema(
    [
        *_CELL,
        column("corruption", pa.float64(), "share of the training labels that were replaced"),
        column("step", pa.int64(), "the last point of the curve"),
        *_ACCURACIES,
        column("phase", pa.string(), f"one of {', '.join(PHASES)}"),
        *(_share(f"memorize_{unit}", f"{unit} until train reached .99; null where it never did") for unit in UNITS),
        *(_share(f"generalize_{unit}", f"{unit} until test reached .99; null where it never did") for unit in UNITS),
        *(
            _share(f"delay_{unit}", f"{unit} from the one to the other, or more; null if never memorized")
            for unit in UNITS
        ),
        column("delay_censored", pa.bool_(), "whether the delay is longer than the curve: test never reached .99"),
    ]
)
MEDIANS: Final = pa.schema(
    [
        *_WHO,
        column("event", pa.string(), "memorize, generalize, or delay from the one to the other"),
        column("unit", pa.string(), "steps, examples or flops"),
        column(
            "median", pa.float64(), "Kaplan-Meier median over seeds; null where fewer than half got there", null=True
        ),
        column("low", pa.float64(), "where the lower 95 % confidence band crosses one half", null=True),
        column("high", pa.float64(), "where the upper band does; null where it never does", null=True),
        column("happened", pa.int64(), "seeds to which it happened"),
        column("seeds", pa.int64(), "seeds that were watched; for a delay, those that memorized"),
    ]
)


@dataclass(frozen=True, slots=True)
class Course:
    """One cell's curve. Each point is at `steps[i]`; `counts` are the examples and operations by then, where told."""

    task: str
    split: str
    submission: str
    profile: str
    seed: int
    cell: str
    params: Mapping[str, Any]
    steps: tuple[int, ...]
    train: tuple[float, ...]
    test: tuple[float, ...]
    memorized: tuple[float | None, ...]
    recovered: tuple[float | None, ...]
    counts: Mapping[Unit, tuple[float, ...]] = field(default_factory=dict)
    diagnostics: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)

    @property
    def who(self) -> tuple[str, str, str, str]:
        """Which task, split, submission and profile: what seeds are put together by."""
        return self.task, self.split, self.submission, self.profile

    @property
    def corruption(self) -> float:
        """The share of corrupted labels, by the split's parameter of that name; 0 where it has none."""
        value = self.params.get("corruption", 0.0)
        return float(value) if isinstance(value, (int, float)) else 0.0

    @property
    def phase(self) -> Phase:
        """The phase at the last point."""
        return phase(self.train[-1], self.test[-1], self.corruption, max(self.test))

    def clock(self, unit: Unit) -> tuple[float, ...]:
        """The time of each point in that unit; empty where it was not counted."""
        return tuple(map(float, self.steps)) if unit == "steps" else self.counts.get(unit, ())

    def time(self, event: Event, unit: Unit) -> tuple[float, bool] | None:
        """When it happened (true) or until when it had not (false); None where there is nothing to time."""
        clock = self.clock(unit)
        if not clock:
            return None
        first, second = (_first(curve) for curve in (self.train, self.test))
        if event == "delay":
            if first is None:
                return None
            until = clock[-1] if second is None else clock[max(first, second)]
            return until - clock[first], second is not None
        at = first if event == "memorize" else second
        return clock[-1 if at is None else at], at is not None


@dataclass(frozen=True, slots=True)
class Median:
    """A Kaplan-Meier median with its 95 % interval; None where the curve, or its band, stays above one half."""

    median: float | None
    low: float | None
    high: float | None
    happened: int
    seeds: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The courses of one submission on one split: mean accuracies at the end, their phase, and the medians."""

    courses: tuple[Course, ...]
    train: float
    test: float
    memorized: float | None
    recovered: float | None
    phase: Phase
    phases: tuple[tuple[Phase, int], ...]
    medians: Mapping[tuple[Event, Unit], Median]
    diagnostics: Mapping[str, float]

    @property
    def neither(self) -> float | None:
        """The share of corrupted rows answered neither as given nor as is true."""
        return _neither(self.memorized, self.recovered)


def phase(train: float, test: float, corruption: float, best: float = 0.0) -> Phase:
    """The paper's phase for accuracies (0 to 1) on training and held-out questions, given the share of wrong labels.

    | phase                | test    | train                                   |
    | -------------------- | ------- | --------------------------------------- |
    | coexistence          | >= 90 % | >= 90 %                                 |
    | partial inversion    | >= 90 % | < 90 % and >= 100 (1.05 - corruption) % |
    | full inversion       | >= 90 % | < 100 (1.05 - corruption) %             |
    | memorization         | < 90 %  | >= 90 %                                 |
    | forgetting/confusion | < 90 %  | < 90 %                                  |

    The last is one in the paper's table. Its text calls it forgetting where a network unlearns what it had learned, so
    here it is forgetting where the highest accuracy on held-out questions, `best`, was at least 90 %.

    >>> phase(0.77, 1.0, 0.35), phase(0.653, 1.0, 0.35), phase(0.01, 0.01, 0.35, best=1.0)
    ('partial inversion', 'full inversion', 'forgetting')
    """
    if test < HIGH:
        return "memorization" if train >= HIGH else "forgetting" if best >= HIGH else "confusion"
    if train >= HIGH:
        return "coexistence"
    return (
        "partial inversion" if train >= round(ABOVE_CLEAN - corruption, 9) else "full inversion"
    )  # .7, not .7 + 1e-16


def courses(cells: pa.Table, curves: pa.Table, wanted: Callable[[str, str], bool]) -> tuple[list[Course], list[str]]:
    """The course of each cell of which `wanted(task/split, submission)` holds, and a line for each left out and why.

    Of cells run again the newest counts, also where it failed. Raises `BadValue` where no course is left.
    """
    names = ["cell", "task", "split", "submission", "profile", "seed"]
    newest = newest_rows(cells, ["task_params", "submission_params"], wanted)
    if not newest:
        raise BadValue("no cell of these results matches; `genbench list results` names them")
    kept = curves.filter(pc.is_in(curves["cell"], pa.array(sorted({row["cell"] for row in newest}))))
    points: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for point in kept.select(["cell", "step", "question_set", "kind", "axis", "slice", "metric", "value"]).to_pylist():
        points[point["cell"]].append(point)
    found: list[Course] = []
    left_out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in sorted(newest, key=lambda row: (*(natural(row[name]) for name in names[1:5]), row["seed"])):
        course, why = _course(row, points[row["cell"]])
        if course is None:
            left_out[row["submission"], why].add(f"{row['task']}/{row['split']}")
        else:
            found.append(course)
    lines = [f"{who} on {', '.join(sorted(where))}: {why}" for (who, why), where in sorted(left_out.items())]
    if not found:
        raise BadValue("no phase can be told, for no course is left:\n  " + "\n  ".join(lines))
    return found, lines


def _course(row: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> tuple[Course | None, str]:
    """The course of a cell, or why it has none."""
    if row["status"] != "ok":
        return None, f"the cell ended with {row['status']}"
    if not points:
        return None, "it has no learning curve; a submission has one whose fit yields steps"
    kinds = {point["question_set"]: point["kind"] for point in points if point["kind"]}
    train, test = _named(kinds, TRAINED, {"trained"}), _named(kinds, TEST, {"ood", "id"})
    if train is None or test is None:
        kind = "asks training rows again" if train is None else "asks for generalization"
        return None, f"no one question set {kind}; there is {', '.join(f'{name} ({kinds[name]})' for name in kinds)}"
    by: dict[tuple[str, str, str], dict[int, float]] = defaultdict(dict)
    for point in points:
        if point["metric"] == METRIC:
            by[point["question_set"], point["axis"], point["slice"]][point["step"]] = point["value"]
        elif not point["question_set"]:
            by["", "", point["metric"]][point["step"]] = point["value"]
    whole, held_out = by[train, "", ""], by[test, "", ""]
    steps = tuple(sorted(whole.keys() & held_out.keys()))
    if not steps:
        return None, f"it is not graded by {METRIC}"
    given, true = by[train, "label", "corrupted"], by[TRUE, "label", "corrupted"]
    counts = {unit: by["", "", metric] for unit, metric in COUNTED.items()}
    params = json.loads(row["submission_params"]) | json.loads(row["task_params"])
    return (
        Course(
            **{name: row[name] for name in ("task", "split", "submission", "profile", "seed", "cell")},
            params=params,
            steps=steps,
            train=tuple(whole[step] for step in steps),
            test=tuple(held_out[step] for step in steps),
            memorized=tuple(given.get(step) for step in steps),
            recovered=tuple(true.get(step) for step in steps),
            counts={unit: tuple(at[step] for step in steps) for unit, at in counts.items() if at.keys() >= set(steps)},
            diagnostics={
                metric.removeprefix(DIAGNOSTIC): tuple(at.get(step) for step in steps)
                for (asked, _, metric), at in by.items()
                if not asked and metric.startswith(DIAGNOSTIC)
            },
        ),
        "",
    )


def _named(kinds: Mapping[str, str], name: str, wanted: set[str]) -> str | None:
    """The question set of that name, or else the only one of a wanted kind."""
    own = [one for one, kind in kinds.items() if kind in wanted]
    return name if name in own else own[0] if len(own) == 1 else None


def _first(curve: Sequence[float]) -> int | None:
    """The first point at which a curve has reached the level."""
    return next((at for at, value in enumerate(curve) if value >= REACHED), None)


def summaries(found: Iterable[Course]) -> list[Summary]:
    """The courses put together over seeds, in the order in which they came."""
    groups: dict[tuple[str, ...], list[Course]] = {}
    for course in found:
        groups.setdefault(course.who, []).append(course)
    return [_summary(tuple(own)) for own in groups.values()]


def _summary(own: tuple[Course, ...]) -> Summary:
    train, test = (
        math.fsum(values) / len(own) for values in zip(*((c.train[-1], c.test[-1]) for c in own), strict=True)
    )
    timed: dict[tuple[Event, Unit], Median] = {}
    for event in get_args(Event):
        for unit in UNITS:
            times = [course.time(event, unit) for course in own if course.clock(unit)]
            if times:
                timed[event, unit] = median([time for time in times if time is not None])
    return Summary(
        courses=own,
        train=train,
        test=test,
        memorized=_mean([course.memorized[-1] for course in own]),
        recovered=_mean([course.recovered[-1] for course in own]),
        phase=phase(train, test, own[0].corruption, math.fsum(max(course.test) for course in own) / len(own)),
        phases=tuple(Counter(course.phase for course in own).most_common()),
        medians=timed,
        diagnostics={
            name: value
            for name in own[0].diagnostics
            if (value := _mean([course.diagnostics.get(name, (None,))[-1] for course in own])) is not None
        },
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None


def median(times: Sequence[tuple[float, bool]]) -> Median:
    """The Kaplan-Meier median of times, each that of an event (true) or of the end of watching without one (false)."""
    import warnings

    import numpy as np
    from scipy import stats

    happened = [time for time, event in times if event]
    if not happened:
        return Median(None, None, None, 0, len(times))
    data = stats.CensoredData(uncensored=happened, right=[time for time, event in times if not event])
    survival = stats.ecdf(data).sf

    def crosses(curve: Any) -> float | None:
        below = np.flatnonzero(np.asarray(curve.probabilities) <= 0.5)  # NaN, where a band is undefined, is not
        return float(curve.quantiles[below[0]]) if len(below) else None

    low = high = None
    if len(times) > 1:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)  # that the band is undefined at some times, which we know
            band = survival.confidence_interval(method="log-log")
        low, high = crosses(band.low), crosses(band.high)
    return Median(crosses(survival), low, high, len(happened), len(times))


def course_rows(found: Iterable[Course]) -> Iterator[dict[str, object]]:
    """Rows of COURSES."""
    for course in found:
        examples, flops = course.clock("examples"), course.clock("flops")
        for at, step in enumerate(course.steps):
            counts = {"examples": examples[at] if examples else None, "flops": flops[at] if flops else None}
            yield {**_identity(course), "step": step, **counts, **_accuracies(course, at)}


def end_rows(found: Iterable[Course]) -> Iterator[dict[str, object]]:
    """Rows of ENDS."""
    for course in found:
        times: dict[str, object] = {}
        for unit in UNITS:
            for event in get_args(Event):
                time = course.time(event, unit)
                times[f"{event}_{unit}"] = time[0] if time is not None and (time[1] or event == "delay") else None
        delay = course.time("delay", "steps")
        yield {
            **_identity(course),
            "corruption": course.corruption,
            "step": course.steps[-1],
            **_accuracies(course, -1),
            "phase": course.phase,
            **times,
            "delay_censored": delay is not None and not delay[1],
        }


def median_rows(found: Iterable[Summary]) -> Iterator[dict[str, object]]:
    """Rows of MEDIANS."""
    for one in found:
        who = dict(zip(("task", "split", "submission", "profile"), one.courses[0].who, strict=True))
        for (event, unit), timed in one.medians.items():
            numbers = {name: getattr(timed, name) for name in ("median", "low", "high", "happened", "seeds")}
            yield {**who, "event": event, "unit": unit, **numbers}


def _identity(course: Course) -> dict[str, object]:
    return {name: getattr(course, name) for name in ("task", "split", "submission", "profile", "seed", "cell")}


def _accuracies(course: Course, at: int) -> dict[str, object]:
    memorized, recovered = course.memorized[at], course.recovered[at]
    return {
        "train": course.train[at],
        "test": course.test[at],
        "memorized": memorized,
        "recovered": recovered,
        "neither": _neither(memorized, recovered),
    }


def _neither(memorized: float | None, recovered: float | None) -> float | None:
    return None if memorized is None or recovered is None else max(0.0, 1 - memorized - recovered)


def write(rows: Iterable[Mapping[str, object]], schema: pa.Schema, path: Path) -> None:
    """Write rows as Parquet; the name appears when the bytes are whole."""
    import pyarrow.parquet as pq

    partial = path.with_name(path.name + ".partial")
    pq.write_table(to_table(rows, schema), partial, compression="zstd")
    partial.replace(path)
