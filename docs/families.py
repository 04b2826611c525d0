"""Draw what families of small worlds show, from rows: `uv run python docs/families.py RESULTS`, written beside it.

    sets.svg          sums modulo 5 of ever larger multisets; which points of a set are strangers
    instructions.svg  rules and instructed tasks followed, seen and unseen, by how many were trained
    shortcuts.svg     two methods by the unlabelled rows they are given; shortcuts by how fragmented training is
    documents.svg     documents of five languages, by how they are classified
    networks.svg      classes of nodes by how many relations away is looked
    household.svg     plans carried out, by where a policy has its words from

Bars, lines and points are means over seeds; nothing is fitted. Rules of one to four domains
are drawn once they have rows.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from making import charts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Names = Mapping[str, str]  # a submission or a set of questions, and what it is called in a picture
    Point = dict[str, Any]  # where it is across (`x`), its `value`, and what it is told apart by (`who`)
    Panel = dict[str, Any]

WIDE = 380  # of a panel, in pixels
LINE = {"type": "line", "point": True}
SEEDS = "means over seeds of published rows"
POOLED = {
    "set_pooling": "learned operation, as a tree",
    "set_pooling@gru": "GRU",
    "set_pooling@sum": "sum",
    "set_pooling@max": "largest",
    "majority": "commonest answer",
}
SIZES = {"id": "1 to 16", "shuffled": "reordered", "size_32": "32", "size_64": "64", "size_128": "128"}
SCORED = {
    "subset_scores": "beside the whole set",
    "subset_scores@item": "each point alone",
    "majority": "commonest answer",
}
STRANGERS = {"id": "as in training", "larger": "twice the points", "balanced": "more strangers"}
FOLLOWED = {"seen_rules": "rules of training", "unseen_rules": "new rules"}
TASKS = {"seen_tasks": "tasks of training", "unseen_tasks": "new tasks"}
TRAINED_TASKS = {
    "tasks_20": "20",
    "tasks_40": "40",
    "tasks_80": "80",
    "tasks_examples": "by examples",
    "tasks_opaque": "by name",
}
DOMAINS = {
    "different": "different letters",
    "repeats": "repeats",
    "palindromes": "palindromes",
    "marked": "marked",
}
APART = {
    "diversification": "D-BAT",
    "diversification@divdis": "DivDis",
    "vector_mlp": "one network",
}
FRAGMENTS = {"vector_mlp": "network", "linear": "linear", "majority": "commonest answer"}
TIERS = {
    "funnelling@views": "two tiers and a dictionary",
    "funnelling": "two tiers",
    "funnelling@monolingual": "one language at a time",
    "majority": "commonest answer",
}
ORDERS = {
    "relations": "papers and venues (2)",
    "relations@order1": "papers (1)",
    "relations@order0": "itself (0)",
    "majority": "commonest answer",
}
GRAPHS = {"same_graph": "network of training", "new_graph": "another network"}
POLICIES = {
    "policy": "words from the text",
    "policy@random": "words drawn at random",
    "policy@scratch": "words from demonstrations",
    "nearest": "nearest demonstration",
}
GOALS = {"pairs": "new pairs", "objects": "things never demonstrated"}


def sets(results: str) -> str:
    """Sums by size and pooling, and subsets by what is seen of a set."""
    pooled = _means(results, "sets/sum_mod_5", POOLED, "exact_match", SIZES)
    scored = _means(results, "subsets/moons", SCORED, "jaccard", STRANGERS)
    return charts.picture(
        [
            _lines(_at(pooled, "asked"), "Sums modulo 5 of larger multisets", "elements", POOLED, order=SIZES),
            _bars(_at(scored, "asked"), "Strangers among points of two moons", "Jaccard index", SCORED, STRANGERS),
        ],
        f"{SEEDS}; training had 1 to 16 elements, and 100 points with 10 strangers",
    )


def instructions(results: str) -> str:
    """Rules and tasks followed by how many were trained, and new rules by their domain."""
    one = {"decoder_only": ""}
    rules = _means(results, "instructions/rules_*", one, "exact_match", FOLLOWED, within=("occurrences", "1"))
    tasks = _means(results, "instructed/*", one, "exact_match", TASKS, splits=TRAINED_TASKS)
    kinds = _means(results, "instructions/domains_*", one, "exact_match", DOMAINS, within=("occurrences", "1"))
    panels = [
        _lines(_trained(rules), "Rules that apply once", "rules in training", FOLLOWED, logarithmic=True),
        _bars(_told(_at(tasks, "split")), "Instructed tasks", "exact match", TASKS, TRAINED_TASKS),
    ]
    if kinds:
        panels.append(_lines(_trained(kinds), "New rules of four domains", "domains in training", DOMAINS))
    return charts.picture(panels, f"{SEEDS} of one decoder; tasks by how many were trained, and eighty told otherwise")


def shortcuts(results: str) -> str:
    """Accuracy where cues disagree by the agreement of unlabelled rows, and by how fragmented training is."""
    apart = _means(results, "shortcuts/slabs_*", APART, "top_1", {"ood": ""})
    crossed = _means(results, "fragments/*", FRAGMENTS, "top_1", {"crossed": ""})
    agreeing = [{**one, "x": int(one["split"].removeprefix("slabs_r")) / 100} for one in apart]
    doses = [{**one, "x": _gap_over_spread(one["split"])} for one in crossed]
    dots = {"type": "point", "filled": True, "size": 60}
    return charts.picture(
        [
            _lines(agreeing, "The right cue, beside an easy one", "share of unlabelled rows that agree", APART),
            _lines(doses, "The other viewpoint", "gap over spread", FRAGMENTS, logarithmic=True, mark=dots),
        ],
        f"{SEEDS}; one half is chance on the left, one eighth on the right",
    )


def documents(results: str) -> str:
    """Macro-F1 of five languages, each with documents of training, and of one that has none."""
    shown = _means(results, "documents/five_languages", TIERS, "macro_f1", {"test": ""}, within=("of", ""))
    never = _means(results, "documents/zero_shot_language", TIERS, "macro_f1", {"test": ""})
    points = [*_at(shown, "slice"), *({**one, "x": "never trained"} for one in never)]
    order = {name: name for name in (*sorted({one["slice"] for one in shown}), "never trained")}
    chart = _bars(points, "Topics of documents, by language", "macro-F1", TIERS, order, width=620)
    return charts.picture([chart], f"{SEEDS}; thirty documents of each language in training, and none of the last")


def networks(results: str) -> str:
    """Accuracy of authors' fields by the number of relations, in the network of training and in another."""
    found = _at(_means(results, "networks/*", ORDERS, "exact_match", {"test": ""}, splits=GRAPHS), "split")
    chart = _bars(found, "Fields of authors, by relations looked along", "accuracy", ORDERS, GRAPHS)
    return charts.picture([chart], f"{SEEDS}; four fields, so that one quarter is chance")


