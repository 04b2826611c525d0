"""Glyphs: what each style does to a pixel, and who is taught and asked what in transfer and stream."""

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"rows": 60, "questions": 100, "pretraining": 120, "shots": 3}


@pytest.fixture(scope="module")
def glyphs(task_module):
    return task_module("glyphs")


@pytest.fixture(scope="module")
def data(glyphs):
    return {split: glyphs.load(split, SMALL, 0) for split in glyphs.SPLITS}


@pytest.fixture
def styled(glyphs):
    def make(style, images):
        return glyphs.styled(style, np.array(images, np.uint8), np.random.default_rng(0))

    return make


def test_inverted_and_faint_are_rules_for_one_pixel(styled):
    shown = np.arange(196, dtype=np.uint8).reshape(1, 14, 14)

    assert (styled("inverted", shown).astype(int) + shown == 255).all()
    assert styled("faint", shown)[0, 0, :6].tolist() == [100, 100, 100, 100, 100, 101]
    assert styled("faint", np.full((1, 14, 14), 255)).max() == 151


def test_stripes_brighten_every_other_pixel_and_stop_at_white(styled):
    shown = styled("stripes", np.full((1, 14, 14), 200))[0]

    assert shown[0, :4].tolist() == [200, 255, 200, 255]
    assert shown[1, :4].tolist() == [255, 200, 255, 200]


def test_blurring_spreads_a_point_over_five_pixels_by_two_means_of_nine(styled):
    image = np.zeros((1, 14, 14))
    image[0, 6, 6] = 255
    once = 255 // 9
    expected = np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1]) * once // 9

    assert (styled("blurred", image)[0, 4:9, 4:9] == expected).all()
    assert (styled("blurred", np.full((1, 14, 14), 77)) == 77).all()


def test_speckle_makes_a_quarter_of_pixels_white_or_black(styled):
    shown = styled("speckle", np.full((200, 14, 14), 120))

    shares = [(shown == value).mean() for value in (0, 255, 120)]
    assert shares == pytest.approx([1 / 8, 1 / 8, 3 / 4], abs=0.01)


def test_a_style_that_is_not_known_is_named(styled):
    with pytest.raises(UnknownName, match="glyphs has no style 'inverse'; did you mean 'inverted'"):
        styled("inverse", np.zeros((1, 14, 14)))


def test_styles_show_in_their_means_and_none_in_training(data):
    mean = {name: np.array(table["pixels"].to_pylist()).mean() for name, table in data["styles"].questions.items()}
    train = np.array(data["styles"].train["pixels"].to_pylist()).mean()

    assert set(mean) == {"id", "inverted", "stripes", "faint", "blurred", "speckle"}
    assert mean["id"] == pytest.approx(train, abs=0.03)
    assert mean["inverted"] == pytest.approx(1 - train, abs=0.03)
    assert mean["faint"] == pytest.approx((100 + 51 * train) / 255, abs=0.03)
    assert mean["stripes"] > train + 0.1


def nearest_mean(train, asked):
    """The class of the nearest mean, for each of what is asked: another way to answer."""
    shown, labels = (np.array(train[name].to_pylist()) for name in ("pixels", "label"))
    means = np.stack([shown[labels == at].mean(0) for at in range(labels.max() + 1)])
    return ((np.array(asked["pixels"].to_pylist())[:, None] - means) ** 2).sum(2).argmin(1)


def test_digits_are_told_by_the_nearest_mean_and_inverted_ones_are_not(glyphs):
    one = glyphs.load("styles", {**SMALL, "rows": 600}, 0)
    right = {name: (nearest_mean(one.train, table) == table["label"].to_numpy()).mean()
             for name, table in one.questions.items()}  # fmt: skip

    assert right["id"] > 0.6
    assert right["inverted"] < 0.4


def test_no_class_of_transfer_is_shown_beside_it(glyphs, monkeypatch):
    painted = {}
    real = glyphs.segments.Painter.images
    monkeypatch.setattr(
        glyphs.segments.Painter, "images", lambda self, signs: painted.update({self.role: signs}) or real(self, signs)
    )
    glyphs.load("transfer", SMALL, 0)
    digits = {role: set(signs.tolist()) for role, signs in painted.items()}

    assert digits["train"] == digits["id"] == set(glyphs.segments.DIGITS[5:])
    assert digits["pretraining"] == set(glyphs.segments.DIGITS[:5])


def test_each_stage_teaches_two_classes_and_all_are_asked_with_their_stage(data):
    one = data["stream"]

    assert one.train.num_rows == 30
    for table in (one.train, one.questions["id"]):
        assert (table["stage"].to_numpy() == table["label"].to_numpy() // 2).all()
    assert np.bincount(one.train["label"].to_numpy()).tolist() == [3] * 10
    assert np.bincount(one.questions["id"]["label"].to_numpy()).tolist() == [10] * 10


def test_signs_beside_the_stream_are_24_and_no_digits(glyphs, monkeypatch):
    painted = {}
    real = glyphs.segments.Painter.images
    monkeypatch.setattr(
        glyphs.segments.Painter, "images", lambda self, signs: painted.update({self.role: signs}) or real(self, signs)
    )
    glyphs.load("stream", {**SMALL, "pretraining": 600}, 0)

    assert len(set(painted["pretraining"].tolist())) == 24
    assert set(painted["pretraining"].tolist()).isdisjoint(glyphs.segments.DIGITS)


def test_a_row_is_drawn_as_the_image_that_it_is(glyphs, data):
    row = data["transfer"].train.slice(0, 1).to_pylist()[0]

    assert np.asarray(glyphs.draw(row, {})).ravel() / 255 == pytest.approx(row["pixels"], abs=1e-6)


def test_the_same_seed_draws_the_same_rows_and_another_seed_or_split_others(glyphs, data):
    assert glyphs.load("styles", SMALL, 0).train.equals(data["styles"].train)
    assert not glyphs.load("styles", SMALL, 1).train.equals(data["styles"].train)
    assert not data["styles"].train["pixels"].equals(data["transfer"].train["pixels"])


@pytest.mark.parametrize("given", [{"rows": 0}, {"shots": True}, {"pretraining": 1.5}, {"questions": -3}])
def test_a_parameter_that_makes_no_data_is_refused(glyphs, given):
    with pytest.raises(BadValue, match="glyphs: parameter .* it must be a whole number from 1 to"):
        glyphs.load("styles", {**SMALL, **given}, 0)


def test_a_split_that_is_not_here_is_named(glyphs):
    with pytest.raises(UnknownName, match="no split 'streams'; did you mean 'stream'"):
        glyphs.load("streams", SMALL, 0)
