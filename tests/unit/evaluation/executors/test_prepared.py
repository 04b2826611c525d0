"""Which jobs may be a template's child."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from genbench.evaluation.cell import Context, Job
from genbench.evaluation.executors import prepared

CONTEXT = Context("t", "s", {}, "a", "int64", {}, 0, "quick", 1.0, 1, "cpu", Path())
JOB = Job("key", "label", Path(), Path(), "baseline:X", CONTEXT, 2**30)


@pytest.fixture(autouse=True)
def linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")


def test_a_plain_job_may():
    assert prepared.why_not(JOB) == ""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"network": True}, "its environment is its own"),
        ({"environment": {"KEY": "secret"}}, "its environment is its own"),
        ({"context": replace(CONTEXT, device="cuda")}, "a fork and cuda do not go together"),
        ({"context": replace(CONTEXT, threads=2)}, "numpy starts threads where it may"),
        ({"module": "genbench.evaluation.timed_worker"}, "it measures time"),
    ],
)
def test_one_with_secrets_a_gpu_threads_or_a_stopwatch_has_an_interpreter_of_its_own(change, why):
    assert prepared.why_not(replace(JOB, **change)) == why


def test_where_a_fork_is_not_safe_none_may(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    assert prepared.why_not(JOB) == "on this system a fork is not safe"


def test_libraries_that_every_cell_imports_ask_for_no_template_of_their_own(monkeypatch):
    made = []

    class Alike:
        lost = False

        def __init__(self, job, *_):
            made.append(job.libraries)

        def takes(self, _):
            return False

    monkeypatch.setattr(prepared, "Template", Alike)
    templates = prepared.Templates("mark")

    for libraries in ((), ("numpy",), ("torch",), ("numpy", "torch"), ("pandas", "pyarrow")):
        templates.child(replace(JOB, libraries=libraries), ["python"], {prepared.MARK: "mark"}, threading.Event())

    assert made == [(), ("torch",)]


def test_every_cell_imports_them():
    program = f"import sys, datasets; sys.exit(' '.join({set(prepared.ANYWAY)!r} - sys.modules.keys()))"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert ended.stderr.strip() == ""
