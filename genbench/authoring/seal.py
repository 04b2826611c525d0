"""A results folder sealed: a signed manifest of rows, cards, code and environment, and what a later look finds changed.

Whoever publishes rows signs what lies there with a key of their own (Ed25519, by `cryptography`: small keys, no choices
to make wrong). Anybody who has the public key sees what was put in, altered or taken away since. A seal says who stands
for rows, and not that they are true: for that `verify` makes them again.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from genbench import strangers
from genbench.cards.addresses import card_name
from genbench.edition import EDITION, VERSION
from genbench.errors import BadValue, GenbenchError, StoreFault, Unavailable
from genbench.rows import fingerprints, provenance
from genbench.rows.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genbench.registry import Catalogue

FILE: Final = "SEAL.json"
FILE_BYTES: Final = 2**28  # most that is read of it
KEY_BYTES: Final = 2**16
APART: Final = frozenset({"leaderboard"})  # folders of a results folder that are made of the rows, and made again
PROSE: Final = frozenset({"README.md", ".gitignore"})
HINT: Final = "cryptography is not installed: pip install 'genbench[seal]'"


@dataclass(frozen=True, slots=True)
class Seal:
    """What was signed, by whom (the public key, base64), and the signature."""

    manifest: dict[str, Any]
    key: str
    signature: bytes


def new_key(path: Path) -> str:
    """Write a new private key that its owner alone can read; gives the public one. Raises `StoreFault`."""
    serialization, ed25519 = _library()
    key = ed25519.Ed25519PrivateKey.generate()
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise StoreFault(f"{path} is there already; a key is never written over another") from None
    except OSError as fault:
        raise StoreFault(f"{path} cannot be written: {fault.strerror or fault}") from fault
    return _public(key)


def seal(place: Path, key: Path, found: Catalogue) -> Seal:
    """Sign what lies in a results folder, and leave the seal there. Raises `BadValue` for what is no private key."""
    serialization, ed25519 = _library()
    try:
        own = serialization.load_pem_private_key(strangers.content(key, KEY_BYTES, links=True), None)
    except OSError as fault:
        raise BadValue(f"{key}: the key cannot be read: {fault.strerror or fault}") from None
    except (ValueError, TypeError):
        raise BadValue(f"{key}: no private key in PEM; `genbench seal --new-key FILE` makes one") from None
    if not isinstance(own, ed25519.Ed25519PrivateKey):
        raise BadValue(f"{key}: a key of another kind; it must be of Ed25519")
    files, odd = _files(place)
    if odd:
        raise StoreFault(f"{place}: {odd[0]}; what is sealed are files")
    if not files:
        raise StoreFault(f"{place}: there are no rows to seal")
    manifest = {
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "rows": files,
        "cards": _cards(place, found),
        "code": {"genbench": VERSION, "edition": EDITION, "package": _package()},
        "environment": provenance.versions() | {"system": platform.platform()},
    }
    made = Seal(manifest, _public(own), own.sign(_bytes(manifest)))
    content = {"manifest": manifest, "key": made.key, "signature": base64.b64encode(made.signature).decode()}
    partial = place / f".{FILE}.partial"
    try:
        partial.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
        partial.replace(place / FILE)
    except OSError as fault:
        raise StoreFault(f"{place / FILE} cannot be written: {fault.strerror or fault}") from fault
    return made


def check(place: Path, key: str = "") -> Iterator[str]:
    """What speaks against the seal of a results folder, one line each; `key` is the public key that it must be of.

    Raises `StoreFault` where there is no seal, or none that can be read.
    """
    one = read(place)
    _, ed25519 = _library()
    if key and key != one.key:
        yield f"sealed by another key, {one.key}; it must be {key}"
    try:
        public = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(one.key, validate=True))
        public.verify(one.signature, _bytes(one.manifest))
    except (ValueError, binascii.Error) as fault:
        yield f"its key is none: {fault}"
        return
    except Exception:  # noqa: BLE001 - InvalidSignature, whose module is there only where the library is
        yield "its signature is not of this key and manifest"
        return
    files, odd = _files(place)
    yield from odd
    sealed = one.manifest.get("rows")
    if not isinstance(sealed, dict):
        yield "its manifest names no rows"
        return
    for name in sorted(sealed.keys() | files.keys()):
        if name not in files:
            yield f"missing: {name}"
        elif name not in sealed:
            yield f"extra, and not sealed: {name}"
        elif files[name] != sealed[name]:
            yield f"changed: {name}"


def read(place: Path) -> Seal:
    """The seal in a results folder. Raises `StoreFault`."""
    try:
        given = json.loads(strangers.content(place / FILE, FILE_BYTES))
        seal = Seal(given["manifest"], given["key"], base64.b64decode(given["signature"], validate=True))
    except FileNotFoundError:
        raise StoreFault(f"{place}: there is no {FILE}; `genbench seal` makes one") from None
    except OSError as fault:
        raise StoreFault(f"{place / FILE} cannot be read: {fault}") from None
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise StoreFault(f"{place / FILE}: no seal: {fault!r:.100}") from None
    if not isinstance(seal.manifest, dict) or not isinstance(seal.key, str):
        raise StoreFault(f"{place / FILE}: no seal: its manifest must be an object, and its key text")
    return seal


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise Unavailable([HINT]) from None
    return serialization, ed25519


def _public(key: Any) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _bytes(manifest: dict[str, Any]) -> bytes:
    """What is signed: the manifest spelled in one way, in ASCII."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()


def _files(place: Path) -> tuple[dict[str, str], list[str]]:
    """The digests of the files below a results folder, by their names there; and what is no file."""
    found, odd = {}, []
    for folder, names, files in os.walk(place):
        at = Path(folder)
        inner = [name for name in names if not name.startswith(".") and not (at == place and name in APART)]
        odd += [f"{(at / name).relative_to(place)} is a link" for name in inner if (at / name).is_symlink()]
        names[:] = [name for name in inner if not (at / name).is_symlink()]
        for name in files:
            path = at / name
            if name.startswith(".") or name in PROSE or (at == place and name == FILE):
                continue
            try:
                with strangers.opened(path) as file:
                    found[path.relative_to(place).as_posix()] = _digest(file)
            except OSError as fault:
                odd.append(f"{path.relative_to(place)} cannot be read: {fault}")
    return found, sorted(odd)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _cards(place: Path, found: Catalogue) -> dict[str, str]:
    """The fingerprints of the folders of the tasks and submissions that have rows here, as far as they are known."""
    cells = Store(str(place)).read("cells", ["task", "submission"]).table.to_pylist()
    names = {card_name(row["submission"]) for row in cells}
    tasks = {row["task"] for row in cells}
    folders = {f"tasks/{name}": card.folder for name, card in found.tasks.items() if name in tasks}
    folders |= {f"baselines/{name}": card.folder for name, card in found.submissions.items() if name in names}
    told = {}
    for name, folder in sorted(folders.items()):
        try:
            told[name] = fingerprints.of_folder(folder)
        except GenbenchError as fault:
            raise StoreFault(f"{name} cannot be sealed: {str(fault).splitlines()[0]}") from fault
    return told


def _package() -> str:
    """A digest of genbench's own modules."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        if "bundled" not in path.relative_to(root).parts:
            digest.update(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes())
    return f"sha256:{digest.hexdigest()}"
