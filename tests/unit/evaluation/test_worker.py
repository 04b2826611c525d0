"""The worker: whatever a submission does, there is a report."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pytest

from genbench.data import tables
from genbench.evaluation.cell import ANSWERS, JOB, QUESTIONS, REPORT, TRAIN, Context
from genbench.evaluation.worker import run

TOYS = Path(__file__).parents[2] / "toys"


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
        content = {
            "entry": entry,
            "contribution": str(TOYS / toy),
            "memory_bytes": 2**33,
            "auxiliary": [],
            "stages": 0,
            "transductive": False,
            "context": told,
        }
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
