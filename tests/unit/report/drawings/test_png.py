import numpy as np
import pytest
from PIL import Image

from genbench.errors import StoreFault
from genbench.report.drawings import png
from genbench.report.drawings.png import Strip

GREEN = (0, 255, 0)


def square(colour=GREEN, side=8):
    return Image.new("RGB", (side, side), colour)


def test_a_sheet_has_rows_of_ten_drawings_under_each_heading():
    drawn = png.sheet("squares", [Strip("eleven", (square(),) * 11), Strip("one", (square(),))])

    pixels = (np.asarray(drawn) == GREEN).all(-1)
    assert pixels.sum() == 12 * png.TILE**2
    assert pixels.any(0).sum() == 10 * png.TILE  # columns of pixels that hold a tile
    assert pixels.any(1).sum() == 3 * png.TILE


def test_a_picture_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StoreFault, match="cannot write the picture"):
        png.write(square(), tmp_path / "file" / "sheet.png")


def test_a_picture_lies_in_folders_made_for_it_and_nothing_beside_it(tmp_path):
    path = png.write(square(), tmp_path / "new" / "folder" / "square.png")

    assert Image.open(path).tobytes() == square().tobytes()
    assert [one.name for one in path.parent.iterdir()] == ["square.png"]


def test_a_drawing_that_stands_alone_is_magnified_by_whole_pixels_below_its_caption():
    drawn = np.asarray(png.captioned(square(), "a long caption " * 12 + "\nand a second line"))

    below = drawn[-png.MARGIN - png.LARGE : -png.MARGIN, png.MARGIN : png.MARGIN + png.LARGE]
    assert (below == GREEN).all()
    above = drawn[: -png.MARGIN - png.LARGE]
    assert (above != 255).any()
    assert len(above) > 4 * png.LETTERS
