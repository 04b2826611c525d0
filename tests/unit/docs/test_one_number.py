"""The way of one number is told by lines that are there; what is gone is named."""

from dataclasses import replace
from pathlib import Path

import pytest
from making.one_number import WAY, Step, line_of, picture, room_of

ROOT = Path(__file__).parents[3]
STEP = Step("It doubles.", "genbench/toys/double.py", "Toy.double", "2 *")


@pytest.fixture
def root(tmp_path):
    """A repository with one line that a step may name."""
    path = tmp_path / STEP.path
    path.parent.mkdir(parents=True)
    path.write_text("TWO = 2\nclass Toy:\n    def double(self, one):\n        return 2 * one\n", encoding="utf-8")
    return tmp_path


def test_a_step_shows_the_line_of_its_function_as_the_file_has_it(root):
    assert line_of(root, STEP) == "return 2 * one"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"path": "genbench/toys/gone.py"}, "there is no file genbench/toys/gone.py"),
        ({"function": "Toy.halve"}, "genbench/toys/double.py has no Toy.halve"),
        ({"some": "three"}, "genbench/toys/double.py: Toy.double has no line with 'three'"),
        ({"some": "TWO"}, "genbench/toys/double.py: Toy.double has no line with 'TWO'"),
    ],
)
def test_a_step_that_leads_nowhere_is_refused_and_named(root, changed, message):
    with pytest.raises(LookupError, match=message):
        line_of(root, replace(STEP, **changed))


def test_every_step_is_in_the_picture_with_its_file_and_its_line():
    drawn = picture(ROOT)

    assert drawn.count('class="code"') == len(WAY)
    assert all(step.path in drawn for step in WAY)


def test_the_way_goes_from_the_page_to_a_task_and_through_every_room_that_makes_a_number():
    assert [room_of(WAY[0]), room_of(WAY[-1])] == ["the page", "the task"]
    assert {"report", "analysis", "rows", "evaluation", "scoring", "data"} <= {room_of(step) for step in WAY}
