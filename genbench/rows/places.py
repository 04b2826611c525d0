"""Where a place as typed lies: a folder of this disk, or one at an fsspec URL.

Chained URLs (`simplecache::s3://rows`, `zip://a::file.zip`) are refused: what stands behind a cache or in an archive is
not there for others when it is written, and a file in it gets no name in one step. A folder of this disk whose name has
two colons is that folder.

Each library behind a URL has errors of its own, for lacking credentials, say. `Elsewhere` makes `OSError`s of them, so
whoever writes and reads rows need know of no more than a disk's.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Final, Self

from genbench.errors import StoreFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CHAIN: Final = "::"
HINTS: Final = dict.fromkeys(("s3", "s3a"), "; `pip install 'genbench[s3]'` brings it")
LONG: Final = 300  # characters kept of what a library says
SECRET: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/@:]*):[^/@]*@")
SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(/*)(.*)", re.DOTALL)


def at(place: str, what: str = "results") -> tuple[Any, str]:
    """The file system of a place and its root there. Raises `StoreFault` for what is no place, or a chain of them.

    Of a file system elsewhere nothing that it listed is remembered: others write there, too.
    """
    import fsspec
    import fsspec.core
    from fsspec.implementations.local import LocalFileSystem

    if CHAIN in place:
        links = [part.partition("://")[0] for part in place.split(CHAIN)]
        if "://" in place or links[0] in fsspec.available_protocols():
            raise StoreFault(
                f"{what} {place!r}: chained URLs are not taken, for nothing is written in one step behind one; "
                "name the last place alone, as s3://bucket/folder"
            )
        return LocalFileSystem(), LocalFileSystem._strip_protocol(place)  # noqa: SLF001  as `url_to_fs` does
    _check(place, what, fsspec.available_protocols())
    protocol = place.partition("://")[0] if "://" in place else "file"
    options = {} if protocol in {"file", "local", "memory"} else {"use_listings_cache": False}
    try:
        files, root = fsspec.core.url_to_fs(place, **options)
    except Exception as fault:  # what is not installed, not known, or does not answer: each library has its own
        hint = HINTS.get(protocol, "") if isinstance(fault, ImportError) else ""
        raise StoreFault(f"{what} {place!r}: {_line(fault)}{hint}") from fault
    return (files if isinstance(files, LocalFileSystem) else Elsewhere(files)), root


def _check(place: str, what: str, known: Collection[str]) -> None:
    """Refuse what looks like a URL and is none, for a folder of that name here would be a surprise; and passwords.

    Where rows lie is told by the page, so that it can be looked at again.
    """
    scheme = SCHEME.fullmatch(place)
    if scheme is None or scheme[1] not in known:
        return
    if secret := SECRET.match(place):
        shown = f"{secret[1]}:...@{place[secret.end() :]}"
        raise StoreFault(
            f"{what} {shown!r}: a password in a URL would be told by the page; "
            "the library's own variables take it, or fsspec's, as FSSPEC_FTP_PASSWORD"
        )
    here = scheme[1] in {"file", "local"}
    if not (scheme[3] and scheme[2] == "//") and not (here and scheme[2] == "///"):
        own = "" if "//" in place else f"; a folder here of that name is ./{place}"
        raise StoreFault(f"{what} {place!r}: a URL is as {scheme[1]}://bucket/folder{own}")


class Elsewhere:
    """A file system that is not this disk's, or a file of one: what goes wrong is an `OSError` of one line."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind

    def __getattr__(self, name: str) -> Any:
        """What the library has under that name."""
        found = getattr(self._behind, name)
        if not callable(found):
            return found

        def asked(*arguments: Any, **named: Any) -> Any:
            with _as_of_a_disk():
                given = found(*arguments, **named)
            return Elsewhere(given) if name == "open" else given

        return asked

    def __enter__(self) -> Self:
        with _as_of_a_disk():
            self._behind.__enter__()
        return self

    def __exit__(self, *why: object) -> None:
        with _as_of_a_disk():  # the last bytes leave here
            self._behind.__exit__(*why)


@contextlib.contextmanager
def _as_of_a_disk() -> Iterator[None]:
    try:
        yield
    except (OSError, MemoryError):
        raise
    except NotImplementedError as fault:
        raise OSError("its library neither writes nor replaces files") from fault
    except Exception as fault:
        raise OSError(_line(fault)) from fault


def _line(fault: BaseException) -> str:
    """An error in one line; one that says nothing, by its name."""
    said = " ".join(str(fault).split())
    return (said if len(said) <= LONG else f"{said[:LONG]} ...") or type(fault).__name__


def local(place: str) -> str | None:
    """The path of a place on this disk, None for one elsewhere. Raises `StoreFault` as `at` does."""
    from fsspec.implementations.local import LocalFileSystem

    files, root = at(place)
    return root if isinstance(files, LocalFileSystem) else None


def passing(place: str) -> bool:
    """Whether a place is gone when this process ends."""
    return place.startswith("memory://")


def slug(place: str) -> str:
    """A URL as the name of a folder: `s3-bucket-rows` of `s3://bucket/rows`."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", place).strip("-.") or "results"
