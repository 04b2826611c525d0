"""The fingerprint of a contribution's folder: of what decides an outcome, and of nothing that only tells of it.

Published rows would age by being looked at if a comment made new cells of them, or a split that is added. A task
decides by its data, whose own fingerprint is measured and stands beside this one, by what its card says of question
sets, columns and metrics, and by the metrics that it brings: `of_task` is of the card and of the modules that these
metrics rest on, and how the data are made does not count. A submission decides by all its files: `of_folder`. Three
kinds of file count each in a way of its own:

- a module (`*.py`) by its syntax tree, without comments, layout, and strings that stand alone as statements, docstrings
  among them. A program that reads its own docstrings as data is the one thing this does not see.
- `card.toml` by its keys, without prose, and without what a cell's key holds by itself (`_ELSEWHERE`).
- every other file by its bytes, but for caches (`__pycache__`, dot files) and `README.md`, which is for readers.

The tree is written out here, not by `ast.dump`, whose form changes between versions of Python: 3.11 to 3.14 agree on
what all of them can parse.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import os
import tomllib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.cards import FILE
from genbench.errors import BadCard

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES: Final = 20_000  # of a contribution; weights of a model in shards are some hundreds
_PROSE: Final = frozenset(
    {"title", "about", "authors", "license", "source", "commit", "paper", "bibtex"}  # on cards of either kind
)
# What a cell's key holds by itself: the parameters as resolved, the limits, the libraries' versions. And what decides
# which cells there are or how they are shown, never what comes out of one. Keys not named here count, later ones too.
_ELSEWHERE: Final = {
    "task": {
        *(
            "params",
            "libraries",
            "default",
            "embedded",
            "chance_along",
            "prefix",
            "cluster",
            "strata",
            "bimodal",
            "idle",
            "neutral",
        ),
        # Entries of other verbs: checks against official files, samples, pictures, difficulty.
        *("verify", "verify_reference", "verify_samples", "import_samples", "export_samples", "reported"),
        *("describe", "draw", "embedding", "fragments"),
    },
    # The data are measured, and their fingerprint is in the key: what the card says of their size decides nothing.
    "split": {
        "params",
        "quick",
        "embedded",
        "chance",
        "floor",
        "bayes",
        "train",
        "validation",
        "fingerprint",
        "cluster",
        "strata",
        "bimodal",
    },
    "question set": {"rows", "chance", "floor", "bayes"},
    "metric": set(),
    "submission": {
        *("params", "neutral", "variants", "overrides", "libraries", "budget", "threads", "memory_gib"),
        *("default", "tasks", "accepts", "needs", "zero_shot", "deterministic", "files", "requires"),
    },
}
_MAKES: Final = frozenset({"entry"})  # what makes the data: of these the data's own fingerprint tells
_FORM: Final = frozenset({"type_comment", "type_ignores", "kind", "ctx"})  # how it was written, or what follows anyhow


def of_folder(folder: Path, split: str = "") -> str:
    """`sha256:...` of what decides in a folder; of a task's, for its split `split`, else for all of them.

    Files count in sorted order and with their names; symbolic links count as the file or folder they point to. A module
    that does not parse, and a card that is no TOML, count by their bytes. Raises `OSError` where one cannot be read.
    """
    whole = hashlib.sha256()
    for path in sorted(files_of(folder)):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        if name == FILE:
            content = _card(content, split)
        elif path.suffix == ".py":
            content = _module(content)
        whole.update(f"{len(name)}:{name}:{len(content)}:".encode(errors="surrogateescape") + content)
    return f"sha256:{whole.hexdigest()}"


def of_task(folder: Path, split: str = "") -> str:
    """`sha256:...` of what decides in a task's folder beside its data, for its split `split`, else for all of them.

    That is the card, and where it brings metrics the modules that they import from the folder, at any depth, with all
    files that are no modules. What is imported by a computed name is not seen. Raises `OSError` as `of_folder` does.
    """
    content = (folder / FILE).read_bytes()
    files = _below_metrics(folder, content)
    whole = hashlib.sha256()
    for name, text in [(FILE, _card(content, split, apart=_MAKES)), *files]:
        whole.update(f"{len(name)}:{name}:{len(text)}:".encode(errors="surrogateescape") + text)
    return f"sha256:{whole.hexdigest()}"


def _below_metrics(folder: Path, card: bytes) -> list[tuple[str, bytes]]:
    """The files that a task's own metrics rest on, by name, each as it counts; none where the card brings none."""
    try:
        metrics = tomllib.loads(card.decode()).get("metric", {})
    except (ValueError, RecursionError):
        metrics = {}
    tables = [one for one in metrics.values() if isinstance(one, dict)] if isinstance(metrics, dict) else []
    entries = [str(one.get(key, "")).partition(":")[0] for one in tables for key in ("entry", "reduce")]
    modules = [path for name in entries if name for path in _named(folder, folder, name)]
    reached: set[Path] = set()
    while modules:
        path = modules.pop()
        if path not in reached:
            reached.add(path)
            modules += _imported(folder, path)
    if not reached:
        return []
    others = [path for path in files_of(folder) if path.suffix != ".py" and path != folder / FILE]
    found = [(path, _module(path.read_bytes())) for path in reached] + [(path, path.read_bytes()) for path in others]
    return sorted((path.relative_to(folder).as_posix(), text) for path, text in found)


