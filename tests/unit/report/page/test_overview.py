from dataclasses import replace

from genbench.report.page.overview import overview


def test_the_overview_has_a_line_for_the_family_and_none_for_training_asked_again(a_board, a_grid, draw):
    again = [replace(one, question_set="trained", kind="trained") for one in a_grid()]

    text = draw(a_board(*a_grid(), *again))

    glance = text[text.index("At a glance") : text.index("</table>")]
    assert glance.count("<tr") == 2
    assert "0.033 \N{EN DASH} 0.706" in glance


def test_those_of_the_first_rank_lead_and_more_than_three_are_counted(a_standing):
    rows = [a_standing(f"s{at}", ranks=(1, 5)) for at in range(5)] + [a_standing("last", ranks=(6, 6))]

    (line,) = overview(rows)

    assert (line.leaders, line.more, line.mean) == (("s0", "s1", "s2"), 2, "0.812")


def test_quick_rows_are_at_a_glance_only_where_there_are_no_full_ones(a_standing):
    quick = {"profile": "quick", "ranks": None, "unranked": "quick profile"}

    lines = overview([a_standing(), a_standing(**quick), a_standing(split="other", **quick)])

    assert [(line.name, line.quick) for line in lines] == [("toy/echo", False), ("toy/other", True)]
