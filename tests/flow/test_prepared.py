"""Cells that are forked from a template: the same rows as from an interpreter each, and nothing of one in another."""

import json
import shutil
import sys
import time

import psutil
import pytest

from genbench import registry
from genbench.evaluation import prepare
from genbench.evaluation.build import build
from genbench.evaluation.executors.forms import sandboxed
from genbench.evaluation.executors.process import Process
from genbench.evaluation.plan import Plan, plan
from genbench.evaluation.run import run
from genbench.rows.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="templates are forked where threads are told: Linux")

# What differs by its nature, between two runs of the same kind as well.
MEASURED = {"cell_seconds", "fit_seconds", "predict_seconds", "cpu_seconds", "peak_memory_bytes", "started", "start"}
TABLES = ("cells", "scores", "predictions", "marks", "curves")


@pytest.fixture(scope="module")
def trespassed(evaluate, tmp_path_factory):
    """Three cells one after the other, of which each leaves behind what it can; the rows, and what each told."""
    done = evaluate(tmp_path_factory.mktemp("trespassed"), "trespasses", seeds=3, executor=Process(1))
    rows = sorted(done.rows("cells"), key=lambda row: row["started"])
    return rows, [json.loads(row["log"].splitlines()[0]) for row in rows]


def test_nothing_that_a_cell_leaves_in_its_process_is_found_by_the_next(trespassed):
    rows, told = trespassed

    assert [(row["status"], row["start"]) for row in rows] == [("ok", "prepared")] * 3, rows
    assert len({one["parent"] for one in told}) == 1, "else they shared nothing to begin with"
    assert [one["found"] for one in told] == [{}] * 3


def test_what_is_drawn_without_a_seed_is_another_in_each_cell(trespassed):
    drawn = [one["drawn"] for one in trespassed[1]]

    assert all(len(set(each)) == 3 for each in zip(*drawn, strict=True))


def test_a_cell_is_at_home_in_its_own_folder_and_bears_its_own_mark(trespassed):
    for one in trespassed[1]:
        assert len(set(one["homes"])) == 1
        assert one["argv"] == one["homes"][:1]
        assert one["remembered"] == []
        assert f"GENBENCH_CELL={one['mark']}" in one["read"]
        assert one["leads"]
        assert one["main"] == "genbench.evaluation.worker"
    assert len({one["homes"][0] for one in trespassed[1]}) == len({one["mark"] for one in trespassed[1]}) == 3


def test_neither_a_template_nor_what_a_cell_started_outlives_the_evaluation(trespassed):
    mark = trespassed[1][0]["mark"][:32]
    assert [one for one in psutil.process_iter() if mark in _environment(one)] == []


def _environment(process):
    try:
        return process.environ().get("GENBENCH_CELL", "")
    except psutil.Error:
        return ""


