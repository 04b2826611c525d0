"""What a template imports, and what keeps it from forking."""

import subprocess
import sys

import pytest

from genbench.evaluation.template import modules_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="templates are forked on Linux alone")

# Each in turn, in one interpreter: an obstacle is made, told and taken away.
OBSTACLES = """
import mmap, os, threading
from genbench.evaluation import template
control = os.open(os.devnull, os.O_RDONLY)
told = lambda: print(template._obstacle(control) or "none")
told()
held = open(__file__); told(); held.close()
shared = mmap.mmap(-1, 4096); told(); shared.close()
threading.Thread(target=threading.Event().wait, daemon=True).start(); told()
"""


@pytest.mark.parametrize(
    ("library", "modules"),
    [
        ("pillow", ["PIL"]),
        ("torch", ["torch"]),
        ("import-linter", ["importlinter"]),
        ("numpy", ["numpy"]),
        ("a-package-that-nobody-has", []),
    ],
)
def test_what_is_imported_of_a_library_is_found_by_its_packages_name(library, modules):
    assert modules_of(library) == modules


@linux
def test_what_a_fork_would_share_or_lose_is_told(tmp_path):
    (tmp_path / "made.py").write_text(OBSTACLES)

    said = subprocess.run([sys.executable, "made.py"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert said.splitlines() == [
        "none",
        "a library holds 1 files open",
        "a library shares memory: /dev/zero (deleted)",
        "other threads run: python",
    ]
