"""Official files: found in a folder, kept in a cache, or fetched once from their public homes; never used unchecked.

A task lists its files in `sources.toml` beside its card: where each comes from, and its sha256. The bytes of a file are
looked for in three places, in this order:

1. the folder that `GENBENCH_DATA` names, laid out as the upstream repositories are or in another way that the task can
   read (`Source.places`, `Source.rebuild`);
2. the cache: `GENBENCH_CACHE`, or `genbench` in the platform's cache folder;
3. the public home, unless `GENBENCH_OFFLINE` is set or `offline()` holds.

Whatever the place, the sha256 decides: what has another is named in a `SourceFault` and not used.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import io
import os
import re
import sys
import tarfile
import tomllib
import zlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, Literal

import pyarrow as pa

from genbench.errors import BadCard, SourceAbsent, SourceFault, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Self

    Rebuild = Callable[[Path, str], bytes | None]

FILE: Final = "sources.toml"
TIMEOUT_SECONDS: Final = 30.0  # without a byte, not for the whole file
PIECE_BYTES: Final = 2**18

_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEYS: Final = {"url": str, "archive": str, "inside": str, "places": list, "sha256": dict}
_offline: ContextVar[bool] = ContextVar("offline", default=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A public home of official files.

    `files` maps the path of a file at its home to the sha256 of its bytes. `url` and the `places` under
    `GENBENCH_DATA` are templates over `{path}` and `{name}`, the path's last part; a place may also hold the file as
    `.gz`. Where `archive` (a sha256) is given, `url` names one tar archive and `inside` says where in it a file lies.
    `rebuild(folder, path)` makes a file's bytes from a folder that holds the same content in another form, or returns
    None where it does not.
    """

    name: str
    url: str
    files: Mapping[str, str]
    places: tuple[str, ...] = ("{path}",)
    archive: str = ""
    inside: str = "{path}"
    rebuild: Rebuild | None = field(default=None, compare=False)

    def address(self, path: str) -> str:
        """The URL of a file, or of the archive that holds it."""
        return _filled(self.url, path)


def declared(folder: Path, rebuild: Rebuild | None = None) -> dict[str, Source]:
    """The sources that `sources.toml` in a task's folder declares, by name.

    Raises `BadCard` with every fault of the file.
    """
    where = folder / FILE
    try:
        tables = tomllib.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCard(str(where), ["there is no such file"]) from None
    except (OSError, ValueError, RecursionError) as fault:
        raise BadCard(str(where), [f"not readable as TOML: {fault}"]) from None
    faults: list[str] = []
    found = {name: _source(name, table, rebuild, faults) for name, table in tables.items()}
    if faults:
        raise BadCard(str(where), faults)
    return found


def _source(name: str, table: object, rebuild: Rebuild | None, faults: list[str]) -> Source:
    """One table of `sources.toml`; what is wrong with it is added to `faults`."""
    if not isinstance(table, dict):
        faults.append(f"key '{name}' must be a table")
        return Source(name, "", {})
    before = len(faults)
    faults += [f"missing key '{name}.{key}'" for key in ("url", "sha256") if key not in table]
    for key, value in table.items():
        if key not in _KEYS:
            hint = nearest(key, _KEYS)
            faults.append(f"unknown key '{name}.{key}'" + (hint if "did you mean" in hint else ""))
        elif not isinstance(value, _KEYS[key]):
            kinds = {str: "a string", list: "an array of strings", dict: "a table"}
            faults.append(f"key '{name}.{key}' is {value!r}; it must be {kinds[_KEYS[key]]}")
    if len(faults) > before:
        return Source(name, "", {})
    if not table["url"].startswith(("https://", "http://")):
        faults.append(f"key '{name}.url' is {table['url']!r}; it must begin with https:// or http://")
    pins = {f"sha256.{path}": digest for path, digest in table["sha256"].items()}
    for key, digest in (pins | ({"archive": table["archive"]} if "archive" in table else {})).items():
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            faults.append(f"key '{name}.{key}' is {digest!r}; it must be 64 hexadecimal digits")
    for path in map(PurePosixPath, table["sha256"]):
        if path.is_absolute() or ".." in path.parts:
            faults.append(f"key '{name}.sha256.{path}': a path must be relative and have no '..'")
    optional = {key: table[key] for key in ("archive", "inside") if key in table}
    places = tuple(str(place) for place in table.get("places", ["{path}"]))
    return Source(name, table["url"], dict(table["sha256"]), places, rebuild=rebuild, **optional)


def _filled(template: str, path: str) -> str:
    return template.replace("{path}", path).replace("{name}", PurePosixPath(path).name)


@contextlib.contextmanager
def offline() -> Iterator[None]:
    """While this holds, nothing is fetched: a file that is neither in the folder nor in the cache is absent."""
    token = _offline.set(True)
    try:
        yield
    finally:
        _offline.reset(token)


