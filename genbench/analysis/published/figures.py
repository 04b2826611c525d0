"""Published figures: what one says, and how it is read from a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from genbench.errors import BadCard, nearest

if TYPE_CHECKING:
    from pathlib import Path

ROOM: Final = 0.01  # of the metric, for a published value without a spread: one run's figure, as a rule
STATUSES: Final = ("verified", "stated", "rerun")


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: a value, or a range `low` to `high`, as shares.

    With a value goes the `spread` that its source gives, a standard deviation over `runs`; 0 where it does not say how
    many these were.

    `task`, `split` and `question_set` are spelled as they label rows; `ours` is the submission's label whose row stands
    beside it. `status` is `verified` where released data or logs were read, `stated` for an abstract or caption,
    `rerun` where the paper has a picture and its words were run again by somebody else; `source` says where. `axis` and
    `slice`, as they label rows, are for a figure of part of a question set. `departs` names what differs between theirs
    and ours; `out_of_reach` why there is no row of ours to expect.
    """

    task: str
    split: str
    question_set: str
    metric: str
    model: str
    paper: str
    where: str
    source: str
    status: str
    value: float = -1.0
    low: float = -1.0
    high: float = -1.0
    spread: float = -1.0
    runs: int = 0
    axis: str = ""
    slice: str = ""
    ours: str = ""
    departs: str = ""
    out_of_reach: str = ""

    @property
    def range(self) -> tuple[float, float]:
        """What the figure allows, from and to; a spread over runs is no part of that."""
        return (self.low, self.high) if self.value < 0 else (self.value - ROOM, self.value + ROOM)

    @property
    def asked(self) -> str:
        """The question set, and which part of it."""
        return self.question_set + (f", {self.axis} {self.slice}" if self.axis else "")

    @property
    def shown(self) -> str:
        """The figure as its source gives it, as a share."""
        if self.value < 0:
            return f"{self.low:.3f} to {self.high:.3f}"
        return f"{self.value:.3f}" + ("" if self.spread < 0 else f" ± {self.spread:.3f}")


def read(folder: Path) -> list[Figure]:
    """The figures of every TOML file in `folder`, by file name. Raises `BadCard` with all faults of a file."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None
        rows = table.get("figures", [])
        if not table or set(table) - {"figures", "against"} or not tables_in(rows):
            raise BadCard(str(path), ["it must hold [[figures]], [[against]] and nothing else"])
        faults: list[str] = []
        found += [_figure(row, f"figure {number}", faults) for number, row in enumerate(rows, 1)]
        if faults:
            raise BadCard(str(path), faults)
    return found


def tables_in(rows: object) -> bool:
    """Whether what stands under a key of a TOML file are tables."""
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _figure(row: dict[str, Any], name: str, faults: list[str]) -> Figure:
    kinds = get_type_hints(Figure)
    known = [field.name for field in fields(Figure)]
    needed = known[: known.index("value")]
    before = len(faults)
    faults += [f"{name}: missing key {key!r}" for key in needed if key not in row]
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key not in known:
            faults.append(f"{name}: unknown key {key!r}{nearest(key, known)}")
        else:
            values[key] = _value(value, kinds[key], f"{name}: {key}", faults)
    if {"value", "low", "high"} & set(row) not in ({"value"}, {"low", "high"}):
        faults.append(f"{name}: give either value, or low and high")
    if values.get("low", 0.0) > values.get("high", 1.0):
        faults.append(f"{name}: low is {values['low']:g}; it must be at most high, {values['high']:g}")
    for key, needs in (("spread", "value"), ("runs", "spread"), ("axis", "slice"), ("slice", "axis")):
        if key in row and needs not in row:
            faults.append(f"{name}: {key} goes with {needs}{'; a range has none' if key == 'spread' else ''}")
    if row.get("status") not in STATUSES:
        faults.append(f"{name}: status is {row.get('status')!r}; it must be one of {', '.join(STATUSES)}")
    if not (row.get("ours") or row.get("out_of_reach")):
        faults.append(f"{name}: give ours, the submission to stand beside it, or out_of_reach, why there is none")
    blank = dict.fromkeys(needed, "")
    return Figure(**(blank | values if len(faults) == before else blank))


def _value(value: object, kind: type, where: str, faults: list[str]) -> Any:
    """The value of a key, of the kind that it must be; what is wrong with it is noted."""
    if kind is int:
        if type(value) is not int or value < 2:
            faults.append(f"{where} is {value!r}; it must be a whole number from 2 on")
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value <= 1:
            faults.append(f"{where} is {value}; it must be a share from 0 to 1")
        return float(value)
    if kind is not str or not isinstance(value, str) or not value:
        faults.append(f"{where} is {value!r}; it must be {'text' if kind is str else 'a number'}")
    return value
