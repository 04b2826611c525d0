"""Samples as JSON Lines, one an object a line: checked by the rules alone, read into rows, and written from rows.

split, subset             where it is from
instruction, tree, nodes  the instruction in words, as a tree of operators, and as a list of its nodes
rule_tokens               its rows
objects, stimulus_tokens  the screen as things, and the rows of it that are not empty: [row, colour, shape]
answer, target_index      true, false, a location, a shape or a colour; its class
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import describe
import language
import pyarrow as pa
from language import COLOURS, SHAPES, SIDE, Thing

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from language import Question, Selection, Tree

    from genbench import Value

# In what order the release numbers the switches of a full tree, operators counted as in a heap: then 2 k + 1, else
# 2 k + 2. It changes a list while it goes through it.
NUMBERED = {1: (), 3: (0,), 5: (0, 2, 1), 7: (0, 2, 6, 1, 5, 3, 4)}
NEEDED = ("tree", "objects", "answer", "target_index", "rule_tokens", "stimulus_tokens")


def check(path: Path) -> Iterator[str]:
    """One text a sample: what differs from what the rules give, or "" where all of it agrees.

    Compared are the answer, its class, the instruction's rows, the stimulus' rows and, where they are there, the
    instruction in words, the nodes, which things are distractors and whether there are more of them than asked for.
    Raises `BadValue`, naming the file and the line, for what is no such file.
    """
    for number, _, faults in _read(path):
        yield f"line {number}: {'; '.join(faults)}" if faults else ""


def rows(path: Path) -> pa.Table:
    """The samples of a file as rows of the task in the released encoding, with all its axes, and split and subset.

    Raises `BadValue`, naming the file and the line, for what is no such file, and for a sample that disagrees with the
    rules.
    """
    found: list[dict[str, Any]] = []
    for number, sample, faults in _read(path):
        if faults:
            raise BadValue(f"{path}: line {number} disagrees with the rules: {'; '.join(faults)}")
        tree, things = language.tree_of(sample["tree"]), _things(sample["objects"])
        flags = [one.get("distractor") for one in sample["objects"]]
        answering = language.answering(tree, things)
        found.append(
            {
                "split": str(sample.get("split", "")),
                "subset": str(sample.get("subset", "")),
                "instruction": [value for row in language.instruction_rows(tree) for value in row],
                "stimulus": [value for row in language.stimulus_rows(things) for value in row],
                "answer": sample["target_index"],
                "depth": language.depth(tree),
                "distractors": sample.get("n_distractors_requested", flags.count(True)),
                "operator": answering.operator,
                "answer_type": language.type_of(language.answer(tree, things)),
            }
        )
    return pa.Table.from_pylist(found, ROWS)


ROWS = pa.schema(
    [
        ("split", pa.string()),
        ("subset", pa.string()),
        ("instruction", pa.list_(pa.int64())),
        ("stimulus", pa.list_(pa.int64())),
        ("answer", pa.int64()),
        ("depth", pa.int64()),
        ("distractors", pa.int64()),
        ("operator", pa.string()),
        ("answer_type", pa.string()),
    ]
)


def sample(row: Mapping[str, Any], params: Mapping[str, Value], split: str, subset: str) -> dict[str, Any]:
    """A row of the task as a sample.

    What no operator selects is a distractor; where the row does not say how many were asked for, they are counted.
    """
    nodes, things = describe.shown(row, params)
    tree = language.tree_in(nodes)
    value = language.answer_of(row["answer"])
    selected = [one for question in language.questions(tree) for one in question.selections]
    apart = [not any(language.matches(one, thing) for one in selected) for thing in things]
    return {
        "split": split,
        "subset": subset,
        "instruction": language.words(tree),
        "tree": _nested(tree),
        "nodes": _nodes(tree),
        "rule_tokens": language.instruction_rows(tree),
        "n_distractors_requested": row.get("distractors", sum(apart)),
        "objects": [
            {
                "loc": [thing.a, thing.b],
                "color": COLOURS[thing.colour],
                "shape": SHAPES[thing.shape],
                "distractor": distractor,
            }
            for thing, distractor in zip(things, apart, strict=True)
        ],
        "stimulus_tokens": [[SIDE * one.a + one.b, one.colour + 1, one.shape + 1] for one in sorted(things)],
        "answer": _plain(value),
        "target_index": row["answer"],
    }


def _read(path: Path) -> Iterator[tuple[int, dict[str, Any], list[str]]]:
    """Line, sample, and what of it differs from the rules."""
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
        yield number, sample, faults
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
    if "nodes" in sample:
        found["nodes"] = (_linked(sample["nodes"]), _linked(_nodes(tree)))
    for key, (given, right) in found.items():
        if type(given) is not type(right) or given != right:
            wanted = "" if isinstance(right, list) and len(right) > 2 else f", by the rules {right!r}"
            faults.append(f"'{key}' is {_short(sample[key])}{wanted}")
    return faults + _misplaced(sample, tree, things)


def _misplaced(sample: Mapping[str, Any], tree: Tree, things: list[Thing]) -> list[str]:
    """What is said of distractors and cannot be: that a thing is none which nothing selects, or one that is selected.

    Only what an `exist` alone selects may be either: it may have been added, or have been there.
    """
    faults = []
    asked = sample.get("n_distractors_requested")
    if asked is not None and not _is_integer(asked, 0, language.CELLS):
        raise BadValue(
            f"'n_distractors_requested' is {_short(asked)}; it must be an integer from 0 to {language.CELLS}"
        )
    several = list(language.questions(tree))
    for given, thing in zip(sample["objects"], things, strict=True):
        found = [one.operator for one in several if any(language.matches(part, thing) for part in one.selections)]
        flag = given.get("distractor")
        if flag not in (None, True, False) or type(flag) is int:
            raise BadValue(f"an object's distractor is {_short(flag)}; it must be true or false")
        impossible = set(found) - {"exist"} if flag else flag is False and not found
        if impossible:
            by = f"selected by {found[0]}" if found else "selected by nothing"
            faults.append(f"'distractor' of the object at {given['loc']} is {str(flag).lower()}, and it is {by}")
    flags = [one.get("distractor") for one in sample["objects"]]
    if asked is not None and flags.count(True) > asked:
        faults.append(f"'n_distractors_requested' is {asked}, and there are {flags.count(True)}")
    return faults


def _nested(tree: Tree) -> dict[str, Any]:
    if isinstance(tree, language.Switch):
        parts = (_nested(part) for part in (tree.question, tree.then, tree.otherwise))
        return {"op": language.SWITCH, **dict(zip(("if", "then", "else"), parts, strict=True))}
    return {"op": tree.operator, "select": [_named(one) for one in tree.selections]}


def _named(one: Selection) -> dict[str, str | None]:
    return {
        "color": None if one.colour is None else COLOURS[one.colour],
        "shape": None if one.shape is None else SHAPES[one.shape],
    }


def _nodes(tree: Tree) -> list[dict[str, Any]]:
    """Nodes in the order of the instruction's rows, each with the node that leads to it; numbered as the release does.

    Trees that the release does not make are numbered in order.
    """
    rows: list[tuple[str, int | None, int | None]] = []  # operator, the place of the parent, its number in the heap
    level: list[tuple[Tree, int | None, int]] = [(tree, None, 0)]
    while level:
        begun = len(rows)
        for one, parent, _ in level:
            rows.append((_question(one).operator, parent, None))
        switches = [(one, begun + place, number) for place, (one, _, number) in enumerate(level) if _switches(one)]
        after = []
        for one, place, number in switches:
            after += [(one.then, len(rows), 2 * number + 1), (one.otherwise, len(rows), 2 * number + 2)]
            rows.append((language.SWITCH, place, number))
        level = after
    switched = {number: place for place, (_, _, number) in enumerate(rows) if number is not None}
    order = NUMBERED.get(language.depth(tree), ())
    ids = {0: 0}
    if sorted(order) == sorted(switched):
        for count, number in enumerate(order):
            place = switched[number]
            children = [at for at, (_, parent, _) in enumerate(rows) if parent == place]
            ids |= {at: 3 * count + 2 + step for step, at in enumerate([place, *children])}
    else:
        ids = {place: place for place in range(len(rows))}
    return [
        {"id": ids[place], "op": operator, "parents": [] if parent is None else [ids[parent]]}
        for place, (operator, parent, _) in enumerate(rows)
    ]


def _question(tree: Tree) -> Question:
    return tree.question if isinstance(tree, language.Switch) else tree


def _switches(tree: Tree) -> bool:
    return isinstance(tree, language.Switch)


def _linked(given: object) -> list[tuple[object, list[object]]]:
    """Operators and the places of their parents: numbers themselves say nothing."""
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and {"id", "op", "parents"} <= one.keys() and isinstance(one["parents"], list)
        for one in given
    ):
        raise BadValue(f"'nodes' is {_short(given)}; it must be a list of objects with id, op and parents")
    places = {repr(one["id"]): place for place, one in enumerate(given)}
    if len(places) != len(given):
        raise BadValue("'nodes' has one id twice")
    return [(one["op"], [places.get(repr(parent), "none") for parent in one["parents"]]) for one in given]


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
