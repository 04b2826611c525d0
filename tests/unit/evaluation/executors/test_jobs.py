"""A report was written beside a stranger's code: nothing in it is taken on trust."""

import json
import os
from pathlib import Path

import pytest

from genbench.evaluation.cell import ANSWERS, CURVE, JOB, REPORT, Context, Job
from genbench.evaluation.executors import jobs
from genbench.evaluation.executors.jobs import LOG_BYTES, log_of, outcome, write_job


@pytest.fixture
def job(tmp_path):
    """A job with answers in its folder, of whatever content."""
    (tmp_path / ANSWERS).write_bytes(b"answers")
    context = Context(
        "echo", "small", {"number": "int64"}, "again", "int64", {"a": 1}, 7, "quick", 60.0, 1, "cpu", tmp_path
    )
    return Job("key", "echo/small  mine  seed 0", tmp_path, Path("/somewhere/mine"), "baseline:Mine", context, 2**30)


@pytest.fixture
def told(job):
    """Gives `told(report)`, the outcome of the job with that report."""

    def tell(report, **known):
        (job.folder / REPORT).write_text(report if isinstance(report, str) else json.dumps(report))
        return outcome(job, "process", 1.0, 2.0, **known)

    return tell


def test_a_job_names_the_submission_and_nothing_of_the_task_but_its_name(job):
    write_job(job)

    content = json.loads((job.folder / JOB).read_text())
    assert content.keys() == {"entry", "contribution", "memory_bytes", "auxiliary", "transductive", "stages", "context"}
    assert content["context"]["params"] == {"a": 1}
    assert "folder" not in content["context"]


def test_a_report_is_told_as_it_is_where_it_makes_sense(told):
    report = {
        "status": "ok",
        "detail": "",
        "fit_seconds": 1.5,
        "predict_seconds": 0.5,
        "cpu_seconds": 2,
        "parameters": 10,
    }

    found = told({**report, "training_flops": 1e22, "peak_memory_bytes": 100}, seen_memory=300)

    assert (found.status, found.fit_seconds, found.predict_seconds, found.parameters) == ("ok", 1.5, 0.5, 10)
    assert (found.training_flops, found.peak_memory_bytes) == (1e22, 300)
    assert found.answers is not None


@pytest.mark.parametrize("report", ["", "{", "[1]", "null", '"ok"', "7"])
def test_a_report_that_is_none_is_a_crash(told, report):
    found = told(report)

    assert (found.status, found.detail, found.answers) == ("crashed", "the worker ended without a report", None)


@pytest.mark.parametrize("status", ["fine", 7, None, ["ok"], {}])
def test_a_status_that_there_is_not_is_a_crash(told, status):
    assert told({"status": status}).status == "crashed"


@pytest.mark.parametrize("value", ["many", -1, True, [1], None, 10**400, float("nan"), float("inf")])
def test_a_figure_that_is_none_is_left_out(told, value):
    names = ("fit_seconds", "predict_seconds", "cpu_seconds", "parameters", "training_flops")

    found = told({"status": "ok", **dict.fromkeys(names, value), "peak_memory_bytes": value})

    assert [getattr(found, name) for name in (*names, "peak_memory_bytes")] == [None] * 6


