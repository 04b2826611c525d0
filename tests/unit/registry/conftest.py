"""A small checkout, where the registry looks in place of this one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from genbench.registry import folders

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a task of two splits and two submissions, taken for the checkout."""
    shutil.copytree(TOYS / "echo", tmp_path / "tasks" / "echo")
    card = tmp_path / "tasks" / "echo" / "card.toml"
    small = card.read_text()[card.read_text().index("[splits.small]") :]
    other = small.replace("splits.small", "splits.other").replace("about =", "quick = true\nabout =")
    card.write_text(f"{card.read_text()}\n{other}")
    for name in ("idle", "faulty"):
        shutil.copytree(TOYS / name, tmp_path / "baselines" / name)
    monkeypatch.setattr(folders, "home", lambda: tmp_path)
    return tmp_path
