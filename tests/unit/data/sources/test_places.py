"""Where official files may lie: what the environment says."""

from pathlib import Path

import pytest

from genbench.data import sources


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"GENBENCH_CACHE": "/a"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/genbench"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/c/.cache/genbench"),
        ({}, "/home/c/.cache/genbench"),
    ],
)
def test_the_cache_is_where_the_environment_says(monkeypatch, environment, place):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/c"))
    for key in ("GENBENCH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(key, raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)

    assert sources.cache_folder() == Path(place)
