"""The forms of a sandbox: which can be had here, and the one that is taken where none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genbench.errors import Unavailable
from genbench.evaluation.executors import landlock, sandbox

if TYPE_CHECKING:
    from genbench.evaluation.executors.process import Process

HINTS: Final = {"bwrap": sandbox.HINT, "landlock": landlock.HINT}  # by form; the first that can be had is taken


def why_not(form: str) -> str:
    """Why a form cannot be had here; empty where it can."""
    return sandbox.why_not() if form == "bwrap" else landlock.why_not()


def sandboxed(jobs: int, form: str = "") -> Process:
    """The executor of a form, or of the first that can be had. Raises `Unavailable` where none can."""
    missing = {}
    for name in [form] if form else HINTS:
        if not (why := why_not(name)):
            return sandbox.Sandbox(jobs) if name == "bwrap" else landlock.Landlock(jobs)
        missing[name] = why
    raise Unavailable([f"{why}; {HINTS[name]}" for name, why in missing.items()])
