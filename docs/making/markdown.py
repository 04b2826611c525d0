"""Text that comes from code, made safe for Markdown."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    r"""Text in which nothing is markup, but for `code`.

    >>> plain("a * b, list<int64> and `x * y`")
    'a \\* b, list&lt;int64&gt; and `x * y`'
    """
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(piece if place % 2 else _escaped(piece) for place, piece in enumerate(pieces))


def cell(text: str) -> str:
    """Plain text on one line of a table."""
    return plain(" ".join(text.split())).replace("|", "\\|")


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_\[\]])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
