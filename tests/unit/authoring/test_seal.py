"""A seal names whatever was done to a results folder since."""

import json

import pytest

from genbench.authoring import seal as sealing
from genbench.errors import BadValue, StoreFault
from genbench.registry import Catalogue


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """A folder with files, sealed; gives it and the public key."""
    monkeypatch.setattr(sealing, "_cards", lambda *_: {"tasks/toy": "sha256:t"})
    place = tmp_path / "rows"
    (place / "cells" / "task=toy").mkdir(parents=True)
    for name in ("a", "b"):
        (place / "cells" / "task=toy" / f"{name}.parquet").write_bytes(name.encode())
    (place / "leaderboard").mkdir()
    (place / "leaderboard" / "index.html").write_text("made of the rows")
    sealing.new_key(tmp_path / "key.pem")
    return place, sealing.seal(place, tmp_path / "key.pem", Catalogue()).key


def test_what_was_sealed_and_left_alone_has_nothing_against_it(rows):
    place, key = rows
    (place / "leaderboard" / "index.html").write_text("made again")

    assert list(sealing.check(place, key)) == list(sealing.check(place)) == []
    assert sealing.read(place).manifest.keys() == {"made", "rows", "cards", "code", "environment"}


def test_each_thing_that_was_done_is_named(rows):
    place, key = rows
    inside = place / "cells" / "task=toy"
    (inside / "a.parquet").write_bytes(b"forged")
    (inside / "b.parquet").unlink()
    (inside / "c.parquet").write_bytes(b"c")
    (inside / "d.parquet").symlink_to("/etc/passwd")
    (place / "scores").symlink_to("/")

    assert list(sealing.check(place, key)) == [
        "cells/task=toy/d.parquet cannot be read: d.parquet is a link; it must be a file",
        "scores is a link",
        "changed: cells/task=toy/a.parquet",
        "missing: cells/task=toy/b.parquet",
        "extra, and not sealed: cells/task=toy/c.parquet",
    ]


def test_another_key_and_a_manifest_that_was_altered_are_seen(rows, tmp_path):
    place, key = rows
    other = sealing.new_key(tmp_path / "other.pem")
    altered = json.loads((place / sealing.FILE).read_text())

    assert list(sealing.check(place, other)) == [f"sealed by another key, {key}; it must be {other}"]
    altered["manifest"]["rows"]["cells/task=toy/a.parquet"] = "0" * 64
    (place / sealing.FILE).write_text(json.dumps(altered))
    assert list(sealing.check(place, key)) == ["its signature is not of this key and manifest"]
    (place / sealing.FILE).write_text(json.dumps({**altered, "key": "short"}))
    assert next(sealing.check(place)).startswith("its key is none")


def test_a_key_is_its_owners_alone_and_never_written_over(rows, tmp_path):
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(StoreFault, match="is there already"):
        sealing.new_key(tmp_path / "key.pem")


@pytest.mark.parametrize("content", [b"nothing", b"[" * 9000, b'{"manifest": {}, "key": 1, "signature": "!"}'])
def test_what_is_no_key_and_no_seal_is_said(rows, tmp_path, content):
    place, _ = rows
    (tmp_path / "none.pem").write_bytes(content)
    (place / sealing.FILE).write_bytes(content)

    with pytest.raises(BadValue, match=r"none\.pem: no private key in PEM"):
        sealing.seal(place, tmp_path / "none.pem", Catalogue())
    with pytest.raises(StoreFault, match="no seal"):
        list(sealing.check(place))
