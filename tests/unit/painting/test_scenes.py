import hashlib

import numpy as np
import pytest

from genbench.painting import scenes

TASK = ("letitwag", "synthetic")  # the first task that was painted: its published bytes are held here
PARTS = np.array([[0, 4, 1], [4, 0, 0], [7, 7, 3]])


def painted(painter, parts, concept="any"):
    keys, numbers = np.full(len(parts), painter.key(concept), np.uint64), np.arange(len(parts))
    return np.concatenate(list(painter.paint(np.asarray(parts), keys, numbers)))


@pytest.mark.parametrize(("size", "digest"), [(32, "8c6e08c0e59c5a89"), (64, "97e20ab9403dee00")])
def test_the_pixels_are_those_that_were_published(size, digest):
    images = painted(scenes.Painter(TASK, size, 0, "train"), PARTS)

    assert hashlib.sha256(images.tobytes()).hexdigest()[:16] == digest


def test_tasks_seeds_roles_and_concepts_each_have_scenes_of_their_own():
    keys = {
        scenes.Painter(task, 32, seed, role).key(concept)
        for task in (TASK, ("other",))
        for seed in (0, 1)
        for role in ("train", "test")
        for concept in ("plain red disc", "plain red ring")
    }

    assert len(keys) == 16


def test_another_task_lies_on_another_ground():
    one, other = (scenes._canvas(task, 32, 0, "train") for task in (TASK, ("other",)))

    assert (one != other).mean() > 0.9


def test_a_thing_lies_anywhere_in_its_image():
    """The same scenes in red and in cyan differ where the thing is; its middle is spread over all that is free."""
    painter = scenes.Painter(TASK, 32, 0, "train")
    red, cyan = (painted(painter, np.tile([1, colour, 0], (300, 1))) for colour in (0, 4))

    where = (red != cyan).any(1)
    for axis in (1, 2):
        middle = np.array([np.flatnonzero(one.any(2 - axis)).mean() for one in where]) + 0.5
        assert middle.mean() == pytest.approx(16, abs=0.7)
        assert middle.min() < 9
        assert middle.max() > 23


@pytest.mark.parametrize("part", [0, 1, 2])
def test_each_part_of_a_concept_shows_and_nothing_else_does(part):
    """The same scene with another shape, colour or texture differs where the thing lies, and nowhere else."""
    painter = scenes.Painter(TASK, 32, 0, "train")
    least, most = np.eye(3, dtype=int)[part] * 0, np.eye(3, dtype=int)[part] * 2

    first, second = (painted(painter, np.tile(one, (50, 1))) for one in (least, most))

    differ = (first != second).any(1).mean((1, 2))
    assert differ.min() > 0.02
    assert differ.max() < 0.8
