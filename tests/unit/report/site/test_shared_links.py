"""What a page says to whoever shares a link to it: its title, the picture, and where the feed is."""

import re

import pytest

from genbench.report.exports.previews import WHOLE, name_of
from genbench.report.site.provenance import provenance
from genbench.report.site.submissions import submissions


def told(page):
    return dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', page))


@pytest.mark.parametrize(("address", "before"), [("", "../../"), ("https://example.org/board/",) * 2])
def test_a_page_of_a_task_shows_the_tasks_picture(about, written, a_standing, address, before):
    one = a_standing("mlp", task="a b")

    files = written(provenance, about(one, address=address))

    (path,) = [path for path in files if path.endswith(".html")]
    found = told(files[path])
    assert found["og:image"] == before + name_of("a b")
    assert found.get("og:url", "") == (address and address + path)
    assert found["og:title"] == "Where the numbers of a b/echo come from"
    assert 'type="application/atom+xml" title="genbench leaderboard: new rows" href="../../feed.xml"' in files[path]


def test_any_other_page_shows_that_of_the_whole(about, written, a_standing):
    files = written(submissions, about(a_standing("toy")))

    assert {told(page)["og:image"] for path, page in files.items() if path.endswith(".html")} == {f"../{WHOLE}"}
