"""What the flow tests share: the toys, and an evaluation from names to rows."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from genbench import registry
from genbench.cli import main
from genbench.evaluation.executors import forms
from genbench.evaluation.executors.here import Here
from genbench.evaluation.plan import plan
from genbench.evaluation.run import run
from genbench.rows.store import Store

TOYS = Path(__file__).parents[1] / "toys"


@dataclass
class Evaluated:
    """What an evaluation left: its events in order, and its results."""

    events: list
    store: Store
    skipped: list = field(default_factory=list)

    def rows(self, table, **wanted):
        found = self.store.read(table)
        self.skipped += found.skipped
        return [row for row in found.table.to_pylist() if wanted.items() <= row.items()]

    def cell(self, submission):
        (row,) = self.rows("cells", submission=submission)
        return row

    def statuses(self):
        return {row["submission"]: row["status"] for row in self.rows("cells")}


@pytest.fixture
def form(request):
    """The name of an executor, given by the test, which is skipped where this machine lacks what its sandbox takes."""
    _, _, wall = request.param.partition("sandbox:")
    if wall and (why := forms.why_not(wall)):
        pytest.skip(f"no {request.param} here: {why}")
    return request.param


@pytest.fixture(scope="session")
def toys():
    """The folder of the toys, and by it, how a toy is named: `f"{toys}/echo"`."""
    return TOYS


@pytest.fixture(scope="session")
def evaluate():
    """Gives `evaluate(place, "idle", "faulty@raises", task="echo/small", ...)`, which runs toys and keeps the rows."""

    def evaluate(place, *submissions, task="echo", seeds=1, executor=None, fresh=False, toys=TOYS):
        found = registry.Catalogue()
        planned = plan(
            registry.choose_splits([f"{toys}/{task}"], found),
            registry.choose_submissions([f"{toys}/{name}" for name in submissions], found),
            seeds,
            "quick",
            "cpu",
        )
        store = Store(str(place))
        return Evaluated(list(run(planned, executor or Here(), store, fresh=fresh)), store)

    return evaluate


@pytest.fixture
def behind_the_wall(standing):
    """The process executor."""
    return standing


@pytest.fixture
def genbench(monkeypatch, tmp_path, capsys):
    """Gives `genbench("list", ...)`, which runs a verb in an empty folder and gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def results(genbench, toys):
    """A results folder with a finished cell, one that failed, and the name of its folder."""
    names = [f"{toys}/idle", f"{toys}/faulty@raises"]
    code, _, _ = genbench("evaluate", *names, "--task", f"{toys}/echo", "--executor", "here")
    assert code == 1
    return "genbench-results"
