"""Marks of seeds on the same questions, drawn as answers are: questions differ in difficulty, seeds in skill."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def drawn():
    """Gives `drawn(seeds, questions, skill, spread, seed)`, 0 or 1, of shape (seeds, questions)."""

    def make(seeds=3, questions=120, skill=0.7, spread=0.5, seed=0, difficulty=None):
        stream = np.random.default_rng(seed)
        difficulty = stream.normal(size=questions) * 1.5 if difficulty is None else difficulty
        logit = skill + spread * stream.normal(size=(seeds, 1)) + difficulty
        return (stream.random((seeds, questions)) < 1 / (1 + np.exp(-logit))).astype(np.float64)

    return make
