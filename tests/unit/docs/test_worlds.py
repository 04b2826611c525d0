"""The pictures of painted worlds are of the tasks as they stand."""

from pathlib import Path

import numpy as np
import pytest
import worlds
from PIL import Image

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", worlds.PICTURES)
def test_a_picture_is_what_the_task_draws(name):
    with Image.open(ROOT / "docs" / f"{name}.png") as kept:
        shown = np.asarray(kept.convert("RGB"))

    assert (shown == np.asarray(worlds.picture(worlds.PICTURES[name]()))).all(), "draw it again: docs/worlds.py"


def test_a_line_of_triplets_is_of_one_modality():
    plain, inverted, *_ = worlds.triplets()

    assert len(plain) == 12
    assert max(np.asarray(image)[:2].mean() for image in plain) < 60
    assert min(np.asarray(image)[:2].mean() for image in inverted) > 195
