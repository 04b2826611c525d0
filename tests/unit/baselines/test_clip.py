"""The protocol by hand, and a small model that was never trained from end to end with the real tokenizer."""

import io
import json
import sys
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from datasets import ClassLabel, Dataset, Features, Image, Value
from PIL import Image as Pillow

from genbench.cli import main
from genbench.rows.store import Store

# Looked for and not imported: it takes seconds, and each process that runs tests reads all of their modules.
pytestmark = pytest.mark.skipif(
    find_spec("open_clip") is None, reason="the vision extra is not installed: pip install 'genbench[vision]'"
)

NAMES = ["Acadian_Flycatcher_bird", "A310", "cape_flower", "bolete"]
FEATURES = Features({"image": Image(), "answer": ClassLabel(names=NAMES)})
PICTURES = {"image": "image"}


@pytest.fixture(scope="module")
def open_clip():
    import open_clip

    return open_clip


@pytest.fixture(scope="module")
def module(baseline):
    return baseline("clip")


@pytest.fixture(scope="module")
def train():
    return Dataset.from_dict({"image": [], "answer": []}, features=FEATURES)


@pytest.fixture(scope="module")
def fitted(module, context, train):
    def fit(seed=1, **given):
        one = module.Clip(context("clip", PICTURES, "int64", seed, {"model": "random", **given}))
        one.fit(train, None)
        return one

    return fit


def pictures(count=10, mode="RGB"):
    stream = np.random.default_rng(0)
    made = [Pillow.fromarray(stream.integers(0, 255, (40, 50, 3), np.uint8)).convert(mode) for _ in range(count)]
    return Dataset.from_dict({"image": made}, features=Features({"image": Image()}))


def test_the_eighty_prompts_are_those_of_the_release(module, open_clip):
    theirs = [prompt("a name") for prompt in open_clip.OPENAI_IMAGENET_TEMPLATES]

    assert [prompt.replace("{c}", "a name") for prompt in module.prompts("ensemble")] == theirs
    assert len(set(theirs)) == 80
    assert module.prompts("simple") == ["A photo of a {c}."]
    assert module.prompts("class") == ["{c}"]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Acadian_Flycatcher_bird", "Acadian_Flycatcher"),
        ("sword_lily_flowers", "sword_lily"),
        ("A310_aircraft", "A310"),
        ("eggnog_food", "eggnog"),
        ("bird_cage", "bird_cage"),
    ],
)
def test_what_a_folder_adds_to_a_name_is_left_out_and_underscores_stay(module, name, cleaned):
    assert module.class_name(name) == cleaned


def test_a_class_is_the_mean_of_its_prompts_each_of_length_one(fitted, module, open_clip):
    one = fitted()
    tokens = open_clip.get_tokenizer("ViT-B-32")(
        [prompt.replace("{c}", "A310") for prompt in module.prompts("ensemble")]
    )
    with torch.inference_mode():
        each = one.model.encode_text(tokens)
        mean = (each / each.norm(dim=1, keepdim=True)).mean(dim=0)

    assert torch.allclose(one.classes[1], mean / mean.norm(), atol=1e-6)


def test_probabilities_are_the_softmax_of_a_hundred_cosines(fitted):
    one, asked = fitted(prompts="simple"), pictures(3)

    found = one.predict(asked)

    with torch.inference_mode():
        images = one.model.encode_image(torch.stack([one.transform(picture) for picture in asked["image"]]))
        cosines = torch.nn.functional.cosine_similarity(images[:, None], one.classes[None], dim=2)
    assert found.shape == (3, 4)
    assert found.dtype == np.float32
    assert np.allclose(found, (100 * cosines).softmax(dim=1), atol=1e-5)


def test_batches_change_nothing(fitted):
    one, other = fitted(prompts="simple"), fitted(prompts="simple", batch_images=3, batch_texts=3)

    assert np.allclose(one.predict(pictures()), other.predict(pictures()), atol=1e-5)


def test_the_same_seed_gives_the_same_bits_and_another_seed_another_model(fitted):
    one, again, other = (fitted(seed, prompts="class").predict(pictures(4)) for seed in (1, 1, 2))

    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGBA", "P"])
def test_images_of_every_mode_are_seen_in_colour(fitted, mode):
    kept = [picture.convert("RGBA" if mode == "RGBA" else mode) for picture in pictures(2)["image"]]
    form = "TIFF" if mode == "CMYK" else "PNG"
    content = []
    for one in kept:
        sink = io.BytesIO()
        one.save(sink, form)
        content.append({"bytes": sink.getvalue(), "path": None})
    asked = Dataset.from_dict({"image": content}, features=Features({"image": Image()}))

    assert fitted(prompts="class").predict(asked).shape == (2, 4)


