"""Official files fetched from their public homes, with progress on stderr. Nothing here checks what came."""

from __future__ import annotations

import http.client
import os
import sys
from typing import TYPE_CHECKING, Final

from genbench.data.sources.pins import filled
from genbench.errors import SourceAbsent

if TYPE_CHECKING:
    from typing import Self

    from genbench.data.sources.pins import Source

TIMEOUT_SECONDS: Final = 30.0  # without a byte, not for the whole file
PIECE_BYTES: Final = 2**18


def fetched(source: Source, path: str) -> bytes:
    """What the URL of `path` gives, unchecked. Raises `SourceAbsent` where it gives nothing."""
    import urllib.error
    import urllib.request

    url = source.address(path)
    request = urllib.request.Request(url, headers={"User-Agent": "genbench"})  # noqa: S310  http(s), see pins
    pieces = []
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  as above
            size = answer.headers.get("Content-Length", "")
            with _Progress(url, int(size) if size.isdigit() else 0) as progress:
                while piece := answer.read(PIECE_BYTES):
                    pieces.append(piece)
                    progress.add(len(piece))
    except urllib.error.HTTPError as fault:
        raise SourceAbsent(absent(source, path, f"its home answered {fault.code} {fault.reason}")) from None
    except (OSError, http.client.HTTPException) as fault:  # no network, an unknown host, a connection cut
        reason = getattr(fault, "reason", None) or fault
        raise SourceAbsent(absent(source, path, f"it could not be fetched ({reason})")) from None
    return b"".join(pieces)


def absent(source: Source, path: str, why: str) -> str:
    """What to say where a file cannot be had: where it was looked for, its home, and how to provide it."""
    folder = os.environ.get("GENBENCH_DATA", "")
    looked = f"\n  looked for under GENBENCH_DATA, {folder}" if folder else ""
    return (
        f"the official file {path} is not at hand, and {why}{looked}\n  its home is {source.address(path)}\n"
        f"  to provide it, set GENBENCH_DATA to a folder that holds it as {filled(source.places[0], path)}"
    )


class _Progress:
    """What is being fetched, on stderr: a share that grows on a terminal, one line elsewhere."""

    def __init__(self, url: str, total: int) -> None:
        self.url, self.total, self.done, self.shown = url, total, 0, -1

    def __enter__(self) -> Self:
        size = f" ({self.total / 2**20:.1f} MiB)" if self.total else ""
        sys.stderr.write(f"fetching {self.url}{size}" + ("" if sys.stderr.isatty() else "\n"))
        sys.stderr.flush()
        return self

    def add(self, count: int) -> None:
        """Count bytes that came."""
        self.done += count
        share = 100 * self.done // self.total if self.total else -1
        if sys.stderr.isatty() and share > self.shown:
            self.shown = share
            sys.stderr.write(f"\rfetching {self.url} {share:3d} %")
            sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")
