"""Difficulty by distances, of whole splits: figures where there are some, and why not where there are none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.analysis import difficulty
from genbench.analysis.difficulty import geometry, points
from genbench.data.problem import Data
from genbench.errors import BadData

TASKS = Path(__file__).parents[4] / "tasks"
CARD = cards.read(TASKS / "spheres", "task")
SPLIT = CARD.splits["sphere2"]
NUMBERS = replace(CARD, target="y", target_type="float64", answer="target", metrics=("squared_error",))


def vectors(rows):
    return pa.FixedSizeListArray.from_arrays(pa.array(np.asarray(rows, np.float32).ravel()), np.shape(rows)[1])


def table(rows, targets):
    return pa.table({"x": vectors(rows), "y" if isinstance(targets[0], float) else "label": pa.array(targets)})


@pytest.fixture
def measured():
    """Gives `measured(train, asked)`, what was found of one question set: a figure, or why there is none."""

    def measure(train, asked, card=CARD, params=None):
        data = Data(train, {"test": asked})
        rows = difficulty.measure(card, SPLIT, "sphere2", data, "sha256:0", params).to_pylist()
        return {row["measure"]: row["value"] if row["why"] is None else row["why"] for row in rows}

    return measure


@pytest.fixture
def cloud():
    """Makes rows around two centres, which are their classes."""

    def made(rows, seed, numbers=12):
        drawn = np.random.default_rng(seed).normal(size=(rows, numbers))
        labels = np.arange(rows) % 2
        drawn[:, 0] += 4 * labels
        return table(drawn, labels.tolist())

    return made


def test_vectors_have_distances_and_no_words(measured, cloud):
    found = measured(cloud(300, 0), cloud(50, 1))

    assert 6 < found["intrinsic_dimension"] < 14
    assert 0 < found["class_distance_extrapolated"] == found["class_distance"] < found["kernel_width"]
    assert found["bound_bits"] == pytest.approx(2 ** found["log2_bound_bits"])
    assert 0 < found["gp_bits"] < 1000
    assert found["nearest"] > 0.6 > found["majority"]
    assert {found[name] for name in difficulty.MEASURES if "words" in name} - {None} == {"inputs are not made of words"}


def test_what_contradicts_training_takes_more_bits_than_what_follows_from_it(measured, cloud):
    asked = cloud(50, 1)
    turned = asked.set_column(1, "label", pa.array([1 - label for label in asked["label"].to_pylist()]))

    right, wrong = (measured(cloud(200, 0), one)["gp_bits"] for one in (asked, turned))

    assert wrong > 2 * right > 0


@pytest.mark.parametrize("seed", range(2))
def test_asked_its_training_a_process_leaves_nothing_open(measured, cloud, seed):
    assert measured(cloud(50, seed), cloud(50, seed))["gp_bits"] == 0.0


def test_numbers_have_exact_bits_and_no_classes(measured):
    rows = np.random.default_rng(0).normal(size=(80, 12))
    train, asked = (table(one, [float(value) for value in one[:, 0]]) for one in (rows[:60], rows[60:]))

    found = measured(train, asked, NUMBERS)

    assert found["bound_bits"] == found["class_distance"] == "targets are numbers, not classes"
    assert found["gp_bits"] >= 0
    shifted = table(rows[60:], [float(value) for value in 1 + rows[60:, 0]])
    assert measured(train, shifted, NUMBERS)["gp_bits"] > found["gp_bits"] + 10


def test_why_there_is_no_bound_is_said(measured, cloud):
    asked = cloud(20, 1, 2)
    rows = np.random.default_rng(0).normal(size=(50, 2))
    both = table(np.concatenate([rows, rows[:1]]), [0] * 50 + [1])

    assert measured(both, asked)["bound_bits"] == "equal rows of training are of unlike classes"
    assert measured(table(rows, [1] * 50), asked)["bound_bits"] == "all rows of training are of one class"
    assert measured(table(rows[:4], [0, 1, 0, 1]), asked)["bound_bits"].startswith("there are 4 different rows")


def test_rows_more_than_coefficients_are_a_bound_of_0_bits(measured):
    rows = np.random.default_rng(0).uniform(size=(900, 1)) + np.repeat([[0.0], [9.0]], 450, axis=0)

    found = measured(table(rows, [0] * 450 + [1] * 450), table([[0.5], [9.5]], [0, 1]))

    assert found["bound_bits"] == 0.0
    assert found["log2_bound_bits"].startswith("the bound is 0 bits")


def test_a_figure_that_would_be_of_rounding_is_none(measured):
    rows = np.random.default_rng(0).uniform(size=(400, 1))
    noisy = [int(one) for one in np.random.default_rng(1).integers(0, 2, 400)]

    found = measured(table(rows[:300], noisy[:300]), table(rows[300:], noisy[300:]))

    assert found["gp_bits"].startswith("rows lie so near that training leaves smooth functions no choice")


def test_long_vectors_are_thinned(measured, cloud, monkeypatch):
    whole = measured(cloud(300, 0), cloud(50, 1))
    monkeypatch.setattr(points, "NUMBERS", 150 * 12)

    some = measured(cloud(300, 0), cloud(50, 1))

    assert some["intrinsic_dimension"] == pytest.approx(whole["intrinsic_dimension"], rel=0.3)
    assert some["gp_bits"] == whole["gp_bits"]
    assert some["train_rows"] == 300


@pytest.fixture
def embedding(tmp_path):
    """Makes the card of a split of words that names an embedding of this body."""

    def made(body):
        (tmp_path / "own.py").write_text(f"import numpy as np\n\n\ndef embed(inputs, params):\n    {body}\n")
        return replace(
            CARD, folder=tmp_path, inputs={"word": "string"}, embedding="own:embed", params={"p": 2}, metrics=("top_1",)
        )

    return made


def spoken(rows):
    words, labels = [f"w{row}" for row in range(rows)], [row % 2 for row in range(rows)]
    return pa.table({"word": words, "label": labels})


def test_words_with_an_embedding_have_both(measured, embedding):
    card = embedding("return np.array([[int(w[1:]) % 7, params['p']] for w in inputs['word'].to_pylist()])")

    found = measured(spoken(40), spoken(10), card, {"p": 3})

    assert found["words_seen"] == 1.0
    assert found["radius"] == pytest.approx(np.hypot(6, 3))
    assert measured(spoken(40), spoken(10), replace(card, embedding=""))["radius"] == geometry.NO_DISTANCES


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return np.zeros(len(inputs))", r"spheres: own:embed gave an array of shape \(40,\) for 40 rows; it must be"),
        ("return np.zeros((3, 2))", r"gave an array of shape \(3, 2\) for 40 rows"),
        ("return np.full((len(inputs), 2), np.nan)", "own:embed gave a number that is not finite"),
        ("return inputs['colour']", "own:embed raised KeyError: "),
    ],
)
def test_an_embedding_that_is_none_is_the_tasks_fault(measured, embedding, body, said):
    with pytest.raises(BadData, match=said):
        measured(spoken(40), spoken(10), embedding(body))


def test_residues_are_neighbours_around_the_circle(measured_split):
    found = measured_split("modular/addition_unordered")

    assert found["test", "radius"] == pytest.approx(2**0.5)
    assert found["test", "class_distance"] == pytest.approx(2 * np.sin(np.pi / 67))
