"""Seeds with names: a stream belongs to what it is for, so adding one consumer moves no other."""

from __future__ import annotations

import hashlib


def derive(*names: str | int) -> int:
    """A 64-bit seed (0 .. 2**64 - 1) for the stream that `names` name, in this order.

    Names are written with their length and type before they are hashed, so `("ab", "c")`, `("a", "bc")`
    and `(1,)`, `("1",)` are four different streams.

    >>> derive("scan", "length", "questions") == derive("scan", "length", "questions")
    True
    """
    digest = hashlib.blake2b(digest_size=8, person=b"genbench-seed")
    for name in names:
        text = str(name).encode()
        digest.update(f"{type(name).__name__}:{len(text)}:".encode() + text)
    return int.from_bytes(digest.digest(), "little")
