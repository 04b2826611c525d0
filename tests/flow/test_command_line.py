"""The command line: what is wrong is said in one error with exit code 2, and changes nothing."""

import os
import re
import shutil
import subprocess
import sys

import pytest


def evaluate(toys, *submissions, task="echo"):
    return ["evaluate", *(f"{toys}/{name}" for name in submissions), "--task", f"{toys}/{task}", "--executor", "here"]


def with_card(folder, **changed):
    """Rewrite keys of a card: `title="title = 7"` puts that line in place of the one that sets the title."""
    card = folder / "card.toml"
    text = card.read_text()
    for key, line in changed.items():
        text, count = re.subn(rf"^{key} = .*$", line, text, count=1, flags=re.MULTILINE)
        assert count
    card.write_text(text)


BAD_ARGUMENTS = {
    "no such split": (
        ["evaluate", "--task", "modular/adition"],
        "error: no split matches 'modular/adition'; did you mean 'modular/addition'?",
    ),
    "no such task": (
        ["show", "modulr"],
        "error: there is no task, split or submission 'modulr'; did you mean 'modular'?",
    ),
    "a glob that matches nothing": (
        ["evaluate", "--task", "qqqq/*"],
        "error: no split matches 'qqqq/*'; there is ",
    ),
    "no such submission": (["evaluate", "TOYS/idle", "qqqq"], "error: no submission is called 'qqqq'; there is "),
    "no such variant": (
        ["evaluate", "TOYS/faulty@raise", "--task", "TOYS/echo"],
        "error: faulty has no variant 'raise'; did you mean 'raises'?",
    ),
    "no such parameter": (
        ["evaluate", "TOYS/guesses:number=3", "--task", "TOYS/echo"],
        "error: guesses has no parameter 'number'; did you mean 'numbers'?",
    ),
    "a parameter of another type": (
        ["evaluate", "TOYS/guesses:numbers=three", "--task", "TOYS/echo"],
        "error: guesses: parameter 'numbers' is 'three'; it must be of type integer",
    ),
    "a number beyond all bounds": (
        ["evaluate", "--task", f"modular/addition:share=1{'0' * 400}"],
        "error: modular/addition: parameter 'share' is 1000",
    ),
    "a number longer than Python reads": (
        ["evaluate", "--task", f"modular/addition:share=1{'0' * 5000}"],
        "error: modular/addition: parameter 'share' is '1000",
    ),
    "a parameter that the task refuses": (
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo:questions=0", "--executor", "here"],
        "[1/1] error         echo/small:questions=0: questions is 0; it must be at least 1",
    ),
    "a parameter without its value": (
        ["evaluate", "--task", "modular/addition:share"],
        "error: 'modular/addition:share': 'share' is not of the form key=value",
    ),
    "a parameter given twice": (
        ["evaluate", "--task", "modular/addition:share=0.1,share=0.2"],
        "error: 'modular/addition:share=0.1,share=0.2': 'share' is given twice",
    ),
    "a split with a variant": (["evaluate", "--task", "modular@x"], "error: 'modular@x': a split has no variants; "),
    "no seeds": (
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo", "--seeds", "0"],
        "error: --seeds is 0; it must be at least 1",
    ),
    "less than no seeds": (
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo", "--seeds", "-2"],
        "error: --seeds is -2; it must be at least 1",
    ),
    "seeds in words": (
        ["evaluate", "--seeds", "two"],
        "Error: Invalid value for '--seeds': 'two' is not a valid integer.",
    ),
    "no jobs": (["evaluate", "--jobs", "0"], "Error: Invalid value for '--jobs': 0 is not in the range x>=1."),
    "no such profile": (
        ["evaluate", "--profile", "fast"],
        "Error: Invalid value for '--profile': 'fast' is not one of 'quick', 'full'.",
    ),
    "a verb misspelt": (["evalute"], "Error: there is no verb 'evalute'; did you mean 'evaluate'?"),
    "a verb of data misspelt": (["data", "exprot"], "Error: there is no verb 'exprot'; did you mean 'export'?"),
    "a folder without a card": (["evaluate", "./nowhere"], "/nowhere/card.toml:\n  there is no such file; "),
    "a home that nobody has": (["show", "~nobody-has-this-name/x"], "error: '~nobody-has-this-name/x': Could not "),
    "a submission that does not take the split": (
        ["evaluate", "TOYS/idle", "--task", "OTHER"],
        "error: nothing to evaluate: echo/small is not taken by idle",
    ),
    "two folders of one name": (
        ["evaluate", "TOYS/idle", "OTHER_IDLE", "--task", "TOYS/echo"],
        "error: 'idle' names two folders, ",
    ),
    "results that are not there": (["leaderboard", "nowhere"], "error: there are no results at 'nowhere'; "),
    "results to list that are not there": (["list", "results", "--out", "nowhere"], "error: there are no results at "),
    "results to rescore that are not there": (["rescore", "nowhere"], "error: there are no results at 'nowhere'; "),
    "results that are a file": (["leaderboard", "FILE"], "error: there are no results at "),
    "results in a place without a name": (
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo", "--out", ""],
        "error: results have no place: the name of the folder is empty",
    ),
    "results below a file": (
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo", "--out", "FILE/out"],
        "error: results '{FILE}/out' cannot be written: Not a directory",
    ),
    "results at a place of no known kind": (
        ["evaluate", "TOYS/idle", "--task", "TOYS/echo", "--out", "carrier-pigeon://x"],
        "error: results 'carrier-pigeon://x': Protocol not known: carrier-pigeon",
    ),
    "a page below a file": (["leaderboard", "RESULTS", "--out", "FILE/page"], "error: cannot write the page "),
    "an export below a file": (
        ["data", "export", "TOYS/echo", "--out", "FILE/out"],
        "error: {FILE}/out cannot be written: Not a directory",
    ),
    "an export of several splits": (
        ["data", "export", "modular/addition_*", "--out", "out"],
        "error: 'modular/addition_*' names 3 splits; export takes one",
    ),
    "a name that is taken": (
        ["new", "task", "modular"],
        "error: there is a task called 'modular' already; choose another name",
    ),
    "a name that is none": (
        ["new", "baseline", "My Method"],
        "error: 'My Method' is no name for a baseline: lower case ",
    ),
    "a folder that is there": (
        ["new", "baseline", "mine", "--in", "PARENT"],
        "error: {PARENT}/mine exists already; nothing was ",
    ),
    "a new folder below a file": (
        ["new", "task", "mine", "--in", "FILE"],
        "error: {FILE}/mine cannot be made: Not a directory; nothing was written",
    ),
    "predictions that are not there": (
        ["score", "nowhere", "--task", "TOYS/echo"],
        "error: nowhere: there is no such file",
    ),
    "predictions that are a folder": (
        ["score", "PARENT", "--task", "TOYS/echo"],
        "error: {PARENT}: a folder; score takes one file: Parquet, .jsonl or .csv",
    ),
    "predictions that are no Parquet": (
        ["score", "FILE", "--task", "TOYS/echo"],
        "error: {FILE}: not readable as Parquet: ",
    ),
    "predictions for several splits": (
        ["score", "FILE", "--task", "modular/addition_*"],
        "error: 'modular/addition_*' names 3 splits; score takes one",
    ),
}


