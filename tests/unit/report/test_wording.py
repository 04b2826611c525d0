"""Figures as a person reads them."""

import pytest

from genbench.report.wording import figure, seconds


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