def _imported(folder: Path, path: Path) -> Iterator[Path]:
    """The modules of `folder` that the module at `path` imports, wherever in its text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            for one in node.names:
                yield from _named(folder, folder, one.name)
        elif isinstance(node, ast.ImportFrom):
            base = path.parents[node.level - 1] if 0 < node.level <= len(path.parents) else folder
            for one in node.names:
                yield from _named(folder, base, f"{node.module}.{one.name}" if node.module else one.name)


def _named(folder: Path, base: Path, name: str) -> Iterator[Path]:
    """The modules below `base` that importing `name` runs: packages on the way, and the last part if it is a module."""
    at = base
    for part in name.split("."):
        at = at / part
        for path in (at.with_name(f"{part}.py"), at / "__init__.py"):
            if path.is_file() and path.is_relative_to(folder):
                yield path


def files_of(folder: Path) -> Iterator[Path]:
    """The files below `folder` that count, through symbolic links too; a folder met twice is read once.

    Raises `BadCard` for a link to a folder that `folder` itself lies in, and above `MOST_FILES` files.
    """
    seen: set[Path] = set()
    above, count = {folder.resolve(), *folder.resolve().parents}, 0
    for inner, folders, files in os.walk(folder, followlinks=True):
        here = Path(inner)
        seen.add(here.resolve())
        folders[:] = [name for name in sorted(folders) if _counts(name) and (here / name).resolve() not in seen]
        for name in folders:
            to = (here / name).resolve()
            if to in above:
                raise BadCard(
                    str(folder), [f"{(here / name).relative_to(folder)} leads to {to}, which holds the folder"]
                )
        for name in files:
            if _counts(name) and (here / name).is_file():
                count += 1
                if count > MOST_FILES:
                    raise BadCard(str(folder), [f"holds over {MOST_FILES} files; its card and code are wanted here"])
                yield here / name


def _counts(name: str) -> bool:
    return not name.startswith(".") and name not in {"__pycache__", "README.md"}


def _card(content: bytes, split: str, apart: frozenset[str] = frozenset()) -> bytes:
    """The keys of a card that decide, as JSON with sorted keys, without those of the top that stand `apart`."""
    try:
        table = tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        return content
    kept = _without(table, "submission" if table.get("kind") == "submission" else "task")
    kept = {key: value for key, value in kept.items() if key not in apart}
    splits = kept.get("splits")
    if isinstance(splits, dict):
        listed = kept.get("metrics")
        marks = isinstance(listed, list) and "excess_error" in listed  # whose marks are told from the best attainable
        kept["splits"] = {name: _split(one, marks=marks) for name, one in splits.items() if split in {"", name}}
    if isinstance(kept.get("metric"), dict):
        kept["metric"] = {name: _without(one, "metric") for name, one in kept["metric"].items()}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), default=str).encode()  # dates are their text


def _split(table: Any, *, marks: bool) -> Any:
    """A split's keys that decide; the best attainable among them where it `marks` answers."""
    kept = _without(table, "split")
    if isinstance(kept, dict) and isinstance(kept.get("questions"), dict):
        kept["questions"] = {name: _without(one, "question set") for name, one in kept["questions"].items()}
        if marks:
            kept["bayes"] = [table.get("bayes"), {name: one.get("bayes") for name, one in table["questions"].items()}]
    return kept


