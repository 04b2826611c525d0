"""Output: every form parses, a pipe loses nothing; filters, logs, and what came out of less than was asked."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import genbench as genbench_api
from genbench.authoring.reading import read_table
from genbench.authoring.writing import write
from genbench.cli import main


@pytest.fixture(scope="module")
def evaluated(toys, tmp_path_factory):
    """A results folder with a cell that ended well and one whose traceback was kept, from the process executor."""
    place = tmp_path_factory.mktemp("evaluated") / "rows"
    words = ["evaluate", f"{toys}/idle", f"{toys}/faulty@raises", "--task", f"{toys}/echo", "--out", str(place), "-q"]
    assert main(words) == 1
    return place


def verbs(toys, rows, answers):
    return {
        "list": ["list"],
        "list some": ["list", "scan/length", "mlp", "--out", rows],
        "list results": ["list", "results", "--out", rows],
        "log": ["log", "echo/small", "faulty@raises", "0", "--out", rows],
        "show": ["show", f"{toys}/echo"],
        "show submission": ["show", "mlp"],
        "show example": ["show", f"{toys}/echo", "--example", "3"],
        "evaluate": ["evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--executor", "here"],
        "plan": ["plan", f"{toys}/idle", "--task", f"{toys}/echo", "--timings", rows],
        "leaderboard": ["leaderboard", rows, "--long", "--out", "page"],
        "leaderboard by": ["leaderboard", rows, "--by", "parity"],
        "check": ["check", f"{toys}/idle"],
        "score": ["score", answers, "--task", f"{toys}/echo", "--out", "scored"],
        "rescore": ["rescore", "empty"],
        "reproduction": ["reproduction", rows],
        "papers": ["papers", rows],
        "difficulty": ["difficulty", "modular/addition:p=7"],
        "carry": ["carry", rows, "--proof", rows, "--dry-run"],
        "replay": ["replay", "letitwag", "--out", "replayed"],
    }


def slow_verbs(toys, rows):
    return {
        "lengths": ["lengths", rows, "--out", "lengths"],
        "frequency": ["frequency", rows, "--axis", "length", "--out", "frequency"],
        "phases": ["phases", rows, "--out", "phases", "--diagnostics"],
        "timing": ["timing", f"{toys}/idle", "--task", f"{toys}/echo", "--seconds", "0.1", "--repeats", "3"],
    }


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in slow_verbs("", "")]
NAMES = [*verbs("", "", ""), *SLOW]


@pytest.fixture(scope="module")
def along(tmp_path_factory):
    """Results on a split with lengths, and of a learning curve on one that asks training rows again."""
    place = tmp_path_factory.mktemp("along") / "rows"
    asked = {"nearest": "algorithms/count:train_length=5,rows=50,questions=100"}
    asked["mlp:steps=4,hidden=6"] = "modular/addition_phases:p=5,share=0.8"
    for submission, split in asked.items():
        assert main(["evaluate", submission, "--task", split, "--out", str(place), "-q"]) == 0
    return place


@pytest.fixture(scope="module")
def answers(toys, tmp_path_factory):
    """A file with the right answers to the toy task."""
    place = tmp_path_factory.mktemp("answers")
    assert main(["data", "export", f"{toys}/echo", "--out", str(place / "data"), "--with-targets"]) == 0
    table = pq.read_table(place / "data" / "test.parquet")
    right = table.select(["question_id", "again"]).rename_columns(["question_id", "prediction"])
    pq.write_table(right, place / "answers.parquet")
    return place / "answers.parquet"


@pytest.fixture
def typed(toys, evaluated, answers, tmp_path, monkeypatch, capsys, request):
    """The words of a verb by the name of its case."""
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")  # accuracies by class that `replay` would fetch
    (tmp_path / "empty").mkdir()
    quick = verbs(toys, evaluated, answers)

    def words(name):
        if name in quick:
            return quick[name]
        found = slow_verbs(toys, request.getfixturevalue("along"))[name]
        capsys.readouterr()  # what the evaluation said
        return found

    return words


@pytest.mark.parametrize("name", NAMES)
def test_json_of_every_verb_is_one_object_whose_rows_have_its_columns_and_types(genbench, typed, name):
    code, shown, _ = genbench(*typed(name), "--format", "json")

    told = json.loads(shown, parse_constant=pytest.fail)
    python = {"text": str, "number": (int, float), "integer": int, "boolean": bool}
    assert code == 0
    assert told["schema"] == 1
    assert told["tables"]
    for table in told["tables"]:
        assert all(column["about"] for column in table["columns"])
        for row in table["rows"]:
            assert list(row) == [column["name"] for column in table["columns"]]
            for column in table["columns"]:
                value = row[column["name"]]
                assert value is None or isinstance(value, python[column["type"]]), column


@pytest.mark.parametrize("name", NAMES)
def test_csv_of_every_verb_has_as_many_cells_in_each_row_as_in_its_header(genbench, typed, name):
    code, shown, _ = genbench(*typed(name), "--format", "csv")

    wide = 0
    assert code == 0
    for row in csv.reader(io.StringIO(shown)):
        wide = wide or len(row)
        assert not row or len(row) == wide
        wide = wide if row else 0  # a blank line: the next one is a header again


@pytest.mark.parametrize("name", [name for name in NAMES if name != "rescore"])
def test_markdown_of_every_verb_is_tables(genbench, typed, name):
    code, shown, _ = genbench(*typed(name), "--format", "markdown")

    assert code == 0
    assert "| --" in shown


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_a_pipe_gets_the_same_lines_whatever_the_width_of_the_terminal(evaluated, tmp_path, columns):
    words = [sys.executable, "-m", "genbench.cli", "leaderboard", str(evaluated), "--long", "--out", str(tmp_path)]

    done = subprocess.run(
        words, env={**os.environ, "COLUMNS": columns}, capture_output=True, text=True, check=True, timeout=120
    )

    lines = done.stdout.splitlines()
    assert sum("faulty@raises" in line for line in lines) == 2
    assert any(line.split()[:2] == ["\N{EN DASH}", "idle"] for line in lines)


def test_the_log_of_a_cell_is_its_traceback_by_name_and_by_key(genbench, evaluated):
    code, shown, said = genbench("log", "echo/small", "faulty@raises", "0", "--out", evaluated)
    listed = json.loads(genbench("list", "results", "--out", evaluated, "--format", "json")[1])
    (key,) = [row["cell"] for row in listed["tables"][0]["rows"] if row["status"] == "error"]

    assert code == 0
    assert "Traceback (most recent call last):" in shown
    assert "ValueError: no such luck" in shown
    assert said.startswith("echo/small  faulty@raises  quick  seed 0: error, ValueError")
    assert genbench("log", key, "--out", evaluated)[1] == shown
    assert genbench("log", key[:8], "--out", evaluated)[1] == shown


def test_a_traceback_is_kept_of_a_cell_that_ran_in_this_process_too(genbench, toys):
    names = [f"{toys}/idle", f"{toys}/faulty@raises"]
    genbench("evaluate", *names, "--task", f"{toys}/echo", "--executor", "here", "--out", "rows")

    failed, well = [genbench("log", "echo/small", name, "--out", "rows")[1] for name in ("faulty@raises", "idle")]

    assert failed.startswith("Traceback (most recent call last):\n")
    assert failed.endswith("ValueError: no such luck\nand a second line\n")
    assert well == "nothing is kept of what it printed\n"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["zzz"], "error: there is no cell 'zzz' in "),
        (["echo/small"], "error: 'echo/small' names 2 cells; say which:\n  "),
        (["echo/smal", "idle"], "did you mean 'echo/small'?"),
        (["echo/small", "idl"], "did you mean 'idle'?"),
        (["idle"], "; a cell is named by its key, or by split, submission and seed: scan/length transformer 0"),
        (["echo/small", "idle", "first"], "error: 'first' is no seed"),
        (["echo/small", "idle", "0", "1"], "Error: a cell is named by its key, or by split, submission and seed"),
    ],
)
def test_a_cell_that_is_none_or_several_is_one_error(genbench, evaluated, words, fault):
    code, shown, said = genbench("log", *words, "--out", evaluated)

    assert (code, shown) == (2, "")
    assert fault in said


def test_the_closing_table_names_the_reason_of_each_failure_and_how_to_read_more(genbench, toys):
    words = ["evaluate", f"{toys}/idle", f"{toys}/faulty@raises", "--task", f"{toys}/echo", "--executor", "here"]

    code, shown, _ = genbench(*words)

    (line,) = [line for line in shown.splitlines() if line.startswith("error ")]
    assert code == 1
    assert "ValueError: no such luck" in line
    assert "genbench log " in line


@pytest.fixture
def demanding(toys, tmp_path):
    """A submission that needs a GPU."""
    shutil.copytree(toys / "idle", tmp_path / "demanding")
    card = tmp_path / "demanding" / "card.toml"
    card.write_text(card.read_text().replace('name = "idle"', 'name = "demanding"\nneeds = "gpu"', 1))
    return "./demanding"


def test_a_named_submission_without_its_gpu_is_no_success_and_says_what_would_run_it(
    genbench, toys, demanding, monkeypatch
):
    monkeypatch.setattr("genbench.rows.provenance.device", lambda: "cpu")

    code, _, said = genbench("evaluate", demanding, f"{toys}/idle", "--task", f"{toys}/echo", "--executor", "here")

    assert code == 1
    assert "left out: demanding on echo/small: needs a GPU, and there is none here\n" in said
    assert f"with a GPU: genbench evaluate ./demanding --task {toys}/echo\n" in said


def test_quiet_prints_tables_and_what_went_wrong_only(genbench, toys):
    words = ["evaluate", f"{toys}/idle", f"{toys}/faulty@raises", "--task", f"{toys}/echo", "--out", "rows", "--quiet"]

    _, shown, said = genbench(*words)

    assert "page:" not in shown + said
    assert " ok " not in said
    assert "error         echo/small  faulty@raises" in said


def test_filters_choose_alike_in_lists_and_leaderboards(genbench, evaluated):
    options = ["--task", "echo", "--submission", "idle", "--profile", "quick", "--top", "1", "--format", "json"]

    board = json.loads(genbench("leaderboard", evaluated, "--out", "page", *options)[1])
    cells = json.loads(genbench("list", "results", "--out", evaluated, *options)[1])

    assert [row["submission"] for row in board["tables"][-1]["rows"]] == ["idle"]
    assert [row["submission"] for row in cells["tables"][0]["rows"]] == ["idle"]


def test_a_glob_lists_what_splits_ask_and_what_submissions_take(genbench, evaluated):
    code, shown, _ = genbench("list", "scan/le*", "mlp@decay*", "--out", evaluated, "--format", "json")

    splits, submissions, rows = json.loads(shown)["tables"]
    assert code == 0
    assert [row["split"] for row in splits["rows"]] == ["scan/length"]
    assert splits["rows"][0]["takers"] > 1
    assert {row["submission"].partition("@")[0] for row in submissions["rows"]} == {"mlp"}
    assert submissions["rows"][0]["takes"].startswith("modular/*")
    assert rows["rows"] == []


def test_rows_are_listed_with_what_their_cells_cost(genbench, evaluated):
    shown = genbench("list", "--task", "echo", "--out", evaluated, "--format", "json")[1]

    found = {row["submission"]: row for row in json.loads(shown)["tables"][-1]["rows"]}
    assert (found["idle"]["cells"], found["idle"]["failed"], found["idle"]["mean"]) == (1, 0, 1.0)
    assert found["idle"]["cell_seconds"] > 0
    assert found["idle"]["cpu_seconds"] > 0
    assert (found["faulty@raises"]["cells"], found["faulty@raises"]["failed"]) == (0, 1)


@pytest.mark.parametrize("words", [["list", "--out", "nowhere"], ["list", "tasks", "--out", "nowhere"]])
def test_a_list_of_rows_that_are_not_there_is_an_error(genbench, words):
    code, shown, said = genbench(*words)

    assert (code, shown) == (2, "")
    assert said.startswith("error: there are no results at 'nowhere'; ")


def test_a_pattern_that_names_nothing_is_an_error_with_the_nearest(genbench):
    code, shown, said = genbench("list", "scan/lenght")

    assert (code, shown) == (2, "")
    assert said == "error: no task, split or submission is called 'scan/lenght'; did you mean 'scan/length'?\n"


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize(("packing", "ending"), [("none", ""), ("gzip", ".gz"), ("zstd", ".zst")])
def test_exported_questions_with_answers_beside_them_are_scored(genbench, toys, tmp_path, form, packing, ending):
    assert genbench("data", "export", f"{toys}/echo", "--out", "data", "--format", form, "--compress", packing)[0] == 0
    name = f"mine.{form}{ending}"
    questions = read_table(tmp_path / "data" / f"test.{form}{ending}", "int64", 100)
    numbers = [[int(value) for value in questions["number"].to_pylist()]]
    write(tmp_path / name, questions.append_column("prediction", numbers))

    code, shown, _ = genbench("score", name, "--task", f"{toys}/echo", "--out", "rows", "--format", "json")

    (row,) = json.loads(shown)["tables"][0]["rows"]
    listed = json.loads(genbench("list", "results", "--out", "rows", "--format", "json")[1])["tables"][0]["rows"]
    assert code == 0
    assert (row["question_set"], row["value"], row["n"]) == ("test", 1.0, 100)
    assert row["low"] < row["value"]
    assert [one["submission"] for one in listed] == ["mine"]


def test_a_score_has_the_interval_of_its_standing_also_where_the_metric_is_unbounded(genbench, toys, tmp_path):
    genbench("data", "export", f"{toys}/plane", "--out", "data")
    ids = [pq.read_table(tmp_path / "data" / f"{name}.parquet")["question_id"].to_pylist() for name in ("id", "wide")]
    asked = [*ids[0], *ids[1]]
    pq.write_table(pa.table({"question_id": asked, "prediction": [0.0] * len(asked)}), tmp_path / "zeros.parquet")

    _, shown, _ = genbench("score", "zeros.parquet", "--task", f"{toys}/plane", "--out", "rows", "--format", "json")

    headline, _, standings = [table["rows"] for table in json.loads(shown)["tables"]]
    bounds = [[row[name] for name in ("question_set", "value", "low", "high")] for row in headline]
    assert [name for name, *_ in bounds] == ["wide", "id"]
    assert all(low < value < high for _, value, low, high in bounds)
    told = [[row[name] for name in ("question_set", "mean", "low", "high")] for row in standings]
    assert [name for name, *_ in bounds] == [name for name, *_ in told]
    assert [numbers for _, *numbers in bounds] == [pytest.approx(numbers) for _, *numbers in told]
    told = genbench_api.score(tmp_path / "zeros.parquet", toys / "plane").headline
    assert told[["question_set", "value", "low", "high"]].to_numpy().tolist() == bounds


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.jsonl", '{"question_id": 1,\n', "a.jsonl, line 1: no JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl, line 1: '[1]' is no object with question_id"),
        ("a.jsonl", '{"question_id": 0, "prediction": 1}\n{"question_id": 1}\n', "a.jsonl, line 2: keys are ['quest"),
        ("a.csv", "question_id,prediction\n0\n", "a.csv, line 2: 1 cells; the header has 2"),
        ("a.csv", "question_id,prediction\n0,x\n", "a.csv, line 2: prediction is 'x'; it must be of type int64"),
        ("a.csv", "question_id,prediction\nx,1\n", "a.csv, line 2: question_id is 'x'; it must be of type int64"),
        ("a.csv.gz", "no gzip at all", "a.csv.gz: not readable as CSV: "),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error_with_its_line(genbench, toys, tmp_path, name, content, fault):
    (tmp_path / name).write_text(content)

    code, shown, said = genbench("score", name, "--task", f"{toys}/echo")

    assert (code, shown) == (2, "")
    assert said.startswith(f"error: {fault}")
    assert "Traceback" not in said
