"""A repository with one task and one baseline on `main`, and a branch `change` checked out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

SCRIPT = Path(__file__).parents[3] / ".ci" / "changed-contributions"
GIT = shutil.which("git") or "git"
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


class Said(NamedTuple):
    code: int
    folders: list[str]
    error: str


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("README.md", "tasks/scan/card.toml", "tasks/scan/data/words.txt", "baselines/mlp/card.toml")
        self.write(".ci/changed-contributions", text=SCRIPT.read_text())
        (folder / ".ci/changed-contributions").chmod(0o755)
        self.commit()
        self.git("switch", "--quiet", "--create=change")

    def git(self, *arguments: str) -> None:
        subprocess.run([GIT, *arguments], cwd=self.folder, env=ENVIRONMENT, check=True)

    def write(self, *paths: str, text: str = "first") -> None:
        for path in paths:
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=x")

    def changed(self, *arguments: str) -> Said:
        done = self.run([str(SCRIPT), *arguments])
        return Said(done.returncode, done.stdout.splitlines(), done.stderr)

    def run(self, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=ENVIRONMENT | environment,
            check=False,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    return Repository(folder)
