"""What a cell is an outcome of: rows of different code, parameters or data are never averaged into a rank."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genbench.cards import Value

Edition = tuple[object, ...]

# The columns of CELLS that say what a cell is an outcome of.
DECIDING: Final = (
    "data_fingerprint",
    "submission_fingerprint",
    "submission_params",
    "task_fingerprint",
    "edition",
    "versions",
    "lineage",
)
# Recorded with every row, and what no outcome rests on unless a card names it.
_OURS: Final = frozenset({"genbench", "datasets", "pyarrow"})
_MOST: Final = 65_536  # texts that are remembered; thousands of cells have the same few


def editions_of(row: Mapping[str, Any], neutral: Mapping[str, Value]) -> frozenset[Edition]:
    """The editions that a row of CELLS is of: its own, and those it had before it was shown to give the same answers.

    An edition is what decides in both folders, the submission's parameters, the data, the engine's declared edition and
    the versions of python and of the libraries that decide. The task's parameters are in the data. `neutral` are values
    at which a parameter of the submission does nothing, so that a row from before it was there is of the same edition.
    """
    own = {name: row[name] for name in DECIDING}
    at_rest = tuple(sorted(neutral.items()))
    return frozenset(_edition({**own, **before}, at_rest) for before in ({}, *_past(row["lineage"])))


def in_common(editions: Iterable[frozenset[Edition]]) -> bool:
    """Whether there is one edition that all of them are of."""
    found = list(editions)
    return not found or bool(frozenset.intersection(*found))


def count(editions: Iterable[frozenset[Edition]]) -> int:
    """How many editions rows are of; 1 where there is one that all of them are of."""
    found = list(editions)
    return 1 if in_common(found) else len(set(found))


def asked_by(editions: frozenset[Edition]) -> frozenset[Edition]:
    """Of editions what is not the submission's: what decides in the task's folder, and the engine's edition."""
    return frozenset(one[3:5] for one in editions)


def _edition(row: Mapping[str, Any], at_rest: tuple[tuple[str, Value], ...]) -> Edition:
    versions = row["versions"]
    return (
        row["data_fingerprint"],
        row["submission_fingerprint"],
        _moved(row["submission_params"], at_rest),
        row["task_fingerprint"],
        row["edition"],
        _deciding(versions if isinstance(versions, str) else json.dumps(versions, sort_keys=True)),
    )


@functools.lru_cache(_MOST)
def _moved(text: str, at_rest: tuple[tuple[str, Value], ...]) -> str:
    """Parameters as JSON, without those that do nothing."""
    if not at_rest:
        return text
    found, still = json.loads(text), dict(at_rest)
    return json.dumps({name: value for name, value in found.items() if still.get(name) != value}, sort_keys=True)


@functools.lru_cache(_MOST)
def _deciding(text: str) -> Edition:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return (text,)
    if not isinstance(found, dict):
        return (text,)
    short = {"python": ".".join(str(found.get("python", "")).split(".")[:2])}
    return tuple(sorted((name, str(version)) for name, version in (found | short).items() if name not in _OURS))


@functools.lru_cache(_MOST)
def _past(text: str) -> tuple[dict[str, Any], ...]:
    """What the row was called before, without what it is called by; nothing where the column is no such list."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    known = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return tuple({name: value for name, value in one.items() if name in DECIDING} for one in known)
