"""Agreement with released samples: JSON Lines in the form of the reference, each checked by the rules alone."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import language
from language import COLOURS, SHAPES, SIDE, Thing

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEEDED = ("tree", "objects", "answer", "target_index", "rule_tokens", "stimulus_tokens")


def check(path: Path) -> Iterator[str]:
    """One text a sample: what differs from what the rules give, or "" where all of it agrees.

    Compared are the answer, its class, the instruction's rows, the stimulus' rows and, where there is one, the
    instruction in words. Raises `BadValue`, naming the file and the line, for what is no such file.
    """
    count = 0
    for number, line in _lines(path):
        where = f"{path}: line {number}"
        try:
            sample = json.loads(line)
        except (ValueError, RecursionError) as fault:
            raise BadValue(f"{where} is not JSON: {fault}") from None
        try:
            faults = differences(sample)
        except (BadValue, RecursionError) as fault:
            raise BadValue(f"{where} is no gCOG sample: {fault}") from None
        count += 1
        yield f"line {number}: {'; '.join(faults)}" if faults else ""
    if not count:
        raise BadValue(f"{path} holds no samples; it must have one JSON object a line")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        whole = path.read_bytes()
        text = (gzip.decompress(whole) if whole[:2] == b"\x1f\x8b" else whole).decode("utf-8")
    except FileNotFoundError:
        raise BadValue(f"{path}: there is no such file") from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as fault:
        raise BadValue(f"{path} cannot be read as JSON Lines, plain or gzip: {fault}") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def differences(sample: object) -> list[str]:
    """What of one sample differs from the rules. Raises `BadValue` for what is no sample."""
    if not isinstance(sample, dict):
        raise BadValue(f"it is {_short(sample)}; it must be an object with keys")
    missing = [key for key in NEEDED if key not in sample]
    if missing:
        raise BadValue(f"missing key '{missing[0]}'")
    tree = language.tree_of(sample["tree"])
    things = _things(sample["objects"])
    asked = _grid(sample["stimulus_tokens"])
    rows = _rows(sample["rule_tokens"])
    faults = []
    try:
        value = language.answer(tree, things)
    except BadValue as fault:
        return [f"the tree has no answer on this screen: {fault}"]
    found: dict[str, tuple[Any, Any]] = {
        "answer": (_plain(sample["answer"]), _plain(value)),
        "target_index": (_plain(sample["target_index"]), language.class_of(value)),
        "rule_tokens": (rows, language.instruction_rows(tree)),
        "stimulus_tokens": (asked, language.stimulus_rows(things)),
    }
    if "instruction" in sample:
        found["instruction"] = (sample["instruction"], language.words(tree))
    for key, (given, right) in found.items():
        if type(given) is not type(right) or given != right:
            wanted = "" if isinstance(right, list) and len(right) > 2 else f", by the rules {right!r}"
            faults.append(f"'{key}' is {_short(sample[key])}{wanted}")
    return faults


def _things(given: object) -> list[Thing]:
    if not isinstance(given, list):
        raise BadValue(f"'objects' is {_short(given)}; it must be a list")
    things = []
    for one in given:
        if not isinstance(one, dict):
            raise BadValue(f"an object is {_short(one)}; it must have the keys loc, color and shape")
        a, b = _location(one.get("loc"))
        colour = language.place_of(one.get("color"), COLOURS, "an object's color")
        things.append(Thing(a, b, colour, language.place_of(one.get("shape"), SHAPES, "an object's shape")))
    if len({(one.a, one.b) for one in things}) != len(things):
        raise BadValue("two objects lie in one cell")
    return things


def _location(given: object) -> tuple[int, int]:
    if isinstance(given, list) and len(given) == 2 and all(_is_integer(one, 0, SIDE - 1) for one in given):
        return given[0], given[1]
    raise BadValue(f"an object's loc is {_short(given)}; it must be two integers from 0 to {SIDE - 1}")


def _rows(given: object) -> list[list[int]]:
    if isinstance(given, list) and all(isinstance(row, list) and all(map(_is_integer, row)) for row in given):
        return given
    raise BadValue(f"'rule_tokens' is {_short(given)}; it must be a list of lists of integers")


def _grid(given: object) -> list[list[int]]:
    """The full stimulus from its rows that are not empty; the last row is never listed."""
    rows = language.stimulus_rows([])
    for row in _rows_named(given):
        rows[row[0]] = [row[1], row[2], 0]
    return rows


def _rows_named(given: object) -> list[list[int]]:
    if isinstance(given, list) and all(isinstance(row, list) and len(row) == 3 for row in given):
        cells = [row[0] for row in given]
        if all(_is_integer(cell, 0, language.CELLS - 1) for cell in cells) and len(set(cells)) == len(cells):
            return given
    raise BadValue(f"'stimulus_tokens' is {_short(given)}; it must be a list of [row, colour, shape], each row once")


def _is_integer(given: object, low: int | None = None, high: int | None = None) -> bool:
    return type(given) is int and (low is None or given >= low) and (high is None or given <= high)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
