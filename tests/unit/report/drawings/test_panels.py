"""Charts of the page as a picture that stands alone."""

from xml.etree import ElementTree as ET

from genbench.report.charts.chart import Chart, Lanes, Line, Mark, Numbers
from genbench.report.charts.looks import Look
from genbench.report.drawings.panels import draw

SVG = "{http://www.w3.org/2000/svg}"
MINE, YOURS = Look("mine", 0, 0), Look("yours", 1, 1)


def chart(name="test"):
    marks = Mark(0, 40, 60, MINE, "mine at 1"), Mark(100, None, None, MINE, "mine at 2")
    return Chart(
        name, "length", ((0, "1"), (100, "2")), ((0, "1"), (100, "0")), 90.0, (Line.through(MINE, marks),), None
    )


def lanes(name="a slice"):
    mark = Mark(50, 40, 60, YOURS, "yours")
    return Lanes("test", "group", "0", "1", ((name, 10.0, (mark,)),), 1, False, Numbers((), ()))


def parsed(picture):
    return ET.fromstring(picture)  # noqa: S314  our own


def texts(picture):
    return [one.text for one in parsed(picture).iter(f"{SVG}text")]


def test_each_panel_has_its_heading_and_the_legend_names_who_is_drawn_once():
    found = texts(draw([("scan/length", chart()), ("scan/simple", chart()), ("scan/all", lanes())]))

    assert [one for one in found if one.startswith("scan/")] == ["scan/length", "scan/simple", "scan/all"]
    assert [found.count(name) for name in ("mine", "yours")] == [1, 1]


def test_marks_whiskers_and_chance_lie_where_the_chart_puts_them():
    picture = draw([("scan/length", chart())])

    frame = next(one for one in parsed(picture).iter(f"{SVG}rect") if one.get("stroke") == "#999")
    left, top, wide, high = (float(frame.get(name)) for name in ("x", "y", "width", "height"))
    dots = [one for one in parsed(picture).iter(f"{SVG}circle") if len(one)]
    assert [float(one.get("cx")) for one in dots] == [left, left + wide]
    assert [float(one.get("cy")) for one in dots] == [top + high / 2] * 2
    assert f"{left:.1f},{top + 0.9 * high:.1f} {left + wide:.1f},{top + 0.9 * high:.1f}" in picture
    assert f"{left:.1f},{top + 0.4 * high:.1f} {left:.1f},{top + 0.6 * high:.1f}" in picture


def test_a_long_slice_is_cut_and_told_whole_by_its_title():
    picture = draw([("scan/length", lanes("x" * 60))])

    assert "x" * 60 in [one.text for one in parsed(picture).iter(f"{SVG}title")]
    assert "x" * 26 + "\N{HORIZONTAL ELLIPSIS}" in texts(picture)


def test_all_of_it_lies_inside_the_picture():
    root = parsed(draw([("a/b", lanes()), ("c/d", chart()), ("e/f", chart())], "said " * 20))

    width, height = float(root.get("width")), float(root.get("height"))
    assert all(0 <= float(one.get("x")) <= width for one in root.iter(f"{SVG}text"))
    assert all(0 <= float(one.get("y")) <= height for one in root.iter(f"{SVG}text"))


def test_hostile_names_are_text():
    evil = "<script>x</script>"
    look = Look(evil, 0, 0)
    mark = Mark(1, 1, 1, look, evil)
    line = Chart(evil, evil, ((0, evil),), ((0, evil),), None, (Line.through(look, (mark,)),), None)
    lane = Lanes(evil, evil, evil, evil, ((evil, None, (mark,)),), 1, False, Numbers((), ()))

    assert "<script" not in draw([(evil, line), (evil, lane)], evil)
