"""Concepts with a known trend, and PREDICTIONS with slices."""

import numpy as np
import pyarrow as pa
import pytest

from genbench.rows.schema import PREDICTIONS


def _made(seeds=1, slope=0.1, unseen=0.0, concepts=400):
    """Counts over six decades, a share of them 0, and accuracies that grow by `slope` a decade."""
    stream = np.random.default_rng(seeds)
    counts = np.round(10 ** stream.uniform(0, 6, concepts)).astype(int)
    counts[: round(unseen * concepts)] = 0
    truth = 0.1 + slope * np.log10(np.maximum(counts, 1))
    return counts, np.clip(truth + stream.normal(0, 0.05, (seeds, concepts)), 0, 1)


def _predictions(rows):
    """PREDICTIONS of (question set, slices, correct)."""
    return pa.Table.from_pylist(
        [
            {
                "cell": "c",
                "question_set": name,
                "question_id": place,
                "prediction": "",
                "target": "",
                "correct": right,
                "slices": list(slices.items()),
            }
            for place, (name, slices, right) in enumerate(rows)
        ],
        schema=PREDICTIONS,
    )


def _spread(shift=0):
    stream = np.random.default_rng(shift)
    return _predictions(
        [
            ("test", {"class": f"c{place}", "frequency": str(4**place + shift)}, bool(stream.random() < place / 12))
            for place in range(12)
            for _ in range(20)
        ]
    )


@pytest.fixture(scope="session")
def made():
    """Gives `made(seeds, slope, unseen, concepts)`, counts and scores (seed, concept)."""
    return _made


@pytest.fixture(scope="session")
def predictions():
    """Gives `predictions([(question_set, slices, correct), ...])`, a table of PREDICTIONS."""
    return _predictions


@pytest.fixture(scope="session")
def spread():
    """Gives `spread(shift)`, the answers of a seed."""
    return _spread
