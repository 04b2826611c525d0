"""`genbench plan`: what an evaluation would take, from rows, and what is not known."""

import json
import shutil

from genbench.api.evaluating import prepare
from genbench.evaluation.executors.here import Here
from genbench.evaluation.run import run
from genbench.rows.store import Store


def tables_in(printed):
    return {table["name"]: table["rows"] for table in json.loads(printed)["tables"]}


def test_a_plan_counts_timed_untimed_and_finished_cells_and_gives_no_time_where_one_is_not_known(
    genbench, evaluate, toys, tmp_path
):
    evaluate(tmp_path / "rows", "idle")
    words = ["plan", f"{toys}/idle", "--task", f"{toys}/echo", "--seeds", "3", "--timings", "rows"]

    known = genbench(*words, "--out", "rows", "--jobs", "2", "--format", "json")
    unknown = genbench(*words, "--submission", f"{toys}/faulty", "--format", "json")

    code, printed, _ = known
    (whole,) = tables_in(printed)["whole"]
    assert code == 0
    assert [whole[name] for name in ("at_a_time", "cells", "done", "timed")] == [2, 3, 1, 2]
    assert 0 < whole["wall_hours"] == whole["critical_hours"] < whole["hours"]
    code, printed, errors = unknown
    (whole,), (lost,) = (tables_in(printed)[name] for name in ("whole", "untimed"))
    assert code == 0
    assert whole["wall_hours"] is None
    assert whole["wall_hours_at_most"] > 3 * lost["budget_hours"]
    assert (lost["submission"], lost["split"], lost["cells"]) == ("faulty", "small", 3)
    assert "3 cells of 6 to run have no timing in rows: their time is not known" in errors


def test_a_plan_refuses_places_without_rows_and_two_ways_to_say_how_many_at_a_time(genbench):
    missing = genbench("plan", "majority", "--timings", "nowhere")
    both = genbench("plan", "majority", "--gpus", "2", "--jobs", "2")
    other = genbench("plan", "majority", "--gpus", "2", "--device", "mps")

    assert (missing[0], both[0], other[0]) == (2, 2, 2)
    assert "there are no results at 'nowhere'" in missing[2]
    assert "give one of them" in both[2]
    assert "--device is mps beside --gpus 2, which plans for cuda" in other[2]


def test_done_is_what_an_evaluation_would_keep_and_not_what_has_the_same_label(genbench, evaluate, toys, tmp_path):
    copied = shutil.copytree(toys, tmp_path / "toys")
    evaluate(tmp_path / "rows", "idle", "faulty@raises", task="echo:questions=7", toys=copied)

    def done(submission):
        words = ["plan", f"{copied}/{submission}", "--task", f"{copied}/echo:questions=7", "--seeds", "2"]
        code, printed, _ = genbench(*words, "--timings", "rows", "--out", "rows", "--format", "json")
        assert code == 0
        return tables_in(printed)["whole"][0]["done"]

    assert (done("idle"), done("faulty@raises")) == (1, 0)

    with (copied / "idle" / "baseline.py").open("a") as file:
        file.write("CHANGED = 1\n")
    assert done("idle") == 0


def test_a_cell_whose_file_was_cut_is_told_and_is_not_done(genbench, evaluate, toys, tmp_path):
    evaluate(tmp_path / "rows", "idle")
    (file,) = (tmp_path / "rows" / "cells").rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-100])

    words = ["plan", f"{toys}/idle", "--task", f"{toys}/echo", "--timings", "rows", "--out", "rows"]
    code, printed, errors = genbench(*words, "--format", "json")

    assert (code, tables_in(printed)["whole"][0]["done"]) == (0, 0)
    assert f"skipped: {file}" in errors


def test_a_plan_knows_cells_of_a_secret_by_that_secret_alone_and_makes_none(genbench, tmp_path):
    (tmp_path / "salt").write_bytes(b"sixteen bytes or more")
    (tmp_path / "other").write_bytes(b"another secret of that size")
    cells, store = ("majority", "modular/addition:p=11"), Store(str(tmp_path / "rows"))
    for anew in (False, True):
        planned = prepare(*cells, executor="sandbox", salt=tmp_path / "salt", salt_data=anew)
        assert [one.status for one in run(planned.planned, Here(), store, salt=planned.salt)] == ["ok"]

    def done(*words):
        words = ["plan", cells[0], "--task", cells[1], "--timings", "rows", "--out", "rows", *words]
        code, printed, errors = genbench(*words, "--format", "json")
        return tables_in(printed)["whole"][0]["done"] if code == 0 else errors

    assert done("--salt", "salt") == done("--salt", "salt", "--salt-data") == 1
    assert done() == done("--salt", "other") == done("--salt", "other", "--salt-data") == 0
    assert "--salt is nowhere, and there is no such file" in done("--salt", "nowhere")
    assert not (tmp_path / "nowhere").exists()
