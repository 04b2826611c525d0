"""Sources: cells found by looking, pairs and sources of training, the table of names, and what is refused."""

import colorsys
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue, UnknownName

FOLDER = Path(__file__).parents[3] / "tasks" / "sources"
SMALL = {"rows": 700, "questions": 150, "pictures": 8}
SHAPES = ("square", "triangle", "cross", "ring", "moon", "bolt")
COLOURS = ("red", "orange", "green", "cyan", "blue", "violet")


@pytest.fixture(scope="module")
def sources(task_module):
    return task_module("sources")


@pytest.fixture(scope="module")
def data(sources):
    return sources.load("pairs", SMALL, 0)


@pytest.fixture(scope="module")
def seen(data):
    """Reads a shape as the most alike picture of the table, and a colour by its hue."""
    table = [row for row in data.auxiliary["names"].to_pylist() if any(row["shape_picture"])]
    pictures, words = np.array([row["shape_picture"] for row in table]), [row["word"] for row in table]
    degrees = {"red": 0, "orange": 45, "green": 135, "cyan": 180, "blue": 225, "violet": 270}

    def read(part, picture):
        if part == "shape":
            return words[((pictures - np.array(picture)) ** 2).sum(1).argmin()]
        hue = colorsys.rgb_to_hsv(*picture)[0] * 360
        return min(degrees, key=lambda name: min(abs(hue - degrees[name]), 360 - abs(hue - degrees[name])))

    return read


def cells(row, seen):
    numbers = np.array(row["scene"]).reshape(6, 103)
    return [(seen("shape", cell[:100]), seen("colour", cell[100:])) for cell in numbers]


def pair(row, seen):
    return tuple(row[f"{part}_word"] or seen(part, row[f"{part}_picture"]) for part in ("shape", "colour"))


def test_the_answer_is_the_mark_of_the_one_cell_that_has_both(data, seen):
    for row in [row for table in data.questions.values() for row in table.slice(0, 40).to_pylist()]:
        shown, asked = cells(row, seen), pair(row, seen)
        assert shown.count(asked) == 1
        assert row["marks"][shown.index(asked)] == row["answer"]
        assert sorted(row["marks"]) == list(range(6))
        assert sum(shape == asked[0] for shape, _ in shown) >= 2
        assert sum(colour == asked[1] for _, colour in shown) >= 2


def test_twelve_pairs_are_in_no_row_of_training_and_in_the_four_sets_alone(data, seen):
    held = {
        (SHAPES[shape], COLOURS[colour]) for shape, colour in product(range(6), range(6)) if not (shape + colour) % 3
    }
    for table in (data.train, data.questions["id"], data.questions["unseen_source"]):
        shown = {cell for row in table.slice(0, 100).to_pylist() for cell in cells(row, seen)}
        assert len(shown) == 24
        assert not shown & held
    for name in ("ll", "lv", "vl", "vv"):
        assert {pair(row, seen) for row in data.questions[name].to_pylist()} == held


def sources_of(row):
    return ["l" if row[f"{part}_word"] else "v" for part in ("shape", "colour")]


def test_some_primitives_are_told_in_one_source_only_and_the_axis_counts_those_asked_in_the_other(data, seen):
    told = {(word, source) for row in data.train.to_pylist()
            for word, source in zip(pair(row, seen), sources_of(row), strict=True)}  # fmt: skip
    words = {word for word, source in told if source == "l"}
    pictures = {word for word, source in told if source == "v"}

    assert words - pictures == {"triangle", "moon", "green", "blue"}
    assert pictures - words == {"bolt", "violet"}
    for name, table in data.questions.items():
        for row in table.to_pylist():
            asked = zip(pair(row, seen), sources_of(row), strict=True)
            assert row["unseen"] == sum(one not in told for one in asked)
            assert row["source"] == "".join(sources_of(row))
            assert row["source"] == name or name in {"id", "unseen_source"}
    counts = {name: Counter(table["unseen"].to_pylist()) for name, table in data.questions.items()}
    assert set(counts["id"]) == {0}
    assert 0 not in counts["unseen_source"]
    assert min(counts[name][0] for name in ("ll", "lv", "vl", "vv")) > 40


def test_each_part_is_told_in_one_source(data):
    for table in (data.train, *data.questions.values()):
        for part in ("shape", "colour"):
            by_word = np.array(table[f"{part}_word"].to_pylist()) != ""
            by_picture = np.array(table[f"{part}_picture"].to_pylist()).any(1)
            assert (by_word ^ by_picture).all()


def test_the_table_has_pictures_of_every_primitive_with_its_word(data):
    table = data.auxiliary["names"].to_pylist()

    assert Counter(row["word"] for row in table) == dict.fromkeys(SHAPES + COLOURS, 8)
    for row in table:
        assert any(row["shape_picture"]) == (row["word"] in SHAPES)
        assert any(row["colour_picture"]) == (row["word"] in COLOURS)


def test_the_same_seed_draws_the_same_rows_and_another_seed_others(sources, data):
    assert sources.load("pairs", SMALL, 0).train.equals(data.train)
    assert not sources.load("pairs", SMALL, 1).train.equals(data.train)


def test_a_row_is_told_and_drawn_with_its_marks_and_pictures(data):
    example, draw = (load_entry(FOLDER, f"describe:{name}") for name in ("example", "draw"))
    row = next(row for row in data.train.to_pylist() if row["shape_word"] and not row["colour_word"])
    image = np.asarray(draw(row, {}))

    marks = ", ".join(map(str, row["marks"]))
    assert example(row, {}) == (
        f"{row['shape_word']} and a picture of a colour; marks {marks}\n-> mark {row['answer']}"
    )
    dots = (image[12, :, 0] == 255).reshape(-1)
    assert [int(dots[at * 12 : at * 12 + 10].sum()) for at in range(6)] == row["marks"]
    first = np.array(row["scene"][:100]).reshape(10, 10, 1) * row["scene"][100:103]
    assert (image[:10, :10] == np.rint(first * 255)).all()
    assert not image[:10, 72:82].any()  # no picture of a shape
    assert (image[:10, 84:94] == np.rint(np.array(row["colour_picture"]) * 255)).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1 to 1,000,000"),
        ({"questions": True}, "'questions' is True"),
        ({"pictures": 10_001}, "'pictures' is 10001; it must be a whole number from 1 to 10,000"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(sources, given, words):
    with pytest.raises(BadValue, match="sources: parameter") as told:
        sources.load("pairs", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(sources):
    with pytest.raises(UnknownName, match="no split 'pair'; did you mean 'pairs'"):
        sources.load("pair", SMALL, 0)
