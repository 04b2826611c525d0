"""Where a place as typed lies: a folder of this disk, or one at an fsspec URL.

Chained URLs (`simplecache::s3://rows`, `zip://a::file.zip`) are refused: what stands behind a cache or in an archive is
not there for others when it is written, and a file in it gets no name in one step. A folder of this disk whose name has
two colons is that folder.
"""

from __future__ import annotations

import re
from typing import Any, Final

from genbench.errors import StoreFault

CHAIN: Final = "::"


def at(place: str, what: str = "results") -> tuple[Any, str]:
    """The file system of a place and its root there. Raises `StoreFault` for what is no place, or a chain of them.

    Of a file system elsewhere nothing that it listed is remembered: others write there, too.
    """
    import fsspec
    from fsspec.implementations.local import LocalFileSystem

    if CHAIN in place:
        links = [part.partition("://")[0] for part in place.split(CHAIN)]
        if "://" in place or links[0] in fsspec.available_protocols():
            raise StoreFault(
                f"{what} {place!r}: chained URLs are not taken, for nothing is written in one step behind one; "
                "name the last place alone, as s3://bucket/folder"
            )
        return LocalFileSystem(), LocalFileSystem._strip_protocol(place)  # noqa: SLF001  as `url_to_fs` does
    protocol = place.partition("://")[0] if "://" in place else "file"
    options = {} if protocol in {"file", "local", "memory"} else {"use_listings_cache": False}
    try:
        files, root = fsspec.core.url_to_fs(place, **options)
    except (ValueError, ImportError) as fault:
        raise StoreFault(f"{what} {place!r}: {fault}") from fault
    return files, root


def local(place: str) -> str | None:
    """The path of a place on this disk, None for one elsewhere. Raises `StoreFault` as `at` does."""
    from fsspec.implementations.local import LocalFileSystem

    files, root = at(place)
    return root if isinstance(files, LocalFileSystem) else None


def slug(place: str) -> str:
    """A URL as the name of a folder: `s3-bucket-rows` of `s3://bucket/rows`."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", place).strip("-.") or "results"
