"""The wheel alone: tasks, baselines and page travel in it, and it works far from any checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from genbench import registry
from genbench.rows.store import Store

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("ensurepip") is None, reason="this Python makes no environments: ensurepip is missing"
    ),
]


def done(command, **options):
    """Run a command that must succeed; what it said is in the failure where it does not."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """The wheels of genbench, and of the plug-in package among the tests."""
    folder = tmp_path_factory.mktemp("wheels")
    source = folder / "plugin"
    shutil.copytree(ROOT / "tests" / "plugin_package", source)
    for place in (ROOT, source):
        done([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(place)])
    return sorted(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def clean(wheels, tmp_path_factory):
    """A new environment with the wheels in it, where nothing is downloaded and the checkout cannot be seen.

    What genbench depends on is borrowed from the environment that runs this test: a .pth file puts its site-packages
    behind the new one's. A folder that comes from a .pth file is searched for modules, but its own .pth files are not
    read, and it is by one of those that an editable install of the checkout is found.
    """
    folder = tmp_path_factory.mktemp("clean")
    done([sys.executable, "-m", "venv", str(folder)])
    python = folder / "bin" / "python"
    done([str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", *map(str, wheels)])
    own = Path(done([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).stdout.strip())
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture
def genbench(clean, tmp_path):
    """Gives `genbench("list", ...)`, which runs the installed command in an empty folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(*arguments, program="genbench"):
        return done([str(clean / "bin" / program), *arguments], cwd=tmp_path, env=environment)

    return run


def test_the_wheel_holds_every_card_its_code_and_the_page(wheels):
    inside = set(zipfile.ZipFile(wheels[0]).namelist())

    kept = {
        f"genbench/bundled/{path.relative_to(ROOT)}"
        for contributions in ("tasks", "baselines")
        for path in (ROOT / contributions).rglob("*")
        if path.is_file() and path.suffix in {".toml", ".py", ".md"}
    }
    kept |= {
        f"genbench/bundled/page/{path.relative_to(ROOT / 'leaderboard' / 'page')}"
        for path in (ROOT / "leaderboard" / "page").rglob("*")
        if path.is_file()
    }
    templates = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "genbench" / "authoring" / "templates").rglob("*")
        if path.suffix in {".toml", ".py", ".md"}
    }
    assert kept
    assert templates
    assert kept | templates <= inside
    assert not [name for name in inside if "__pycache__" in name or name.startswith(("tests", "tasks", "baselines"))]


def test_what_is_installed_is_the_wheel_and_not_the_checkout(genbench, clean):
    script = (
        "import json; from genbench import registry as r; "
        "print(json.dumps([str(r.home()), str(r.page_folder()), sorted(r.catalogue().tasks), "
        "sorted(r.catalogue().submissions), [str(fault) for fault in r.catalogue().faults]]))"
    )

    home, page, tasks, submissions, faults = json.loads(genbench("-P", "-c", script, program="python").stdout)

    here = registry.catalogue()
    assert Path(home).is_relative_to(clean)
    assert Path(page).is_relative_to(clean)
    assert Path(page, "base.html").is_file()
    assert (tasks, submissions, faults) == (
        sorted([*here.tasks, "doubling"]),
        sorted([*here.submissions, "doubler"]),
        [],
    )


def test_the_installed_command_lists_evaluates_and_draws_the_page(genbench, tmp_path):
    found = registry.catalogue()
    split, submission = next(
        (one, other)
        for one in registry.default_splits(found)
        for other in registry.default_submissions(found)
        if other.card.takes(one.task, one.split)
    )
    name, asked = submission.label, f"{split.task.name}/{split.label}"

    listed = genbench("list")
    evaluated = genbench("evaluate", "doubler", name, "--task", "doubling", "--task", asked)

    assert {name, asked, "doubler", "doubling/larger"} <= set(listed.stdout.split())
    assert evaluated.stdout.splitlines()[-1] == "page: genbench-results/leaderboard/index.html"
    assert (tmp_path / "genbench-results" / "leaderboard" / "index.html").is_file()
    cells = Store(str(tmp_path / "genbench-results")).read("cells").table.to_pylist()
    ran = {(f"{row['task']}/{row['split']}", row["submission"]): row["status"] for row in cells}
    assert ran.keys() >= {(asked, name), ("doubling/larger", "doubler")}
    assert set(ran.values()) == {"ok"}


def test_the_installed_command_makes_a_contribution_that_holds(genbench, tmp_path):
    genbench("new", "task", "mine")

    checked = genbench("check", "mine")

    assert checked.stdout.splitlines()[-1] == "all holds"
    assert (tmp_path / "mine" / "card.toml").is_file()