def _without(table: Any, kind: str) -> Any:
    """A table without prose and without what the key holds elsewhere; what is no table stays as it is.

    Of this table alone: among `inputs`, "title" may be a column.
    """
    if not isinstance(table, Mapping):
        return table
    return {key: value for key, value in table.items() if key not in _PROSE and key not in _ELSEWHERE[kind]}


@functools.lru_cache(maxsize=512)  # a task's folder is asked for once a split
def _module(content: bytes) -> bytes:
    """The syntax tree of a module as text; the bytes themselves where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a module is written like, its author is told elsewhere
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return content
    return "".join(_written(tree)).encode("utf-8", "surrogatepass")


def _written(tree: ast.AST) -> Iterator[str]:
    """The tree as text: each node's class and fields in their order, without those that are empty.

    What stands alone as a string is left out before. By a list of what is left to write, not by recursion: a deep tree
    must not depend on how deep the caller is.
    """
    left: list[Any] = [tree]
    while left:
        item = left.pop()
        if isinstance(item, _Text):
            yield item
        elif isinstance(item, ast.AST):
            parts: list[Any] = [_Text(f"({type(item).__name__}")]
            for name in item._fields:
                value = getattr(item, name, None)
                if isinstance(value, list):
                    value = _joined(value) if isinstance(item, ast.JoinedStr) else [v for v in value if not _alone(v)]
                if name not in _FORM and value is not None and value != []:
                    parts += [_Text(f" {name}="), value]
            left += reversed([*parts, _Text(")")])
        elif isinstance(item, list):
            left += reversed([_Text("["), *(piece for one in item for piece in (one, _Text(","))), _Text("]")])
        else:
            yield _value(item)


class _Text(str):
    """A piece of the text itself, as opposed to a string of the tree."""

    __slots__ = ()


def _alone(item: Any) -> bool:
    """Whether a statement is a string alone: a docstring, or a note in the place of a comment."""
    return isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)


def _joined(parts: list[Any]) -> list[Any]:
    """The parts of an f-string with neighbouring texts as one and empty ones left out: versions of Python differ."""
    merged: list[Any] = []
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            if merged and isinstance(merged[-1], str):
                merged[-1] += part.value
            elif part.value:
                merged.append(part.value)
        else:
            merged.append(part)
    return merged


def _value(value: Any) -> str:
    """A constant or name with its type, written the same by every version: `repr` follows the Unicode tables."""
    kind = type(value).__name__
    if isinstance(value, str):
        return f"{kind}:{len(value)}:{value}"
    if isinstance(value, bytes):
        return f"{kind}:{value.hex()}"
    if isinstance(value, float):
        return f"{kind}:{value.hex()}"
    if isinstance(value, complex):
        return f"{kind}:{value.real.hex()},{value.imag.hex()}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{kind}:{value:x}"  # not in decimal: that has a longest length
    return f"{kind}:{value}"  # None, True, False, Ellipsis