def test_a_cell_that_ends_its_template_ends_nothing_else(evaluate, tmp_path):
    done = evaluate(tmp_path, "trespasses@ends_its_parent", "guesses", "stepping", executor=Process(1))

    cell = done.cell("trespasses@ends_its_parent")
    assert (cell["status"], cell["detail"]) == ("crashed", "the process that it was forked from was ended")
    assert [done.cell(name)["status"] for name in ("guesses", "stepping")] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("form", "count"),  # each cell that no template begins costs a second of CPU
    [("process", 20), ("fresh", 3), ("sandbox:bwrap", 3), ("sandbox:landlock", 3)],
    indirect=["form"],
)
def test_a_cell_that_ends_its_process_among_others_is_one_row_and_the_others_end_well(toys, tmp_path, form, count):
    _, _, wall = form.partition("sandbox:")
    executor = sandboxed(1, wall) if wall else Process(2, prepared=form == "process")
    found = registry.Catalogue()
    splits = registry.choose_splits([f"{toys}/echo"], found)
    well, ill = (
        plan(splits, registry.choose_submissions([f"{toys}/{name}"], found), seeds, "quick", "cpu").cells
        for name, seeds in (("idle", count - 1), ("faulty@vanishes", 1))
    )
    store = Store(str(tmp_path))

    ended = list(run(Plan((*well[: count // 2], *ill, *well[count // 2 :]), ()), executor, store))

    assert len(ended) == count
    assert sorted(store.read("cells").table["status"].to_pylist()) == ["crashed", *["ok"] * (count - 1)]


def test_an_executor_that_stands_imports_libraries_once_for_its_runs_and_ends_its_templates_at_last(evaluate, tmp_path):
    with Process(1).standing() as executor:
        cells = [
            evaluate(tmp_path / name, "trespasses", executor=executor).cell("trespasses") for name in ("one", "other")
        ]
        one, other = (json.loads(cell["log"].splitlines()[0]) for cell in cells)
        stood = psutil.pid_exists(one["parent"])

    assert [cell["start"] for cell in cells] == ["prepared"] * 2
    assert one["parent"] == other["parent"]
    assert (one["found"], other["found"]) == ({}, {})
    assert (stood, psutil.pid_exists(one["parent"])) == (True, False)


def test_a_run_that_was_given_up_in_the_midst_of_a_cell_leaves_the_next_one_nothing(evaluate, toys, tmp_path):
    found = registry.Catalogue()
    (chosen,) = registry.choose_splits([f"{toys}/echo"], found)
    (cell,) = plan([chosen], registry.choose_submissions([f"{toys}/hangs"], found), 1, "quick", "cpu").cells
    prepare.write_problem(build(chosen).problem, tmp_path / "jobs" / "hangs")

    def jobs():
        yield prepare.job_of(cell, "hangs", tmp_path / "jobs" / "hangs")
        while not any("SIGTERM" in word for one in psutil.Process().children(recursive=True) for word in _words(one)):
            time.sleep(0.05)
        raise RuntimeError("given up")

    with Process(1).standing() as executor:
        before = evaluate(tmp_path / "rows", "guesses", executor=executor).cell("guesses")
        with pytest.raises(RuntimeError, match="given up"):
            list(executor.run(jobs()))
        after = evaluate(tmp_path / "rows", "guesses", executor=executor, fresh=True).cell("guesses")

    assert (before["status"], after["status"], after["start"]) == ("ok", "ok", "prepared")


def _words(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture
def beside(evaluate, tmp_path):
    """Gives `beside("guesses", ...)`: the same cells prepared and fresh."""

    def run(*names, **more):
        return [
            evaluate(tmp_path / how, *names, executor=Process(2, prepared=how == "prepared"), **more)
            for how in ("prepared", "fresh")
        ]

    return run


def test_rows_are_the_same_as_those_of_a_fresh_interpreter(beside):
    names = ("guesses", "stepping", "modules", "peeks", "peeks@raises", "faulty@raises", "faulty@exits", "broken")

    prepared, fresh = beside(*names)

    assert {row["start"] for row in prepared.rows("cells")} == {"prepared"}
    assert {row["start"] for row in fresh.rows("cells")} == {"fresh"}
    for table in TABLES:
        ours, theirs = (sorted(map(_apart_from_seconds, one.rows(table))) for one in (prepared, fresh))
        assert ours == theirs
        assert ours


def _apart_from_seconds(row):
    return json.dumps({name: value for name, value in row.items() if name not in MEASURED}, default=str, sort_keys=True)


def test_a_cell_with_a_module_that_is_called_as_an_imported_one_has_an_interpreter_of_its_own(evaluate, tmp_path, toys):
    for name in ("echo", "guesses"):
        shutil.copytree(toys / name, tmp_path / name)
    (tmp_path / "guesses" / "fsspec.py").write_text("OWN = True\n")
    code = tmp_path / "guesses" / "baseline.py"
    code.write_text(f"import fsspec\n\nprint('its own:', fsspec.OWN)\n{code.read_text()}")

    cell = evaluate(tmp_path / "rows", "guesses", toys=tmp_path, executor=Process(1)).cell("guesses")

    assert cell["start"] == "fresh"
    assert cell["log"].startswith("its own: True"), "a template has imported the other, for datasets needs it"
