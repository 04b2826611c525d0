"""Rows of a contest on the page: labels, intervals where they lie, names that may break."""

import re


def test_quick_rows_say_that_they_are_never_ranked(draw, a_standing, a_board):
    page = draw(a_board(a_standing(profile="quick", ranks=None, unranked="quick profile")))

    assert "quick profile: a smoke test, never ranked" in page


def test_training_asked_again_is_labelled(draw, a_standing, a_board):
    page = draw(a_board(a_standing(kind="trained", ranks=None, unranked="training asked again")))

    assert '<span class="kind trained">training asked again</span>' in page


def test_a_reason_for_no_rank_is_said_beside_the_row(draw, a_standing, a_board):
    page = draw(a_board(a_standing(ranks=None, unranked="ran without the wall")))

    assert re.search(r'class="notes extra">ran without the wall<', page)


def test_an_interval_is_drawn_where_it_lies(draw, a_standing, a_board):
    page = draw(a_board(a_standing()))

    assert '<line class="whisker" x1="75.0%" x2="87.5%"' in page
    assert '<line class="chance" x1="25.0%"' in page
    assert '<svg x="81.25%" y="50.0%">' in page


def test_a_long_name_breaks_between_its_words(draw, a_standing, a_board):
    page = draw(a_board(a_standing(submission="two@cross_over:steps=3,rate=1")))

    assert "<span>two@<wbr>cross_<wbr>over:<wbr>steps=3,<wbr>rate=1</span>" in page


def test_a_metric_beyond_one_is_drawn_on_a_scale_of_its_own(draw, a_standing, a_board):
    far = a_standing(
        metric="edits", direction="lower", bounded=False, mean=30.0, low=20.0, high=40.0, chance=None, seed_values=()
    )

    page = draw(a_board(far))

    assert "edits, lower is better" in page
    assert '<line class="whisker" x1="0.0%" x2="100.0%"' in page


def test_the_floor_and_the_best_attainable_are_told_and_lie_on_the_scale(draw, a_standing, a_board):
    page = draw(a_board(a_standing(chance=0.25, floor=0.5, bayes=0.9)))

    assert "chance 0.250, floor 0.500, best attainable 0.900" in page
    assert re.findall(r'<line class="level" x1="([\d.]+)%"[^>]*><title>([^<]+)<', page) == [
        ("50.0", "floor"),
        ("90.0", "best attainable"),
    ]