@pytest.fixture
def tiny(tmp_path, open_clip):
    """The name of an architecture that is loaded in no time."""
    vision = {"layers": 1, "width": 32, "head_width": 32, "patch_size": 16, "image_size": 32}
    words = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1}
    config = {"embed_dim": 16, "vision_cfg": vision, "text_cfg": words}
    (tmp_path / "tiny-for-tests.json").write_text(json.dumps(config), encoding="utf-8")
    open_clip.add_model_config(tmp_path / "tiny-for-tests.json")
    return "tiny-for-tests"


def test_a_checkpoint_of_ones_own_is_loaded_by_its_path(fitted, tiny, tmp_path, open_clip):
    model = open_clip.create_model(tiny)
    torch.save(model.state_dict(), tmp_path / "mine.pt")

    own = fitted(model=tiny, pretrained=str(tmp_path / "mine.pt"), prompts="class")

    wanted, found = model.state_dict(), own.model.state_dict()
    assert wanted.keys() == found.keys()
    assert all(torch.equal(wanted[name], found[name]) for name in wanted)
    assert own.predict(pictures(2)).shape == (2, 4)


def test_weights_get_the_activation_that_they_were_trained_with(module, open_clip):
    tags = {"laion400m_e32": True, "laion2b_s34b_b79k": False}

    assert {tag: module.wants_quick_gelu(open_clip, "ViT-B-32", tag) for tag in tags} == tags
    assert not module.wants_quick_gelu(open_clip, "ViT-B-32", "/my/own.pt")


FAULTS = {
    "a mode that there is not": ({"prompts": "many"}, "parameter 'prompts' is 'many'; it must be one of ensemble"),
    "no images at a time": ({"batch_images": 0}, "parameter 'batch_images' is 0; it must be at least 1"),
    "a model that there is not": ({"model": "ViT-Z"}, "parameter 'model' is 'ViT-Z'; open_clip has "),
    "a tag that there is not": (
        {"model": "RN50", "pretrained": "mine"},
        "parameter 'pretrained' is 'mine'; open_clip knows for RN50: openai",
    ),
    "a path that there is not": (
        {"model": "RN50", "pretrained": "/no/such/file.pt"},
        "parameter 'pretrained' is '/no/such/file.pt', and there is no such file",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_cannot_be_had_is_said(fitted, what):
    given, message = FAULTS[what]

    with pytest.raises((ValueError, FileNotFoundError)) as fault:
        fitted(**given)

    assert str(fault.value).startswith(message)


def test_a_checkpoint_that_is_none_is_said(fitted, tiny, tmp_path):
    (tmp_path / "mine.pt").write_bytes(b"nothing")

    with pytest.raises(ValueError, match=f"{tiny} with the weights .* cannot be loaded: "):
        fitted(model=tiny, pretrained=str(tmp_path / "mine.pt"))


def test_classes_without_names_are_said(module, context):
    nameless = Features({"image": Image(), "answer": Value("int64")})
    one = module.Clip(context("clip", PICTURES, "int64", 1, {"model": "random"}))

    with pytest.raises(ValueError, match="the classes have no names: the feature of 'answer' is no ClassLabel"):
        one.fit(Dataset.from_dict({"image": [], "answer": []}, features=nameless), None)


def test_without_the_library_it_is_said_how_to_install_it(fitted, monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(ImportError, match="the library open_clip is not installed: pip install 'genbench\\[vision\\]'"):
        fitted()


@pytest.mark.slow
def test_an_untrained_model_answers_the_photographs_about_as_chance_does(tmp_path, monkeypatch, photographs):
    monkeypatch.setenv("GENBENCH_DATA", str(photographs(tmp_path / "data")))
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    split = "letitwag/zero-shot:per_class=1"

    words = ["evaluate", "clip:model=random,prompts=simple", "--task", split, "--out", str(tmp_path / "out")]
    code = main([*words, "--executor", "here"])  # behind the wall the contract tries it

    store = Store(str(tmp_path / "out"))
    (cell,) = store.read("cells").table.to_pylist()
    whole = {row["metric"]: row["value"] for row in store.read("scores").table.to_pylist() if not row["axis"]}
    assert (code, cell["status"]) == (0, "ok")
    assert whole["top_1"] < 0.03  # 1/290, give or take eight standard errors
    assert whole["top_5"] < 0.06
    assert 0 < whole["expected_calibration_error"] <= 1
    assert len(store.read("predictions").table["prediction"][0].as_py().split("], [")) == 5
