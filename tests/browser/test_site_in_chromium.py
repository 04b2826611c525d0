"""The site in a real browser: what a reader does with it, and that it is for every reader."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from genbench.analysis.comparison import Comparison
from genbench.analysis.inference.pairs import Pair
from genbench.analysis.standings import Board, CurvePoint, Headline, SliceStanding, Standing
from genbench.report import site
from genbench.report.site import Kind, Page
from genbench.report.site.comparisons import listing, page_of
from genbench.report.site.pairing import Differing
from genbench.report.site.pairing import Pair as Compared
from genbench.rows.schema import CELLS, to_table

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TEMPLATES = Path(__file__).parents[2] / "leaderboard" / "page"
NAMES = ["alpha", "beta:width=8", "<img src=x onerror=window.ran=1>", "delta@" + "x" * 70, "crawler"]
SPLIT = "tasks/toy/echo.html"
# The axe rules of WCAG 2.2 at the levels A and AA, and its best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no browser here: neither chromium nor google-chrome")


def a_board():
    common = {"task": "toy", "split": "echo", "question_set": "test", "kind": "ood", "profile": "full"}
    common |= {"metric": "exact_match"}
    standings = [
        Standing(
            **common, submission=name, direction="higher", bounded=True, mean=0.9 - at / 10,
            low=0.1, high=0.95, seeds=3, questions=1234, chance=0.25, seed_values=((0, 0.4), (1, 0.5), (2, 0.6)),
            failed=(("timeout", 3),) if name == "crawler" else (), fit_seconds=12.3, superseded=0, editions=1,
            ranks=None if name == "crawler" else (at + 1, 4), ends=(0.0, 1.0), floor=0.25,
        )
        for at, name in enumerate(NAMES)
    ]  # fmt: skip
    standings[-1] = replace(standings[-1], mean=None)
    others = [replace(one, task="other", split="small") for one in standings[:2]]
    slices = [
        SliceStanding(
            **common, submission=name, axis=axis, slice=part, bounded=True, mean=0.5, low=0.4, high=0.6, seeds=3,
            questions=9, chance=0.25,
        )
        for axis, parts in (("length", ("1", "20", "300")), ("form", ("plain", "round", "y" * 80)))
        for part in parts
        for name in NAMES[:4]
    ]  # fmt: skip
    curves = [
        CurvePoint(
            **common, submission=name, axis="", slice="", step=step, mean=0.5, least=0.4, most=0.6, seeds=2,
            fit_seconds=1.0,
        )
        for name in NAMES[:4]
        for step in (1, 100)
    ]  # fmt: skip
    noon = datetime(2026, 8, 1, tzinfo=UTC)
    facts = {"toy/echo": Headline("exact_match", title="Toy: say it again", about="says it back " * 20)}
    versions = (("genbench", ("0.1.0",)),)
    return Board((*standings, *others), tuple(slices), tuple(curves), facts, 8, 3, 0, noon, noon, versions)


def cells_of(board):
    """A cell for each of its standings, for the pages that tell of cells."""
    plain = {"string": "text", "int64": 7, "double": 1e12, "timestamp[us, tz=UTC]": board.last}
    rows = []
    for at, one in enumerate(board.standings):
        row = {field.name: plain[str(field.type)] for field in CELLS}
        row |= {name: getattr(one, name) for name in ("task", "split", "submission", "profile")}
        row |= {"cell": f"{at:024}", "seed": 0, "status": "timeout" if one.mean is None else "ok", "lineage": "[]"}
        row |= {"versions": '{"python": "3.11"}', "submission_params": '{"hidden": 64}', "log": "", "machine": "{}"}
        rows.append(row)
    return to_table(rows, CELLS)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The site of a small board, and what its pages asked for and complained of while these tests looked at them."""
    out = tmp_path_factory.mktemp("site")
    board = a_board()
    site.write(site.subject(board, cells_of(board)), out, TEMPLATES, (*site.KINDS, Kind("", "", of_pairs)))
    return out