@pytest.mark.parametrize("what", BAD_ARGUMENTS)
def test_bad_input_is_one_clear_error_and_exit_code_2(genbench, toys, tmp_path, what):
    arguments, message = BAD_ARGUMENTS[what]
    (tmp_path / "file").write_text("neither a folder nor a table")
    (tmp_path / "parent" / "mine").mkdir(parents=True)
    (tmp_path / "genbench-results").mkdir()
    shutil.copytree(toys / "idle", tmp_path / "other_idle")
    shutil.copytree(toys / "idle", tmp_path / "picky" / "idle")
    with_card(tmp_path / "picky" / "idle", license='license = "Apache-2.0"\ntasks = ["other/*"]')
    places = {"FILE": tmp_path / "file", "PARENT": tmp_path / "parent", "OTHER_IDLE": tmp_path / "other_idle"}
    places |= {"RESULTS": tmp_path / "genbench-results", "TOYS": toys}
    if "OTHER" in arguments:
        arguments = ["evaluate", f"{tmp_path}/picky/idle", "--task", f"{toys}/echo"]
    spelt = [
        re.sub("^(FILE|PARENT|OTHER_IDLE|RESULTS|TOYS)", lambda found: str(places[found[0]]), one) for one in arguments
    ]

    code, _, said = genbench(*spelt)

    assert code == 2
    assert message.format(**places) in said
    assert "Traceback" not in said
    assert len(re.findall("^[eE]rror", said, re.MULTILINE)) <= 1


