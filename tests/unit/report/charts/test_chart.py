from genbench.report.charts.chart import Line, Mark
from genbench.report.charts.looks import Look

LOOK = Look("net", 0, 0)


def test_a_line_goes_through_its_marks_in_their_order():
    marks = tuple(Mark(at, None, None, LOOK, "", y=y) for at, y in ((0.0, 50.0), (33.33, 12.5)))

    assert Line.through(LOOK, marks).path == "0,50 33.33,12.5"
