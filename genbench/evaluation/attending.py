"""What the parent does beside a running job, in a thread of its own, until the job has ended."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT_SECONDS: Final = 0.02  # how often parent and worker look whether the other has left something


@contextlib.contextmanager
def attending(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Do `work` meanwhile; its event is set when it is to end, and it is waited for."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
