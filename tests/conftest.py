"""What tests in every folder share: the official files where they are at hand, and contributions as modules."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from genbench.loading import load_entry

ROOT = Path(__file__).parents[1]

settings.register_profile("untimed", deadline=None)  # the first call of a library is slow, and any on a shared machine
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _checkpoints_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Interrupted cells of the tests leave nothing in the user's state folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBENCH_CHECKPOINTS", str(tmp_path_factory.mktemp("checkpoints")))
        yield


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of official data, which lies beside a checkout of this repository and is no part of it."""
    folder = ROOT.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip("the official data are not at hand: ../shared/reference, beside the checkout, is missing")
    return folder


@pytest.fixture(scope="session")
def task_module() -> Callable[[str], ModuleType]:
    """Gives the module `task.py` of a bundled task by the task's name."""

    def load(name: str) -> ModuleType:
        return sys.modules[load_entry(ROOT / "tasks" / name, "task:load").__module__]

    return load
