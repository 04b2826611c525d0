import hashlib

import numpy as np
import pytest

from genbench.errors import BadValue
from genbench.painting import segments

PAINTER = segments.Painter(("test",), 14, 0, "train")


def painted(signs, numbers=None, painter=PAINTER):
    signs = np.asarray(signs)
    keys = np.array([painter.key(int(sign)) for sign in signs], np.uint64)
    return np.concatenate(list(painter.paint(signs, keys, np.arange(len(signs)) if numbers is None else numbers)))


def test_there_are_ten_digits_and_117_other_signs():
    assert len(set(segments.DIGITS)) == 10
    assert len(segments.OTHERS) == 117
    assert set(segments.DIGITS).isdisjoint(segments.OTHERS)


def test_the_same_numbers_give_the_same_bytes_everywhere():
    digest = hashlib.sha256(painted([*segments.DIGITS, *segments.OTHERS]).tobytes()).hexdigest()

    assert digest[:16] == "240581f0a86bc496"


def test_an_image_can_be_had_alone():
    together = painted([0x5B] * 600)

    assert (painted([0x5B], np.array([593]))[0] == together[593]).all()


def test_a_digit_is_told_by_the_nearest_mean_of_others_like_it():
    train, test = (
        painted(np.repeat(segments.DIGITS, 60), painter=segments.Painter(("test",), 14, 0, role)).reshape(10, 60, -1)
        for role in ("train", "test")
    )
    means = train.mean(1)

    nearest = ((test[:, :, None] - means) ** 2.0).sum(-1).argmin(-1)

    assert (nearest == np.arange(10)[:, None]).mean() > 0.6


def test_more_segments_have_more_ink():
    one, all_of_them = painted([1] * 100), painted([127] * 100)

    assert all_of_them.mean() > 3 * one.mean()


@pytest.mark.parametrize("size", [8, 14, 28, 65])
def test_any_size_shows_the_sign_whole(size):
    images = painted([0x7F] * 50, painter=segments.Painter(("test",), size, 0, "train"))

    assert images.shape == (50, size, size)
    assert ((images > 128).mean((1, 2)) > 0.15).all()
    assert (images[:, [0, -1]].mean() + images[:, :, [0, -1]].mean()) / 2 < images.mean()


@pytest.mark.parametrize("sign", [0, 128, -1])
def test_a_sign_that_is_none_is_refused(sign):
    with pytest.raises(BadValue, match=f"^sign {sign}: it must be from 1 to 127, the sum of its segments' bits$"):
        list(PAINTER.paint(np.array([1, sign]), np.zeros(2, np.uint64), np.arange(2)))


def test_images_too_small_for_a_sign_are_refused():
    with pytest.raises(BadValue, match="^signs of 7 x 7 pixels; size must be 8 or more$"):
        segments.Painter(("test",), 7, 0, "train")


def test_all_images_together_are_those_of_the_batches():
    signs = np.array([0x5B, 0x06, 0x5B] * 100)

    assert (PAINTER.images(signs) == painted(signs)).all()
    assert PAINTER.images(np.array([], int)).shape == (0, 14, 14)
    with pytest.raises(BadValue, match="^sign 128: it must be"):
        PAINTER.images(np.array([128]))
