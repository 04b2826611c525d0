import io

import numpy as np
import pyarrow as pa
import pytest
import torch
from datasets import Dataset
from datasets import Image as ImageFeature
from PIL import Image

from genbench.errors import BadData
from genbench.kit import images


def content(pixels, form="PNG", mode="RGB"):
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(buffer, form)
    return buffer.getvalue()


def dataset(contents):
    rows = [{"bytes": one, "path": None} for one in contents]
    return Dataset.from_dict({"image": rows}).cast_column("image", ImageFeature())


def noise(rows, height=5, width=7):
    return np.random.default_rng(0).integers(0, 256, (rows, height, width, 3), dtype=np.uint8)


def test_pixels_come_out_as_they_went_in():
    pixels = noise(4)

    decoded = images.decoded(dataset([content(one) for one in pixels]), "image")

    assert decoded.dtype == torch.uint8
    assert decoded.shape == (4, 3, 5, 7)
    assert decoded.is_contiguous(memory_format=torch.channels_last)
    assert (decoded.permute(0, 2, 3, 1).numpy() == pixels).all()


def test_rows_that_were_taken_come_in_their_order():
    pixels = noise(4)

    decoded = images.decoded(dataset([content(one) for one in pixels]).select([2, 0]), "image")

    assert (decoded.permute(0, 2, 3, 1).numpy() == pixels[[2, 0]]).all()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1"])
def test_other_modes_become_rgb(mode):
    assert images.decoded(dataset([content(noise(1)[0], mode=mode)]), "image").shape == (1, 3, 5, 7)


def test_no_rows_are_no_images():
    assert len(images.decoded(dataset([content(noise(1)[0])]).select([]), "image")) == 0


def test_an_image_of_another_size_is_named():
    contents = [content(noise(1)[0]), content(noise(1, height=6)[0])]

    with pytest.raises(BadData, match="column 'image', row 1: an image of 7 x 6; the first is of 7 x 5"):
        images.decoded(dataset(contents), "image")


def test_what_is_no_image_is_named():
    with pytest.raises(BadData, match="column 'image', row 1: not an image that can be read"):
        images.decoded(dataset([content(noise(1)[0]), b"GIF89a, but not really"]), "image")


def test_an_image_that_was_cut_off_is_named():
    with pytest.raises(BadData, match="column 'image', row 0: not an image that can be read"):
        images.decoded(dataset([content(noise(1, 50, 50)[0])[:3000]]), "image")


def test_a_batch_holds_the_rows_of_every_column():
    gather = images.Gathered(torch.arange(10), torch.arange(10)[:, None] * 2)

    batch = gather(torch.tensor([3, 1]))

    assert [part.tolist() for part in batch.parts] == [[3, 1], [[6], [2]]]
    assert (batch.rows, batch.tokens, batch.sizes) == (2, 2, (2,))


def test_chunks_of_a_column_are_joined():
    pixels = noise(3)
    parts = [dataset([content(one)]) for one in pixels]
    table = pa.concat_tables([part.data.table for part in parts])

    decoded = images.decoded(Dataset(table, info=parts[0].info), "image")

    assert (decoded.permute(0, 2, 3, 1).numpy() == pixels).all()
