"""Links of a built site: each kind of fault on a page of its own."""

import pytest
from making import links


@pytest.fixture
def site(tmp_path):
    """Gives a site of two pages, the body of the first as told."""

    def make(body):
        (tmp_path / "guide").mkdir()
        (tmp_path / "guide" / "index.html").write_text('<h2 id="there">There</h2>')
        (tmp_path / "picture.svg").write_text("<svg/>")
        (tmp_path / "index.html").write_text(f'<h1 id="top">Top</h1>{body}')
        return tmp_path

    return make


@pytest.mark.parametrize(
    "body",
    [
        '<a href="guide/">',
        '<a href="guide/#there">',
        '<a href="#top">',
        '<img src="picture.svg">',
        '<a href="https://example.org/">',
        '<a href="mailto:someone@example.org">',
        '<link rel="canonical" href="https://example.org/">',
    ],
)
def test_a_link_that_leads_somewhere_is_no_fault(site, body):
    assert links.faults(site(body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="guides/">', "index.html: 'guides/' leads to no file"),
        ('<a href="guide/#here">', "index.html: 'guide/#here' leads to no heading"),
        ('<a href="#bottom">', "index.html: '#bottom' leads to no heading"),
        ('<img src="photo.svg">', "index.html: 'photo.svg' leads to no file"),
        (
            '<script src="https://example.org/x.js">',
            "index.html: 'https://example.org/x.js' is loaded from another host",
        ),
        (
            '<link rel="stylesheet" href="//example.org/x.css">',
            "index.html: '//example.org/x.css' is loaded from another host",
        ),
    ],
)
def test_a_link_that_leads_nowhere_or_elsewhere_is_named(site, body, fault):
    assert links.faults(site(body)) == [fault]
