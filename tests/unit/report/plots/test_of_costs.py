"""Charts of what scores cost, and of one submission while it learns: what they hold, and that Vega-Lite takes them."""

import json

import altair as alt

from genbench.report.plots.of_costs import of_costs
from genbench.report.plots.of_learning import of_submission
from genbench.report.site.costs import Cost
from genbench.report.site.fronts import Point, fronts


def a_point(name, score, flops, cpu=1.0):
    return Point(name, score, Cost(1, 0, 1.0, 1.0, cpu, None, None, flops, (), "{}"))


def drawable(plot):
    rows = [{**row, "picked": True} for row in plot.rows]
    alt.Chart.from_dict({**plot.spec, "data": {"values": rows}}, validate=True)


def test_a_chart_is_of_what_two_submissions_tell_and_has_the_front_first():
    points = [
        a_point("slow", 0.4, 9.0),
        a_point("best", 0.9, 5.0),
        a_point("none", None, 1.0),
        a_point("free", 0.1, None),
    ]

    plots = of_costs(points, fronts(points), "exact_match", bounded=True)

    assert [plot.title for plot in plots] == ["training FLOPs", "CPU seconds"]
    assert plots[0].rows == (
        {"who": "best", "x": 5.0, "y": 0.9, "front": True},
        {"who": "slow", "x": 9.0, "y": 0.4, "front": False},
    )
    for plot in plots:
        drawable(plot)


def test_a_submissions_curves_are_by_split_with_a_line_for_each_question_set(a_point):
    curves = [
        a_point(step, question_set=name, split=split)
        for split, name in (("echo", "test"), ("echo", "trained"), ("other", "test"))
        for step in (1, 10)
    ]
    curves += [a_point(1, axis="length", slice="3"), a_point(1, metric="diagnostic.norm")]
    bounded = {("toy", "echo", "test"): True, ("toy", "echo", "trained"): True}

    (plot,) = of_submission(curves, bounded)

    assert plot.title == "toy/echo"
    assert [(row["set"], row["x"]) for row in plot.rows] == [("test", 1), ("test", 10), ("trained", 1), ("trained", 10)]
    assert "who" not in json.dumps(plot.spec)
    assert plot.who == ()
    drawable(plot)