def may_fetch() -> bool:
    """Whether files may be fetched: not within `offline`, and not where `GENBENCH_OFFLINE` is set."""
    return not _offline.get() and os.environ.get("GENBENCH_OFFLINE", "0") in {"", "0"}


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
            _check(content, wanted, place, "it was left as it is")
            return content
    if not source.archive:
        return _cached(source, path, path, wanted)
    archive = _cached(source, path, PurePosixPath(source.url).name, source.archive)
    member = _member(source, path, archive)
    _check(member, wanted, f"{path} in {source.url}", "the archive is the pinned one, so the pin of the file is wrong")
    return member


def data_folder() -> Path | None:
    """The folder that `GENBENCH_DATA` names, None where it is not set. Raises `SourceFault` where there is none."""
    given = os.environ.get("GENBENCH_DATA", "")
    if not given:
        return None
    folder = Path(given).expanduser()
    if not folder.is_dir():
        raise SourceFault(f"GENBENCH_DATA is {given!r}, and there is no such folder")
    return folder


def cache_folder() -> Path:
    """Where fetched files are kept: `GENBENCH_CACHE`, else `genbench` in the platform's cache folder."""
    given = os.environ.get("GENBENCH_CACHE", "")
    if given:
        return Path(given).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "genbench"
    own = os.environ.get("XDG_CACHE_HOME", "")
    # The specification has relative paths ignored.
    return (Path(own) if Path(own).is_absolute() else Path.home() / ".cache") / "genbench"


def _provided(source: Source, path: str, folder: Path) -> tuple[str, bytes] | None:
    """Where under `folder` the file lies, and its bytes; None where it does not."""
    for template in source.places:
        place = folder / _filled(template, path)
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


