"""Questions that lie outside a job's folder until they are asked for: the worker's side and the parent's.

The worker asks when it is ready to predict; the parent then moves them in. At a yield that is before fit has ended, and
what a submission sees in `predict` it may always learn from: its card says `transductive`, or it does not.
"""

from __future__ import annotations

import contextlib
import functools
import os
import time
from typing import TYPE_CHECKING, Final

from genbench.evaluation.attending import WAIT_SECONDS, attending
from genbench.evaluation.cell import QUESTIONS

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

WANTED: Final = "questions.wanted"


def questions_at(folder: Path) -> Path:
    """The questions of the job in `folder`, asked for and waited for where they lie outside."""
    path = folder / QUESTIONS
    if not path.exists():
        (folder / WANTED).touch()
        while not path.exists():  # the cell's budget ends the waiting, if need be
            time.sleep(WAIT_SECONDS)
    return path


@contextlib.contextmanager
def withheld(folder: Path) -> Iterator[None]:
    """Keep the questions of the job in `folder` beside it until the worker asks for them."""
    outside = folder.with_name(f"{folder.name}.{QUESTIONS}")
    (folder / QUESTIONS).replace(outside)
    try:
        with attending(functools.partial(_hand_over, folder, outside)):
            yield
    finally:
        outside.unlink(missing_ok=True)


def _hand_over(folder: Path, outside: Path, stop: threading.Event) -> None:
    while not stop.wait(WAIT_SECONDS):
        if os.path.lexists(folder / WANTED):
            with contextlib.suppress(OSError):  # what has the name already is the submission's own doing
                outside.replace(folder / QUESTIONS)
            return
