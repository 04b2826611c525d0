"""Timings shown: each figure in a unit that suits it, a line a measurement."""

import pytest

from genbench.report.forms import as_text
from genbench.report.terminal.timings import measured


def a_row(**changed):
    who = {"task": "toy", "split": "echo", "submission": "idle", "profile": "quick", "seed": 0}
    row = {"measure": "fit", "statistic": "median", "batch": None, "value": 0.00042, "unit": "seconds"}
    return who | row | {"repeats": 9, "ended": "tight", "counted": "", "device": "cpu", "threads": 1} | changed


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1.5, "seconds", ("1.5", "s")),
        (0.00042, "seconds", ("420", "µs")),
        (2.5e6, "tokens/s", ("2.5", "M tokens/s")),
        (12.0, "examples/s", ("12", "examples/s")),
        (3 * 2**20, "bytes", ("3", "MiB")),
        (0.25, "1", ("25", "% of matmul")),
    ],
)
def test_a_figure_is_shown_in_a_unit_that_suits_it(value, unit, shown):
    lines = as_text([measured([a_row(value=value, unit=unit)])]).splitlines()

    assert lines[2].split() == ["fit", *" ".join(shown).split(), "9", "tight"]


def test_the_statistics_of_one_measurement_share_a_line_and_its_tail_has_one():
    values = {"p50": 2.0, "p95": 9.0, "low": 1.0, "high": 3.0}
    rows = [a_row(measure="predict_latency", batch=1, statistic=name, value=value) for name, value in values.items()]

    table = measured(rows)

    assert [line.split() for line in as_text([table]).splitlines()[2:]] == [
        ["predict_latency,", "batch", "1", "2", "1", "to", "3", "s", "9", "tight"],
        ["predict_latency,", "batch", "1,", "p95", "9", "s", "9", "tight"],
    ]
    assert [(row["statistic"], row["value"], row["low"]) for row in table.rows] == [
        ("median", 2.0, 1.0),
        ("p95", 9.0, None),
    ]
