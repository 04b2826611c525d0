import io

import numpy as np
import pytest
from PIL import Image

from genbench.data import tables
from genbench.errors import BadData
from genbench.painting import png


def opened(file):
    return Image.open(io.BytesIO(file.tobytes()))


def drawn(*shape, most=256):
    return np.random.default_rng(0).integers(0, most, shape).astype(np.uint8)


@pytest.mark.parametrize("width", [7, 8])
def test_files_hold_the_pixels_that_were_painted(width):
    coloured, grey, placed = drawn(3, 3, 5, width), drawn(3, 5, width), drawn(3, 5, width, most=16)
    palette = drawn(16, 3)

    assert (np.stack([opened(file) for file in png.rgb(coloured)]) == coloured.transpose(0, 2, 3, 1)).all()
    assert (np.stack([opened(file) for file in png.grey(grey)]) == grey).all()
    for file, image in zip(png.indexed(placed, palette), placed, strict=True):
        assert (np.asarray(opened(file)) == image).all()
        assert (np.asarray(opened(file).convert("RGB")) == palette[image]).all()


def test_batches_are_one_column_of_images():
    column = png.column([png.grey(drawn(2, 5, 5)), png.grey(drawn(0, 5, 5)), png.grey(drawn(3, 5, 5))])

    assert column.type == tables.ARROW["image"]
    assert len(column) == 5
    assert opened(np.frombuffer(column[4].as_py()["bytes"], np.uint8)).size == (5, 5)


def test_no_image_at_all_is_an_empty_column():
    assert len(png.column([])) == len(png.column([png.grey(drawn(0, 5, 5))])) == 0


def test_images_that_one_block_does_not_hold_are_refused():
    with pytest.raises(BadData, match="^images of 300 x 300 pixels take 90,300 bytes each; a file holds 65,535$"):
        png.grey(drawn(1, 300, 300))