def compared(one, other, difference):
    """A comparison of two, as its page has it, with a slice; each of ten questions is one that they differ on."""
    found = Pair(difference, difference - 0.1, difference + 0.1, 9.0, 0.001, 0.01, 0.5)
    whole = Comparison(
        task="toy", split="echo", profile="full", question_set="test", kind="ood", axis="", slice="",
        metric="exact_match", bounded=True, lower=False, mean=0.5 + difference, other_mean=0.5, seeds=3, other_seeds=2,
        failed=0, other_failed=0, questions=10, found=found, adjusted=0.001, won=7, lost=2, more_seeds=None,
        more_questions=None, most=(1,), editions=1, other_editions=1, same_task=True,
    )  # fmt: skip
    differing = Differing("test", 4, (("length", "20"),), "say 7", "7", ("7", "<b>8"))
    return Compared(one, other, (whole, replace(whole, axis="length", slice="20")), (), (differing,), (0, 1))


def of_pairs(_about):
    """The pages of comparisons, of pairs that no rows were read for."""
    where, names = ("toy", "echo", "full"), NAMES[:4]
    found = [compared(one, other, 0.1 * at) for at, (one, other) in enumerate(combinations(names, 2), 1)]
    chosen = {("toy", "echo"): ("full", names, "length")}
    yield Page("compare/index.html", "Compare", "compares.html", (), lambda: listing(chosen, ["results"]))
    command = "genbench compare ONE OTHER results"
    yield Page(
        "compare/toy/echo.html",
        "Compare on toy/echo",
        "compare.html",
        (),
        lambda: page_of(where, names, found, command),
    )


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, written):
    """Opens a page of the site; at the end nobody has complained, and nothing but its files was asked for."""
    asked, said, contexts = [], [], []

    def opened(path, width=1280, scheme="light", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.goto(f"{written.as_uri()}/{path}")
        return page

    yield opened
    for one in contexts:
        one.close()
    assert said == []
    assert [url for url in asked if not url.startswith(written.as_uri())] == []


def one_of_a_kind(written):
    """The first page of each folder, and one beside it: the others are drawn by the same templates."""
    pages = sorted(path for path in written.rglob("*.html") if "other" not in path.parts)
    return {(path.parent, path.name == "index.html"): path for path in reversed(pages)}.values()


def names(page):
    return page.eval_on_selector_all(
        "#submissions tbody tr, #contest-0 tbody tr", "rows => rows.map(r => r.dataset.name)"
    )


def test_a_heading_sorts_and_the_back_button_takes_it_back(visit):
    page = visit("index.html")
    before = names(page)

    page.click("th[data-key=submission] button")
    sorted_names, at = names(page), page.url
    page.go_back()

    assert sorted_names == sorted(before)
    assert at.endswith("#sort=submission.up")
    assert names(page) == before


def test_a_view_is_linked_by_its_address_and_searched_and_filtered(visit):
    page = visit("index.html#q=e&kind=unknown&family=toy&sort=toy.ood.up")

    assert names(page) == [NAMES[3], NAMES[2], "beta:width=8", "crawler"]
    assert page.input_value("input[name=q]") == "e"
    assert page.is_hidden("th[data-key='other.ood']")
    page.fill("input[name=q]", "alp")
    assert names(page) == ["alpha"]
    page.click("button.clear")
    assert len(names(page)) == len(NAMES)


def test_charts_are_drawn_when_seen_and_obey_the_picks(visit):
    page = visit(SPLIT)
    page.wait_for_selector("figure[data-drawn]")
    assert page.locator("ul.legend li").count() == 4

    page.locator("#contest-0 tbody tr").nth(1).locator("input").uncheck()
    page.wait_for_function("document.querySelectorAll('ul.legend li').length === 3")

    assert page.url.count("pick=") == 4  # an empty place keeps the colours of the rest
    page.click("nav a[aria-label='pages'], nav a:first-child")
    assert page.url.count("pick=") == 4  # picks go along
    assert page.evaluate("window.ran") is None


def shown(heads):
    return [one.inner_text() for one in heads.all() if one.is_visible()]


def test_a_printed_page_has_every_chart_and_no_table_that_a_sheet_cuts(visit):
    split, overview = visit(SPLIT), visit("index.html")
    charts = split.locator("figure[data-chart]")
    heads = overview.locator(".overview thead tr:last-child th")

    expect(split.locator("figure[data-drawn]")).to_have_count(charts.count())  # none of them was scrolled to
    on_screen = shown(heads)
    overview.emulate_media(media="print")

    assert charts.last.bounding_box()["y"] > 900 + 300  # beyond sight, and what is drawn as near it
    assert on_screen[5:9] == ["ood", "id", "gap", "first"]
    assert shown(heads)[5:] == ["ood", "ood"]
    assert heads.nth(5).evaluate("one => getComputedStyle(one, '::before').content + one.dataset.of") == '"toy "toy'


def told(page):
    """The headings of pairs, and the cells of their rows."""
    return page.eval_on_selector_all(
        ".pairs section",
        "all => all.map(s => [s.querySelector('h2').textContent,"
        " [...s.querySelectorAll('div:not(details div) tbody tr')].map(r => [...r.cells].map(c => c.textContent))])",
    )


def test_any_two_or_three_of_a_split_are_compared_and_the_address_holds_them(visit):
    page = visit("compare/toy/echo.html")
    assert len(told(page)) == 3  # of the three that stand first

    page.select_option("select[name=pick1]", NAMES[3])
    page.select_option("select[name=pick2]", "alpha")
    expect(page.locator(".pairs section")).to_have_count(1)

    ((heading, rows),) = told(page)
    assert heading == f"{NAMES[3]} and alpha"
    assert rows[0][1:] == ["0.500", "0.800", "-0.300", "-0.400 \N{EN DASH} -0.200", "0.001", "2", "7", "2, 3", "worse"]
    assert rows[1][0] == "length 20"
    assert page.locator(".pairs details td").all_text_contents() == ["7", "<b>8", "7"]
    assert page.url.count("pick=") == 2
    page.reload()
    expect(page.locator(".pairs section")).to_have_count(1)
    page.goto(page.url.replace("alpha", "stranger"))
    page.reload()
    assert "not among those that can be chosen here: stranger" in page.text_content(".chooser .shown")
    assert len(told(page)) == 3


def test_two_are_compared_on_all_splits_that_have_both(visit):
    page = visit("compare/index.html#pick=beta%3Awidth%3D8&pick=alpha")
    page.wait_for_selector(".pairs td")

    ((heading, rows),) = told(page)

    assert heading == "beta:width=8 and alpha"
    assert [row[:4] for row in rows] == [["toy/echo test, 10 questions", "0.500", "0.600", "-0.100"]]
    assert page.get_attribute(".pairs a", "href") == "../compare/toy/echo.html"


def test_the_colours_of_the_night_are_kept(visit):
    page = visit("index.html")
    day = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.click("button.theme")
    page.reload()

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != day


def test_tables_are_there_without_scripting(visit):
    page = visit(SPLIT, scripts=False)

    assert page.locator("#contest-0 tbody tr").count() == len(NAMES)
    assert page.is_hidden("form.filters")


@pytest.mark.parametrize(
    ("width", "scheme", "rules"),
    [(390, "light", {"runOnly": RULES}), (2560, "dark", {"runOnly": {"type": "rule", "values": ["color-contrast"]}})],
)
def test_every_page_fits_and_is_clean_by_axe(visit, written, width, scheme, rules):
    axe, kept, found = Axe(), os.environ.get("GENBENCH_PICTURES"), {}
    page = visit("index.html", width=width, scheme=scheme)
    for path in one_of_a_kind(written):
        name = path.relative_to(written).as_posix()
        page.goto(path.as_uri())
        if page.locator("figure[data-chart]").count():
            page.wait_for_selector("figure[data-drawn]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        faults = axe.run(page, options=rules)["violations"]
        found[name] = [(one["id"], one["nodes"][0]["html"][:200]) for one in faults]
        if kept:
            page.screenshot(path=f"{kept}/{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)

    assert {name: faults for name, faults in found.items() if faults} == {}
