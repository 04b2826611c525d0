"""Where official files may lie: what the environment says."""

import os
import tempfile
from pathlib import Path

import pytest

from genbench.data import sources
from genbench.data.sources import places


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"GENBENCH_CACHE": "/a"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/genbench"),
        ({"XDG_CACHE_HOME": "relative"}, "HOME/.cache/genbench"),
        ({}, "HOME/.cache/genbench"),
    ],
)
def test_the_cache_is_where_the_environment_says(monkeypatch, environment, place, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for key in ("GENBENCH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(key, raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)

    assert sources.cache_folder() == Path(place.replace("HOME", str(tmp_path)))


def test_a_home_that_is_no_folder_and_cannot_be_made_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "file").touch()

    found = {}
    for name in ("there/yet", "file", "file/below"):
        monkeypatch.setenv("HOME", str(tmp_path / name))
        found[name] = places.home().relative_to(tmp_path).as_posix()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    monkeypatch.setenv("HOME", str(tmp_path / "nonexistent"))
    found["nonexistent"] = places.home().relative_to(tmp_path).as_posix()

    own = f"temporary/genbench-{os.getuid()}"
    assert found == {"there/yet": "there/yet", "file": own, "file/below": own, "nonexistent": own}