def household(results: str) -> str:
    """Goals reached by where the vectors of words come from."""
    found = _at(_means(results, "household/*", POLICIES, "goal_reached", {"test": ""}, splits=GOALS), "split")
    return charts.picture([_bars(found, "Plans that reach their goal", "goals reached", POLICIES, GOALS)], SEEDS)


def _means(
    results: str,
    task: str,
    who: Names,
    metric: str,
    asked: Names,
    splits: Names | None = None,
    within: tuple[str, str] = ("", ""),
) -> list[Point]:
    """The mean of each of these submissions on each of these question sets, under the names of the picture.

    `within` is an axis and its slice, or an axis and nothing for all its slices.
    """
    axis, slice_ = within
    rows = charts.rows_of(results, task).scores
    rows = rows[(rows["axis"] == axis) & (rows["metric"] == metric)]
    rows = rows[rows["submission"].isin(who) & rows["question_set"].isin(asked)]
    if slice_:
        rows = rows[rows["slice"] == slice_]
    if splits is not None:
        rows = rows[rows["split"].isin(splits)]
    by = ["split", "question_set", "submission", *(["slice"] if axis and not slice_ else [])]
    return [
        {
            **one,
            "split": one["split"] if splits is None else splits[one["split"]],
            "asked": asked[one["question_set"]],
            "who": who[one["submission"]],
        }
        for one in rows.groupby(by)["value"].mean().round(6).reset_index().to_dict("records")
    ]


def _at(points: Sequence[Point], of: str) -> list[Point]:
    """The same, each at the place across that it has in this field."""
    return [{**one, "x": one[of]} for one in points]


def _told(points: Sequence[Point]) -> list[Point]:
    """The same, told apart by what was asked."""
    return [{**one, "who": one["asked"]} for one in points]


def _trained(points: Sequence[Point]) -> list[Point]:
    """Points of splits whose names end in how much was trained, told apart by what was asked."""
    return [{**one, "x": int(one["split"].rpartition("_")[2])} for one in _told(points)]


def _gap_over_spread(split: str) -> float:
    spread, gap = (int(part) for part in split.removeprefix("spread_").split("_gap_"))
    return gap / spread


def _named(points: Sequence[Point], names: Names) -> list[str]:
    """Those of the names that have points, in their order."""
    return [name for name in names.values() if any(one["who"] == name for one in points)]


def _colour(names: list[str]) -> dict[str, Any]:
    """A colour for each name, told below the panel."""
    found = charts.colour("who", names)
    return {**found, "legend": {**found["legend"], "orient": "bottom", "columns": 2}}


def _lines(
    points: Sequence[Point],
    title: str,
    across: str,
    who: Names,
    *,
    order: Names | None = None,
    logarithmic: bool = False,
    mark: Mapping[str, Any] = LINE,
) -> Panel:
    """A line for each name, along numbers or, where an `order` is given, along names."""
    x: dict[str, Any] = {"field": "x", "title": across}
    if order is None:
        values = sorted({one["x"] for one in points})
        scale = {"type": "log", "nice": False} if logarithmic else {"nice": False}
        axis = {"values": values, "labelExpr": "'' + datum.value", "grid": False}
        x |= {"type": "quantitative", "scale": scale, "axis": axis}
    else:
        x |= {"type": "ordinal", "sort": list(order.values()), "axis": {"labelAngle": 0}}
    encoding = {"x": x, "y": {**charts.ACCURACY, "field": "value"}, "color": _colour(_named(points, who))}
    return charts.panel(points, mark, encoding, title, WIDE)


def _bars(points: Sequence[Point], title: str, measured: str, who: Names, order: Names, width: int = WIDE) -> Panel:
    """A group of bars for each name of the `order`."""
    names = _named(points, who)
    encoding = {
        "x": {"field": "x", "type": "nominal", "title": None, "sort": list(order.values()), "axis": {"labelAngle": 0}},
        "xOffset": {"field": "who", "sort": names},
        "y": {**charts.ACCURACY, "field": "value", "title": measured},
        "color": _colour(names),
    }
    return charts.panel(points, "bar", encoding, title, width)


PICTURES = {
    "sets": sets,
    "instructions": instructions,
    "shortcuts": shortcuts,
    "documents": documents,
    "networks": networks,
    "household": household,
}


if __name__ == "__main__":
    raise SystemExit(charts.write(PICTURES, sys.argv))
