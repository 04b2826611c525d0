"""Which cells have a course, read from their rows of CURVES, and why the others have none."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from genbench.analysis.grokking.course import METRICS, Course, Unit
from genbench.analysis.newest import newest_rows
from genbench.analysis.ordering import natural
from genbench.errors import BadValue
from genbench.evaluation.cell import DIAGNOSTIC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TRAINED, TRUE, TEST = "trained", "trained_true", "test"  # question sets
COUNTED: Final[dict[Unit, str]] = {"examples": "examples_seen", "flops": "training_flops"}


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
    told = {point["metric"] for point in points}
    graded = next((metric for metric in METRICS if metric in told), None)
    for point in points:
        if point["metric"] == graded:
            by[point["question_set"], point["axis"], point["slice"]][point["step"]] = point["value"]
        elif not point["question_set"]:
            by["", "", point["metric"]][point["step"]] = point["value"]
    whole, held_out = by[train, "", ""], by[test, "", ""]
    steps = tuple(sorted(whole.keys() & held_out.keys()))
    if not steps:
        return None, f"it is not graded by {' or '.join(METRICS)}"
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
