"""What a paper found, and how that is read from a file."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

from genbench.errors import BadCard, nearest
from genbench.evaluation.cell import DIAGNOSTIC

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MARKS: Final = ("verified", "stated", "rerun", "ours", "analogue")
ARXIV: Final = re.compile(r"\d{4}\.\d{4,5}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure in our rows: a submission's mean over its seeds on a question set, of the full profile.

    `split` (with its task), `asked` (the question set), `submission`, `axis` and `slice` are spelled as they label
    rows; `metric` is the task's headline where none is given. With `step` it is the point of the learning curve there,
    with `reaches` the first step at which the headline is as good. What a submission said of itself has a step and no
    question set: `diagnostic.coherence`, say.
    """

    split: str
    submission: str
    asked: str = ""
    metric: str = ""
    axis: str = ""
    slice: str = ""
    step: int | None = None
    reaches: float | None = None

    @property
    def of_curve(self) -> bool:
        """Whether it is read from CURVES."""
        return self.step is not None or self.reaches is not None

    @property
    def shown(self) -> str:
        """The reading in words."""
        part = f", {self.axis} {self.slice}" if self.axis else ""
        metric = f", {self.metric}" if self.metric else ""
        when = "" if self.step is None else f" at step {self.step}"
        asked = f" {self.asked}" if self.asked else ""
        told = f"`{self.submission}` on {self.split}{asked}{part}{metric}{when}"
        return told if self.reaches is None else f"first step of {self.reaches:g}, {told}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a paper found, in a sentence, and the bounds of the figure that shows it; see the head of the room.

    The figure is that of `of`, less that of `minus` or over that of `over`. `least` and `most` belong to what is
    allowed. `test` names in place of `of` the test that holds the finding, as pytest is told it.
    """

    says: str
    mark: str
    source: str
    least: float = -math.inf
    most: float = math.inf
    of: Reading | None = None
    minus: Reading | None = None
    over: Reading | None = None
    test: str = ""

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All that it reads in our rows."""
        return tuple(one for one in (self.of, self.minus, self.over) if one is not None)

    @property
    def asked(self) -> str:
        """The bounds in words; nothing where a test holds the finding."""
        if self.least > -math.inf and self.most < math.inf:
            return f"{self.least:g} to {self.most:g}"
        if self.least > -math.inf:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most < math.inf else ""

    @property
    def shown(self) -> str:
        """What is read, in words."""
        if self.of is None:
            return f"`{self.test}`"
        less = f" less {self.minus.shown}" if self.minus else ""
        return self.of.shown + (f" over {self.over.shown}" if self.over else less)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, by its `arxiv` number where it has one: which parts of genbench it lives in, and what it found.

    Tasks and submissions whose cards name the number are found by it; `lives` adds what no card says. Of a paper, or of
    a part of it, `not_yet` says what is missing here, and `left_out` why it stays out, or what would bring it in.
    """

    title: str
    authors: str
    arxiv: str = ""
    lives: str = ""
    not_yet: str = ""
    left_out: str = ""
    findings: tuple[Finding, ...] = ()


def read(folder: Path) -> list[Paper]:
    """The papers of every TOML file in `folder`, by title. Raises `BadCard` with all faults of a file."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None
        faults: list[str] = []
        one = _paper(table, faults)
        if faults:
            raise BadCard(str(path), faults)
        found.append(one)
    return sorted(found, key=lambda paper: paper.title.lower())


def _paper(table: dict[str, Any], faults: list[str]) -> Paper:
    rows = table.get("findings", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append("findings is no array of tables; each is a [[findings]]")
        rows = []
    plain = {key: value for key, value in table.items() if key != "findings"}
    values = _values(Paper, plain, ("title", "authors"), "", faults)
    if "arxiv" in plain and not ARXIV.fullmatch(str(plain["arxiv"])):
        faults.append(f"arxiv is {plain['arxiv']!r}; it must be a number such as 2310.02541")
    findings = tuple(_finding(row, f"finding {number}: ", faults) for number, row in enumerate(rows, 1))
    return Paper(**values, findings=findings)


def _finding(row: dict[str, Any], name: str, faults: list[str]) -> Finding:
    values = _values(Finding, row, ("says", "mark", "source"), name, faults)
    if row.get("mark") not in MARKS:
        faults.append(f"{name}mark is {row.get('mark')!r}; it must be one of {', '.join(MARKS)}")
    if ("of" in row) == ("test" in row):
        faults.append(f"{name}give either of, what is read in our rows, or test, what holds it")
    if ("of" in row) != bool({"least", "most"} & set(row)):
        faults.append(f"{name}of goes with least, most or both, and these with it")
    if {"minus", "over"} <= set(row) or ({"minus", "over"} & set(row) and "of" not in row):
        faults.append(f"{name}beside of stands minus or over, one of the two")
    if values["least"] > values["most"]:
        faults.append(f"{name}least is {values['least']:g}; it must be at most {values['most']:g}, which is most")
    return Finding(**values)


def _reading(row: object, name: str, faults: list[str]) -> Reading:
    table = row if isinstance(row, dict) else {}
    if table is not row:
        faults.append(f"{name} is {row!r}; it must be a table with split, asked and submission")
        return Reading("", "")
    of_itself = str(table.get("metric", "")).startswith(DIAGNOSTIC)
    needed = ("split", "submission", "step" if of_itself else "asked")
    values = _values(Reading, table, needed, f"{name}.", faults)
    if "/" not in str(table.get("split", "/")):
        faults.append(f"{name}.split is {table['split']!r}; it must be a task and its split, such as scan/length")
    if ("axis" in table) != ("slice" in table):
        faults.append(f"{name}.axis and slice go together")
    both = [other for other in ("step", "metric") if {other, "reaches"} <= set(table)]
    faults += [f"{name} has {other} and reaches; give one of them" for other in both]
    return Reading(**values)


def _values(kind: type, row: dict[str, Any], needed: Sequence[str], name: str, faults: list[str]) -> dict[str, Any]:
    """What a table gives for the fields of `kind`, blank where a needed one is missing; what is wrong is noted."""
    hints = get_type_hints(kind)
    known = [field.name for field in fields(kind) if field.name != "findings"]
    faults += [f"{name}missing key {key!r}" for key in needed if key not in row]
    faults += [f"{name}unknown key {key!r}{nearest(key, known)}" for key in row if key not in known]
    blank: dict[str, Any] = {field.name: field.default for field in fields(kind) if field.name in known}
    blank |= dict.fromkeys(needed, "")
    return blank | {key: _value(row[key], hints[key], name + key, faults) for key in known if key in row}


def _value(value: object, kind: Any, where: str, faults: list[str]) -> Any:
    """The value of a key, of the kind that it must be; what is wrong with it is noted."""
    kind = next((one for one in get_args(kind) if one is not type(None)), kind)
    if kind is Reading:
        return _reading(value, where, faults)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if kind is int and type(value) is int and value >= 0:
        return value
    if kind is str and isinstance(value, str) and value.strip():
        return " ".join(value.split())
    right = {float: "a number", int: "a whole number from 0 on"}.get(kind, "text")
    faults.append(f"{where} is {value!r}; it must be {right}")
    return {float: math.nan, int: 0}.get(kind, "")
