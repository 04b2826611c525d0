"""The parameters of a split of gCOG, checked one by one and then against the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from language import CELLS, COLOURS, SHAPES
from recipe import slots_of

from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

DEEPEST: Final = 9  # at 11 a tree may select 126 things, and there are 100 cells
MORE: Final = (10, 20, 30, 40)  # distractors, their figure 3
DEEPER: Final = (5, 7, 9)  # their figure 5, and one level beyond
ENCODINGS: Final = ("released", "objects")
FAMILIES: Final = ("distractor", "systematic_depth1", "systematic_depth3", "productive")
RELEASED: Final = "-released"
LARGEST: Final = 500_000  # rows: 1.2 GB as 64-bit integers


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters, checked."""

    depth: int
    distractors: int
    colours: int
    shapes: int
    tasks: int
    questions: int
    balanced: bool
    encoding: str


def settings_of(split: str, params: Mapping[str, Value]) -> Settings:
    """The parameters of a split, checked one by one and then against the grid."""
    family = split.removesuffix(RELEASED)
    if family not in FAMILIES:
        every = [name + ending for name in FAMILIES for ending in ("", RELEASED)]
        raise UnknownName(f"gcog has no split {split!r}{nearest(split, every)}")
    depth = _depth(params, family)
    distractors = _integer(params, "distractors", 0, CELLS)
    settings = Settings(
        depth=depth,
        distractors=distractors,
        colours=_integer(params, "colours", 2, len(COLOURS), "there are so many colours"),
        shapes=_integer(params, "shapes", 2, len(SHAPES), "there are so many shapes"),
        tasks=_integer(params, "tasks", 1, LARGEST),
        questions=_integer(params, "questions", 1, LARGEST),
        balanced=_flag(params, "balanced"),
        encoding=_choice(params, "encoding", ENCODINGS),
    )
    deepest = DEEPER[-1] if family == "productive" else depth
    free = CELLS - slots_of(deepest)
    if distractors > free:
        raise BadValue(
            f"gcog: parameter 'distractors' is {distractors}; it must be an integer from 0 to {free}, "
            f"for a tree of depth {deepest} may have {CELLS - free} of the {CELLS} cells"
        )
    return settings


def _depth(params: Mapping[str, Value], family: str) -> int:
    value = params.get("depth")
    low, high = {
        "distractor": (1, DEEPEST - 2),
        "systematic_depth1": (1, 1),
        "systematic_depth3": (3, DEEPEST),
        "productive": (1, 3),
    }[family]
    if not isinstance(value, int) or isinstance(value, bool) or value % 2 == 0 or not low <= value <= high:
        form = f"an odd integer from {low} to {high}" if low < high else f"{low} in {family}"
        if family == "distractor":
            form += f" (deeper trees leave fewer cells than its {MORE[-1]} distractors take)"
        raise BadValue(f"gcog: parameter 'depth' is {value!r}; it must be {form}")
    return value


def _integer(params: Mapping[str, Value], key: str, low: int, high: int, why: str = "") -> int:
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        form = f"an integer from {low} to {high}" + (f" ({why})" if why else "")
        raise BadValue(f"gcog: parameter {key!r} is {value!r}; it must be {form}")
    return value


def _flag(params: Mapping[str, Value], key: str) -> bool:
    value = params.get(key)
    if not isinstance(value, bool):
        raise BadValue(f"gcog: parameter {key!r} is {value!r}; it must be true or false")
    return value


def _choice(params: Mapping[str, Value], key: str, options: tuple[str, ...]) -> str:
    value = params.get(key)
    if not isinstance(value, str) or value not in options:
        raise BadValue(f"gcog: parameter {key!r} is {value!r}; it must be one of {', '.join(options)}")
    return value
