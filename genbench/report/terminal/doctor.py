"""What this machine has of what genbench can use, and how to get what is missing."""

from __future__ import annotations

import os
import platform
import shutil
from typing import TYPE_CHECKING, Final

from genbench.edition import EDITION, VERSION
from genbench.errors import GenbenchError
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.report.output import Output

FOUND: Final = (
    Column("what", "text", "what genbench can use", "what"),
    Column("there", "boolean", "whether it is there", None),
    Column("said", "text", "what was found, or what is missing and how to get it", "found"),
)


def doctor(output: Output) -> int:
    """Say what is there. Returns 0 also where something is missing: nothing of it is needed for the first run."""
    rows = [list(one) for one in _looked_at()]
    shown = [[what, there, said if there else f"no: {said}"] for what, there, said in rows]
    output.show(table_of("doctor", FOUND, shown))
    return exits.OK


def _looked_at() -> Iterator[tuple[str, bool, str]]:
    from genbench.data.sources import places
    from genbench.evaluation import checkpoints
    from genbench.evaluation.executors import forms, limits
    from genbench.rows import devices, provenance

    yield "genbench", True, f"{VERSION}, edition {EDITION}, on Python {platform.python_version()}"
    machine = provenance.machine()
    memory = f"{int(machine.get('memory_bytes', 0)) / 2**30:.0f} GiB"
    yield "machine", True, f"{machine.get('processor')}, {provenance.usable_cores()} cores, {memory}"
    device, said = devices.found()
    without = f"{said}; submissions that need one are left out, and named"
    yield "GPU", device != "cpu", f"{device}: {said}" if device != "cpu" else without
    for form, hint in forms.HINTS.items():
        why = forms.why_not(form)
        yield f"sandbox:{form}", not why, f"{why}; {hint}" if why else f"--executor sandbox:{form}"
    uncounted = limits.why_no_group()
    yield "processes", not uncounted, uncounted or f"a control group holds each cell to {limits.TASKS} at a time"
    uv = shutil.which("uv")
    yield "uv", uv is not None, uv or "pip install uv; cards that ask for packages with `requires` need it"
    for name, asked in (("official files", places.data_folder), ("cache", places.cache_folder)):
        try:
            folder = asked()
        except GenbenchError as fault:
            yield name, False, str(fault)
        else:
            missing = "GENBENCH_DATA names a folder of them; without it they are fetched once into the cache"
            yield name, folder is not None, missing if folder is None else str(folder)
    yield "network", places.may_fetch(), "GENBENCH_OFFLINE is set" if not places.may_fetch() else "may be used to fetch"
    place = checkpoints.place()
    above = next(path for path in (place, *place.parents) if path.exists())
    writable = os.access(above, os.W_OK)
    yield (
        "checkpoints",
        writable,
        str(place) if writable else f"{place} cannot be written; GENBENCH_CHECKPOINTS names another",
    )
