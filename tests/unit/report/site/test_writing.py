"""The site on disk: what it holds, what is left as it is, and what strangers called things."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from genbench.analysis.published import Figure
from genbench.analysis.standings import Headline
from genbench.errors import StoreFault
from genbench.report import site
from genbench.report.figures import Held
from genbench.report.site import File, Kind, Made, Page

TEMPLATES = Path(__file__).parents[4] / "leaderboard" / "page"
HOSTILE = [
    "<script>alert('1')</script>\"><img src=x onerror=x>",
    "</script><!--{{ 7*7 }}{% raw %}",
    "idle\u202egnol\u2066",
    "nul\x00bell\x07\x1b[31m",
    "x" * 100_000,
    "javascript:alert(1)",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "\\input{x}%$&#",
    "\ud800 half of a letter",
]


def write(board, out, kinds=site.KINDS):
    return site.write(site.subject(board, None), out, TEMPLATES, kinds)


def files(out):
    return {path.relative_to(out).as_posix(): path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}


def test_the_pages_say_what_they_show(pages, outline, full):
    found = pages(full)

    said = " ".join(" ".join(outline(found["index.html"] + found["tasks/toy/echo.html"]).texts).split())
    for text in (
        *("4 cells, 1 of them failed", "full profile", "2026-08-01", "genbench 0.1.0", "Toy: say it again"),
        *("out of distribution", "chance 0.250", "0.812", "0.750 \N{EN DASH} 0.875", "1,234", "12.3", "3 timeout"),
        *("one seed", "by length", "by form", "while learning"),
    ):
        assert text in said


def test_every_tag_is_closed_and_every_heading_of_a_table_has_a_scope(pages, full, outline):
    for name, page in pages(full).items():
        elements = outline(page)
        assert not elements.open, name
        assert all(one.get("scope") in {"col", "row", "colgroup"} for one in elements.of("th")), name
        assert len(elements.of("h1")) == 1, name


def test_the_site_asks_for_nothing_from_elsewhere(pages, full, outline, tmp_path):
    for name, page in pages(full).items():
        for tag, attributes in outline(page).tags:
            for key in ("src", "href"):
                target = attributes.get(key, "").partition("#")[0]
                if "/provenance/" in target:  # this board has no cells
                    continue
                if target.rpartition("/")[2].startswith(("leaderboard.", "feed.")):  # report.exports writes them
                    continue
                if target and not (tag == "a" and target.startswith("https://")):
                    assert (tmp_path / "new" / Path(name).parent / target).resolve().is_file(), (name, target)
        assert "script-src 'self'; style-src 'self'" in page
        assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", page)
    for path in (tmp_path / "new" / "assets").glob("*.css"):
        assert not re.findall(r"url\(|@import", path.read_text())


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_text_wherever_it_stands(pages, a_standing, a_slice, a_point, a_board, outline, tmp_path, name):
    board = a_board(
        a_standing(name, task=name, split=name, question_set=name, metric=name, failed=((name, 1),)),
        a_standing("other", task=name, split=name, question_set=name, metric=name),
        slices=[
            a_slice(part, name, axis, task=name, split=name, question_set=name)
            for axis, part in (("n", "1"), ("n", "2"), (name, name), (name, "other"))
        ],
        curves=[a_point(step, submission=name, task=name, split=name, question_set=name) for step in (1, 3)],
        headlines={f"{name}/{name}": Headline("x", title=name, about=name)},
        versions=((name, (name,)),),
    )

    figure = Figure(name, name, name, name, name, name, name, name, "stated", value=0.5, ours=name, departs=name)
    held = {(name, name): (Held(figure, board.standings[0], name), Held(figure, None, name))}
    found = pages(board, held=held, difficulty={(name, name): name})

    for page in found.values():
        elements = outline(page)
        assert not elements.open
        assert not elements.of("img")
        assert all("src" in one for one in elements.of("script"))
        assert not any(one.get("href", "").startswith("javascript:") for one in elements.of("a"))
        assert not re.search("[\x00-\x08\x0b\x1b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    out = tmp_path / "new"
    for script in out.rglob("*.charts.js"):
        json.loads(script.read_text().partition(",")[2].removesuffix(");\n"))
        assert not re.search("[<\x00-\x09\x0b-\x1f\x7f-\uffff]", script.read_text())
    assert all(path.resolve().is_relative_to(out.resolve()) for path in out.rglob("*"))
    assert max(len(path.name) for path in out.rglob("*")) < 100


def test_what_is_the_same_is_not_written_again(full, tmp_path):
    write(full, tmp_path)
    before = files(tmp_path)

    write(full, tmp_path)

    assert files(tmp_path) == before


def test_a_new_figure_touches_its_own_pages_alone(full, a_standing, tmp_path):
    other = a_standing(split="other")
    write(replace(full, standings=(*full.standings, other)), tmp_path)
    before = files(tmp_path)

    write(replace(full, standings=(*full.standings, replace(other, mean=0.1))), tmp_path)

    changed = {name for name, when in files(tmp_path).items() if before.get(name) != when}
    assert "tasks/toy/other.html" in changed
    assert "tasks/toy/echo.html" not in changed
    assert "data/tasks/toy/echo.charts.js" not in changed


def test_a_page_is_not_made_where_its_inputs_are_the_same(full, tmp_path):
    asked = []

    def kind(told):
        def make():
            asked.append(told)
            return Made({"titles": [], "table": "", "quick": ""})

        pages = [Page("a.html", "a", "tasks.html", (told,), make), File("b.txt", (), lambda: "b")]
        return [Kind("", "", lambda _about: pages)]

    for told in ("one", "one", "two", "two"):
        write(full, tmp_path, kind(told))

    assert asked == ["one", "two"]
    assert (tmp_path / "b.txt").read_text() == "b"


def test_a_page_that_nobody_needs_any_more_is_taken_away_and_no_other_file(full, a_standing, tmp_path):
    write(replace(full, standings=(*full.standings, a_standing(split="other"))), tmp_path)
    (tmp_path / "tasks" / "mine.txt").write_text("mine")

    write(full, tmp_path)

    assert not (tmp_path / "tasks" / "toy" / "other.html").exists()
    assert (tmp_path / "tasks" / "mine.txt").exists()


@pytest.mark.parametrize("told", ["[", "{}", '{"a": {"files": ["../../victim"], "inputs": ""}}', '{"a": 1}'])
def test_a_forged_list_of_files_takes_nothing_away(full, tmp_path, told):
    (tmp_path / "victim").write_text("mine")
    out = tmp_path / "a" / "b"
    out.mkdir(parents=True)
    (out / ".made.json").write_text(told)

    write(full, out)

    assert (tmp_path / "victim").exists()
    assert (out / "tasks" / "toy" / "echo.html").exists()


def test_no_rows_say_what_to_do(pages, a_board):
    found = pages(a_board(headlines={}, cells=0, failed=0, first=None, last=None, versions=()))

    assert "No rows yet: run `genbench evaluate`." in found["index.html"]


def test_a_site_that_cannot_be_written_is_one_clear_error(tmp_path, full):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreFault, match="cannot write the page"):
        write(full, tmp_path / "file")
