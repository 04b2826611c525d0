import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from genbench.cards.entries import load_entry

FOLDER = Path(__file__).parents[3] / "tasks" / "sorting"


@pytest.fixture(scope="module")
def sequences():
    return sys.modules[load_entry(FOLDER, "sequences:draw").__module__]


@pytest.mark.parametrize(("length", "repeats"), [(3, True), (3, False), (5, False)])
def test_each_sequence_is_as_likely_as_any_other(sequences, length, repeats):
    every = 5**length if repeats else {3: 60, 5: 120}[length]

    drawn = sequences.draw(np.random.default_rng(7), 400 * every, length, 5, repeats=repeats)

    counts = np.array(list(Counter(map(tuple, drawn.tolist())).values()))
    spread = ((counts - 400) ** 2 / 400).sum()
    assert len(counts) == every
    assert spread < every + 4.5 * (2 * every) ** 0.5  # chi-square: mean and variance of its degrees


def test_windows_are_log_uniform_in_width_cut_at_the_ends_and_a_quarter_of_the_rows_holds_all_values(sequences):
    rows = sequences.draw_windowed(np.random.default_rng(7), 40_000, 400, 16)

    found = Counter(tuple(sorted(set(row))) for row in rows.tolist())  # 400 draws show every value of a window
    expected = Counter({tuple(range(16)): 0.25})
    for width in range(2, 17):
        share = 0.75 * (np.log(width + 1) - np.log(width)) / np.log(17 / 2) / (width + 15)
        for begin in range(1 - width, 16):
            expected[tuple(range(max(begin, 0), min(begin + width, 16)))] += share
    assert found.keys() <= expected.keys()
    counts, shares = (np.array([one[window] for window in expected]) for one in (found, expected))
    assert shares.sum() == pytest.approx(1)
    assert ((counts - 40_000 * shares) ** 2 / (40_000 * shares)).sum() < len(shares) + 4.5 * (2 * len(shares)) ** 0.5


def test_shuffling_in_parts_gives_as_many_rows_as_asked(sequences, monkeypatch):
    monkeypatch.setattr(sequences, "CELLS", 3000)

    drawn = sequences.draw(np.random.default_rng(0), 10, 500, 1000, repeats=False)

    assert drawn.shape == (10, 500)
    assert all(len(set(row)) == 500 for row in drawn.tolist())
