"""The page and the terminal's tables: what they say, and that they are only text."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from genbench.analysis.lengths import Reading, reach
from genbench.analysis.standings import Board, CurvePoint, Headline, SliceStanding, Standing
from genbench.errors import StoreFault
from genbench.report.page import render
from genbench.report.terminal_standings import show
from genbench.report.wording import figure, seconds

TEMPLATES = Path(__file__).parents[3] / "leaderboard" / "page"
VOID = {"meta", "link", "br", "img", "hr", "wbr", "input"}
DRAWING = {"line", "rect", "circle", "path", "polyline", "use"}


class Outline(HTMLParser):
    """Elements in order with their attributes, all text, and tags that were not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID | DRAWING:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID | DRAWING:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def a_standing(submission="mlp", **changed):
    standing = {
        "task": "toy",
        "split": "echo",
        "question_set": "test",
        "kind": "ood",
        "submission": submission,
        "profile": "full",
        "metric": "exact_match",
        "direction": "higher",
        "bounded": True,
        "mean": 0.8125,
        "low": 0.75,
        "high": 0.875,
        "seeds": 2,
        "questions": 1234,
        "chance": 0.25,
        "seed_values": ((0, 0.8), (1, 0.825)),
        "failed": (),
        "fit_seconds": 12.34,
        "superseded": 0,
        "editions": 1,
        "rank": 1,
        "unranked": "",
    }
    return Standing(**standing | changed)


def a_slice(part, submission="mlp", axis="length", **changed):
    one = a_standing(submission)
    shared = (
        "task",
        "split",
        "question_set",
        "kind",
        "profile",
        "metric",
        "bounded",
        "mean",
        "low",
        "high",
        "seeds",
        "chance",
    )
    values = {name: getattr(one, name) for name in shared} | {"submission": submission, "axis": axis, "slice": part}
    return SliceStanding(**values | {"questions": 100} | changed)


def a_point(step, **changed):
    shared = ("task", "split", "question_set", "kind", "submission", "profile", "metric")
    point = {name: getattr(a_standing(), name) for name in shared} | {"axis": "", "slice": "", "step": step}
    point |= {"mean": 0.5, "least": 0.4, "most": 0.6, "seeds": 2, "fit_seconds": 1.0}
    return CurvePoint(**point | changed)


def a_board(*standings, slices=(), curves=(), **changed):
    noon = datetime(2026, 8, 1, 12, tzinfo=UTC)
    board = {
        "standings": standings,
        "slices": tuple(slices),
        "curves": tuple(curves),
        "headlines": {"toy/echo": Headline("exact_match", title="Toy: say it again", about="says the word back")},
        "cells": 4,
        "failed": 1,
        "superseded": 0,
        "first": noon,
        "last": noon,
        "versions": (("genbench", ("0.1.0",)),),
    }
    return Board(**board | changed)


@pytest.fixture
def draw(tmp_path):
    def drawn(board):
        return render(board, tmp_path / "new" / "index.html", TEMPLATES).read_text(encoding="utf-8")

    return drawn


FULL = a_board(
    a_standing("mlp"),
    a_standing("knn", mean=0.5, low=0.4, high=0.6, rank=2, seeds=1, seed_values=((0, 0.5),)),
    a_standing(
        "crawler",
        mean=None,
        low=None,
        high=None,
        rank=None,
        seeds=0,
        seed_values=(),
        questions=0,
        failed=(("timeout", 3),),
    ),
    slices=[
        a_slice("1"),
        a_slice("2"),
        a_slice("10"),
        a_slice("plain", axis="form"),
        a_slice("round_about", axis="form"),
    ],
    curves=[a_point(10), a_point(1000, mean=0.9, least=0.8, most=1.0)],
)


def test_the_page_says_what_it_shows(draw):
    said = " ".join(" ".join(Outline(draw(FULL)).texts).split())

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


def test_a_splits_difficulty_stands_under_its_heading_and_is_text(tmp_path):
    told = {("toy", "echo"): "compound divergence 0.540 <b>", ("toy", "other"): "atom divergence 0.007"}

    page = render(FULL, tmp_path / "index.html", TEMPLATES, told).read_text(encoding="utf-8")

    assert page.count('<p class="difficulty">compound divergence 0.540 &lt;b&gt;</p>') == 1
    assert "atom divergence" not in page
    assert page.index("says the word back") < page.index('class="difficulty"') < page.index('<table class="standings"')
    assert not Outline(page).open


def test_every_tag_is_closed_and_every_table_has_named_columns(draw):
    outline = Outline(draw(FULL))

    assert not outline.open
    assert all(attributes.get("scope") in {"col", "row"} for attributes in outline.of("th"))
    assert len(outline.of("caption")) >= 2
    assert len(outline.of("h1")) == 1


