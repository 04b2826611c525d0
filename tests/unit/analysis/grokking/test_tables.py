"""The tables of phases."""

import math

import pyarrow.parquet as pq

from genbench.analysis import grokking, tables


def test_rows_are_of_the_schemas_and_the_same_bytes_each_time(course, tmp_path):
    found = [course([0.5, 0.99, 1.0], [0.1, 0.2, 0.98], counts={"examples_seen": [5, 50, 500]})]
    made = {
        "courses": (grokking.course_rows, grokking.COURSES, found),
        "ends": (grokking.end_rows, grokking.ENDS, found),
        "medians": (grokking.median_rows, grokking.MEDIANS, grokking.summaries(found)),
    }

    for name, (rows, columns, given) in made.items():
        for place in ("one", "two"):
            tables.write(rows(given), columns, tmp_path / f"{name}-{place}")
        assert (tmp_path / f"{name}-one").read_bytes() == (tmp_path / f"{name}-two").read_bytes()
    (end,) = pq.read_table(tmp_path / "ends-one").to_pylist()
    assert (end["memorize_steps"], end["generalize_steps"]) == (10, None)
    assert (end["delay_steps"], end["delay_censored"], end["delay_flops"]) == (90, True, None)
    assert math.isclose(end["corruption"], 0.35)
