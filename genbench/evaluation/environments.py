"""Environments of their own, for submissions that require packages: made by uv, kept in the cache.

An environment lies on top of genbench's own: what genbench rests on is there already, at the versions that are
installed, so numpy and torch are never fetched twice, and the worker that runs in it is that of this very checkout or
wheel. What a card requires is resolved against those versions and the rest installed above them. uv is told of what is
there by wheels without content, which it resolves against and never installs; a torch from an index of its own, of
which the packages' index does not know, is had in this way too.

Nothing is built: a source distribution would run its own code here, outside the wall, so only wheels are taken.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbench.data.sources import cache_folder, may_fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TOLD: Final = "genbench.json"  # in an environment that is whole: what it was made for, and what is in it
_BENEATH: Final = "genbench_beneath.pth"  # puts genbench's own packages below those of the environment
_ENGINE: Final = "genbench"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_WORDS: Final = 900  # characters of what uv says that an error keeps


class Unresolved(Exception):  # noqa: N818 - a reason, on its way into the one error of a whole plan
    """Why an environment cannot be had."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment that is there: its interpreter, and the versions that its requirements were resolved to."""

    python: Path
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Requirements with a version of every package that they need; `present` says which genbench has already."""

    requirements: tuple[str, ...]
    versions: Mapping[str, str]
    present: frozenset[str]


def kept(requirements: Sequence[str]) -> Environment | None:
    """The environment for `requirements`, where it was made before; no network is needed for it."""
    folder = _folder(requirements)
    try:
        told = json.loads((folder / _TOLD).read_text(encoding="utf-8"))
        versions = {str(name): str(version) for name, version in told["versions"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    python = _python_of(folder)
    return Environment(python, versions) if python.exists() else None  # a link: its interpreter may have been removed


def resolve(requirements: Sequence[str]) -> Resolved:
    """A version for each package that `requirements` need, beside what genbench has. Raises `Unresolved`."""
    with tempfile.TemporaryDirectory(prefix="genbench-uv-") as place:
        here = Path(place)
        (here / "requirements.txt").write_text("\n".join(_sorted(requirements)), encoding="utf-8")
        pins = "\n".join(f"{name}=={version}" for name, version in _beneath().items())
        (here / "constraints.txt").write_text(pins, encoding="utf-8")
        tables = (f'[[dependency-metadata]]\nname = "{name}"\nrequires-dist = []\n' for name in _beneath())
        (here / "uv.toml").write_text("\n".join(tables), encoding="utf-8")
        for name, version in _beneath().items():
            _write_empty_wheel(here / "present", name, version)
        listed = _uv(
            here,
            *("pip", "compile", "--no-header", "--no-annotate", "--no-build", "--python", sys.executable),
            *("--constraint", "constraints.txt", "requirements.txt"),
            links=here / "present",
        )
    versions = {}
    for line in listed.splitlines():
        name, equals, version = line.partition(";")[0].strip().partition("==")
        if equals and not name.startswith(("#", "-")):
            versions[_canonical(name.partition("[")[0])] = version.strip()
    present = frozenset(versions) & frozenset(_beneath())
    return Resolved(tuple(_sorted(requirements)), versions | {name: _beneath()[name] for name in present}, present)


def make(resolved: Resolved) -> Environment:
    """Make the environment, or take it where another evaluation made it meanwhile. Raises `Unresolved`.

    It gets its name when it is whole, so an interruption leaves nothing that could be taken for one.
    """
    folder = _folder(resolved.requirements)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.with_suffix(".lock")):
            if (there := kept(resolved.requirements)) is not None:
                return there
            for left in folder.parent.glob(f"{folder.name}*"):  # of whoever was killed; nobody else works on it now
                if left.suffix != ".lock":
                    shutil.rmtree(left, ignore_errors=True)
            sys.stderr.write(f"making an environment with {', '.join(resolved.requirements)}\n")
            making = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
            try:
                _fill(making / "environment", resolved)
                (making / "environment").rename(folder)
            finally:
                shutil.rmtree(making, ignore_errors=True)
    except OSError as fault:
        raise Unresolved(f"its environment cannot be made in {folder.parent}: {fault}") from fault
    return Environment(_python_of(folder), resolved.versions)


def _fill(folder: Path, resolved: Resolved) -> None:
    """Make an environment in a folder that is not there yet."""
    # Relocatable: it is made under another name than the one it will have.
    _uv(folder.parent, "venv", "--quiet", "--no-project", "--relocatable", "--python", sys.executable, str(folder))
    missing = [f"{name}=={version}" for name, version in resolved.versions.items() if name not in resolved.present]
    if missing:
        (folder.parent / "missing.txt").write_text("\n".join(missing), encoding="utf-8")
        _uv(
            folder.parent,
            *("pip", "install", "--no-deps", "--no-build", "--python", str(_python_of(folder))),
            *("--requirement", "missing.txt"),
        )
    (packages,) = (*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages"))
    lines = [str(_root())] * (not _is_installed()) + [
        f"import site; site.addsitedir({place!r})" for place in site.getsitepackages()
    ]
    (packages / _BENEATH).write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = {"requirements": list(resolved.requirements), "versions": dict(resolved.versions)}
    (folder / _TOLD).write_text(json.dumps(told, indent=1), encoding="utf-8")


def _folder(requirements: Sequence[str]) -> Path:
    """Where the environment for `requirements` lies: by what it is made of, and what lies beneath it."""
    content = {
        "requirements": _sorted(requirements),
        "python": [sys.implementation.cache_tag, *sys.version_info[:3], sysconfig.get_platform()],
        "beneath": _beneath(),
        "places": [str(_root()), *site.getsitepackages()],
    }
    text = json.dumps(content, sort_keys=True)
    return cache_folder().absolute() / "environments" / hashlib.sha256(text.encode()).hexdigest()[:24]


def _sorted(requirements: Sequence[str]) -> list[str]:
    return sorted({re.sub(r"\s+", "", one) if ";" not in one else one.strip() for one in requirements})


def _python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _root() -> Path:
    """The folder that holds the package genbench."""
    return Path(__file__).resolve().parents[2]


def _is_installed() -> bool:
    return any(_root() == Path(place).resolve() for place in site.getsitepackages())


@functools.cache
def _beneath() -> dict[str, str]:
    """Name and version of all that genbench rests on, as it is installed here: what it requires, and they in turn."""
    found: dict[str, str] = {}
    left = [_ENGINE]
    while left:
        name = _canonical(left.pop())
        if name in found:
            continue
        with contextlib.suppress(metadata.PackageNotFoundError):  # for another system, or of an extra
            found[name] = metadata.version(name)
            required = [one for one in metadata.requires(name) or () if "extra ==" not in one]
            left += [named.group() for one in required if (named := _NAME.match(one))]
    found.pop(_ENGINE, None)
    return dict(sorted(found.items()))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _write_empty_wheel(folder: Path, name: str, version: str) -> None:
    """A wheel that holds nothing but its own name and version."""
    folder.mkdir(exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")


def _uv(folder: Path, *words: str, links: Path | None = None) -> str:
    """What uv prints, run in `folder`. Raises `Unresolved` with what it says where it fails, or is not there."""
    uv = shutil.which("uv")
    if uv is None:
        raise Unresolved("uv is not here to make its environment: pip install uv, or see https://docs.astral.sh/uv/")
    environment = {name: text for name, text in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    if links is not None:
        environment["UV_FIND_LINKS"] = ",".join(filter(None, (os.environ.get("UV_FIND_LINKS"), str(links))))
    calm = ("--no-progress", "--color", "never", *(() if may_fetch() else ("--offline",)))
    done = subprocess.run(
        [uv, *calm, *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Unresolved(_said(done.stderr) or f"uv ended with {done.returncode}")
    return done.stdout


def _said(text: str) -> str:
    """What uv says of a fault, as one line; of a conflict with what genbench has, with that."""
    said = re.sub(r"\berror: No solution found when resolving dependencies:? (cause: )?", "", " ".join(text.split()))
    said = re.sub(r"^error: |\b(cause|hint): ", "", said)
    own = [f"{name} {version}" for name, version in _beneath().items() if f" {name}=={version}" in said]
    told = said[:_WORDS] + "..." * (len(said) > _WORDS)
    return told + (f" (genbench itself runs with {', '.join(own)})" if own else "")


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold `lock`; another process that wants it waits. It is free again when this process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows: whoever is second to rename fails, and finds the environment the next time
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
