import pytest

from genbench.report.drawings.frame import HIGH, WIDE, Frame

FRAME = Frame(left=10, bottom=300, across=(1.0, 3.0), up=(0.0, 40.0))


@pytest.mark.parametrize(
    ("value", "place"),
    [((1, 0), (10, 300)), ((2, 20), (10 + WIDE / 2, 300 - HIGH / 2)), ((3, 40), (10 + WIDE, 300 - HIGH))],
)
def test_numbers_lie_in_a_frame_by_its_scales_and_larger_ones_higher_up(value, place):
    assert (FRAME.x(value[0]), FRAME.y(value[1])) == place


def test_a_frame_says_what_its_axes_are_and_five_numbers_on_the_left():
    drawn = "".join(FRAME.drawn("a title", "frequency", "accuracy"))

    assert all(f">{text}</text>" in drawn for text in ("a title", "frequency", "accuracy", 0, 10, 20, 30, 40))
