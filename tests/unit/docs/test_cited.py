"""Every arXiv number in the tree is that of the paper it is cited for: docs/cited.md says which was looked up."""

import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LIST = "docs/cited.md"
APART = {LIST, "tests/unit/docs/test_cited.py"}  # the list, and what is wrong on purpose
PLACES = ("genbench", "tasks", "baselines", "grids", "leaderboard", "docs", "tests", ".github")
TEXT = {".md", ".py", ".toml", ".cff", ".html", ".js", ".css", ".yml", ".ipynb"}
NUMBER = r"(?P<number>\d{4}\.\d{4,5})(?!\d)"
CITED = re.compile(rf'(?:arxiv[: ]|arxiv\.org/(?:abs|pdf)/|eprint\s*=\s*\{{|arxiv\s*=\s*")\s*{NUMBER}', re.IGNORECASE)
NAMED = re.compile(rf"(?P<year>(?:19|20)\d\d)\)?,?\s*[(\[]*arXiv:{NUMBER}")
ROW = re.compile(
    rf"^\| \[{NUMBER}\]\(https://arxiv\.org/abs/(?P<link>\S+)\) \| (?P<first>.+?)(?:, | & | et al|\s\d{{4}} \|)"
)
MADE_UP = {"2001.00001"}  # of a paper that tests write
BEFORE = 130  # characters before a year in which its first author stands
LATER = 2  # years from the preprint to what was published


def texts():
    for path in (*ROOT.glob("*"), *(path for place in PLACES for path in ROOT.glob(f"{place}/**/*"))):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in TEXT and name not in APART and path.is_file():
            yield name, path.read_text(encoding="utf-8")


def plain(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def listed():
    rows = [ROW.match(line) for line in (ROOT / LIST).read_text(encoding="utf-8").splitlines()]
    return {row["number"]: row for row in rows if row}


def faults(name, text, first):
    """What is wrong with the citations of a text that have a year and a number beside each other."""
    for found in NAMED.finditer(text):
        number, before = found["number"], text[max(0, found.start() - BEFORE) : found.start()]
        preprint = 2000 + int(number[:2])
        if number not in first:
            continue
        if plain(first[number]) not in plain(before):
            yield f"{name}: {number} is of {first[number]}, who is not named before it"
        if not preprint <= int(found["year"]) <= preprint + LATER:
            yield f"{name}: {number} is of {preprint}, and cited as of {found['year']}"


def test_every_number_was_looked_up_and_none_is_listed_for_nothing():
    cited = {found["number"] for _, text in texts() for found in CITED.finditer(text)} - MADE_UP

    assert cited == listed().keys()


def test_a_row_links_to_its_own_number_and_rows_are_in_order():
    rows = listed()

    assert [row["link"] for row in rows.values()] == list(rows) == sorted(rows)


def test_a_number_stands_behind_its_first_author_and_a_year_that_it_can_have():
    first = {number: row["first"] for number, row in listed().items()}

    assert [fault for name, text in texts() for fault in faults(name, text, first)] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Somebody else 2018 (arXiv:1711.00350)", ["here: 1711.00350 is of Lake, who is not named before it"]),
        ("Lake & Baroni 2014, arXiv:1711.00350", ["here: 1711.00350 is of 2017, and cited as of 2014"]),
        ("Lake & Baroni 2018 ([arXiv:1711.00350](https://arxiv.org/abs/1711.00350))", []),
    ],
)
def test_another_papers_number_or_year_is_told(text, says):
    assert list(faults("here", text, {"1711.00350": "Lake"})) == says
