"""Which split some answers are to, as far as they tell: an export says it, and questions beside answers show it.

Question ids are 0, 1, 2, ... in every split, so answers to another split fit and score about chance, without a word.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from genbench import strangers
from genbench.data.columns import QUESTION_ID
from genbench.errors import BadPredictions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

KEY: Final = "genbench"
# The second is what pandas keeps as `attrs`: it is there again where a frame was read, answered and written.
PLACES: Final = (b"genbench", b"PANDAS_ATTRS")
ABOUT: Final = "split.json"  # what an export says of itself, beside its files
ABOUT_BYTES: Final = 2**24  # most of it that is read
SHOWN: Final = 60  # characters of a question that are told


class Origin(NamedTuple):
    """A split by its label, `scan/length`, and the fingerprint of its data."""

    split: str
    fingerprint: str


def marked(table: pa.Table, origin: Origin) -> pa.Table:
    """The table, with its origin where Arrow, Parquet and pandas keep such."""
    told = json.dumps({KEY: origin._asdict()}).encode()
    return table.replace_schema_metadata({**(table.schema.metadata or {}), **dict.fromkeys(PLACES, told)})


def check(table: pa.Table, path: Path | None, asked: Origin, questions: pa.Table | None, where: str) -> None:
    """Refuse answers that are seen to be to other questions than those asked.

    Seen by the questions that stand beside them, in the columns of `questions` (by id); else by what the table keeps of
    its export; else by the `split.json` that lies beside the file. Raises `BadPredictions`, which begins with `where`.
    """
    ids = table.column(QUESTION_ID) if table.column_names.count(QUESTION_ID) == 1 else None
    if ids is None or not pa.types.is_integer(ids.type) or ids.null_count:
        return  # which is another fault, and somebody else's to name
    if questions is not None and _compared(table, questions, where):
        return
    for origin, told in _told(table, path):
        if origin.fingerprint != asked.fingerprint:
            same = origin.split == asked.split
            theirs = f"another edition of {asked.split}" if same else origin.split
            raise BadPredictions(
                f"{where}: {told} says that these answer {theirs}; they are scored on {asked.split}. "
                "Score them on what was asked, or export the questions again"
            )
        return


def _told(table: pa.Table, path: Path | None) -> Iterator[tuple[Origin, str]]:
    """What is said of the origin, and where it is said."""
    for place in PLACES:
        if (found := _read((table.schema.metadata or {}).get(place, b""))) is not None:
            yield found, "what the table keeps of its export"
    beside = None if path is None else path.with_name(ABOUT)
    if beside is not None and strangers.is_file(beside):
        try:
            told = json.loads(strangers.content(beside, ABOUT_BYTES))
            found = _origin({"split": f"{told['task']}/{told['split']}", "fingerprint": told["fingerprint"]})
        except (OSError, ValueError, RecursionError, KeyError, TypeError):  # another file of that name
            return
        if found is not None:
            yield found, f"{ABOUT} beside it"


def _read(text: bytes) -> Origin | None:
    try:
        return _origin(json.loads(text)[KEY])
    except (ValueError, RecursionError, KeyError, TypeError, IndexError):
        return None


def _origin(given: Any) -> Origin | None:
    found = Origin(given["split"], given["fingerprint"])
    return found if all(isinstance(one, str) for one in found) else None


def _compared(table: pa.Table, questions: pa.Table, where: str) -> bool:
    """Whether questions beside the answers were compared with those asked. Raises `BadPredictions` at a difference."""
    try:
        ids = table.column(QUESTION_ID).cast(pa.int64())
    except pa.ArrowException:  # of 64 bits without a sign: no question has it, which is said where answers are joined
        return False
    known = pc.and_(pc.greater_equal(ids, 0), pc.less(ids, questions.num_rows))
    own, ids = table.filter(known), ids.filter(known)
    seen = False
    for name in questions.column_names:
        if name not in table.column_names or not _comparable(questions.schema.field(name).type):
            continue
        wanted = questions.column(name).take(ids)
        try:
            given = own.column(name).cast(wanted.type)
        except pa.ArrowException:  # CSV has lists as text
            continue
        seen = True
        differs = pc.fill_null(pc.not_equal(given, wanted), fill_value=True)
        if (at := pc.index(differs, True).as_py()) >= 0:
            there, asked = (repr(strangers.plain(str(one[at].as_py())))[:SHOWN] for one in (given, wanted))
            raise BadPredictions(
                f"{where}: question {ids[at].as_py()} has {there} as {name}, and the split asks {asked} there: "
                "these are answers to another split, or ids were mixed up"
            )
    return seen


def _comparable(kind: pa.DataType) -> bool:
    """Whether each tool keeps values of this type as they are: numbers of double precision may be rounded by one."""
    return bool(pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind))


def of_mapping(attrs: Mapping[str, Any]) -> dict[bytes, bytes]:
    """What a pandas frame keeps as `attrs`, as the metadata of a table; nothing where it tells of no export."""
    try:
        return {PLACES[0]: json.dumps({KEY: attrs[KEY]}).encode()} if KEY in attrs else {}
    except (TypeError, ValueError):
        return {}
