"""The section of a split: what stands under its heading, and which charts it has."""

import re

import pytest

from genbench.analysis.lengths import Reading, reach


@pytest.fixture
def far():
    """Makes the reach of a submission on the split of `a_standing`."""

    def made(submission="mlp", shares=(1.0, 0.9, 0.0), profile="full", lengths=(1.0, 20.0, 500.0)):
        return reach([Reading("toy", "echo", submission, profile, "length", 0, "c", lengths, shares, (50, 50, 50))])

    return made


def test_a_splits_difficulty_stands_under_its_heading_and_is_text(outline, full, draw):
    told = {("toy", "echo"): "compound divergence 0.540 <b>", ("toy", "other"): "atom divergence 0.007"}

    page = draw(full, difficulty=told)

    assert page.count('<p class="difficulty">compound divergence 0.540 &lt;b&gt;</p>') == 1
    assert "atom divergence" not in page
    assert page.index("says the word back") < page.index('class="difficulty"') < page.index('<table class="standings"')
    assert not outline(page).open


def test_floor_and_best_attainable_are_lines_on_every_chart_of_their_question_set(
    draw, a_board, a_standing, a_slice, a_point, far
):
    slices = [*(a_slice(str(one)) for one in (1, 20)), *(a_slice(one, axis="sign") for one in ("plus", "minus"))]
    page = draw(a_board(a_standing(floor=0.25, bayes=0.9), slices=slices, curves=[a_point(1), a_point(10)]))
    by_length = draw(a_board(a_standing(floor=0.25, bayes=0.9), slices=slices[:2]), reaches=[far()])
    apart = [a_standing(bayes=0.9), a_standing(question_set="long", bayes=0.8)]
    together = draw(a_board(*apart, slices=slices[:2]), reaches=[far()])

    across = r'<line class="level" x1="0%" x2="100%" y1="([\d.]+)%"[^>]*><title>([^<]+)<'
    down = r'<line class="level" x1="([\d.]+)%" x2="[\d.]+%" y1="0%" y2="100%"><title>([^<]+)<'
    both = [("75.0", "floor"), ("10.0", "best attainable")]
    assert re.findall(across, page) == 2 * both  # by length, by step
    assert re.findall(down, page) == 3 * [("25.0", "floor"), ("90.0", "best attainable")]  # the table, two strips
    assert re.findall(across, by_length) == both
    assert re.findall(across, together) == []  # of one chart over sets that differ there is no one line


def test_a_numeric_axis_is_a_line_and_a_named_one_is_lanes(draw, full):
    page = draw(full)

    assert "<b>test</b> by length" in page
    assert '<polyline points="0,18.75 11.11,18.75 100,18.75"/>' in page
    assert '<th scope="row">round_<wbr>about</th>' in page


def test_lengths_of_all_question_sets_are_one_chart_and_a_table_of_how_far_each_submission_reaches(
    a_standing, a_slice, a_board, outline, draw, far
):
    sets = ("short", "long")
    rows = [a_standing(name, question_set=one) for one in sets for name in ("mlp", "gru")]
    parts = [a_slice(part, "mlp", question_set=one) for one in sets for part in ("1", "20")]

    page = outline(draw(a_board(*rows, slices=parts), reaches=[far(), far("gru", (0.2, 0.1, 0.0))]))

    assert page.of("figure") == [{"class": "two"}]
    assert page.of("polyline")[-1]["points"].startswith("0,0 48.2,10 ")  # ln 20 / ln 500
    table = page.texts[page.texts.index(".9 up to") :]
    cells = [text for text in table if text.strip()]
    assert cells[:4] == [".9 up to", "half at", "area", "seeds"]
    assert cells[4].startswith("mlp")
    assert cells[5] == "20 (1 to 20)"
    assert cells[9] == "gru"
    assert cells[10:12] == ["<1", "<1"]


def test_lengths_beside_another_headline_do_not_replace_its_chart(a_standing, a_slice, a_board, outline, draw, far):
    row, parts = a_standing(metric="token_accuracy"), [a_slice("1"), a_slice("20")]

    page = outline(draw(a_board(row, slices=parts), reaches=[far()]))

    assert page.of("figure") == [{}]


def test_lengths_of_quick_rows_stay_off_a_page_that_has_full_ones(a_standing, a_board, outline, draw, far):
    page = outline(draw(a_board(a_standing()), reaches=[far(profile="quick", shares=(0.3, 0.2, 0.1))]))

    assert not page.of("figure")


def test_an_axis_with_one_value_is_not_drawn_again(draw, a_standing, a_slice, a_point, a_board):
    curves = [a_point(10), a_point(10, axis="label", slice="none")]

    page = draw(a_board(a_standing(), slices=[a_slice("none", axis="label")], curves=curves))

    assert "by label" not in page
    assert "label none" not in page
    assert "while learning" in page


def test_a_chart_holds_eight_lines_and_says_how_many_more_there_are(draw, a_standing, a_slice, a_board):
    names = [f"s{position}" for position in range(11)]

    page = draw(a_board(*map(a_standing, names), slices=[a_slice(part, name) for part in "12" for name in names]))

    assert page.count("<polyline") == 8
    assert "and 3 more in the table" in page


def test_what_a_submission_said_of_itself_is_folded_under_its_learning_curves(draw, a_standing, a_point, a_board):
    told = {"question_set": "", "kind": "", "metric": "diagnostic.weight_norm"}
    said = [a_point(step, mean=mean, least=mean, most=mean, **told) for step, mean in ((1, 30.0), (10, 60.0))]

    page = draw(a_board(a_standing(), curves=[a_point(1), a_point(10), *said]))

    _, folded = page.split("<details><summary>what submissions said of themselves while learning</summary>")
    assert "<b>weight_norm</b> while learning" in folded.partition("</details>")[0]
    assert '<polyline points="0,100 100,0"/>' in folded
    assert "said of themselves" not in draw(a_board(a_standing(), curves=[a_point(1), a_point(10)]))
