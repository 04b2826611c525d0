"""Published figures beside ours: read from `leaderboard/published/*.toml`, compared by one rule, never ranked.

A figure stands in a file only where its source was read; a row says where. The rule: a figure is *reproduced* where our
95 % interval meets the published value give or take its spread (ROOM where the source gives none), or the published
range. Otherwise ours is said to be higher or lower, and by how much.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from genbench.errors import BadCard, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from genbench.analysis.standings import SliceStanding, Standing

ROOM: Final = 0.01  # of the metric, for a published value without a spread: one run's figure, as a rule
STATUSES: Final = ("verified", "stated", "rerun")


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: a value, with the `spread` its source gives, or a range `low` to `high`, as shares.

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
    axis: str = ""
    slice: str = ""
    ours: str = ""
    departs: str = ""
    out_of_reach: str = ""

    @property
    def range(self) -> tuple[float, float]:
        """What the figure allows, from and to."""
        room = ROOM if self.spread < 0 else self.spread
        return (self.low, self.high) if self.value < 0 else (self.value - room, self.value + room)

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
        if not table or set(table) - {"figures", "against"} or not _tables_in(rows):
            raise BadCard(str(path), ["it must hold [[figures]], [[against]] and nothing else"])
        faults: list[str] = []
        found += [_figure(row, f"figure {number}", faults) for number, row in enumerate(rows, 1)]
        if faults:
            raise BadCard(str(path), faults)
    return found


def _tables_in(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


@dataclass(frozen=True, slots=True)
class Both:
    """A model on two test sets, as shares: `value` on the one at hand, `other` on the one it is held against."""

    model: str
    pretraining: str
    value: float
    other: float


@dataclass(frozen=True, slots=True)
class Against:
    """Published models on a question set held against another test set, such as ImageNet; see `Figure`."""

    task: str
    split: str
    question_set: str
    metric: str
    other: str  # the test set and metric they are held against
    paper: str
    where: str
    source: str
    status: str
    models: tuple[Both, ...]


def against(folder: Path) -> list[Against]:
    """Every [[against]] of the TOML files in `folder`. Raises `BadCard` with all faults of a file."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8")).get("against", [])
        except (OSError, ValueError) as fault:
            raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None
        faults: list[str] = []
        if not _tables_in(tables):
            raise BadCard(str(path), ["[[against]] must be tables"])
        found += [_against(table, f"against {number}", faults) for number, table in enumerate(tables, 1)]
        if faults:
            raise BadCard(str(path), faults)
    return found


def _against(table: dict[str, Any], name: str, faults: list[str]) -> Against:
    known = [field.name for field in fields(Against)]
    faults += [f"{name}: missing key {key!r}" for key in known if key not in table]
    faults += [f"{name}: unknown key {key!r}{nearest(key, known)}" for key in table if key not in known]
    texts = {key: table.get(key, "") for key in known if key != "models"}
    faults += [f"{name}: {key} is {value!r}; it must be text" for key, value in texts.items() if not _text(value)]
    if texts["status"] not in STATUSES:
        faults.append(f"{name}: status is {texts['status']!r}; it must be one of {', '.join(STATUSES)}")
    models = []
    for place, row in enumerate(table.get("models", []), 1):
        want = {"model": str, "pretraining": str, "value": float, "other": float}
        good = (
            isinstance(row, dict) and row.keys() == want.keys() and all(isinstance(row[k], t) for k, t in want.items())
        )
        if not good or not (0 <= row["value"] <= 1 and 0 <= row["other"] <= 1):
            faults.append(
                f"{name}: model {place} is {row!r}; it must have model, pretraining, value and other, as shares"
            )
        else:
            models.append(Both(**row))
    return Against(**{key: str(value) for key, value in texts.items()}, models=tuple(models))


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


BORDER: Final = 0.5  # of the other test set: the published figure has a line below it and one from there on


@dataclass(frozen=True, slots=True)
class Slope:
    """A least-squares line through some models: value = slope * other + intercept, as shares."""

    slope: float
    intercept: float
    models: int


