"""What scores cost: the fronts, and the pages that tell them."""

import re

import pytest

from genbench.report.site.cost_pages import cost_pages
from genbench.report.site.costs import Cost
from genbench.report.site.fronts import Point, front
from genbench.report.site.splits import splits


def a_point(name, score, flops):
    return Point(name, score, Cost(1, 0, 1.0, 1.0, 1.0, 1.0, None, flops, (), "{}"))


def text_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page.replace("<wbr>", "")).split())


@pytest.mark.parametrize(
    ("points", "lower", "on"),
    [
        ([("a", 0.5, 10.0), ("b", 0.6, 20.0), ("c", 0.5, 20.0), ("d", 0.9, 5.0)], False, ["d"]),
        ([("a", 0.5, 10.0), ("b", 0.6, 20.0), ("c", 0.55, 30.0)], False, ["a", "b"]),
        ([("a", 0.5, 10.0), ("b", 0.6, 20.0), ("c", 0.4, 30.0)], True, ["a", "c"]),
        ([("a", 0.5, 10.0), ("b", 0.5, 10.0), ("c", 0.4, 10.0)], False, ["a", "b"]),
        ([("a", None, 1.0), ("b", 0.5, None), ("c", 0.1, 0.0), ("d", 0.1, 9.0)], False, ["d"]),
        ([], False, []),
    ],
)
def test_on_the_front_is_whom_nobody_beats_for_as_little(points, lower, on):
    assert front([a_point(*one) for one in points], "flops", lower=lower) == on


def test_a_front_is_what_comparing_every_pair_leaves():
    points = [a_point(f"p{number}", (number * 7 % 11) / 10, float(number * 5 % 13 + 1)) for number in range(60)]

    by_pairs = {
        one.submission
        for one in points
        if not any(
            other.score >= one.score
            and other.cost.flops <= one.cost.flops
            and (other.score, other.cost.flops) != (one.score, one.cost.flops)
            for other in points
        )
    }

    assert set(front(points, "flops")) == by_pairs


def test_a_split_has_its_scores_beside_its_costs_and_says_what_they_are(about, written, a_standing, cells):
    rows = [a_standing("mlp"), a_standing("knn", mean=0.5), a_standing("rnn", mean=0.4, provisional=True, ranks=None)]
    spent = {"knn": {"training_flops": None, "parameters": None, "cpu_seconds": 2.0, "peak_memory_bytes": 2**29}}
    spent["rnn"] = {"cpu_seconds": 1.0, "machine": '{"processor": "Xeon"}'}

    files = written(cost_pages, about(*rows, cells=cells(*rows, **spent)))

    page = text_of(files["costs/toy/echo.html"])
    assert "Score: exact_match on test" in page
    assert "mlp 0.812 1e+12 20.0 1k 1 GiB 10.5 1.00 training FLOPs, CPU seconds, parameters, peak memory" in page
    assert "knn 0.500 2.00 0.5 GiB 10.5 1.00 CPU seconds, peak memory" in page
    assert "rnn 0.400 1e+12 1.00 1k 1 GiB 10.5 1.00 CPU seconds (provisional)" in page
    assert "Run on: AMD EPYC, 2 cores, 16.0 GiB, Linux Xeon" in page
    assert "No machine was calibrated among these rows" in page
    assert "toy/echo mlp rnn, knn, mlp mlp knn, mlp" in text_of(files["costs/index.html"])


def test_the_page_of_a_split_leads_to_its_costs_where_any_is_known(about, written, a_standing):
    known, failed = a_standing("mlp"), a_standing("mlp", mean=None, ranks=None)
    link = 'href="../../costs/toy/echo.html">what these scores cost</a>'

    assert link in written(splits, about(known))["tasks/toy/echo.html"]
    assert "what these scores cost" not in written(splits, about(failed))["tasks/toy/echo.html"]


def test_the_score_is_over_all_sets_beyond_training_and_missing_ones_are_none(about, written, a_standing):
    rows = [
        a_standing("mlp", question_set="long", mean=0.5),
        a_standing("mlp", question_set="longer", mean=0.25),
        a_standing("mlp", question_set="near", kind="id", mean=1.0),
        a_standing("knn", question_set="long", mean=0.4),
    ]

    page = text_of(written(cost_pages, about(*rows))["costs/toy/echo.html"])

    assert "exact_match, mean of 2 question sets" in page
    assert "mlp 0.375 " in page
    assert "knn \N{EN DASH} " in page


def test_machines_that_were_calibrated_are_told(about, written, a_standing, tmp_path):
    from datetime import UTC, datetime

    from genbench.rows.schema import TIMINGS
    from genbench.rows.store import Store

    plain = {"double": 2e10, "int64": 1, "string": "x"}
    row = {field.name: plain.get(str(field.type), datetime(2026, 8, 1, tzinfo=UTC)) for field in TIMINGS}
    row |= {"measure": "matmul", "statistic": "median", "machine": '{"processor": "AMD EPYC"}', "submission": "mlp"}
    Store(str(tmp_path / "rows")).append("toy", "mlp", "a", {"timings": [row]})

    files = written(cost_pages, about(a_standing("mlp"), results=[str(tmp_path / "rows")]))

    assert "AMD EPYC: a product of matrices ran at 20GFLOP/s there" in text_of(files["costs/index.html"])
