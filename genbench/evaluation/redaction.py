"""Values that must not be kept, such as the key of an API, taken out of what a submission printed, raised or answered.

A value is looked for as it is and as programs write it: in base64 at any place of what was encoded, percent-encoded, in
hexadecimal digits, and escaped as in JSON, Python and HTML. A part of it is found too, where it has `PART` characters
or more: messages are cut, and what was cut off is no reason to keep the rest. What a submission changes on purpose,
letter by letter or by a cipher, is not found.
"""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.parse
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST: Final = 4  # characters of a value that is looked for; `1` and `yes` stand everywhere
PART: Final = 8
REDACTED: Final = "[redacted]"


class Redaction:
    """Takes some values out of texts."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms = {form for value in values if len(value) >= SHORTEST for form in _forms(value) if len(form) >= SHORTEST}
        self.whole = sorted((form for form in forms if len(form) < PART), key=len, reverse=True)
        self.parts = {form[at : at + PART] for form in forms for at in range(len(form) - PART + 1)}

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.whole or self.parts)

    def __call__(self, text: str) -> str:
        """The text with `[redacted]` in the place of the values."""
        if not self:
            return text
        pieces, end = [], 0
        for start, stop in self._merged(text):
            pieces += [text[end:start], REDACTED]
            end = stop
        return "".join([*pieces, text[end:]])

    def _merged(self, text: str) -> Iterator[tuple[int, int]]:
        """Where values or parts of them are, in order; those that touch are one."""
        found = [(at, at + PART) for at in range(len(text) - PART + 1) if text[at : at + PART] in self.parts]
        for form in self.whole:
            found += [match.span() for match in re.finditer(re.escape(form), text)]
        start = stop = -1
        for one in sorted(found):
            if one[0] > stop:
                if stop > 0:
                    yield start, stop
                start = one[0]
            stop = max(stop, one[1])
        if stop > 0:
            yield start, stop


def _forms(value: str) -> Iterator[str]:
    """A value as programs write it."""
    raw = value.encode(errors="surrogateescape")
    yield value
    yield " ".join(value.split())  # as the one line of a row has it
    for quoted in (urllib.parse.quote(raw), urllib.parse.quote(raw, safe=""), urllib.parse.quote_plus(raw)):
        yield quoted
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found.group().lower(), quoted)
    yield from (raw.hex(), raw.hex().upper())
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
    yield html.escape(value)
    yield from _in_base64(raw)


def _in_base64(raw: bytes) -> Iterator[str]:
    """The value encoded alone, and within something longer: the letters that it decides, at each of three places."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")
        for before in range(3):
            letters = encode(bytes(before) + raw + bytes(2)).decode()
            yield letters[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