@pytest.mark.parametrize(
    ("detail", "line"),
    [
        ("one\ntwo \t three", "one two three"),
        ("no \udcff file", "no \\udcff file"),
        (7, ""),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_a_detail_is_one_line_that_any_file_can_hold(told, detail, line):
    assert told({"status": "error", "detail": detail}).detail == line


@pytest.mark.parametrize(
    "steps",
    [
        7,
        "all",
        {"step": 1},
        [7],
        [{}],
        [{"step": 1}],
        [{"step": "1", "fit_seconds": 0, "answers": ANSWERS}],
        [{"step": 1, "fit_seconds": None, "answers": ANSWERS}],
        *([{"step": 1, "fit_seconds": 0.1, "answers": name}] for name in ("nowhere", None, 7)),
    ],
)
def test_steps_that_make_no_sense_are_left_out(told, steps):
    assert told({"status": "ok", "steps": steps}).steps == ()


def test_what_the_parent_saw_stands_above_the_report(told):
    found = told({"status": "ok", "predict_seconds": 1.0}, status="timeout", detail="too long")

    assert (found.status, found.detail, found.answers, found.predict_seconds) == ("timeout", "too long", None, None)


def test_success_without_answers_is_a_crash(told, job):
    (job.folder / ANSWERS).unlink()

    found = told({"status": "ok"})

    assert (found.status, found.detail) == ("crashed", "the worker reported success and left no answers")


def test_of_a_long_log_the_middle_is_left_out_and_counted():
    head, tail = b"a" * LOG_BYTES, b"b" * (LOG_BYTES + 5) + b"\0\xff"

    log = log_of(head, tail, dropped=3)

    kept = "b" * (LOG_BYTES - 2)
    assert log == f"{'a' * LOG_BYTES}\n[... 10 bytes left out ...]\n{kept}\\0\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("name", [REPORT, ANSWERS])
@pytest.mark.parametrize("what", ["pipe", "link", "folder"])
def test_what_is_no_file_in_a_jobs_folder_is_as_if_it_were_not_there(told, job, tmp_path_factory, name, what):
    told({"status": "ok"})
    (job.folder / name).unlink()
    if what == "pipe":
        os.mkfifo(job.folder / name)
    elif what == "folder":
        (job.folder / name).mkdir()
    else:
        elsewhere = tmp_path_factory.mktemp("elsewhere") / name
        elsewhere.write_text('{"status": "ok"}')
        (job.folder / name).symlink_to(elsewhere)

    assert outcome(job, "process", 1.0, 2.0).status == "crashed"


@pytest.mark.parametrize(
    "report", ["[" * 10**6, '{"status": ' * 10**5, '{"parameters": ' + "9" * 10**4 + "}", "\udcff", "{} " + " " * 100]
)
def test_a_report_that_no_reader_survives_is_a_crash(job, report, monkeypatch):
    monkeypatch.setattr(jobs, "REPORT_BYTES", 2 * 10**6)
    (job.folder / REPORT).write_text(report, errors="surrogateescape")

    assert outcome(job, "process", 1.0, 2.0).status == "crashed"


def test_a_report_without_end_is_not_read(job, monkeypatch):
    monkeypatch.setattr(jobs, "REPORT_BYTES", 100)
    (job.folder / REPORT).write_text('{"status": "ok"}' + " " * 100)

    assert outcome(job, "process", 1.0, 2.0).detail == "the worker ended without a report"


def test_steps_have_the_names_that_the_worker_gives_and_rise(told, job):
    for step in (1, 2):
        (job.folder / CURVE.format(step=step)).write_bytes(b"")
    steps = [{"step": step, "fit_seconds": 0.5, "answers": "x" * 5000} for step in (1, 1, 2, 1, 2.5, 10**30)]

    found = told({"status": "ok", "steps": steps}).steps

    assert [(one.step, one.answers.name) for one in found] == [(1, "curve-1.arrow"), (2, "curve-2.arrow")]


def test_measures_are_few_finite_and_have_short_names(told, job):
    (job.folder / CURVE.format(step=1)).write_bytes(b"")
    said = {"a": 1, "b": 10**400, "c": "x", "d": float("inf"), "\x1b[2J": 2.5, "x" * 5000: 3} | {
        str(n): n for n in range(2000)
    }

    (step,) = told({"status": "ok", "steps": [{"step": 1, "fit_seconds": 0.5, "measures": said}]}).steps

    assert len(step.measures) <= 1000
    assert list(step.measures)[:3] == ["a", r"\x1b[2J", "x" * 200]


def test_a_detail_gives_a_terminal_no_orders(told):
    assert told({"status": "error", "detail": "\x1b]0;x\x07 \u202e"}).detail == r"\x1b]0;x\x07 \u202e"
