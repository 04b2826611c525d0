import xml.etree.ElementTree as ET

from genbench.report.drawings import learning_courses

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  it was written here


def texts(svg):
    return [one.text for one in read(svg).iter(f"{SVG}text")]


def test_courses_are_drawn_as_far_as_there_are_numbers(summary):
    root = read(learning_courses.draw([summary()]))

    lines = [one.get("points") for one in root.iter(f"{SVG}polyline")]
    assert len(lines) == 3 + len(learning_courses.LINES)  # recovered is not known; the legend has all


def test_a_name_in_a_frame_is_text_and_never_markup(summary):
    svg = learning_courses.draw([summary(submission="<b>&mlp")])

    assert any("<b>&mlp" in text for text in texts(svg) if text)


def test_equal_rows_give_equal_bytes(grid):
    assert learning_courses.draw(grid) == learning_courses.draw(list(grid))
