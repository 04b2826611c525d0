"""The tables of the page in a notebook."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from genbench.analysis.standings import Standing
from genbench.report.notebook_tables import TABLES, tables

ONE = Standing(
    task="scan",
    split="length",
    question_set="test",
    kind="ood",
    submission="mine",
    profile="full",
    metric="exact_match",
    direction="higher",
    bounded=True,
    mean=0.5,
    low=0.4,
    high=0.6,
    seeds=3,
    questions=100,
    chance=0.1,
    seed_values=((0, 0.5), (1, 0.5), (2, 0.5)),
    failed=(),
    fit_seconds=1.5,
    superseded=0,
    editions=1,
    ranks=(1, 1),
)


def parsed(html):
    return ET.fromstring(html)  # noqa: S314  our own


def texts(html):
    return [one.text for one in parsed(html).iter("td")]


def test_a_row_says_what_the_page_says():
    assert texts(tables([ONE])) == ["1", "mine", "0.500", "0.400 \N{EN DASH} 0.600", "0.444", None, "3", "1.50", "ok"]


def test_a_failed_submission_has_no_bar_and_says_why():
    lost = replace(ONE, mean=None, low=None, high=None, seeds=0, seed_values=(), failed=(("timeout", 3),), ranks=None)

    assert "<svg" not in tables([lost])
    assert texts(tables([lost]))[-1] == "3 timeout"


def test_hostile_names_are_text():
    evil = "<script>alert('x')</script>"
    one = replace(ONE, task=evil, split=evil, question_set=evil, submission=evil, metric=evil, failed=((evil, 1),))

    html = tables([one])

    assert "<script" not in html
    assert {element.tag for element in parsed(html).iter()} == {
        *("div", "table", "caption", "b", "thead", "tr", "th", "tbody", "td", "svg", "line", "circle")
    }


def test_of_many_contests_the_first_are_shown_and_the_rest_is_told():
    many = [replace(ONE, split=f"split{number}") for number in range(TABLES + 3)]

    assert tables(many).count("<table") == TABLES
    assert "and 3 more; .where(...) chooses, .standings() has all" in tables(many)


def test_no_rows_are_told():
    assert tables([]) == "<p>No rows yet: run `genbench evaluate`.</p>"
