"""What files hold, and not what they are called, decides; large ones are read once."""

import os
import time

import pytest

from genbench.rows import contents
from genbench.rows.contents import LARGE, Digests


@pytest.fixture
def kept(tmp_path):
    """The file in which digests are remembered."""
    return tmp_path / "cache" / "digests.json"


def written(path, content, age=60.0):
    """The file at `path`, written `age` seconds ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path, kept):
    assert Digests(kept).of(written(tmp_path / "weights", b"abc")) == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize(
    ("name", "content", "same"),
    [
        ("model/layer", b"1", True),
        ("model/layer", b"2", False),
        ("model/other", b"", False),
        ("model/.cache/lock", b"now", True),
        ("model/README.md", b"read me", True),
    ],
)
def test_the_digest_of_a_folder_is_of_the_names_and_bytes_of_its_files(tmp_path, kept, name, content, same):
    written(tmp_path / "model" / "layer", b"1")
    before = Digests(kept).of(tmp_path / "model")

    written(tmp_path / name, content)

    assert (Digests(kept).of(tmp_path / "model") == before) is same


def test_a_link_counts_as_what_it_points_to(tmp_path, kept):
    blob = written(tmp_path / "blobs" / "x", b"1")
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot" / "layer").symlink_to(blob)
    before = Digests(kept).of(tmp_path / "snapshot")

    written(blob, b"2")

    assert Digests(kept).of(tmp_path / "snapshot") != before


@pytest.mark.parametrize(
    ("size", "age", "reads"), [(LARGE, 60.0, 1), (LARGE, 0.0, 2), (LARGE - 1, 60.0, 2)], ids=["large", "new", "small"]
)
def test_a_large_file_is_read_once_unless_it_was_written_a_moment_ago(tmp_path, kept, monkeypatch, size, age, reads):
    path = written(tmp_path / "weights", b"w" * size, age)
    read = []
    monkeypatch.setattr(contents.hashlib, "file_digest", lambda *_: read.append(1) or contents.hashlib.sha256())
    for _ in range(2):
        known = Digests(kept)
        known.of(path)
        known.keep()

    assert len(read) == reads


@pytest.mark.parametrize("change", ["content", "inode"])
def test_a_large_file_that_changed_is_read_again(tmp_path, kept, change):
    path = written(tmp_path / "weights", b"w" * LARGE)
    first = Digests(kept)
    before = first.of(path)
    first.keep()
    other = written(tmp_path / "other", b"v" * LARGE)

    if change == "content":
        written(path, b"v" * LARGE, age=30.0)
    else:  # put in its place with its size and time
        os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
        other.replace(path)

    assert Digests(kept).of(path) != before


@pytest.mark.parametrize("text", ["{", "[]", '{"/x": 1}', '{"/x": [1, 2, "a", "b"]}', "\x00"])
def test_what_is_remembered_wrongly_is_not_used(tmp_path, kept, text):
    kept.parent.mkdir()
    kept.write_text(text)

    assert Digests(kept).known == {}


def test_two_evaluations_remember_what_each_read(tmp_path, kept):
    one, other = Digests(kept), Digests(kept)
    for known, name in ((one, "a"), (other, "b")):
        known.of(written(tmp_path / name, name.encode() * LARGE))
        known.keep()

    assert sorted(place.rpartition("/")[2] for place in Digests(kept).known) == ["a", "b"]


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path):
    written(tmp_path / "file", b"")
    known = Digests(tmp_path / "file" / "digests.json")
    known.of(written(tmp_path / "weights", b"w" * LARGE))

    known.keep()

    assert list(tmp_path.glob("file*")) == [tmp_path / "file"]


def test_a_folder_without_files_is_told(tmp_path, kept):
    (tmp_path / "model").mkdir()

    with pytest.raises(FileNotFoundError, match=f"{tmp_path}/model is a folder without files"):
        Digests(kept).of(tmp_path / "model")
