"""Where a row comes from."""

import os
import platform

import pytest

from genbench import __version__
from genbench.rows import provenance


def test_versions_name_python_genbench_and_every_library_asked_for():
    found = provenance.versions(["rich", "no-such-library"])

    assert found["python"] == platform.python_version()
    assert found["genbench"] == __version__
    assert found["no-such-library"] == "absent"
    assert {"datasets", "numpy", "pyarrow", "rich"} <= found.keys()


def test_the_machine_is_described():
    found = provenance.machine()

    assert set(found) == {"processor", "cores", "memory_bytes", "system"}
    assert found["memory_bytes"] > 2**28
    assert found["cores"] >= 1


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot bind a process to cores")
def test_cores_are_those_that_this_process_may_use():
    mine = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(mine)})

        assert provenance.usable_cores() == 1
    finally:
        os.sched_setaffinity(0, mine)