def _bytes_of(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as fault:
        raise SourceFault(f"{place} cannot be read: {fault.strerror or fault}") from None


def _check(content: bytes, wanted: str, where: str, what_now: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found == wanted:
        return
    why = ""
    if b"\r\n" in content and hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest() == wanted:
        why = "; it is the right file with Windows line ends, which git makes of it where core.autocrlf is on"
    raise SourceFault(
        f"{where}: not the official file{why}\n  wanted sha256 {wanted}\n  found sha256  {found}, "
        f"{len(content):,} bytes\n  {what_now}"
    )


def _checked(content: bytes, wanted: str, place: Path, where: str) -> bytes:
    """`content` where it is what was pinned; else `place`, which holds it, is renamed, and `SourceFault` says so."""
    bad = place.with_name(f"{place.name.split('.partial-')[0]}.bad-{hashlib.sha256(content).hexdigest()[:8]}")
    try:
        _check(content, wanted, where, f"it was set aside as {bad}; the same command fetches the file anew")
    except SourceFault:
        with contextlib.suppress(OSError):  # a cache that cannot be written: refused all the same
            place.replace(bad)
        raise
    return content


def _cached(source: Source, path: str, name: str, wanted: str) -> bytes:
    """What the home of `path` holds, from the cache, or fetched into it under `name`.

    The pin is part of the place, so two releases that pin different commits can share a cache.
    """
    kept = cache_folder() / source.name / wanted[:8] / name
    if kept.is_file():
        return _checked(_bytes_of(kept), wanted, kept, str(kept))
    if not may_fetch():
        raise SourceAbsent(_absent(source, path, "nothing may be fetched here"))
    content = _fetched(source, path)
    partial = kept.with_name(f"{kept.name}.partial-{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        _checked(content, wanted, partial, source.address(path))
        partial.replace(kept)
    except OSError as fault:
        raise SourceFault(
            f"the cache {cache_folder()} cannot be written: {fault.strerror or fault}; GENBENCH_CACHE names another"
        ) from None
    return content


def _fetched(source: Source, path: str) -> bytes:
    """What the URL of `path` gives, unchecked. Raises `SourceAbsent` where it gives nothing."""
    import urllib.error
    import urllib.request

    url = source.address(path)
    request = urllib.request.Request(url, headers={"User-Agent": "genbench"})  # noqa: S310  http(s), see _source
    pieces = []
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  as above
            size = answer.headers.get("Content-Length", "")
            with _Progress(url, int(size) if size.isdigit() else 0) as progress:
                while piece := answer.read(PIECE_BYTES):
                    pieces.append(piece)
                    progress.add(len(piece))
    except urllib.error.HTTPError as fault:
        raise SourceAbsent(_absent(source, path, f"its home answered {fault.code} {fault.reason}")) from None
    except (OSError, http.client.HTTPException) as fault:  # no network, an unknown host, a connection cut
        reason = getattr(fault, "reason", None) or fault
        raise SourceAbsent(_absent(source, path, f"it could not be fetched ({reason})")) from None
    return b"".join(pieces)


def _absent(source: Source, path: str, why: str) -> str:
    folder = os.environ.get("GENBENCH_DATA", "")
    looked = f"\n  looked for under GENBENCH_DATA, {folder}" if folder else ""
    return (
        f"the official file {path} is not at hand, and {why}{looked}\n  its home is {source.address(path)}\n"
        f"  to provide it, set GENBENCH_DATA to a folder that holds it as {_filled(source.places[0], path)}"
    )


def _member(source: Source, path: str, archive: bytes) -> bytes:
    """One file of a tar archive, read by name: nothing in the archive chooses where anything is written."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            member = tar.extractfile(_filled(source.inside, path))
            return member.read() if member else b""
    except (KeyError, tarfile.TarError, EOFError, zlib.error) as fault:
        raise SourceFault(f"{source.url}: {path} cannot be read from the archive: {fault}") from None


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


def lines(content: bytes, where: str) -> list[str]:
    """The lines of a text file with Unix line ends. Raises `SourceFault` for others and for what is not UTF-8."""
    if b"\r" in content:
        at = content[: content.index(b"\r")].count(b"\n") + 1
        raise SourceFault(f"{where}, line {at}: Windows line ends; lines must end in a line feed alone")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise SourceFault(f"{where}: not UTF-8: {fault}") from None
    if not text.endswith("\n"):
        raise SourceFault(f"{where}: the last line has no end; the file may be truncated")
    return text[:-1].split("\n")


def columns(content: bytes, names: Sequence[str], where: str) -> pa.Table:
    """A tab-separated file without header as a table of strings, in the file's order.

    Raises `SourceFault` for a line with another number of columns, and as `lines` does.
    """
    rows = [line.split("\t") for line in lines(content, where)]
    for at, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise SourceFault(f"{where}, line {at}: {len(row)} columns; there must be {len(names)}: {', '.join(names)}")
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})


@dataclass(frozen=True, slots=True)
class Claim:
    """That a subset equals an official file: the subset's `rows`, written as that file is (`content`).

    Where `ordered` is false the rows stand in an order of their own, and the lines are compared sorted.
    """

    subset: str
    rows: int
    content: bytes
    source: Source
    path: str
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like an official file generated rows are in one respect, by a chi-square test of homogeneity.

    `what` was counted `counted` times; `p` is the chance of a statistic as large where both have the same shares.
    """

    what: str
    counted: int
    statistic: float
    freedom: int
    p: float
    path: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim. `digest` is the sha256 of what the task built: of its lines sorted, if `ordered` is not.

    `detail` says what differs, or what is absent. Of a likeness, `subset` is what was counted, `rows` how often, and
    `ordered` null, for there is no order to compare; `digest` is the test.
    """

    split: str
    subset: str
    rows: int
    ordered: bool | None
    digest: str
    status: Literal["equal", "alike", "differs", "absent"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A published figure, or a curve of them, computed anew from the data under it.

    `difference` is the largest of all its numbers, infinite where they cannot be compared; `wanted` says that whoever
    made the reference found that the data give the figure. `detail` says what differs most.
    """

    name: str
    wanted: bool
    difference: float
    detail: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the figure came out, to within `AGREES`."""
        return self.difference <= AGREES


AGREES = 1e-6
LEAST_P = 1e-4  # of a likeness: some hundred tests of one set all pass by chance 99 times of 100


def judge(split: str, found: Likeness) -> Verdict:
    """A likeness as a verdict: alike, unless a difference as large hardly comes by chance."""
    test = f"chi-square {found.statistic:.1f}, {found.freedom} degrees of freedom, p = {found.p:.3f}"
    detail = "" if found.p >= LEAST_P else f"{found.path}: its shares are others, p = {found.p:.2g}"
    return Verdict(split, found.what, found.counted, None, test, "differs" if detail else "alike", detail)


def compare(split: str, claim: Claim) -> Verdict:
    """Hold a claim against the official file: its pinned sha256 where rows are in the official order, else its lines.

    Raises `SourceAbsent` and `SourceFault` where the file is needed and cannot be had.
    """
    if claim.ordered:
        built, wanted = hashlib.sha256(claim.content).hexdigest(), claim.source.files[claim.path]
    else:
        built, wanted = _sorted_digest(claim.content), _sorted_digest(read(claim.source, claim.path))
    detail = "" if built == wanted else f"{claim.path}: official {wanted}"
    return Verdict(
        split, claim.subset, claim.rows, claim.ordered, built, "equal" if built == wanted else "differs", detail
    )


def _sorted_digest(content: bytes) -> str:
    """As `LC_ALL=C sort FILE | sha256sum` gives it."""
    return hashlib.sha256(b"".join(sorted(content.splitlines(keepends=True)))).hexdigest()
