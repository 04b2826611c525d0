"""A griffe extension: sessions of Python's prompt in a docstring are shown as code.

Docstrings are Markdown, in which `>>>` would open a quotation in a quotation in a quotation.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_SESSION = re.compile(r"(?m)^(?P<indent>[ ]*)>>> .*(?:\n(?=[ ]*\S).*)*")


def fenced(text: str) -> str:
    """The docstring with each session between fences; it ends at the next empty line, as doctest has it."""
    return _SESSION.sub(lambda found: f"{found['indent']}```pycon\n{found[0]}\n{found['indent']}```", text)


class Doctests(griffe.Extension):
    """Fences the sessions of every docstring that griffe reads."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called once for each object."""
        if obj.docstring and ">>>" in obj.docstring.value and "```pycon" not in obj.docstring.value:
            obj.docstring.value = fenced(obj.docstring.value)
