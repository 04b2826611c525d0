"""The names that contributions import, and the old ones that plug-ins may still use."""

import importlib
import subprocess
import sys

import pytest

import genbench
from genbench._moved import MOVED


@pytest.mark.parametrize("name", genbench.__all__)
def test_each_public_name_is_there(name):
    assert getattr(genbench, name) is not None


def test_a_name_that_is_not_public_is_told_as_python_tells_it():
    with pytest.raises(AttributeError, match="^module 'genbench' has no attribute 'dota'$"):
        genbench.dota  # noqa: B018


@pytest.mark.parametrize("old", sorted(MOVED))
def test_an_old_module_is_the_new_one_and_says_so(old):
    sys.modules.pop(old, None)

    with pytest.warns(DeprecationWarning, match=f"^{old} is now {MOVED[old]}, .*goes with the next release$"):
        module = importlib.import_module(old)

    assert module is importlib.import_module(MOVED[old])
    assert module.__spec__.name == MOVED[old]


def test_the_door_is_light_until_it_is_used():
    heavy = "{'torch', 'pandas', 'pyarrow', 'numpy', 'datasets', 'click'}"
    script = f"import sys, genbench; sys.exit(len({heavy} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
