import io

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from genbench import cards
from genbench.data import tables
from genbench.data.problem import Data
from genbench.errors import BadData, BadValue, UnknownName
from genbench.registry import ChosenSplit
from genbench.report.drawings import examples, png

CARD = """
kind = "task"
name = "colours"
title = "Colours"
entry = "task:load"
about = "What colour is it?"
license = "MIT"
metrics = ["exact_match"]
inputs = { image = "image" }
target = { label = "int64" }
axes = { class = "string", frequency = "int64" }
DRAW

[splits.few]
about = "three colours"
chance = 0.3
train = 61
fingerprint = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
questions.test = { kind = "id", rows = 4 }
"""
NAMES = ("red", "green", "blue")
PIXELS = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


def encoded(label, size=8):
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), PIXELS[label]).save(buffer, "PNG")
    return {"bytes": buffer.getvalue(), "path": None}


def rows(labels, **axes):
    image = pa.array([encoded(label) for label in labels], tables.ARROW["image"])
    return pa.table({"image": image, "label": pa.array(labels, pa.int64()), **axes})


@pytest.fixture
def data():
    asked = [0, 1, 1, 2]
    axes = {"class": [NAMES[label] for label in asked], "frequency": [[60, 1, 0][label] for label in asked]}
    return Data(rows([0] * 60 + [1]), {"test": rows(asked, **axes)}, classes=NAMES)


@pytest.fixture
def chosen(tmp_path):
    return choose(tmp_path)


def choose(folder, draw=""):
    (folder / "card.toml").write_text(CARD.replace("DRAW", draw), encoding="utf-8")
    card = cards.read(folder, "task")
    return ChosenSplit(card, card.splits["few"], {})


def tiles(drawn):
    """How many tiles there are of each of the three colours, by their centres' rows and columns."""
    pixels = np.asarray(drawn)
    tile = png.TILE * png.TILE
    return [int((pixels == colour).all(-1).sum()) / tile for colour in PIXELS]


def test_a_sheet_shows_the_class_and_no_other(chosen, data):
    drawn = examples.of_class(chosen, data, "1")

    assert tiles(drawn) == [0, 3, 0]


def test_of_many_images_some_are_shown_spread_over_all(chosen, data):
    assert tiles(examples.of_class(chosen, data, "0")) == [examples.SHOWN + 1, 0, 0]


def test_a_class_that_training_never_shows_has_a_sheet_of_questions(chosen, data):
    assert tiles(examples.of_class(chosen, data, "2")) == [0, 0, 1]


def test_a_class_is_found_by_its_name_too(chosen, data):
    by_name, by_number = (examples.of_class(chosen, data, label) for label in ("green", "1"))

    assert by_name.tobytes() == by_number.tobytes()


def test_the_same_rows_give_the_same_picture(chosen, data, tmp_path):
    paths = [png.write(examples.of_class(chosen, data, "1"), tmp_path / name) for name in ("a/b.png", "c.png")]

    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("3", "colours/few has no class '3'; its classes are 0 to 2"),
        ("-1", "colours/few has no class '-1'; its classes are 0 to 2"),
        ("gren", "colours/few has no class 'gren'; did you mean 'green'?"),
    ],
)
def test_a_class_that_is_not_there_is_refused_with_those_that_are(chosen, data, label, message):
    with pytest.raises(UnknownName, match=f"^{message.replace('?', '[?]')}$"):
        examples.of_class(chosen, data, label)


def test_large_images_are_reduced_to_a_tile(chosen, data):
    image = pa.array([encoded(2, size=700)], tables.ARROW["image"])
    one = pa.table({"image": image, "label": [2], "class": ["blue"], "frequency": [0]})

    assert tiles(examples.of_class(chosen, Data(data.train, {"test": one}), "2")) == [0, 0, 1]


def test_an_image_that_cannot_be_read_is_named_as_such(chosen, data):
    image = pa.array([{"bytes": b"no image", "path": None}], tables.ARROW["image"])
    one = pa.table({"image": image, "label": [2], "class": ["blue"], "frequency": [0]})

    with pytest.raises(BadData, match="colours/few: an image cannot be read"):
        examples.of_class(chosen, Data(data.train, {"test": one}), "2")


def test_a_card_may_say_how_its_examples_are_drawn(tmp_path, data):
    (tmp_path / "strokes.py").write_text(
        "from PIL import Image\ndef draw(row, params):\n    return Image.new('RGB', (4, 4), (0, 0, 255))\n",
        encoding="utf-8",
    )

    assert tiles(examples.of_class(choose(tmp_path, 'draw = "strokes:draw"'), data, "1")) == [0, 0, 3]


def test_what_has_no_images_and_no_way_to_draw_is_refused(tmp_path, data):
    chosen = choose(tmp_path)
    text = (tmp_path / "card.toml").read_text(encoding="utf-8").replace('image = "image"', 'word = "string"')
    (tmp_path / "card.toml").write_text(text, encoding="utf-8")
    card = cards.read(tmp_path, "task")

    with pytest.raises(BadValue, match="colours/few cannot be drawn: it has no column of images, and its card no key"):
        examples.of_class(ChosenSplit(card, chosen.split, {}), data, "1")
