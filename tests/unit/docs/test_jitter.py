"""The page of windows, jitter and hints is of the published rows, and calls sure only what they show."""

import re
from pathlib import Path

import pytest
from making import jitter

from genbench.analysis.inference import of_values, pair
from genbench.cards import grids

ROOT = Path(__file__).parents[3]
RESULTS = str(ROOT / "leaderboard" / "results")


def contrast(one, other, p):
    found = pair(of_values(one, 200), of_values(other, 200))
    return jitter.Contrast(
        "jitter", "sorting, windows", "length_200", sum(one) / len(one), 0.0, (len(one), len(other)), found, adjusted=p
    )


def test_the_page_holds_what_the_rows_say():
    page = (ROOT / "docs" / "jitter.md").read_text(encoding="utf-8")

    assert page.endswith(jitter.told(RESULTS)), "uv run python docs/from_rows.py makes the page anew"


def test_the_picture_shows_what_the_rows_say():
    kept = (ROOT / "docs" / "jitter.svg").read_text(encoding="utf-8")

    assert jitter.picture(RESULTS) == kept, "uv run python docs/from_rows.py draws it anew"


@pytest.mark.parametrize(
    ("one", "other", "p", "verdict"),
    [
        ([0.9] * 3, [0.1] * 3, 0.001, "better"),
        ([0.1] * 3, [0.9] * 3, 0.001, "worse"),
        ([0.9] * 3, [0.8] * 3, 0.06, "not separated"),
        ([0.9] * 3, [0.1] * 2, 0.001, "too few seeds"),
    ],
)
def test_a_difference_is_sure_by_three_seeds_of_each_and_its_adjusted_p(one, other, p, verdict):
    assert contrast(one, other, p).verdict == verdict


def test_ends_of_a_difference_lie_within_what_a_share_can_differ():
    told = jitter._difference(contrast([0.0, 1.0], [0.0, 1.0], 1.0))

    assert told == "+0.000 (-1.000 to 1.000)"


def test_one_question_set_of_many_lengths_is_told_by_each(monkeypatch):
    for name, value in {
        "SMALL": "transformer{}",
        "WITHOUT": "",
        "WITH": "@relative",
        "SORTED": {},
        "SORTERS": {},
    }.items():
        monkeypatch.setattr(jitter, name, value)
    monkeypatch.setattr(jitter, "HINTED", {})
    monkeypatch.setattr(jitter, "ELSEWHERE", ("scan/length",))
    monkeypatch.setattr(jitter, "MORE", ("algorithms/count",))
    rows = jitter.Published(RESULTS)
    whole, *parts = jitter.contrasts(rows)

    lines = list(jitter._elsewhere(rows, [whole, *parts]))

    assert (whole.asked, whole.whole) == ("test", True)
    assert [one.asked for one in parts] == [
        f"length {length}" for length in (24, 25, 26, 27, 28, 30, 32, 33, 36, 40, 48)
    ]
    assert len(lines) == 2 + 1 + len(parts)
    assert re.match(r"\| `scan/length` \| length 24 \| 3 \| \d\.\d{3} \|", lines[3])


def test_the_rows_are_those_of_the_grids():
    sorting, elsewhere = (grids.read_grid(ROOT / "grids" / f"{name}.toml") for name in ("sorting_windows", "jitter"))
    small = [jitter.SMALL.format(one) for one in (jitter.WITHOUT, jitter.WITH)]

    assert set(sorting.tasks) == set(jitter.SORTED.values())
    assert set(sorting.submissions) == set(jitter.SORTERS.values())
    assert elsewhere.tasks == jitter.ELSEWHERE
    assert [one.replace("1.0|1.4", level) for one in elsewhere.submissions for level in ("1.0", "1.4")] == small
