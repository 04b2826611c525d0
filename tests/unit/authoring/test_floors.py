"""What is scored without looking at a question."""

from pathlib import Path

import numpy as np
import pytest

from genbench import cards
from genbench.authoring.floors import floors
from genbench.evaluation import build
from genbench.registry import ChosenSplit

TOYS = Path(__file__).parents[2] / "toys"


@pytest.mark.parametrize("centre", [np.mean, np.median])
def test_floors_of_numbers_are_a_constant_and_answers_in_disorder(centre, tmp_path):
    text = (TOYS / "plane" / "card.toml").read_text()
    own = text if centre is np.mean else text.replace('"squared_error", "absolute_error"', '"absolute_error"')
    for name, content in {"card.toml": own, "task.py": (TOYS / "plane" / "task.py").read_text()}.items():
        (tmp_path / name).write_text(content)
    card = cards.read(tmp_path)
    chosen = ChosenSplit(card, card.splits["wider"], {"width": 1.0})
    data = build.load(chosen)

    found = {floor.question_set: floor for floor in floors(chosen, data)}

    errors = np.abs(data.questions["wide"]["y"].to_numpy() - centre(data.train["y"].to_numpy()))
    assert found["wide"].constant == pytest.approx(np.mean(errors**2 if centre is np.mean else errors))
    assert found["id"].constant < found["id"].shuffled < found["wide"].shuffled
