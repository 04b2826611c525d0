from pathlib import Path

import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue

FOLDER = Path(__file__).parents[3] / "tasks" / "gcog"
DEPTHS = {"distractor": 1, "systematic_depth1": 1, "systematic_depth3": 3, "productive": 3}
PARAMS = {
    "distractors": 5,
    "colours": 10,
    "shapes": 10,
    "tasks": 1600,
    "questions": 160,
    "balanced": False,
    "encoding": "released",
}


@pytest.fixture(scope="module")
def settings_of():
    return load_entry(FOLDER, "settings:settings_of")


@pytest.mark.parametrize(
    ("split", "given", "said"),
    [
        ("distractor", {"depth": 2}, "'depth' is 2; it must be an odd integer from 1 to 7"),
        ("distractor", {"depth": -1}, "'depth' is -1; it must be an odd integer from 1 to 7"),
        ("distractor", {"depth": 11}, "'depth' is 11; it must be an odd integer from 1 to 7"),
        ("distractor", {"depth": True}, "'depth' is True; it must be an odd integer from 1 to 7"),
        ("distractor", {"depth": 9}, "'depth' is 9; it must be an odd integer from 1 to 7 (deeper trees leave fewer"),
        ("systematic_depth1", {"depth": 3}, "'depth' is 3; it must be 1 in systematic_depth1"),
        ("systematic_depth3", {"depth": 1}, "'depth' is 1; it must be an odd integer from 3 to 9"),
        ("productive", {"depth": 5}, "'depth' is 5; it must be an odd integer from 1 to 3"),
        ("distractor", {"distractors": 100}, "'distractors' is 100; it must be an integer from 0 to 99, for"),
        ("productive", {"distractors": 39}, "'distractors' is 39; it must be an integer from 0 to 38, for"),
        ("distractor", {"distractors": -1}, "'distractors' is -1; it must be an integer from 0 to 100"),
        ("distractor", {"shapes": 27}, "'shapes' is 27; it must be an integer from 2 to 26 (there"),
        ("distractor", {"colours": 11}, "'colours' is 11; it must be an integer from 2 to 10 (there"),
        ("distractor", {"tasks": 0}, "'tasks' is 0; it must be an integer from 1 to 500000"),
        ("distractor", {"questions": 1.5}, "'questions' is 1.5; it must be an integer from 1 to 500000"),
        ("distractor", {"balanced": 1}, "'balanced' is 1; it must be true or false"),
        ("distractor", {"encoding": "pixels"}, "'encoding' is 'pixels'; it must be one of released, objects"),
    ],
)
def test_a_parameter_outside_its_range_is_refused(settings_of, split, given, said):
    with pytest.raises(BadValue) as caught:
        settings_of(split, PARAMS | {"depth": DEPTHS[split]} | given)

    assert f"gcog: parameter {said}" in str(caught.value)
