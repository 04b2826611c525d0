"""From `genbench timing` to rows and exit codes, on toys."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genbench.cli import main
from genbench.evaluation import timing
from genbench.rows.schema import TIMINGS, to_table
from genbench.rows.store import Store

TOYS = Path(__file__).parents[1] / "toys"
ECHO = str(TOYS / "echo")
BRIEF = ["--seconds", "0.2", "--repeats", "20"]

FAULTS = {
    "raises": (
        "raise ArithmeticError('lost count')",
        "return []",
        "error",
        "ArithmeticError: lost count (baseline.py:",
    ),
    "short": ("pass", "return [1]", "error", "predict returned 1 answers for 100 questions"),
    "leaves": ("__import__('os')._exit(3)", "return []", "crashed", "the process exited with code 3"),
}


@pytest.fixture
def variant(tmp_path):
    """Gives the folder of a submission like the toy `idle`, with another body for fit and predict."""

    def make(name, fit, predict):
        folder = tmp_path / name
        folder.mkdir()
        card = (TOYS / "idle" / "card.toml").read_text().replace('name = "idle"', f'name = "{name}"')
        (folder / "card.toml").write_text(card)
        (folder / "baseline.py").write_text(
            "class Idle:\n"
            "    def __init__(self, context):\n        self.column = next(iter(context.inputs))\n"
            f"    def fit(self, train, validation):\n        {fit}\n"
            f"    def predict(self, questions):\n        {predict}\n"
        )
        return str(folder)

    return make


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    """Exit code and rows of one timing of the toy that does nothing."""
    out = str(tmp_path_factory.mktemp("timed"))
    code = main(["timing", str(TOYS / "idle"), "--task", ECHO, "--out", out, *BRIEF])
    return code, Store(out).read("timings").table.to_pylist()


def test_every_measure_has_a_row_of_its_median(timed):
    code, rows = timed
    medians = {(row["measure"], row["batch"], row["unit"]) for row in rows if row["statistic"] in {"median", "p50"}}

    assert (code, medians) == (
        0,
        {
            ("cold_start", None, "seconds"),
            ("fit", None, "seconds"),
            ("fit_throughput", None, "examples/s"),
            ("fit_throughput", None, "tokens/s"),
            ("predict_latency", 1, "seconds"),
            *(("predict_throughput", batch, "examples/s") for batch in (1, 8, 64, 100)),
            ("peak_memory", None, "bytes"),
            ("matmul", None, "flop/s"),
            ("copy", None, "bytes/s"),
        },
    )


def test_a_timing_stands_beside_older_ones_and_what_is_not_there_is_said_before_it_is_timed(
    timed, tmp_path, capsys, monkeypatch
):
    _, rows = timed
    old, was = Store(str(tmp_path / "old")), {"fit": 1e-6, "fit_throughput": 1e6}  # a million times as fast
    older = [{**row, "value": row["value"] * was.get(row["measure"], 1.0)} for row in rows]
    old.prepare()
    old.replace("timings", "echo", "idle", rows[0]["cell"], to_table(older, TIMINGS))
    command = ["timing", str(TOYS / "idle"), "--task", ECHO, "--format", "json", "--out", str(tmp_path / "new")]
    command += ["--seconds", "1", "--repeats", "8"]

    code = main([*command, "--compare", str(tmp_path / "old")])
    told = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(timing, "run", lambda *_: pytest.fail("it was timed"))
    refused = main([*command, "--compare", str(tmp_path / "nowhere")])
    other = main([*command[:1], str(TOYS / "guesses"), *command[2:], "--compare", str(tmp_path / "old")])
    (file,) = (tmp_path / "old" / "timings").rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:100])
    damaged = main([*command, "--compare", str(tmp_path / "old")])
    said = capsys.readouterr().err

    found = next(table["rows"] for table in told["tables"] if table["name"] == "changes")
    verdicts = {row["measure"]: row["verdict"] for row in found}
    assert (code, refused, other, damaged) == (0, 2, 2, 2)
    assert verdicts["fit"] in {"worse", "unknown"}  # the latter where the machine is so busy that nothing is sure
    assert [row["ratio"] > 1000 for row in found if row["measure"] == "fit"] == [True]
    assert verdicts["matmul"] == "unknown"
    assert "there are no results at" in said
    assert "it has those of idle on echo/small (quick)" in said
    assert f"skipped: {file}: " in said
    assert "has no timings of these submissions on these splits; what is there cannot be read" in said


def test_rows_say_whose_they_are_and_where_they_were_measured(timed):
    _, rows = timed
    who = {(row["task"], row["split"], row["submission"], row["profile"], row["threads"]) for row in rows}

    assert who == {("echo", "small", "idle", "quick", 1)}
    assert all(json.loads(row["machine"])["cores"] >= 1 for row in rows)


def test_no_measurement_has_more_repeats_than_asked(timed):
    _, rows = timed

    assert all(1 <= row["repeats"] <= 20 for row in rows)


def test_what_a_submission_tells_of_its_fit_is_in_the_rows(variant, tmp_path, capsys):
    fit = "self.examples_seen, self.tokens_seen, self.training_flops = 500, 7000, 1e6"
    folder = variant("teller", fit, "return questions.data.column(self.column).to_numpy()")

    code = main(["timing", folder, "--task", ECHO, "--out", str(tmp_path / "out"), *BRIEF])

    rows = Store(str(tmp_path / "out")).read("timings").table.to_pylist()
    median = {(row["measure"], row["unit"]): row["value"] for row in rows if row["statistic"] == "median"}
    assert code == 0
    assert {row["counted"] for row in rows if row["measure"] == "fit_throughput"} == {"told"}
    assert median["fit_throughput", "tokens/s"] == pytest.approx(14 * median["fit_throughput", "examples/s"])
    share = median["fit_rate", "flop/s"] / median["matmul", "flop/s"]
    assert median["fit_share", "1"] == pytest.approx(share)
    assert "% of matmul" in capsys.readouterr().out


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_submission_is_one_line_and_the_others_go_on(variant, tmp_path, capfd, name):
    fit, predict, status, said = FAULTS[name]
    folder = variant(name, fit, predict)

    code = main(["timing", folder, str(TOYS / "idle"), "--task", ECHO, "--out", str(tmp_path / "out"), *BRIEF])

    lines = capfd.readouterr().err.splitlines()
    assert code == 1
    assert [line.startswith(f"[1/2] {status} ") and said in line for line in lines] == [True, False]
    assert set(Store(str(tmp_path / "out")).read("timings").table.column("submission").to_pylist()) == {"idle"}


def test_a_fit_that_yields_steps_is_timed_to_its_end(variant, tmp_path):
    answer = "return questions.data.column(self.column).to_numpy() if self.ended else []"
    folder = variant("steps", "self.ended = False; yield from range(3); self.ended = True", answer)

    code = main(["timing", folder, "--task", ECHO, "--out", str(tmp_path), *BRIEF])

    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--repeats", "0"], "--repeats is 0; it must be at least 1"),
        (["--seconds", "-1"], "--seconds is -1; it must be above 0"),
        (["nobody"], "no submission is called 'nobody'"),
        (["--task", "nowhere/atall"], "no split matches 'nowhere/atall'"),
    ],
)
def test_bad_input_is_one_error_and_exit_code_2(tmp_path, capsys, arguments, said):
    code = main(["timing", "--out", str(tmp_path / "out"), *arguments])

    assert (code, said in capsys.readouterr().err) == (2, True)


def test_a_split_that_cannot_be_built_is_exit_code_2_and_the_others_are_timed(tmp_path, capfd):
    broken = shutil.copytree(TOYS / "echo", tmp_path / "broken")
    card = broken / "card.toml"
    card.write_text(card.read_text().replace('name = "echo"', 'name = "broken"').replace("train = 50", "train = 51"))
    out = str(tmp_path / "out")

    code = main(["timing", str(TOYS / "idle"), "--task", str(broken), "--task", ECHO, "--out", out, *BRIEF])

    assert code == 2
    assert "broken/small: train has 50 rows; the card declares 51" in capfd.readouterr().err
    assert set(Store(out).read("timings").table.column("task").to_pylist()) == {"echo"}


def test_a_cold_start_is_repeated_in_interpreters_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(timing, "COLD", 1e6)

    main(["timing", str(TOYS / "idle"), "--task", ECHO, "--out", str(tmp_path), "--seconds", "0.1", "--repeats", "2"])

    rows = Store(str(tmp_path)).read("timings").table.to_pylist()
    repeats = {row["measure"]: (row["repeats"], row["ended"]) for row in rows}
    assert repeats["cold_start"] == (2, "repeats")
    assert repeats["peak_memory"] == (3, "repeats")  # that of the first interpreter counts too


def test_ctrl_c_leaves_the_rows_of_what_was_timed(variant, tmp_path):
    folder = variant("endless", "__import__('time').sleep(600)", "return []")
    arguments = ["timing", str(TOYS / "idle"), folder, "--task", ECHO, "--out", str(tmp_path / "out"), *BRIEF]
    command = [sys.executable, "-m", "genbench.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        first = running.stderr.readline()
        time.sleep(0.5)  # for the endless one to have begun

        running.send_signal(signal.SIGINT)

        shown, said = running.communicate(timeout=60)
    assert first.startswith("[1/2] ok")
    assert (running.returncode, "interrupted: what was timed up to here is kept" in said) == (130, True)
    assert "fit_throughput" in shown
    assert set(Store(str(tmp_path / "out")).read("timings").table.column("submission").to_pylist()) == {"idle"}
