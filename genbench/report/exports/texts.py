"""What rows say of themselves, as it is written for other readers: no mark that is obeyed, and no text without end."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from genbench import strangers

if TYPE_CHECKING:
    from genbench.analysis.standings import Standing

MOST: Final = 1_000  # characters of a text; the longest address of the grids has some hundred


def short(text: str, most: int = MOST) -> str:
    r"""Text in which nothing is obeyed; of a longer one the beginning, its length, and a digest that tells it apart.

    >>> short("a\x1b[0m"), short("x" * 50, 4)
    ('a\\x1b[0m', 'xxxx… (50 characters, 77cf1206)')
    """
    if len(text) <= most:
        return strangers.plain(text)
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{strangers.plain(text[:most])}\N{HORIZONTAL ELLIPSIS} ({len(text):,} characters, {digest})"


def harmless(one: Standing) -> Standing:
    """A standing whose texts are such."""
    changed: dict[str, Any] = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if isinstance(value, str) and (told := short(value)) != value:
            changed[field.name] = told
    failed = tuple((short(status), count) for status, count in one.failed)
    return replace(one, failed=failed, **changed) if changed or failed != one.failed else one
