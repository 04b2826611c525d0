"""Jobs as parcels: what is in one, and that a machine with other libraries refuses it."""

from dataclasses import replace
from pathlib import Path

import pytest

from genbench.errors import Unavailable
from genbench.evaluation.cell import Context, Job
from genbench.evaluation.executors import parcels


@pytest.fixture
def job(tmp_path):
    folder, code = tmp_path / "job", tmp_path / "code"
    (code / "inner").mkdir(parents=True)
    folder.mkdir()
    (folder / "questions.arrow").write_bytes(b"few")
    (folder / "train.arrow").write_bytes(b"x" * parcels.LARGE)
    (code / "baseline.py").write_text("one = 1", encoding="utf-8")
    (code / "inner" / "two.py").write_text("two = 2", encoding="utf-8")
    context = Context(
        "echo", "small", {}, "again", "int64", {}, 0, "quick", 60.0, 1, "cpu", folder, checkpoints=Path("/nowhere")
    )
    return Job("key", "label", folder, code, "baseline:One", context, 2**30, libraries=("numpy",))


def test_a_parcel_holds_a_jobs_files_and_code_with_large_files_told_apart(job):
    kept = {}

    parcel = parcels.packed(job, "process", kept.__setitem__)

    assert parcel.files == {"questions.arrow": b"few"}
    assert parcel.code == {"baseline.py": b"one = 1", "inner/two.py": b"two = 2"}
    assert kept == {parcel.shared["train.arrow"]: b"x" * parcels.LARGE}


def test_a_machine_with_another_version_of_what_decides_refuses_the_parcel(job):
    parcel = parcels.packed(job, "process", lambda *_: None)
    other = replace(parcel, versions={**parcel.versions, "numpy": "0.1"})

    with pytest.raises(Unavailable, match=r"a machine of the cluster has numpy \S+ where 0.1 is asked for"):
        parcels.done(other, {})


def test_a_job_that_is_lost_each_time_is_a_row_that_says_why(job):
    outcome = parcels.lost(job, 0.0, 1.5, "the node\ndied")

    assert (outcome.status, outcome.detail) == ("crashed", "lost 3 times with its process or machine: the node died")
