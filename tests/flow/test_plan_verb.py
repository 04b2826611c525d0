"""`genbench plan`: what an evaluation would take, from rows, and what is not known."""

import json


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
