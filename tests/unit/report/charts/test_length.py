from genbench.analysis.lengths import Reading, reach
from genbench.report.charts.length import along_length
from genbench.report.charts.looks import Look

LOOKS = {"gru": Look("gru", 0, 0)}


def reached(submission="gru", asked=(1.0, 20.0, 500.0), shares=(1.0, 0.9, 0.0)):
    return reach([Reading("sorting", "s", submission, "full", "length", 0, "c", asked, shares, (50, 50, 50))])


def test_only_submissions_that_are_drawn_have_a_line_and_all_have_a_row():
    chart = along_length([reached(), reached("lstm", shares=(1.0, 1.0, 1.0))], LOOKS, {"test": None}, "exact_match")

    assert [line.look.name for line in chart.lines] == ["gru"]
    assert [row[0] for row in chart.numbers.rows] == ["lstm", "gru"]  # the larger area first


def test_numbers_below_the_chart_do_not_touch_and_the_longest_is_there():
    chart = along_length([reached(asked=(19.0, 20.0, 500.0))], LOOKS, {"test": None}, "exact_match")

    assert [text for _, text in chart.x_ticks] == ["500", "20"]


def test_chance_lies_across_where_all_question_sets_share_it():
    def chance(**sets):
        return along_length([reached()], LOOKS, sets, "exact_match").chance_at

    assert chance(short=0.25, long=0.25) == 75
    assert chance(short=0.25, long=0.5) is None
