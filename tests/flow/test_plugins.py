"""An installed package brings a task and a baseline by entry points: no checkout, no list, no import to find them."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from genbench.rows.store import Store

PACKAGE = Path(__file__).parents[1] / "plugin_package"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The plug-in package built as a wheel and unpacked into a folder, which is all that installing it comes to."""
    folder = tmp_path_factory.mktemp("plugin")
    source = shutil.copytree(PACKAGE, folder / "source")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def genbench(installed, tmp_path):
    """Gives `genbench("list", ...)`, which runs a verb in an interpreter that has the plug-in."""

    def run(*arguments, code="from genbench.cli import main; sys.exit(main(sys.argv[1:]))"):
        return subprocess.run(
            [sys.executable, "-c", f"import sys; {code}", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_plug_in_is_listed_without_being_imported(genbench):
    done = genbench("list", code="from genbench.cli import main; main(sys.argv[1:]); print(*sys.modules)")

    names = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert {"doubling/larger", "doubler"} <= names
    assert done.stderr == ""
    assert "genbench_example" not in done.stdout.splitlines()[-1].split()


def test_a_plug_ins_task_and_baseline_are_evaluated_by_their_names(genbench, tmp_path):
    done = genbench("evaluate", "doubler", "--task", "doubling")

    assert done.returncode == 0, done.stderr
    (cell,) = Store(str(tmp_path / "genbench-results")).read("cells").table.to_pylist()
    assert (cell["task"], cell["split"], cell["submission"], cell["status"]) == ("doubling", "larger", "doubler", "ok")
    scores = Store(str(tmp_path / "genbench-results")).read("scores").table.to_pylist()
    assert [row["value"] for row in scores] == [1.0]


def test_an_entry_point_that_names_no_folder_is_a_warning_and_costs_nothing_else(genbench, installed):
    told = installed / "genbench_astray-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: genbench-astray\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[genbench.tasks]\nlost = nobody.has.this\nalso = genbench_example.tasks\n")
    try:
        done = genbench("list", "tasks")
    finally:
        shutil.rmtree(told)

    assert done.returncode == 0
    assert "doubling/larger" in done.stdout
    assert done.stderr.splitlines() == [
        "warning: entry point genbench.tasks:lost:",
        "  'nobody.has.this' names no folder; it must be a package, dot, folder with a card.toml",
        f"warning: {installed}/genbench_example/tasks/card.toml:",
        "  there is no such file; a contribution's folder holds a card.toml",
    ]