def test_every_drawing_has_a_title(draw):
    page = draw(FULL)

    assert page.count('role="img"') == page.count('role="img"><title>') > 0


def test_the_page_asks_for_nothing_from_elsewhere(draw):
    page = draw(FULL)
    outline = Outline(page)

    assert not re.findall(r"https?:|url\(|@import|//[a-z]", page)
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in outline.tags}
    assert all(
        "src" not in attributes and attributes.get("href", "#").startswith("#") for _, attributes in outline.tags
    )


def test_links_lead_to_what_is_there(draw):
    board = a_board(a_standing(split="echo:words=two words"))

    outline = Outline(draw(board))

    places = {attributes["id"] for _, attributes in outline.tags if "id" in attributes}
    assert "toy/echo:words=two_words" in places
    assert {"toy/echo%3Awords%3Dtwo_words"} == {one["href"][1:] for one in outline.of("a")}


def test_a_name_is_text_and_never_markup(draw):
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

    outline = Outline(draw(board))

    assert not outline.of("script")
    assert not outline.of("img")
    assert name in outline.texts


def test_the_same_standings_give_the_same_bytes(draw):
    assert draw(FULL) == draw(FULL)


def test_quick_rows_say_that_they_are_never_ranked(draw):
    page = draw(a_board(a_standing(profile="quick", rank=None, unranked="quick profile")))

    assert "quick profile: a smoke test, never ranked" in page


def test_training_asked_again_is_labelled(draw):
    page = draw(a_board(a_standing(kind="trained", rank=None, unranked="training asked again")))

    assert '<span class="kind trained">training asked again</span>' in page


def test_a_reason_for_no_rank_is_said_beside_the_row(draw):
    page = draw(a_board(a_standing(rank=None, unranked="ran without the wall")))

    assert re.search(r'class="notes extra">ran without the wall<', page)


def test_no_rows_say_what_to_do(draw):
    page = draw(a_board(headlines={}, cells=0, failed=0, first=None, last=None, versions=()))

    assert "No rows yet: run `genbench evaluate`." in page
    assert not Outline(page).open


def test_an_interval_is_drawn_where_it_lies(draw):
    page = draw(a_board(a_standing()))

    assert '<line class="whisker" x1="75.0%" x2="87.5%"' in page
    assert '<line class="chance" x1="25.0%"' in page
    assert '<svg x="81.25%" y="50.0%">' in page


def test_a_numeric_axis_is_a_line_and_a_named_one_is_lanes(draw):
    page = draw(FULL)

    assert "<b>test</b> by length" in page
    assert '<polyline points="0,18.75 11.11,18.75 100,18.75"/>' in page
    assert '<th scope="row">round_<wbr>about</th>' in page


def test_a_long_name_breaks_between_its_words(draw):
    page = draw(a_board(a_standing(submission="two@cross_over:steps=3,rate=1")))

    assert "<span>two@<wbr>cross_<wbr>over:<wbr>steps=3,<wbr>rate=1</span>" in page


def far(submission="mlp", shares=(1.0, 0.9, 0.0), profile="full", lengths=(1.0, 20.0, 500.0)):
    return reach([Reading("toy", "echo", submission, profile, "length", 0, "c", lengths, shares, (50, 50, 50))])


def drawn_with(tmp_path, reaches, *standings, slices=()):
    path = render(a_board(*standings, slices=slices), tmp_path / "i.html", TEMPLATES, reaches=reaches)
    return Outline(path.read_text(encoding="utf-8"))


def test_lengths_of_all_question_sets_are_one_chart_and_a_table_of_how_far_each_submission_reaches(tmp_path):
    sets = ("short", "long")
    rows = [a_standing(name, question_set=one) for one in sets for name in ("mlp", "gru")]
    parts = [a_slice(part, "mlp", question_set=one) for one in sets for part in ("1", "20")]

    page = drawn_with(tmp_path, [far(), far("gru", (0.2, 0.1, 0.0))], *rows, slices=parts)

    assert page.of("figure") == [{"class": "two"}]
    assert page.of("polyline")[-1]["points"].startswith("0,0 48.2,10 ")  # ln 20 / ln 500
    table = page.texts[page.texts.index(".9 up to") :]
    cells = [text for text in table if text.strip()]
    assert cells[:4] == [".9 up to", "half at", "area", "seeds"]
    assert cells[4].startswith("mlp")
    assert cells[5] == "20 (1 to 20)"
    assert cells[9] == "gru"
    assert cells[10:12] == ["<1", "<1"]


def test_lengths_beside_another_headline_do_not_replace_its_chart(tmp_path):
    row, parts = a_standing(metric="token_accuracy"), [a_slice("1"), a_slice("20")]

    page = drawn_with(tmp_path, [far()], row, slices=parts)

    assert page.of("figure") == [{}]


