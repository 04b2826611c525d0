import xml.etree.ElementTree as ET

import pytest

from genbench.analysis.lengths import Reading, reach
from genbench.report.drawings import accuracy_by_length

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  it was written here


def texts(svg):
    return [one.text for one in read(svg).iter(f"{SVG}text")]


def reached(submission="gru", split="up_to_20", asked=(1, 20, 500), shares=(1.0, 0.9, 0.0), familiar=20):
    cell = ("sorting", split, submission, "full", "length", 0, "c", tuple(map(float, asked)), shares, (50, 50, 50))
    return reach([Reading(*cell, familiar)])


def lines_of(svg):
    """Points of each submission's line, by colour and dashes; rules and the legend are left out."""
    groups = [one for one in read(svg).iter(f"{SVG}g") if one.find(f"{SVG}title") is not None]
    lines = [one.find(f"{SVG}polyline") for one in groups]
    return [(one.get("stroke"), one.get("stroke-dasharray"), one.get("points")) for one in lines]


def test_a_submission_looks_alike_in_every_frame_of_lengths():
    svg = accuracy_by_length.draw([reached(), reached("lstm"), reached("lstm", split="up_to_50")])

    looks = [look for *look, _ in lines_of(svg)]
    assert looks == [["#0072B2", None], ["#D55E00", None], ["#D55E00", None]]
    assert [text for text in texts(svg) if text.startswith("sorting")] == ["sorting/up_to_20", "sorting/up_to_50"]
    assert texts(svg).count("lstm") == 1


def test_long_ranges_of_lengths_are_drawn_by_their_logarithm_and_short_ones_straight():
    long, short = lines_of(accuracy_by_length.draw([reached(), reached(split="x", asked=(10, 20, 110))]))

    def across(points):
        places = [float(point.split(",")[0]) for point in points.split()]
        return (places[1] - places[0]) / (places[2] - places[0])

    assert across(long[2]) == pytest.approx(0.482, abs=1e-3)  # ln 20 / ln 500
    assert across(short[2]) == pytest.approx(0.1, abs=1e-3)


def test_a_picture_of_lengths_has_no_more_submissions_than_looks():
    svg = accuracy_by_length.draw([reached(f"gru:width={width}") for width in range(1, 40)])

    looks = [look for *look, _ in lines_of(svg)]
    assert len({tuple(look) for look in looks}) == len(looks) == accuracy_by_length.SUBMISSIONS
    assert "gru:width=28" in texts(svg)
    assert "gru:width=29" not in texts(svg)


def test_numbers_below_a_frame_of_lengths_do_not_touch():
    svg = accuracy_by_length.draw([reached(asked=(19, 20, 500))])

    assert "20" in texts(svg)
    assert "19" not in texts(svg)
