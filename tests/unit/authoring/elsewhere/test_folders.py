"""A split as a folder for `datasets.load_dataset`, here and pushed elsewhere."""

import datasets
import fsspec
import pytest

from genbench.authoring.elsewhere import folders
from genbench.errors import StoreFault


def test_a_pushed_split_is_loaded_as_any_data_set_is_with_training_and_questions_apart(echo, tmp_path, monkeypatch):
    written = folders.push(echo, f"{tmp_path}/hub/echo", with_targets=False, described=False)

    assert [path.rpartition("/")[2] for path in written] == ["train.parquet", "test.parquet", "split.json", "README.md"]
    for name, columns in (
        ("default", {"train": ["number", "again"]}),
        ("questions", {"test": ["question_id", "number"]}),
    ):
        loaded = datasets.load_dataset(f"{tmp_path}/hub/echo", name, cache_dir=str(tmp_path / "cache"))
        assert {split: own.column_names for split, own in loaded.items()} == columns


def test_a_push_goes_to_any_url_and_not_to_a_chain_of_them(echo):
    folders.push(echo, "memory://hub/echo", with_targets=True, described=False)

    assert len(fsspec.filesystem("memory").find("/hub/echo")) == 4
    with pytest.raises(StoreFault, match="a folder to push to 'simplecache::memory://hub': chained URLs are not taken"):
        folders.push(echo, "simplecache::memory://hub", with_targets=False, described=False)
