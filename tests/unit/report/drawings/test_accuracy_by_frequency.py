import xml.etree.ElementTree as ET

import numpy as np
import pytest

from genbench.analysis import frequency
from genbench.analysis.frequency import Found
from genbench.report.drawings import accuracy_by_frequency
from genbench.report.drawings.accuracy_by_frequency import DRAWN, round_up

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = [1, 4, 16, 64, 256, 1024]


def found(submission="net", scores=(0.0, 0.1, 0.2, 0.3, 0.4, 0.4), question_set="test"):
    analysis = frequency.analyse(np.array(COUNTS), np.array([scores], float), (question_set, submission))
    return Found("waves", "few", question_set, submission, "full", analysis)


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  it was written here


def texts(svg):
    return [one.text for one in read(svg).iter(f"{SVG}text")]


def test_each_question_set_has_a_frame_of_its_own():
    drawn = accuracy_by_frequency.draw([found(), found("other"), found(question_set="rare")])

    assert [text for text in texts(drawn) if text.startswith("waves")] == ["waves/few, test", "waves/few, rare"]


def test_every_bin_is_a_dot_that_says_its_accuracy():
    drawn = accuracy_by_frequency.draw([found()])

    titles = [one.text for one in read(drawn).iter(f"{SVG}title")]
    assert len(titles) == len(COUNTS)
    assert titles[1].startswith("net: 10.0 %, 1 concepts up to ")


def test_a_frame_holds_no_more_lines_than_there_are_colours():
    drawn = accuracy_by_frequency.draw([found(f"net{at}") for at in range(DRAWN + 2)])

    named = [text for text in texts(drawn) if text.startswith("net")]
    assert [text.partition(":")[0] for text in named] == [f"net{at}" for at in range(DRAWN)]


def test_a_submission_is_text_and_never_markup():
    assert "<b>" not in accuracy_by_frequency.draw([found("<b>net")])


@pytest.mark.parametrize(("most", "end"), [(0, 5), (5, 5), (5.1, 10), (40.1, 60), (81, 100), (100, 100)])
def test_a_frame_ends_at_the_next_round_share(most, end):
    assert round_up(most) == end
