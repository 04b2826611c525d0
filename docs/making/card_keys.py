"""The page of card keys, out of the reader of cards: each key it takes, its type and its default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from genbench.cards.grids import read_grid
from genbench.cards.keys import KEYS, declared
from genbench.cards.read_submission import submission_card
from genbench.cards.read_task import task_card
from genbench.cards.table import REQUIRED, Table
from genbench.cards.values import KINDS
from making.markdown import cell

if TYPE_CHECKING:
    from collections.abc import Iterable

# One of each table that a card may hold, so that the reader comes by every key. That they are at fault does not matter.
TASK = {
    "splits": {"a": {"axes": [], "questions": {"b": {}}, "auxiliary": {"e": {}}}},
    "chance_along": {"c": {"d": 0}},
    "metric": {"f": {}},
    "idle": {"g": {"h": 0}},
    "fragments": {},
}
SUBMISSION = {"variants": {"a": {}}, "overrides": [{}]}
PAGES = {
    "task": ("Of a task", "`tasks/NAME/card.toml`"),
    "submission": ("Of a submission", "`baselines/NAME/card.toml`"),
    "grid": ("Of a grid", "`grids/NAME.toml`"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that the reader takes: its name in `KEYS`, type, the values it may have, and its default."""

    name: str
    kind: str
    options: tuple[str, ...]
    default: object


def taken(root: Path) -> dict[str, Key]:
    """Every key that the reader of cards takes, as it takes it."""
    found: dict[str, Key] = {}
    take, choice = Table.take, Table.choice

    def noted_take(self: Table, key: str, kind: type, default: object = REQUIRED) -> Any:
        name = declared(self.form, key)
        found.setdefault(name, Key(name, KINDS[kind], (), default))
        return take(self, key, kind, default)

    def noted_choice(self: Table, key: str, options: Iterable[str], default: object = REQUIRED) -> Any:
        value = choice(self, key, options, default)
        name = declared(self.form, key)
        found[name] = replace(found[name], options=tuple(options))
        return value

    with mock.patch.object(Table, "take", noted_take), mock.patch.object(Table, "choice", noted_choice):
        Table({}, [], "card").choice("kind", ("task", "submission"))
        task_card(Path(), Table(TASK, [], "task"))
        submission_card(Path(), Table(SUBMISSION, [], "submission"))
        for path in (root / "grids").glob("*.toml"):
            read_grid(path)
    return found


def page(root: Path) -> str:
    """A table of keys for each kind of card, in the order of the reader's own list."""
    keys = taken(root)
    parts = [
        "# Card keys\n",
        (
            "A card is a TOML file that says what a contribution is, read without running its code. A key that is not "
            "here is a fault, and all faults of a card are said at once. `NAME` stands for a name that the card "
            f"chooses. A `card.toml` says what it is by `kind`: {_kind(keys['card.kind'])}.\n"
        ),
    ]
    for kind, (title, where) in PAGES.items():
        parts.append(f"## {title}\n\n{where}\n\n| key | type | default | meaning |\n| --- | --- | --- | --- |")
        parts += [_line(name, about, keys.get(name)) for name, about in KEYS.items() if name.startswith(f"{kind}.")]
        parts.append("")
    return "\n".join(parts)


def _line(name: str, about: str, key: Key | None) -> str:
    short = name.partition(".")[2]
    if key is None:  # the name of a table that the card chooses itself
        return f"| `{short}` | table | | {cell(about)} |"
    return f"| `{short}` | {_kind(key)} | {_default(key.default)} | {cell(about)} |"


def _kind(key: Key) -> str:
    return " or ".join(f"`{option}`" for option in key.options) or key.kind


def _default(default: object) -> str:
    if default is REQUIRED:
        return "*required*"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{list(default)}`" if default else ""
    return f"`{default}`" if default not in ("", None, {}, []) else ""
