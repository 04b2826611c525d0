"""The page as a whole: what it says, and that it is only text."""

import re
from pathlib import Path

import pytest

from genbench.analysis.standings import Headline
from genbench.errors import StoreFault
from genbench.report.page import render

TEMPLATES = Path(__file__).parents[4] / "leaderboard" / "page"


def test_the_page_says_what_it_shows(draw, outline, full):
    said = " ".join(" ".join(outline(draw(full)).texts).split())

    for text in (
        "4 cells, 1 of them failed",
        "full profile",
        "2026-08-01",
        "genbench 0.1.0",
        "Toy: say it again",
        "toy/echo",
    ):
        assert text in said
    for text in (
        "out of distribution",
        "chance 0.250",
        "0.812",
        "0.750 \N{EN DASH} 0.875",
        "1,234",
        "12.3",
        "3 timeout",
        "one seed",
    ):
        assert text in said


def test_every_tag_is_closed_and_every_table_has_named_columns(draw, full, outline):
    elements = outline(draw(full))

    assert not elements.open
    assert all(attributes.get("scope") in {"col", "row"} for attributes in elements.of("th"))
    assert len(elements.of("caption")) >= 2
    assert len(elements.of("h1")) == 1


def test_every_drawing_has_a_title(draw, full):
    page = draw(full)

    assert page.count('role="img"') == page.count('role="img"><title>') > 0


def test_the_page_asks_for_nothing_from_elsewhere(draw, full, outline):
    page = draw(full)
    elements = outline(page)

    assert not re.findall(r"https?:|url\(|@import|//[a-z]", page)
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in elements.tags}
    assert all(
        "src" not in attributes and attributes.get("href", "#").startswith("#") for _, attributes in elements.tags
    )


def test_a_name_is_text_and_never_markup(draw, a_standing, a_slice, a_point, a_board, outline):
    name = """<script>alert('1')</script>"><img onerror=x>"""
    board = a_board(
        a_standing(name, task=name, split=name, question_set=name, metric=name, failed=((name, 1),)),
        slices=[
            a_slice(part, name, axis, task=name, split=name, question_set=name)
            for axis, part in (("n", "1"), (name, name))
        ],
        curves=[a_point(3, submission=name, task=name, split=name, question_set=name)],
        headlines={f"{name}/{name}": Headline("x", title=name, about=name)},
        versions=((name, (name,)),),
    )

    elements = outline(draw(board))

    assert not elements.of("script")
    assert not elements.of("img")
    assert name in elements.texts


def test_the_same_standings_give_the_same_bytes(draw, full):
    assert draw(full) == draw(full)


def test_no_rows_say_what_to_do(draw, a_board, outline):
    page = draw(a_board(headlines={}, cells=0, failed=0, first=None, last=None, versions=()))

    assert "No rows yet: run `genbench evaluate`." in page
    assert not outline(page).open


def test_a_page_that_cannot_be_written_is_one_clear_error(tmp_path, full):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreFault, match="cannot write the page"):
        render(full, tmp_path / "file" / "index.html", TEMPLATES)
