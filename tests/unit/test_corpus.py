"""Inputs that once ended in a traceback or a hang: each is refused in genbench's own words now, at once."""

import sys
import time
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz"
KEPT = sorted(path for path in (FUZZ / "corpus").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """Gives `tried(door, given)`: what is wrong with how an input ended; empty where nothing is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FUZZ))
        import doors
        import long_run

        known = {name: door for name, _, _, door in doors.doors(tmp_path_factory.mktemp("room"))}
        yield lambda door, given: long_run.tried(known[door], given)
    for name in ("doors", "long_run", "mutations"):
        del sys.modules[name]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_failed_is_refused_at_once(tried, path):
    began = time.process_time()

    assert tried(path.parent.name, path.read_bytes()) == ""
    assert time.process_time() - began < 10
