"""The worker: what a submission returned becomes answers, or a fault that names the first misfit."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from datasets import Dataset

from genbench.data import tables
from genbench.errors import SubmissionFault
from genbench.evaluation.cell import ANSWERS, JOB, QUESTIONS, REPORT, TRAIN, Context
from genbench.evaluation.worker import as_answers, run

TOYS = Path(__file__).parents[2] / "toys"

WILL_DO = {
    "a list": ([1, 2], "int64", [1, 2]),
    "a tuple": ((1, 2), "int64", [1, 2]),
    "a range": (range(2), "int64", [0, 1]),
    "an array": (np.array([1, 2], np.int32), "int64", [1, 2]),
    "an array of objects": (np.array([1, 2], object), "int64", [1, 2]),
    "a list of numpy scalars": ([np.int64(1), np.int8(2)], "int64", [1, 2]),
    "a tensor": (torch.tensor([1, 2]), "int64", [1, 2]),
    "a tensor with a gradient": (torch.tensor([1.0, 2.0], requires_grad=True), "float64", [1.0, 2.0]),
    "a tensor of bfloat16": (torch.tensor([1.0, 2.0], dtype=torch.bfloat16), "float64", [1.0, 2.0]),
    "a list of tensors": ([torch.tensor(1), torch.tensor(2)], "int64", [1, 2]),
    "a list of tensors of integers": ([torch.tensor([1, 2]), torch.tensor([3])], "list<int64>", [[1, 2], [3]]),
    "a matrix": (torch.tensor([[1, 2], [3, 4]]), "list<int64>", [[1, 2], [3, 4]]),
    "ragged arrays": ([np.array([1]), np.array([2, 3])], "list<int64>", [[1], [2, 3]]),
    "empty lists": ([[], []], "list<int64>", [[], []]),
    "tuples": ([(1,), (2, 3)], "list<int64>", [[1], [2, 3]]),
    "an Arrow array": (pa.array([1, 2]), "int64", [1, 2]),
    "a chunked Arrow array": (pa.chunked_array([["a"], ["b"]]), "string", ["a", "b"]),
    "an encoded Arrow array": (pa.array(["a", "b"]).dictionary_encode(), "string", ["a", "b"]),
    "a large Arrow array": (pa.array([["a"], ["b"]], pa.large_list(pa.large_string())), "list<string>", [["a"], ["b"]]),
    "a series": (pd.Series([1, 2], index=[7, 3]), "int64", [1, 2]),
    "a series of text": (pd.Series(["a", "b"]), "string", ["a", "b"]),
    "a column": (Dataset.from_dict({"x": ["a", "b"]})["x"], "string", ["a", "b"]),
    "numpy text": (np.array(["a", "b"]), "string", ["a", "b"]),
    "text that is empty": (["", ""], "string", ["", ""]),
    "truths": (np.array([True, False]), "bool", [True, False]),
    "integers for numbers": ([1, 2], "float64", [1.0, 2.0]),
    "single precision": (np.array([0.5, 2], np.float32), "float64", [0.5, 2.0]),
    "infinity": ([float("inf"), 0.0], "float64", [float("inf"), 0.0]),
    "lists of text": ([["a"], ["b", "c"]], "list<string>", [["a"], ["b", "c"]]),
}


@pytest.mark.parametrize("what", WILL_DO)
def test_answers_come_in_many_forms(what):
    given, kind, expected = WILL_DO[what]

    found = as_answers(given, kind, 2)

    assert found.type == tables.ARROW[kind]
    assert found.to_pylist() == expected


ONE_EACH = "it must return one answer per question"
WILL_NOT = {
    "too few": ([1], "int64", "predict returned 1 answers for 2 questions"),
    "too many": ([1, 2, 3], "int64", "predict returned 3 answers for 2 questions"),
    "nothing": (None, "int64", f"predict returned NoneType; {ONE_EACH}"),
    "a number": (7, "int64", f"predict returned int; {ONE_EACH}"),
    "text for all": ("ab", "string", f"predict returned str; {ONE_EACH}"),
    "bytes for all": (b"ab", "string", f"predict returned bytes; {ONE_EACH}"),
    "a generator": ((number for number in (1, 2)), "int64", f"predict returned generator; {ONE_EACH}"),
    "a set, which has no order": ({1, 2}, "int64", f"predict returned set; {ONE_EACH}"),
    "a dictionary": ({0: 1, 1: 2}, "int64", f"predict returned dict; {ONE_EACH}"),
    "a data frame": (pd.DataFrame({"a": [1, 2]}), "int64", f"predict returned DataFrame; {ONE_EACH}"),
    "an array of no length": (np.array(7), "int64", f"predict returned ndarray; {ONE_EACH}"),
    "a tensor of no length": (torch.tensor(7), "int64", f"predict returned ndarray; {ONE_EACH}"),
    "None among answers": ([1, None], "int64", "answer 1 is None (NoneType); the target is of type int64"),
    "None among text": ([None, "a"], "string", "answer 0 is None (NoneType); the target is of type string"),
    "NaN": ([0.5, float("nan")], "float64", "answer 1 is nan (float); the target is of type float64"),
    "NaN in an array": (np.array([np.nan, 1]), "float64", "answer 0 is nan (float); the target is of type float64"),
    "NaN among text": (["a", float("nan")], "string", "answer 1 is nan (float); the target is of type string"),
    "a gap in a series": (pd.Series(["a", None]), "string", "answer 1 is nan (float); the target is of type string"),
    "numbers for integers": ([1, 2.0], "int64", "answer 1 is 2.0 (float); the target is of type int64"),
    "all numbers for integers": (np.array([1.0, 2.0]), "int64", "answer 0 is 1.0 (float); the target is of type int64"),
    "truths for integers": ([1, True], "int64", "answer 1 is True (bool); the target is of type int64"),
    "integers for truths": ([1, 0], "bool", "answer 0 is 1 (int); the target is of type bool"),
    "text for integers": (["1", "2"], "int64", "answer 0 is '1' (str); the target is of type int64"),
    "integers for text": (["1", 2], "string", "answer 1 is 2 (int); the target is of type string"),
    "an integer too large": (
        [1, 2**70],
        "int64",
        "answer 1 is 1180591620717411303424 (int); the target is of type int64",
    ),
    "an unsigned one too large": (
        np.array([1, 2**63], np.uint64),
        "int64",
        "answer 1 is 9223372036854775808 (int); the target is of type int64",
    ),
    "text that is none": (["a", "\ud800"], "string", "answer 1 is '\\ud800' (str); the target is of type string"),
    "a column of one for integers": (
        np.array([[1], [2]]),
        "int64",
        "answer 0 is [1] (list); the target is of type int64",
    ),
    "None within a list": (
        [[1], [2, None]],
        "list<int64>",
        "answer 1 is [2, None] (list); the target is of type list<int64>",
    ),
    "None within a list of text": (
        [["a", None], []],
        "list<string>",
        "answer 0 is ['a', None] (list); the target is of type list<string>",
    ),
    "lists of text for integers": (
        [[1], ["a"]],
        "list<int64>",
        "answer 1 is ['a'] (list); the target is of type list<int64>",
    ),
    "lists of numbers for integers": (
        [[1.0], [2.0]],
        "list<int64>",
        "the answers are not of the target's type list<int64>",
    ),
    "no lists": ([1, 2], "list<int64>", "answer 0 is 1 (int); the target is of type list<int64>"),
    "a long one": (["x" * 500, 1], "int64", f"answer 0 is '{'x' * 79} (str); the target is of type int64"),
}


@pytest.mark.parametrize("what", WILL_NOT)
def test_answers_that_will_not_do_are_refused_with_the_first_of_them(what):
    given, kind, message = WILL_NOT[what]

    with pytest.raises(SubmissionFault) as caught:
        as_answers(given, kind, 2)

    assert str(caught.value) == message


def test_a_million_answers_take_no_time_of_note():
    import time

    started = time.perf_counter()
    as_answers(np.arange(1_000_000), "int64", 1_000_000)

    assert time.perf_counter() - started < 0.5


@pytest.fixture
def job(tmp_path):
    """Gives `job("stepping", ...)`: a job folder for a toy, with three questions."""

    def make(toy, entry, **params):
        tables.write(pa.table({"number": [-1, -2], "again": [-1, -2]}), tmp_path / TRAIN)
        tables.write(pa.table({"question_id": [0, 1, 2], "number": [5, 45, 70]}), tmp_path / QUESTIONS)
        context = Context(
            "echo", "small", {"number": "int64"}, "again", "int64", params, 1, "quick", 60.0, 1, "cpu", tmp_path
        )
        told = {name: value for name, value in asdict(context).items() if name not in {"folder", "checkpoints"}}
        content = {"entry": entry, "contribution": str(TOYS / toy), "memory_bytes": 2**33, "context": told}
        (tmp_path / JOB).write_text(json.dumps(content))
        run(tmp_path, fresh=False)
        return json.loads((tmp_path / REPORT).read_text())

    return make


def test_a_job_leaves_answers_steps_and_a_report(job, tmp_path):
    report = job("stepping", "baseline:Stepping")

    assert report["status"] == "ok"
    assert (report["parameters"], report["training_flops"]) == (3, 1e21)
    assert [step["step"] for step in report["steps"]] == [10, 20]
    assert [step["measures"] for step in report["steps"]] == [
        {"examples_seen": 70.0, "training_flops": 1e21, "diagnostic.known": 30.0},
        {"examples_seen": 140.0, "training_flops": 1e21, "diagnostic.known": 60.0},
    ]
    at = {name: tables.read(tmp_path / name).column("prediction").to_pylist() for name in ("curve-10.arrow", ANSWERS)}
    assert at == {"curve-10.arrow": [5, -1, -1], ANSWERS: [5, 45, 70]}
    assert tables.read(tmp_path / ANSWERS).column("question_id").to_pylist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("how", "detail"),
    [
        ("has_many", "diagnostics returned list; it must return numbers by name"),
        ("is_nan", "diagnostics returned nan for 'norm'; it must be a finite number"),
        ("is_text", "diagnostics returned 'big' for 'norm'; it must be a finite number"),
    ],
)
def test_a_diagnostic_that_is_no_finite_number_is_said(job, how, detail):
    report = job("faulty", "baseline:Faulty", how=f"diagnostic_{how}")

    assert (report["status"], report["detail"]) == ("error", detail)


@pytest.mark.parametrize(
    ("toy", "entry", "how", "detail"),
    [
        ("faulty", "baseline:Faulty", "raises", "ValueError: no such luck (baseline.py:"),
        ("faulty", "baseline:Faulty", "exits", "the submission exited by itself (code 3)"),
        ("faulty", "baseline:Flawless", "not", "has no callable 'Flawless'; it has Faulty, GIB, Unspeakable, "),
        (
            "halfway",
            "baseline:Halfway",
            "not",
            "baseline:Halfway has no method 'predict'; a submission has fit and predict",
        ),
    ],
)
def test_whatever_a_submission_does_there_is_a_report(job, tmp_path, toy, entry, how, detail):
    report = job(toy, entry, how=how)

    assert report["status"] == "error"
    assert detail in report["detail"]
    assert not (tmp_path / ANSWERS).exists()


def test_a_job_that_cannot_be_read_is_a_report_too(tmp_path):
    run(tmp_path, fresh=False)

    assert json.loads((tmp_path / REPORT).read_text())["status"] == "error"


def test_the_peak_memory_of_a_worker_is_its_own_and_not_that_of_whoever_started_it():
    held = bytearray(b"x" * 2**29)
    script = "from genbench.evaluation.worker import resources; print(resources(fresh=True)['peak_memory_bytes'])"

    peak = int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)

    assert 2**20 < peak < len(held)
