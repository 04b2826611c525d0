"""Published models on a question set held against another test set, such as ImageNet, and the lines through them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.published.figures import STATUSES, tables_in
from genbench.errors import BadCard, nearest

if TYPE_CHECKING:
    from pathlib import Path

BORDER: Final = 0.5  # of the other test set: the published figure has a line below it and one from there on


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
        if not tables_in(tables):
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
