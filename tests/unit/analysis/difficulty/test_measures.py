"""The measures of a split, and when figures that were kept are current."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from genbench import cards
from genbench.analysis import difficulty
from genbench.analysis.difficulty import MEASURES, compounds, floors, measures
from genbench.data.problem import Data
from genbench.errors import BadValue

ROOT = Path(__file__).parents[4]
TASKS = ROOT / "tasks"
SCAN = cards.read(TASKS / "scan", "task")
TEXT = replace(SCAN, compounds="")  # the same columns, and no parses
SPLIT = SCAN.splits["length"]


def test_the_same_sentences_do_not_diverge(table, measured):
    rows = table(("a b c", "x"), ("a c b", "y z"), ("a b c", "x"))

    found = measured(rows, rows)

    assert abs(found["atom_divergence"]) < 1e-12
    assert abs(found["compound_divergence"]) < 1e-12
    assert found["nearest"] == found["ceiling"] == found["input_overlap"] == 1.0
    assert found["majority"] == 2 / 3


def test_very_many_nodes_are_thinned_and_say_nearly_the_same(measured_split, monkeypatch):
    whole = measured_split("scan/addprim_jump")
    monkeypatch.setattr(compounds, "NODES", 40_000)
    monkeypatch.setattr(floors, "STEPS", 1e7)

    part = measured_split("scan/addprim_jump")

    for name in MEASURES:
        assert part["test", name] == pytest.approx(whole["test", name], abs=0.04)  # of compounds, the largest are rare


def test_the_length_split_asks_for_longer_answers_of_known_words(measured_split):
    found = measured_split("scan/length")

    assert found["test", "longer_targets"] == found["test", "words_seen"] == found["test", "ceiling"] == 1.0
    assert found["test", "target_overlap"] == found["test", "nearest"] == 0.0


def test_an_input_of_pixels_is_refused():
    card = replace(SCAN, inputs={"picture": "image"})

    with pytest.raises(BadValue, match=r"^scan/length: input 'picture' is an image; difficulty is measured on inputs"):
        difficulty.refuse(card, SPLIT)


def test_other_data_another_label_or_other_parses_are_another_digest(tmp_path):
    (tmp_path / "parse.py").write_text("")
    parsed = replace(SCAN, folder=tmp_path, compounds="parse:trees")
    embedded = replace(TEXT, folder=tmp_path, embedding="parse:embed")
    known = [
        difficulty.digest(TEXT, "length", "a"),
        difficulty.digest(TEXT, "length", "b"),
        difficulty.digest(TEXT, "mcd1", "a"),
        difficulty.digest(parsed, "length", "a"),
        difficulty.digest(embedded, "length", "a"),
    ]
    (tmp_path / "parse.py").write_text("x = 1")

    now = [difficulty.digest(one, "length", "a") for one in (parsed, embedded)]
    assert len({*known, *now}) == len(known) + len(now)


def test_another_version_of_the_measures_or_of_the_metrics_is_another_digest(monkeypatch):
    known = {difficulty.digest(TEXT, "length", "a")}

    for name in ("VERSION", "EDITION"):
        with monkeypatch.context() as patch:
            patch.setattr(measures, name, 1000)
            known.add(difficulty.digest(TEXT, "length", "a"))

    assert len(known) == 3


@pytest.mark.parametrize("name", ["scan/length", "modular/addition", "spheres/sphere2"])
def test_figures_do_not_move_within_a_version(measured_split, name):
    """Where this fails and the change is meant, raise `difficulty.VERSION` and measure what is committed again."""
    rows = difficulty.stored(str(ROOT / "leaderboard" / "results"))[tuple(name.split("/"))]
    kept = {(row["question_set"], row["measure"]): row["value"] for row in rows}

    found = measured_split(name)

    assert found.keys() == kept.keys()
    for what, value in kept.items():
        assert found[what] == (None if value is None else pytest.approx(value, rel=1e-6))


def test_figures_that_are_committed_are_read_and_of_todays_data():
    kept = difficulty.stored(str(ROOT / "leaderboard" / "results"))

    current = {
        (task, split): cards.read(TASKS / task, "task").splits[split].fingerprint == rows[0]["data_fingerprint"]
        for (task, split), rows in kept.items()
        if ":" not in split  # of changed parameters no card says the fingerprint
    }

    assert len(list((ROOT / "leaderboard" / "results" / "difficulty").rglob("*.parquet"))) == len(kept) > 0
    assert all(current.values())


def test_of_words_beside_vectors_words_are_counted_and_distances_are_said_to_be_none():
    vectors = pa.FixedSizeListArray.from_arrays(pa.array([0.0, 1, 1, 0, 5, 5], pa.float32()), 2)
    rows = pa.table({"where": vectors, "commands": ["jump", "jump", "walk"], "actions": ["a", "b", "b"]})
    card = replace(TEXT, inputs={"where": "vector(2)", "commands": "string"})

    told = difficulty.measure(card, SPLIT, "length", Data(rows[:2], {"test": rows[1:]}), "").to_pylist()

    found = {row["measure"]: row["value"] for row in told}
    why = {row["measure"]: row["why"] for row in told}
    assert found["words_seen"] == 0.5
    assert found["majority"] == 0.0  # of two answers shown once each the first
    assert found["ceiling"] == 1.0
    for name in ("nearest", "radius", "bound_bits", "gp_bits"):
        assert found[name] is None
        assert why[name].startswith("some inputs are words and some numbers")


def test_coordinates_have_a_length_and_are_no_words():
    card = replace(TEXT, inputs={"points": "list<float64>", "commands": "string"})
    rows = pa.table({"points": [[0.5, 0.25], [0.125] * 6], "commands": ["hull", "hull"], "actions": ["1", "2"]})

    told = difficulty.measure(card, SPLIT, "length", Data(rows[:1], {"test": rows[1:]}), "").to_pylist()

    found = {row["measure"]: row["value"] for row in told}
    assert found["words_seen"] == found["longer_inputs"] == 1.0
    assert found["input_overlap"] == 0.0
    assert found["nearest"] is None


def test_a_target_that_is_a_vector_has_its_floors_and_no_length(measured_split):
    found = measured_split("label_sets/operations")

    assert found["unseen", "majority"] == pytest.approx(0.34, abs=0.01)
    assert found["unseen", "ceiling"] == 1.0
    assert found["unseen", "target_overlap"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"inputs": {"face": "image", "gene": "vector(8)"}},
            "input 'face' is an image; difficulty is measured on inputs",
        ),
        ({"target_type": "list<vector(2)>"}, "target 'actions' is of type list<vector(2)>; difficulty is measured on"),
    ],
)
def test_what_is_neither_words_nor_vectors_alone_is_refused_by_name(change, said):
    with pytest.raises(BadValue) as caught:
        difficulty.refuse(replace(SCAN, **change), SPLIT)

    assert str(caught.value).startswith(f"scan/length: {said}")
