"""What a cell may take beside time and memory, and the row that says which limit was met."""

import subprocess
import time

import psutil
import pytest

from genbench.evaluation.executors import limits
from genbench.evaluation.executors.prepared import Templates
from genbench.evaluation.executors.process import Process

WHY_NOT = limits.why_no_group()
needs_group = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@needs_group
def test_a_group_ends_also_what_hides():
    group = limits.Group()
    subprocess.run(group.command(["sh", "-c", "env -i setsid sleep 1001.25 >/dev/null 2>&1 &"]), check=True)
    group.end()

    assert not group.path.exists()
    assert not sleeping("1001.25")


@needs_group
def test_a_forked_cell_is_in_its_group_before_it_starts_anything(evaluate, tmp_path, monkeypatch):
    real = Templates.child

    def slowly(self, *given):
        child = real(self, *given)
        time.sleep(1)  # the parent comes to its next line when the cell has started what hides
        return child

    monkeypatch.setattr(Templates, "child", slowly)
    (row,) = evaluate(tmp_path, "greedy:what=nothing but a process that hides", executor=Process()).rows("cells")

    assert (row["status"], row["start"]) == ("ok", "prepared")
    assert not sleeping("1002.25")


def sleeping(seconds):
    return [one for one in psutil.process_iter(["cmdline"]) if seconds in (one.info["cmdline"] or [])]


@pytest.fixture(scope="module", params=["a group", "no group"])
def rows(request, evaluate, tmp_path_factory):
    """Rows of what takes too much, by what it takes, where the kernel counts processes and where nobody does."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "no group":
            patch.setattr(limits, "_places", lambda: iter(()))
        elif WHY_NOT:
            pytest.skip(WHY_NOT)
        patch.setattr(limits, "TASKS", 80)
        patch.setattr(limits, "OUTPUT_BYTES", 2**20)
        names = [f"greedy:what={what}" for what in ("processes", "output", "file", "nothing")]
        found = evaluate(tmp_path_factory.mktemp("rows"), *names, executor=Process())
        yield {row["submission"].partition("=")[2]: row for row in found.rows("cells")}


@pytest.mark.parametrize(
    ("what", "status", "detail"),
    [
        ("processes", "crashed", "started more processes and threads than its limit, 80 at a time"),
        ("output", "crashed", "printed more than its limit, 0.000976562 GiB"),
        ("file", "error", "wrote a file beyond its limit, 16 GiB"),
        ("nothing", "ok", ""),
    ],
)
def test_the_row_says_which_limit_was_met(rows, what, status, detail):
    assert (rows[what]["status"], rows[what]["detail"]) == (status, detail)


def test_counts_that_make_no_sense_are_left_out_and_seconds_of_the_processor_are_the_systems(rows):
    row = rows["nothing"]

    assert (row["parameters"], row["training_flops"]) == (None, None)
    assert "parameters and training_flops, as the submission says, make no sense" in row["log"]
    assert all(one["cpu_seconds"] > 0 for one in rows.values())  # also of those that were killed


def test_a_full_disk_is_the_doing_of_who_filled_it(tmp_path, monkeypatch):
    (tmp_path / "large").write_bytes(b"x" * 2**20)
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 2**20}))

    assert limits.no_room([tmp_path]) == ""
    monkeypatch.setattr(limits, "OWN_BYTES", 2**19)
    assert limits.no_room([tmp_path]).startswith("filled the disk: its folder holds 0.0 GiB")
