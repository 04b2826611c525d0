"""A split's data, as a notebook has them."""

import re
import shutil
from pathlib import Path

import datasets
import pytest
import torch

import genbench
from genbench import registry
from genbench.errors import BadValue, UnknownName
from genbench.evaluation import build


def test_train_and_each_question_set_are_there_by_name():
    data = genbench.load("modular/addition_corrupted:p=7")

    assert list(data) == ["train", "test", "trained"]
    assert data["train"].column_names == ["a", "b", "sum"]
    assert data["test"].column_names == ["question_id", "a", "b"]


def test_validation_is_there_where_the_split_has_one(tmp_path, toys):
    folder = shutil.copytree(toys / "echo", tmp_path / "echo")
    card = (folder / "card.toml").read_text()
    card = re.sub(r'fingerprint = ".*"', 'fingerprint = "unseen"\nvalidation = 50', card)
    (folder / "card.toml").write_text(card)
    module = (folder / "task.py").read_text()
    held = 'validation=pa.table({"number": train, "again": train}),'
    (folder / "task.py").write_text(module.replace("questions=", f"{held} questions="))

    data = genbench.load(folder / "small")

    assert list(data) == ["train", "validation", "test"]
    assert data["validation"].column_names == ["number", "again"]


def test_an_id_means_the_question_that_a_cell_asks_by_it():
    (chosen,) = registry.choose_splits(["modular/addition:p=7"], registry.catalogue())
    asked = build.build(chosen).problem.questions.to_pylist()

    data = genbench.load("modular/addition:p=7")

    assert sorted([*data["test"], *data["trained"]], key=lambda row: row["question_id"]) == asked
    assert data["test"]["question_id"][:] == sorted(data["test"]["question_id"][:])


def test_targets_come_when_asked_for_and_a_warning_says_what_they_are_not_for():
    with pytest.warns(UserWarning, match="^these question files hold the targets: keep them away from training"):
        data = genbench.load("modular/addition:p=7", with_targets=True)

    assert data["test"].column_names == ["question_id", "a", "b", "sum", "label"]
    assert all(row["sum"] == (row["a"] + row["b"]) % 7 for row in data["test"])


def test_images_and_class_labels_keep_their_features():
    data = genbench.load("letitwag/synthetic")

    assert isinstance(data["train"].features["image"], datasets.Image)
    assert isinstance(data["train"].features["label"], datasets.ClassLabel)
    assert isinstance(data["test"].features["image"], datasets.Image)


def test_the_targets_of_classes_have_their_names_too():
    with pytest.warns(UserWarning, match="targets"):
        data = genbench.load("letitwag/synthetic", with_targets=True)

    assert data["test"].features["label"] == data["train"].features["label"]


def test_torch_gets_tensors_of_numbers_and_of_images():
    numbers = genbench.load("modular/addition:p=7").with_format("torch")["train"][:4]
    picture = genbench.load("letitwag/synthetic").with_format("torch")["test"][0]["image"]

    assert numbers["sum"].shape == (4,)
    assert numbers["sum"].dtype == torch.int64
    assert picture.shape == (3, 32, 32)


def test_a_folder_is_named_by_its_path(toys):
    assert genbench.load(toys / "echo" / "small")["test"].num_rows == 100
    assert genbench.load(f"{toys}/echo/small:questions=10")["test"].num_rows == 10


def test_a_relative_path_object_is_a_folder_too(toys, monkeypatch):
    monkeypatch.chdir(toys)

    assert genbench.load(Path("echo")).keys() == {"train", "test"}


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ("scan/lenght", UnknownName, "^no split matches 'scan/lenght'; did you mean 'scan/length'\\?$"),
        ("modular", BadValue, "^'modular' names 17 splits \\(modular/addition, .*, \\.\\.\\.\\); one is wanted$"),
        (7, BadValue, "^split is 7; it must be a name as on the command line, or a path$"),
        ("", BadValue, "^split is ''; it must be a name"),
        ("modular/addition:q=1", UnknownName, "has no parameter 'q'"),
    ],
)
def test_another_address_is_one_clear_error(given, error, said):
    with pytest.raises(error, match=said):
        genbench.load(given)
