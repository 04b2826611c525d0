import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.cli import main
from genbench.report.terminal.examples import plain

FOLDER = Path(__file__).parents[3] / "tasks" / "gcog"
GIVEN = {"encoding": "released"}


@pytest.fixture(scope="module")
def pixels():
    return sys.modules[load_entry(FOLDER, "pixels:drawn").__module__]


@pytest.fixture(scope="module")
def describe():
    card = cards.read(FOLDER, "task")
    return {name: load_entry(FOLDER, getattr(card, name)) for name in ("describe", "draw")}


def row(*things):
    """`current red d sum is odd` on a screen of (a, b, colour, shape), all from 0."""
    stimulus = np.zeros((101, 3), np.int64)
    for a, b, colour, shape in things:
        stimulus[10 * a + b] = colour + 1, shape + 1, 0
    stimulus[100, 2] = 1
    instruction = [8, 4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    return {"instruction": instruction, "stimulus": stimulus.ravel().tolist(), "answer": 0}


def test_a_thing_stands_in_its_column_and_line_with_its_colour_and_shape(describe):
    said = describe["describe"](row((3, 4, 0, 3), (0, 9, 7, 1)), GIVEN)

    told, screen = plain(said).split("\n\n")
    lines = screen.splitlines()
    assert told == "current red d sum is odd ?\n-> True"
    assert lines[0].split() == list("0123456789")
    assert lines[5].split() == ["4", ".", ".", ".", "Rd", ".", ".", ".", ".", ".", "."]
    assert lines[10].split()[:2] == ["9", "Kb"]
    assert "\x1b[38;2;255;45;45;48;2;0;0;0mRd\x1b[0m" in said


def test_the_drawing_has_ink_where_there_are_things_and_no_other(describe, pixels):
    drawn = np.asarray(describe["draw"](row((3, 4, 0, 3), (0, 9, 7, 1)), GIVEN).convert("RGB"))

    cells = drawn.reshape(10, 8, 10, 8, 3).swapaxes(1, 2)  # line, column
    inked = {(int(a), int(b)) for b, a in zip(*np.nonzero(cells.any((2, 3, 4))), strict=True)}
    assert inked == {(3, 4), (0, 9)}
    assert {tuple(dot) for dot in cells[4, 3].reshape(-1, 3).tolist()} == {(0, 0, 0), (255, 45, 45)}


def test_no_two_letters_and_no_two_colours_look_alike(pixels):
    letters = pixels.of_sorts(np.arange(1, 101).reshape(1, 10, 10))[0].reshape(10, 8, 10, 8).swapaxes(1, 2)
    shapes = {letter.astype(bool).tobytes() for letter in letters.reshape(100, 8, 8)[:26]}

    assert len(shapes) == 26
    assert len({tuple(colour) for colour in pixels.PALETTE.tolist()}) == 11


@pytest.mark.parametrize("encoding", ["", ":encoding=objects"])
def test_show_tells_one_example_in_words_and_draws_it(tmp_path, capsys, encoding):
    path = tmp_path / "screen.png"
    small = "tasks=20,questions=20"
    address = f"gcog/productive{encoding},{small}" if encoding else f"gcog/productive:{small}"

    code = main(["show", address, "--example", "3", "--of", "depth5", "--picture", str(path)])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].endswith("depth5, row 3 of 20")
    assert "[ if current " in said.out
    assert "\x1b" not in said.out
    assert lines[-1] == f"picture: {path}"
    with Image.open(path) as drawn:
        assert drawn.size[0] >= 480


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ["--example", "20"],
            "error: --example is 20; gcog/distractor:questions=20,tasks=20 train has the rows 0 to 19",
        ),
        (["--example", "1", "--of", "test4"], "has no subset 'test4'; did you mean 'test40'?"),
        (["--example", "1", "--class", "2"], "--class draws a class and --example one row; give one of them"),
        (["--of", "test40"], "--of says whose row is shown; --example says which"),
    ],
)
def test_an_example_that_is_not_there_is_refused(capsys, given, said):
    code = main(["show", "gcog/distractor:tasks=20,questions=20", *given])

    assert code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("split", ["distractor", "productive"])
def test_in_words_and_pictures_the_rows_are_those_of_gcog(describe, pixels, split):
    seen = FOLDER.parent / "gcog_screen"
    sizes = {"tasks": 40, "questions": 30}
    params = {**cards.read(FOLDER, "task").splits[split].params, **sizes}
    plain_rows = load_entry(FOLDER, "task:load")(split, params, 0)
    card = cards.read(seen, "task")
    shown = load_entry(seen, card.entry)(split, {**card.splits[split].params, **sizes}, 0)

    for name, table in plain_rows.subsets().items():
        pictured = shown.subsets()[name]
        same = [column for column in table.column_names if column not in {"instruction", "stimulus"}]
        assert pictured.select(same).equals(table.select(same))
        for own, given in zip(pictured.to_pylist(), table.to_pylist(), strict=True):
            assert own["instruction"] == plain(describe["describe"](given, GIVEN)).splitlines()[0]
            image = np.asarray(Image.open(io.BytesIO(own["screen"]["bytes"])).convert("RGB"))
            assert (image == np.asarray(describe["draw"](given, GIVEN).convert("RGB"))).all()
