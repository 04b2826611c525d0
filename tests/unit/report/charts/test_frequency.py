import numpy as np
import pytest

from genbench.analysis import frequency
from genbench.analysis.frequency import Found
from genbench.report.charts.frequency import spectrum
from genbench.report.charts.looks import Look

LOOK = Look("net", 0, 0)


def found(counts, scores, submission="net"):
    analysis = frequency.analyse(np.array(counts), np.array([scores], float), ("test", submission))
    return Found("waves", "few", "test", submission, "full", analysis)


def places(path):
    return [tuple(float(one) for one in place.split(",")) for place in path.split()]


def test_concepts_stand_in_order_of_frequency_each_as_wide_as_the_others():
    drawn = spectrum([found([1, 1000, 10, 10], [0.0, 1.0, 0.5, 0.5])], {"net": LOOK}, None)

    outline = places(drawn.path)
    assert [x for x, _ in outline] == [0, 0, 25, 25, 75, 75, 100, 100]
    heights = [100 - y for _, y in outline]
    assert heights[0] == heights[-1] == 0
    assert heights[1] == heights[2] == 100
    steps = [heights[at] for at in (2, 4, 6)]
    assert steps[0] - steps[1] == pytest.approx(2 * (steps[1] - steps[2]), abs=0.1)  # decades: 1000 to 10, and 10 to 1


def test_below_a_concept_lies_the_accuracy_of_its_bin():
    drawn = spectrum([found([1, 1000, 10, 10], [0.0, 1.0, 0.25, 0.75])], {"net": LOOK}, None)

    assert places(drawn.lines[0].path) == [(0, 0), (25, 0), (25, 50), (75, 50), (75, 100), (100, 100)]


def test_what_was_never_seen_has_no_height():
    drawn = spectrum([found([0, 100, 1], [0.0, 1.0, 0.5])], {"net": LOOK}, None)

    *_, before, end, _ = places(drawn.path)
    assert before[1] == end[1] == 100
    assert places(drawn.path)[4][1] < 100  # once is seen


def test_only_submissions_that_are_drawn_have_a_line_and_chance_lies_across():
    one = found([1, 10, 100], [0.0, 0.5, 1.0])
    other = found([1, 10, 100], [0.0, 0.5, 1.0], submission="other")

    drawn = spectrum([one, other], {"net": LOOK}, 0.25)

    assert [line.look.name for line in drawn.lines] == ["net"]
    assert drawn.chance_at == 75
    assert [text for _, text in drawn.x_ticks] == ["0", "1", "2", "3"]