def test_lengths_of_quick_rows_stay_off_a_page_that_has_full_ones(tmp_path):
    page = drawn_with(tmp_path, [far(profile="quick", shares=(0.3, 0.2, 0.1))], a_standing())

    assert not page.of("figure")


def test_an_axis_with_one_value_is_not_drawn_again(draw):
    curves = [a_point(10), a_point(10, axis="label", slice="none")]

    page = draw(a_board(a_standing(), slices=[a_slice("none", axis="label")], curves=curves))

    assert "by label" not in page
    assert "label none" not in page
    assert "while learning" in page


def test_a_learning_curve_has_a_logarithmic_step(draw):
    page = draw(a_board(a_standing(), curves=[a_point(10), a_point(100), a_point(1000)]))

    assert '<polyline points="0,50 50,50 100,50"/>' in page


def test_what_a_submission_said_of_itself_is_folded_under_its_learning_curves(draw):
    told = {"question_set": "", "kind": "", "metric": "diagnostic.weight_norm"}
    said = [a_point(step, mean=mean, least=mean, most=mean, **told) for step, mean in ((1, 30.0), (10, 60.0))]

    page = draw(a_board(a_standing(), curves=[a_point(1), a_point(10), *said]))

    _, folded = page.split("<details><summary>what submissions said of themselves while learning</summary>")
    assert "<b>weight_norm</b> while learning" in folded.partition("</details>")[0]
    assert '<polyline points="0,100 100,0"/>' in folded
    assert "said of themselves" not in draw(a_board(a_standing(), curves=[a_point(1), a_point(10)]))


def test_a_chart_holds_eight_lines_and_says_how_many_more_there_are(draw):
    names = [f"s{position}" for position in range(11)]

    page = draw(a_board(*map(a_standing, names), slices=[a_slice(part, name) for part in "12" for name in names]))

    assert page.count("<polyline") == 8
    assert "and 3 more in the table" in page


def test_seven_submissions_of_a_split_differ_in_hue(draw):
    names = [f"s{position}" for position in range(7)]

    page = draw(a_board(*map(a_standing, names)))

    assert {int(hue) for hue in re.findall(r'class="swatch h(\d)"', page)} == set(range(7))


def test_a_metric_beyond_one_is_drawn_on_a_scale_of_its_own(draw):
    far = a_standing(
        metric="edits", direction="lower", bounded=False, mean=30.0, low=20.0, high=40.0, chance=None, seed_values=()
    )

    page = draw(a_board(far))

    assert "edits, lower is better" in page
    assert '<line class="whisker" x1="0.0%" x2="100.0%"' in page


def test_a_page_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreFault, match="cannot write the page"):
        render(FULL, tmp_path / "file" / "index.html", TEMPLATES)


def printed(*standings):
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show(standings, console)
    return console.file.getvalue()


def test_the_terminal_shows_rank_mean_interval_and_failures_in_eighty_columns():
    text = printed(*FULL.standings)

    lines = [line.split() for line in text.splitlines()]
    assert text.startswith("toy/echo  test (out of distribution) · exact_match · chance 0.250\n")
    assert ["1", "mlp", "0.812", "0.750", "\N{EN DASH}", "0.875", "0.750", "2", "12.3"] in lines
    assert "3 timeout" in text
    assert max(map(len, text.splitlines())) <= 80


def test_scores_above_chance_are_told_where_chance_is_known_and_not_nothing(draw):
    for chance, told in ((0.25, True), (0.0, False), (None, False)):
        one = a_standing(chance=chance)

        assert ("above chance" in printed(one)) is told
        assert ('data-after=" above chance">0.750</td>' in draw(a_board(one))) is told


def test_each_lane_has_the_chance_of_its_slice(draw):
    slices = [a_slice(part, axis="label", chance=chance) for part, chance in (("one", 0.5), ("two", 0.125))]

    page = draw(a_board(a_standing(chance=None), slices=slices))

    assert re.findall(r'class="chance" x1="([0-9.]+)%"', page) == ["50.0", "12.5"]


def test_the_terminal_takes_names_as_they_are():
    text = printed(a_standing("[red]x[/red]"))

    assert "[red]x[/red]" in text


def test_the_terminal_says_quick_and_empty():
    assert "never ranked" in printed(a_standing(profile="quick", rank=None))
    assert printed() == "No rows yet: run `genbench evaluate`.\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\N{EN DASH}"),
        (0, "0.000"),
        (1e-4, "<0.001"),
        (0.042, "0.042"),
        (9.5, "9.50"),
        (38.06, "38.1"),
        (1204, "1,204"),
    ],
)
def test_seconds_keep_about_three_digits(value, text):
    assert seconds(value) == text


def test_figures_are_rounded_by_their_range():
    assert [figure(0.12345, bounded=True), figure(31.4159, bounded=False)] == ["0.123", "31.42"]