def test_nothing_is_left_behind_by_what_was_refused(genbench, toys, tmp_path):
    genbench("evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--seeds", "0")
    genbench("evaluate", f"{toys}/idle", "nobody", "--task", f"{toys}/echo")

    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_card_are_said_at_once(genbench, toys, tmp_path):
    shutil.copytree(toys / "idle", tmp_path / "mine")
    with_card(tmp_path / "mine", title="titel = 'Mine'", about="about = 7", license="license = 'x'\nneeds = 'tpu'")

    code, _, said = genbench("evaluate", "./mine", "--task", f"{toys}/echo")

    assert code == 2
    assert said.splitlines() == [
        f"error: {tmp_path}/mine/card.toml:",
        "  missing key 'title' (string)",
        "  key 'about' is 7; it must be of type string",
        "  key 'needs' is 'tpu'; it must be one of cpu, gpu",
        "  unknown key 'titel'; did you mean 'title'?",
    ]


def test_a_task_that_does_not_import_costs_one_line_and_keeps_its_traceback_in_a_log(genbench, toys, tmp_path):
    shutil.copytree(toys / "echo", tmp_path / "mine")
    (tmp_path / "mine" / "task.py").write_text("def load():\n    pass\n\n\nimport a_library_that_nobody_has\n")

    code, _, said = genbench("evaluate", f"{toys}/idle", "--task", "./mine", "--executor", "here")

    fault = f"{tmp_path}/mine: entry 'task:load' does not import: ModuleNotFoundError: No module named "
    first, second = said.splitlines()[:2]
    assert code == 2
    assert first == f"[1/1] error         echo/small: {fault}'a_library_that_nobody_has'"
    log = tmp_path / second.removeprefix("its traceback is in ")
    assert 'task.py", line 5' in log.read_text()
    assert "Traceback" not in said


def test_an_evaluation_ends_in_a_leaderboard_and_a_page(genbench, toys, tmp_path):
    code, shown, said = genbench(*evaluate(toys, "idle", "guesses"))

    assert code == 0
    assert "[2/2] ok" in said
    assert re.search(r"^submission +echo$", shown, re.MULTILINE)
    assert re.search(r"^idle +1\.000$", shown, re.MULTILINE)
    assert shown.splitlines()[-1] == "page: genbench-results/leaderboard/index.html"
    assert "idle" in (tmp_path / "genbench-results" / "leaderboard" / "index.html").read_text()


def test_the_failed_cell_is_told_and_changes_the_exit_code(genbench, toys):
    code, _, said = genbench(*evaluate(toys, "idle", "faulty@raises"))

    assert code == 1
    assert "error         echo/small  faulty@raises  seed 0" in said
    assert "ValueError: no such luck (baseline.py:" in said


def test_a_closed_pipe_is_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "genbench.cli", "list"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)

    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("kind", ["task", "baseline"])
def test_a_new_contribution_passes_the_check_at_once(genbench, tmp_path, kind):
    made = genbench("new", kind, "mine")

    checked = genbench("check", "mine")

    assert made[0] == 0
    assert made[1].splitlines()[:2] == ["made ./mine", "next: genbench check ./mine"]
    assert checked[0] == 0, checked[1]
    assert checked[1].splitlines()[-1] == "all holds"
    assert sorted(path.name for path in (tmp_path / "mine").iterdir() if path.is_file()) == (
        ["README.md", "card.toml", "task.py"] if kind == "task" else ["baseline.py", "card.toml"]
    )


def test_a_contribution_that_breaks_the_contract_is_told_what_and_exits_with_2(genbench, toys, tmp_path):
    shutil.copytree(toys / "echo", tmp_path / "mine")
    with_card(tmp_path / "mine", chance="chance = 0.9")

    code, shown, _ = genbench("check", "mine")

    assert code == 2
    assert "FAULT echo/small: shuffled answers score about chance\n      test: shuffled answers score 0." in shown
    assert shown.splitlines()[-1] == "1 faults"


def test_a_locale_without_the_letters_shows_them_escaped(results):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    program = f"import sys; from genbench.cli import main; sys.exit(main(['leaderboard', '{results}', '--long']))"

    shown = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "\\xb7" in shown.stdout
