"""The tables of trends."""

from hypothesis import given, settings
from hypothesis import strategies as st

from genbench.analysis import frequency


def cell(seed=0, submission="net"):
    return {"task": "t", "split": "s", "submission": submission, "profile": "full", "seed": seed, "cell": f"c{seed}"}


@settings(max_examples=5)
@given(st.integers(0, 3))
def test_rows_are_of_their_schemas(spread, seed):
    found, _ = frequency.analyses([cell(seed)], lambda row: spread(seed))

    trends = list(frequency.trend_rows(found))
    points = list(frequency.point_rows(found))

    assert [set(row) for row in trends] == [set(frequency.TRENDS.names)]
    assert {row["bin"] for row in points} == set(range(12))
    assert sum(row["concepts"] for row in points) == 12
