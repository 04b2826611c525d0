"""Splits in lm-evaluation-harness and Inspect, run offline with their dummy models, and their answers scored here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from genbench.cli import main

pytest.importorskip("lm_eval", reason="needs --group elsewhere")
pytest.importorskip("inspect_ai", reason="needs --group elsewhere")

pytestmark = pytest.mark.filterwarnings("default")  # of these libraries, which are not ours to mend
SPLIT = "modular/addition:p=7"
SETS = ("test", "trained")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The split as a folder for each program."""
    made = {}
    for program in ("lm-eval", "inspect"):
        made[program] = tmp_path_factory.mktemp(program) / "tasks"
        words = ["data", "export", SPLIT, "--format", program, "--with-targets", "--out", str(made[program])]
        assert main(words) == 0
    return made


@pytest.fixture
def offline(monkeypatch):
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(name, "1")


def ran(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def told(capsys):
    """The marks that `genbench score` prints, by question set."""
    rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    return {row["question_set"]: row for row in rows}


def test_the_harness_runs_every_question_set_and_its_answers_come_back(folders, offline, tmp_path, capsys):
    program = str(Path(sys.executable).with_name("lm_eval"))
    words = ["--model", "dummy", "--tasks", "genbench_modular_addition_p_7", "--num_fewshot", "2"]

    ran([program, *words, "--include_path", str(folders["lm-eval"]), "--log_samples", "--output_path", "out"], tmp_path)

    logs = sorted(map(str, (tmp_path / "out").rglob("samples_*.jsonl")))
    answers = str(tmp_path / "answers.parquet")
    assert len(logs) == len(SETS)
    assert main(["data", "answers", *logs, "--task", SPLIT, "--out", answers, "--unreadable", "0"]) == 0
    capsys.readouterr()
    assert main(["score", answers, "--task", SPLIT, "--name", "dummy", "--format", "json"]) == 0
    assert told(capsys).keys() == set(SETS)


def test_the_harness_gives_right_answers_full_marks(folders, offline):
    import lm_eval
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    class Adds(LM):
        def loglikelihood(self, requests):
            raise NotImplementedError

        def loglikelihood_rolling(self, requests):
            raise NotImplementedError

        def generate_until(self, requests):
            numbers = [[int(line.partition(": ")[2]) for line in one.args[0].splitlines()[-3:-1]] for one in requests]
            return [f" {sum(own) % 7}" for own in numbers]

    found = lm_eval.simple_evaluate(
        Adds(), tasks=["genbench_modular_addition_p_7"], task_manager=TaskManager(include_path=str(folders["lm-eval"]))
    )

    marks = {name: own["exact_match,none"] for name, own in found["results"].items() if "exact_match,none" in own}
    assert {f"genbench_modular_addition_p_7_{name}" for name in SETS} <= marks.keys()
    assert set(marks.values()) == {1.0}


# Inspect's dummy model, told what it says and how many tokens that was: to count them it would fetch a tokenizer.
ADDING = """
import sys
import inspect_ai
from inspect_ai.model import ModelOutput, ModelUsage, get_model

def adds(messages, tools, choice, config):
    numbers = [int(line.partition(": ")[2]) for line in messages[-1].text.splitlines()[-3:-1]]
    end = "<eos>" if "quote" in sys.argv else ""
    output = ModelOutput.from_content("mockllm", f"{sum(numbers) % 7}{end}")
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output

logs = inspect_ai.eval(
    "task.py", model=get_model("mockllm/model", custom_outputs=adds), task_args={"shots": 2},
    log_dir=sys.argv[1], log_format=sys.argv[2], display="none",
)
print(*(log.results.scores[0].metrics["accuracy"].value for log in logs))
"""


@pytest.mark.parametrize(("form", "quoted", "accuracy"), [("eval", [], "1.0"), ("json", ["quote"], "0.0")])
def test_inspect_runs_every_question_set_and_its_answers_come_back(
    folders, offline, tmp_path, capsys, form, quoted, accuracy
):
    words = [sys.executable, "-c", ADDING, str(tmp_path), form, *quoted]

    said = ran(words, folders["inspect"])

    logs = sorted(map(str, tmp_path.glob(f"*.{form}")))
    answers = str(tmp_path / "answers.parquet")
    assert said.split() == [accuracy, accuracy]
    assert len(logs) == len(SETS)
    if quoted:
        assert main(["data", "answers", *logs, "--task", SPLIT, "--out", answers]) == 2
        assert "--unreadable says what stands for such answers" in capsys.readouterr().err
    assert main(["data", "answers", *logs, "--task", SPLIT, "--out", answers, "--end", "<eos>"]) == 0
    capsys.readouterr()
    assert main(["score", answers, "--task", SPLIT, "--name", "mock", "--format", "json"]) == 0
    assert {name: row["value"] for name, row in told(capsys).items()} == dict.fromkeys(SETS, 1.0)
