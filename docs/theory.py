"""Draw what papers of theory found, from rows: `uv run python docs/theory.py RESULTS`, written beside this file.

    slabs.svg     what a network answers once coordinates are shuffled (tasks/simplicity)
    xor.svg       flipped labels fitted at once, new rows answered later (tasks/xor_clusters)
    tickets.svg   a grokked network's mask, trained from its first weights, beside the dense network and controls
    bits.svg      exact bits of a question set against the best accuracy of a learner (`genbench foretell`)

Lines and points are means over seeds; nothing is fitted.
"""

from __future__ import annotations

import sys
from typing import Any

from making import charts

from genbench import registry
from genbench.analysis import difficulty, foretelling
from genbench.analysis.standings import board
from genbench.report.results import evidence_of, headlines, tables_of

SETS = {
    "test": "as drawn",
    "rest_randomised": "all but the simple one shuffled",
    "simple_randomised": "simple one shuffled",
}
SHOWN = {"test": "new rows", "corrupted": "trained rows whose label was flipped"}
TICKETS = {
    "tickets": "ticket",
    "tickets@dense": "dense network",
    "tickets@random": "random mask",
    "tickets@memorised": "mask of the memorizing network",
    "tickets@scaled": "dense, weights as small as the ticket's",
}


def slabs(results: str) -> str:
    """Area under the curve of each question set, a group for each split."""
    scores = charts.rows_of(results, "simplicity/*").scores
    scores = scores[(scores["axis"] == "") & (scores["metric"] == "auc") & scores["question_set"].isin(SETS)]
    scores = scores[scores["submission"].str.startswith("vector_mlp") & ~scores["submission"].str.contains("shuffled")]
    means = scores.groupby(["split", "question_set"])["value"].mean().reset_index()
    points = [{"split": one.split, "asked": SETS[one.question_set], "value": one.value} for one in means.itertuples()]
    encoding = {
        "x": {"field": "split", "type": "nominal", "title": None, "axis": {"labelAngle": 0}},
        "xOffset": {"field": "asked", "sort": list(SETS.values())},
        "y": {**charts.ACCURACY, "field": "value", "title": "area under the curve"},
        "color": charts.colour("asked", SETS.values()),
    }
    return charts.alone(
        points, "bar", encoding, "Slabs: what is left where coordinates are shuffled", "chance is one half"
    )


def xor(results: str) -> str:
    """Accuracy by step, of new rows and of trained ones by whether their label was flipped."""
    curves = charts.rows_of(results, "xor_clusters/*", "xor_net").curves
    curves = curves[(curves["metric"] == "top_1") & (curves["split"] == "xor") & (curves["axis"] == "label")]
    curves = curves.assign(asked=[("test" if one.question_set == "test" else one.slice) for one in curves.itertuples()])
    return _course(curves, "asked", SHOWN, "XOR clusters: noise is fitted at the first step, the rule a few later")


def tickets(results: str) -> str:
    """Accuracy of pairs that were not shown, by step."""
    curves = charts.rows_of(results, "modular/addition_unordered").curves
    curves = curves[(curves["metric"] == "exact_match") & (curves["question_set"] == "test") & (curves["axis"] == "")]
    return _course(curves, "submission", TICKETS, "Grokking tickets: sums modulo 67 of pairs that were not shown")


def bits(results: str) -> str:
    """Each question set by its exact bits and the best mean of a learner."""
    cells, scores, curves = tables_of([results], ("cells", "scores", "curves"))
    known = registry.catalogue().tasks
    standings = board(cells, scores, curves, headlines(known), evidence_of([results], known)).standings
    found = foretelling.points(standings, difficulty.stored(results))
    points = [
        {"bits": one.figures["gp_bits"], "value": one.best, "task": one.task}
        for one in found
        if "gp_bits" in one.figures
    ]
    tasks = sorted({one["task"] for one in points})
    encoding = {
        "x": {
            "field": "bits",
            "type": "quantitative",
            "title": "exact bits of inductive bias",
            "scale": {"type": "symlog", "constant": 10},
            "axis": {"values": [0, 10, 100, 1_000, 10_000, 100_000]},
        },
        "y": {**charts.ACCURACY, "field": "value", "title": "best accuracy of a learner"},
        "color": charts.colour("task", tasks),
    }
    note = f"{len(points)} question sets of {len(tasks)} tasks: partly which task is harder"
    return charts.alone(points, {"type": "point", "filled": True, "size": 60}, encoding, "Bits against accuracy", note)


def _course(curves: Any, of: str, names: dict[str, str], title: str) -> str:
    curves = curves[curves[of].isin(names)]
    means = curves.groupby([of, "step"])["value"].mean().reset_index()
    points = [{"who": names[one[1]], "step": one[2], "value": one[3]} for one in means.itertuples()]
    encoding = {
        "x": {
            "field": "step",
            "type": "quantitative",
            "title": "step",
            "scale": {"type": "log", "nice": False},
            "axis": {"format": "~g", "grid": False},
        },
        "y": {**charts.ACCURACY, "field": "value"},
        "color": charts.colour("who", names.values()),
    }
    return charts.alone(points, {"type": "line", "point": True}, encoding, title, "means over three seeds")


PICTURES = {"slabs": slabs, "xor": xor, "tickets": tickets, "bits": bits}


if __name__ == "__main__":
    raise SystemExit(charts.write(PICTURES, sys.argv))
