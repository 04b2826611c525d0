"""The bytes of an official file: from a folder, from the cache or from its home, and never used unchecked."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import os
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from genbench.data.sources.fetch import absent, fetched
from genbench.data.sources.pins import FILE, declared, filled
from genbench.data.sources.places import cache_folder, data_folder, may_fetch
from genbench.errors import SourceAbsent, SourceFault, nearest

if TYPE_CHECKING:
    from genbench.data.sources.pins import Pinned, Source


def _whole(content: bytes) -> bytes:
    return content


def read(source: Source, path: str) -> bytes:
    """The bytes of an official file, its sha256 checked.

    Raises `SourceAbsent` where the file cannot be had, saying how to provide it, and `SourceFault` where what was found
    is not the pinned file: a bad file in the cache is renamed out of the way, one under `GENBENCH_DATA` is left alone.
    """
    if path not in source.files:
        raise SourceFault(f"source {source.name!r} declares no file {path!r}{nearest(path, source.files)}")
    wanted = source.files[path]
    folder = data_folder()
    if folder is not None:
        provided = _provided(source, path, folder)
        if provided is not None:
            place, content = provided
            _check(content, wanted, place, "it was left as it is", source.pinned)
            return content
    if not source.archive:
        return _cached(source, path, path, wanted, source.pinned)
    archive = _cached(source, path, PurePosixPath(source.url).name, source.archive)
    member = _member(source, path, archive)
    _check(member, wanted, f"{path} in {source.url}", "the archive is the pinned one, so the pin of the file is wrong")
    return member


def around(folder: Path) -> tuple[str, ...]:
    """What of this machine decides whether the official files of the task in `folder` are at hand; none is opened.

    While it stays the same, so does the answer: the folder that `GENBENCH_DATA` names, and what the cache holds.
    """
    pins = set()
    for name, one in declared(folder).items() if (folder / FILE).is_file() else ():
        pins |= {(name, pin[:8]) for pin in (one.archive, *one.files.values()) if pin}
    return str(data_folder()), *sorted(pin for name, pin in pins if (cache_folder() / name / pin).is_dir())


def _provided(source: Source, path: str, folder: Path) -> tuple[str, bytes] | None:
    """Where under `folder` the file lies, and its bytes; None where it does not."""
    for template in source.places:
        place = folder / filled(template, path)
        if place.is_file():
            return str(place), _bytes_of(place)
        packed = place.with_name(place.name + ".gz")
        if packed.is_file():
            try:
                return str(packed), gzip.decompress(_bytes_of(packed))
            except (OSError, EOFError, zlib.error) as fault:
                raise SourceFault(f"{packed} cannot be unpacked: {fault}") from None
    rebuilt = source.rebuild(folder, path) if source.rebuild is not None else None
    return None if rebuilt is None else (f"{path}, rebuilt from {folder}", rebuilt)


def _cached(source: Source, path: str, name: str, wanted: str, pinned: Pinned = _whole) -> bytes:
    """What the home of `path` holds, from the cache, or fetched into it under `name`.

    The pin is part of the place, so two releases that pin different commits can share a cache.
    """
    kept = cache_folder() / source.name / wanted[:8] / name
    if kept.is_file():
        return _checked(_bytes_of(kept), wanted, kept, str(kept), pinned)
    if not may_fetch():
        raise SourceAbsent(absent(source, path, "nothing may be fetched here"))
    content = fetched(source, path)
    partial = kept.with_name(f"{kept.name}.partial-{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        _checked(content, wanted, partial, source.address(path), pinned)
        partial.replace(kept)
    except OSError as fault:
        raise SourceFault(
            f"the cache {cache_folder()} cannot be written: {fault.strerror or fault}; GENBENCH_CACHE names another"
        ) from None
    return content


def _member(source: Source, path: str, archive: bytes) -> bytes:
    """One file of a tar archive, read by name: nothing in the archive chooses where anything is written."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            member = tar.extractfile(filled(source.inside, path))
            return member.read() if member else b""
    except (KeyError, tarfile.TarError, EOFError, zlib.error) as fault:
        raise SourceFault(f"{source.url}: {path} cannot be read from the archive: {fault}") from None


def _bytes_of(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as fault:
        raise SourceFault(f"{place} cannot be read: {fault.strerror or fault}") from None


def _check(content: bytes, wanted: str, where: str, what_now: str, pinned: Pinned = _whole) -> None:
    found = hashlib.sha256(pinned(content)).hexdigest()
    if found == wanted:
        return
    why = ""
    if b"\r\n" in content and hashlib.sha256(pinned(content.replace(b"\r\n", b"\n"))).hexdigest() == wanted:
        why = "; it is the right file with Windows line ends, which git makes of it where core.autocrlf is on"
    raise SourceFault(
        f"{where}: not the official file{why}\n  wanted sha256 {wanted}\n  found sha256  {found}, "
        f"{len(content):,} bytes\n  {what_now}"
    )


def _checked(content: bytes, wanted: str, place: Path, where: str, pinned: Pinned = _whole) -> bytes:
    """`content` where it is what was pinned; else `place`, which holds it, is renamed, and `SourceFault` says so."""
    bad = place.with_name(f"{place.name.split('.partial-')[0]}.bad-{hashlib.sha256(content).hexdigest()[:8]}")
    try:
        _check(content, wanted, where, f"it was set aside as {bad}; the same command fetches the file anew", pinned)
    except SourceFault:
        with contextlib.suppress(OSError):  # a cache that cannot be written: refused all the same
            place.replace(bad)
        raise
    return content