def slopes(one: Against, border: float = BORDER) -> dict[str, Slope | None]:
    """The lines through the models below the border and from it on; None where fewer than two lie there."""
    import numpy as np

    found: dict[str, Slope | None] = {}
    for name, own in (
        ("below", [model for model in one.models if model.other < border]),
        ("above", [model for model in one.models if model.other >= border]),
    ):
        found[name] = None
        if len({model.other for model in own}) > 1:
            slope, intercept = np.polyfit([model.other for model in own], [model.value for model in own], 1)
            found[name] = Slope(float(slope), float(intercept), len(own))
    return found


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
        elif kinds[key] is float and isinstance(value, int | float) and not isinstance(value, bool):
            if not 0 <= value <= 1:
                faults.append(f"{name}: {key} is {value}; it must be a share from 0 to 1")
            values[key] = float(value)
        elif kinds[key] is str and isinstance(value, str) and value:
            values[key] = value
        else:
            faults.append(f"{name}: {key} is {value!r}; it must be {'text' if kinds[key] is str else 'a number'}")
    if {"value", "low", "high"} & set(row) not in ({"value"}, {"low", "high"}):
        faults.append(f"{name}: give either value, or low and high")
    if values.get("low", 0.0) > values.get("high", 1.0):
        faults.append(f"{name}: low is {values['low']:g}; it must be at most high, {values['high']:g}")
    if "spread" in row and "value" not in row:
        faults.append(f"{name}: spread goes with value; a range has none")
    if ("axis" in row) != ("slice" in row):
        faults.append(f"{name}: axis and slice go together")
    if row.get("status") not in STATUSES:
        faults.append(f"{name}: status is {row.get('status')!r}; it must be one of {', '.join(STATUSES)}")
    if not (row.get("ours") or row.get("out_of_reach")):
        faults.append(f"{name}: give ours, the submission to stand beside it, or out_of_reach, why there is none")
    blank = dict.fromkeys(needed, "")
    return Figure(**(blank | values if len(faults) == before else blank))


def verdict(figure: Figure, standing: Standing | SliceStanding | None) -> str:
    """What our row says of the figure, by the rule above."""
    if figure.out_of_reach:
        return f"out of reach here: {figure.out_of_reach}"
    if standing is None or standing.mean is None:
        return "no rows yet"
    low, high = figure.range
    ours = (standing.mean, standing.mean) if standing.low is None else (standing.low, standing.high or standing.mean)
    if ours[1] < low:
        return f"not reproduced: lower by {low - ours[1]:.3f}"
    if ours[0] > high:
        return f"not reproduced: higher by {ours[0] - high:.3f}"
    return "reproduced"


def beside(
    figure: Figure, standings: Sequence[Standing], slices: Sequence[SliceStanding] = ()
) -> Standing | SliceStanding | None:
    """Our full-profile standing that the figure names, where there is one with its metric."""
    parts = [one for one in slices if (one.axis, one.slice) == (figure.axis, figure.slice)]
    for one in parts if figure.axis else standings:
        if one.profile == "full" and (one.task, one.split, one.question_set, one.submission, one.metric) == (
            figure.task,
            figure.split,
            figure.question_set,
            figure.ours,
            figure.metric,
        ):
            return one
    return None


def reported(figures: Sequence[Figure]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """One line for each figure, by task, split and question set, to stand below the ranked rows of a leaderboard."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in figures:
        part = f" on {one.axis} {one.slice}" if one.axis else ""
        line = f"{one.metric} {one.shown}{part}, {one.model}: {one.paper}, {one.where} ({one.status})"
        found[one.task, one.split, one.question_set].append(line)
    return {place: tuple(lines) for place, lines in found.items()}


def table(figures: Sequence[Figure], standings: Sequence[Standing], slices: Sequence[SliceStanding] = ()) -> str:
    """Figures beside our standings as a Markdown table, and below it what differs and where each was read."""
    lines = [
        "| task | asked | published | value | ours | mean | 95 % interval | seeds | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    notes = []
    for number, figure in enumerate(figures, 1):
        one = beside(figure, standings, slices)
        known = one is not None and one.mean is not None
        mean = f"{one.mean:.3f}" if one is not None and one.mean is not None else "-"
        interval = f"{one.low:.3f} to {one.high:.3f}" if one is not None and one.low is not None else "-"
        cells = (
            f"{figure.task}/{figure.split}",
            figure.asked,
            f"{figure.model} [{number}]",
            figure.shown,
            f"`{figure.ours}`" if figure.ours else "-",
            mean,
            interval,
            str(one.seeds) if known and one is not None else "-",
            verdict(figure, one),
        )
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
        note = f"{number}. {figure.paper}, {figure.where} ({figure.status}; read in {figure.source})."
        notes.append(note + (f" Ours differs: {figure.departs}." if figure.departs else ""))
    return "\n".join([*lines, "", *notes]) + "\n"
