"""Sound inputs made unsound: bytes turned, cut, repeated and put elsewhere, and what people are known to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

# Numbers beyond a type, nesting beyond a stack, text that no UTF-8 holds, what a terminal obeys, dates.
ODD: Final = (
    *(b"1e999", b"-1", b"0", b"1e-320", b"NaN", b"Infinity", b"9" * 400, b"9" * 5000, b"0x10", b"1_000", b"2**64"),
    *(b"[" * 2000, b"{" * 2000, b"[]", b"{}", b"null", b"true", b"''", b'""', b"1979-05-27", b"07:32:00"),
    *(b"\\ud800", b"\xed\xa0\x80", b"\xff\xfe", b"\x00", b"\x1b[31m", "\u202e".encode(), "\ufeff".encode()),
    *(
        b"a" * 300,
        b"../../etc/passwd",
        b"/",
        b"~nobody/x",
        b"%s%n",
        b"=cmd()",
        b"*",
        b"?",
        b"[a-",
        b":",
        b"@",
        b"|",
        b",",
    ),
    *(b"9223372036854775808", b"-9223372036854775809", b"\n", b"\r\n", b"#", b"'''", b'"""', b"\\", b"1/0", b"p**p**p"),
)


def mutated(given: bytes, rng: random.Random) -> bytes:
    """`given` after one to four changes."""
    found = bytearray(given)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(found) + 1)
        end = min(len(found), at + rng.choice((1, 1, 2, 8, 64)))
        kind = rng.randrange(7)
        if kind == 0 and at < len(found):
            found[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del found[at:end]
        elif kind == 2:
            found[at:end] = rng.choice(ODD)
        elif kind == 3:
            found[at:at] = rng.choice(ODD)
        elif kind == 4:
            found[at:at] = found[at:end] * rng.choice((1, 2, 50))
        elif kind == 5:
            found = found[:at]
        else:
            to = rng.randrange(len(found) + 1)
            found[to:to] = found[at:end]
    return bytes(found)
