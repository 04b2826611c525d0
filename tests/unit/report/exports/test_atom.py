"""The feed of new rows, as RFC 4287 has it: required elements, ids that stay, no clock but the rows'."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlparse
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from genbench.report.exports import atom

NOON = datetime(2026, 8, 1, 12, 30, 15, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def told(a_standing):
    """The feed of cells, given as (submission, minutes after noon); the standings are of mlp."""

    def made(*cells, home=""):
        table = pa.table(
            {
                "task": ["toy"] * len(cells),
                "split": ["echo"] * len(cells),
                "submission": pa.array([name for name, _ in cells], pa.string()),
                "profile": ["full"] * len(cells),
                "cell": [str(number) for number in range(len(cells))],
                "started": pa.array([NOON + timedelta(minutes=at) for _, at in cells], pa.timestamp("us", tz="UTC")),
            }
        )
        text = atom.feed(atom.news(table), [a_standing("mlp")], lambda task, split: f"{task}/{split}.html", home)
        return ET.fromstring(text)  # noqa: S314  it was written just now

    return made


@pytest.mark.parametrize("home", ["", "https://example.org/board/"])
@pytest.mark.parametrize("cells", [(), (("mlp", 0), ("mlp", 9), ("gru", 5))])
def test_a_feed_has_what_the_standard_requires(told, cells, home):
    root = told(*cells, home=home)

    for one in [root, *root.findall(f"{ATOM}entry")]:
        for tag in ("id", "title", "updated"):
            (found,) = one.findall(f"{ATOM}{tag}")
            assert found.text
        assert urlparse(one.find(f"{ATOM}id").text).scheme in {"urn", "https"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.find(f"{ATOM}updated").text)
        links = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert ("alternate", "text/html") in links
    assert root.find(f"{ATOM}author/{ATOM}name").text
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))


def test_the_newest_stands_first_with_what_it_scored_and_when(told):
    first, second = told(("mlp", 0), ("mlp", 9), ("gru", 5)).findall(f"{ATOM}entry")

    assert [one.find(f"{ATOM}title").text for one in (first, second)] == ["mlp on toy/echo", "gru on toy/echo"]
    assert first.find(f"{ATOM}updated").text == "2026-08-01T12:39:15Z"
    assert first.find(f"{ATOM}published").text == "2026-08-01T12:30:15Z"
    assert first.find(f"{ATOM}summary").text == "test: exact_match 0.812 (0.750 \N{EN DASH} 0.875), rank 1; 2 cells"
    assert second.find(f"{ATOM}summary").text == "nothing was graded; 1 cell"


def test_an_entry_keeps_its_id_when_a_seed_comes(told):
    before = told(("mlp", 0)).find(f"{ATOM}entry/{ATOM}id").text

    after = told(("mlp", 0), ("mlp", 600), home="https://example.org/").find(f"{ATOM}entry")

    assert after.find(f"{ATOM}id").text == before
    assert after.find(f"{ATOM}link").get("href") == "https://example.org/toy/echo.html"


def test_a_feed_is_of_the_newest_only(told):
    entries = told(*((f"mlp:hidden={size}", size) for size in range(atom.NEWEST + 20))).findall(f"{ATOM}entry")

    assert len(entries) == atom.NEWEST
    assert entries[0].find(f"{ATOM}title").text == f"mlp:hidden={atom.NEWEST + 19} on toy/echo"
