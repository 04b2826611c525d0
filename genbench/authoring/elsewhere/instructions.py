"""Files of Natural Instructions, a task each: what it says of itself in one text, and its instances.

Two forms are known by their keys: those of the first release (allenai/natural-instructions-v1 at e64650d; Mishra et
al. 2021, arXiv:2104.08773), whose examples stand in `Examples`, and those of the second (allenai/natural-instructions;
Wang et al. 2022, arXiv:2204.07705), whose examples stand beside the definition. An instruction is put together in the
order of the first one's `src/utils/encodeinstruction.py`: definition, prompt, things to avoid, emphasis and caution,
then examples of what is wrong and of what is right, each with its reason. A field that is "-" says nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import BadData, BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Instance = tuple[str, tuple[str, ...]]

FIRST, SECOND = "Examples", "Positive Examples"  # the keys by which the two forms are told apart
FIELDS: Final = ("Definition", "Prompt", "Things to Avoid", "Emphasis & Caution")  # of the first; then its examples
NOTHING: Final = "-"  # what the first form writes into a field that it has no use for


@dataclass(frozen=True, slots=True)
class Instructed:
    """A task: the file it is of, its name, its instruction, and its instances with the answers any of which will do."""

    path: Path
    name: str
    instruction: str
    instances: tuple[Instance, ...]


def read(folder: Path, examples: int) -> list[Instructed]:
    """The tasks of a folder's JSON files by name, their instructions with as many examples of either kind, if there.

    Raises `BadValue` for a folder without such files, `BadData` for a file that is none of either form.
    """
    if not folder.is_dir():
        raise BadValue(f"{folder} is no folder; it must hold a JSON file for each task")
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise BadValue(f"{folder} holds no file NAME.json; there must be one for each task")
    return [parsed(path, examples) for path in paths]


def parsed(path: Path, examples: int) -> Instructed:
    """The task of one file. Raises `BadData`, with the file and the key, where it is none of either form."""
    try:
        task = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise BadData(f"{path} cannot be read: {fault.strerror or fault}") from fault
    except (ValueError, RecursionError) as fault:
        raise BadData(f"{path} is no JSON in UTF-8: {fault}") from fault
    if not isinstance(task, dict):
        raise BadData(f"{path} holds {_what(task)}; it must be an object with a task's fields")
    if FIRST not in task and SECOND not in task:
        raise BadData(f"{path}: missing key {FIRST!r}, of the first form, or {SECOND!r}, of the second")
    parts = [*_fields(path, task), *_examples(path, task, examples)]
    return Instructed(path, path.stem, "\n".join(parts), tuple(_instances(path, task)))


def _fields(path: Path, task: dict[str, Any]) -> Iterator[str]:
    """What stands before the examples, each behind its name."""
    for name in FIELDS if FIRST in task else FIELDS[:1]:
        given = _taken(path, task, name)
        several = given if isinstance(given, list) and given else [given]
        text = "\n".join(_text(path, f"{name!r}", one) for one in several).strip()
        if text != NOTHING:
            yield f"{name}: {text}"


def _examples(path: Path, task: dict[str, Any], most: int) -> Iterator[str]:
    """Examples of what is wrong, then of what is right, with the reason and, where there is one, how to mend it."""
    within = _object(path, task.get(FIRST, task), repr(FIRST))
    reason = "reason" if FIRST in task else "explanation"
    for sort in ("Negative", "Positive"):
        key = f"{sort} Examples"
        given = _list(path, key, _taken(path, within, key, f" of {FIRST!r}" * (FIRST in task)))
        for at, one in enumerate(given if given != [NOTHING] else []):
            told = _example(path, one, reason, f" of {key!r} {at}")
            if at < most:
                yield f"{sort} Example {at + 1}\n{told}"


def _example(path: Path, one: object, reason: str, where: str) -> str:
    """An example in lines, each behind its name; the suggestion of those that have one stands last."""
    table = _object(path, one, where)
    texts = {
        name: _text(path, f"{name!r}{where}", _taken(path, table, name, where)) for name in ("input", "output", reason)
    }
    if mended := _text(path, f"'suggestion'{where}", table.get("suggestion", NOTHING)).strip(f" {NOTHING}"):
        texts["suggestion"] = mended
    return "\n".join(f"{name}: {text.strip()}" for name, text in texts.items())


def _instances(path: Path, task: dict[str, Any]) -> Iterator[Instance]:
    """Inputs with their answers, of which there may be several."""
    for at, one in enumerate(_list(path, "Instances", _taken(path, task, "Instances"))):
        where = f" of 'Instances' {at}"
        table = _object(path, one, where)
        answers = _taken(path, table, "output", where)
        if answers == []:
            raise BadData(f"{path}: key 'output'{where} is a list of 0; it must be text, or a list of one text or more")
        several = answers if isinstance(answers, list) else [answers]
        text = _text(path, f"'input'{where}", _taken(path, table, "input", where))
        yield text, tuple(_text(path, f"'output'{where}", answer) for answer in several)


def _taken(path: Path, table: dict[str, Any], key: str, where: str = "") -> Any:
    if key not in table:
        raise BadData(f"{path}: missing key {key!r}{where}")
    return table[key]


def _list(path: Path, key: str, given: object) -> Sequence[Any]:
    if not isinstance(given, list):
        raise BadData(f"{path}: key {key!r} is {_what(given)}; it must be a list")
    return given


def _object(path: Path, given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadData(f"{path}: key {where.removeprefix(' of ')} is {_what(given)}; it must be an object")
    return given


def _text(path: Path, key: str, given: object) -> str:
    if not isinstance(given, str):
        raise BadData(f"{path}: key {key} is {_what(given)}; it must be text")
    if any("\ud800" <= letter <= "\udfff" for letter in given):
        raise BadData(f"{path}: key {key} holds half a surrogate pair, which is no text")
    return given


def _what(given: object) -> str:
    """A value as a fault names it."""
    if isinstance(given, (dict, list)):
        return f"{'an object' if isinstance(given, dict) else 'a list'} of {len(given)}"
    return "null" if given is None else json.dumps(given, ensure_ascii=False)[:60]
