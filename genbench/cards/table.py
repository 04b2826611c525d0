"""A TOML table read with care: each key taken once, every fault noted, so that all are said at once."""

from __future__ import annotations

import math
import re
import tomllib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from genbench import strangers
from genbench.cards.columns import COLUMN_TYPES, is_column_type
from genbench.cards.expressions import number
from genbench.cards.keys import declared
from genbench.cards.task import RESERVED
from genbench.cards.values import HUGE, KINDS
from genbench.errors import BadCard, BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from genbench.cards.columns import ColumnType
    from genbench.cards.values import Value

T = TypeVar("T")
NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,99}")  # a file system has names of at most 255 bytes
ENTRY: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
REQUIRED: Final = object()
MOST_BYTES: Final = 2**24  # of a card; with a thousand splits one has some 300 kB


def parsed(path: Path, missing: str) -> dict[str, object]:
    """The TOML file at `path`. Raises `BadCard`, with `missing` where there is no such file."""
    return of_content(path, content(path, missing))


def content(path: Path, missing: str) -> bytes:
    """The bytes of the file at `path`. Raises `BadCard`, with `missing` where there is no such file."""
    try:
        return strangers.content(path, MOST_BYTES, links=True)
    except (FileNotFoundError, NotADirectoryError):
        raise BadCard(str(path), [f"there is no such file; {missing}"]) from None
    except (OSError, ValueError) as fault:
        raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None


def of_content(path: Path, given: bytes) -> dict[str, object]:
    """The TOML that the file at `path` holds. Raises `BadCard`."""
    try:
        found = tomllib.loads(given.decode())
    except (ValueError, RecursionError) as fault:  # not UTF-8, not TOML, a number or nesting beyond Python's
        raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None
    if odd := list(_odd(found, "")):
        raise BadCard(str(path), odd)
    return found


def _odd(value: object, at: str) -> Iterator[str]:
    """A fault for each text that holds what a terminal obeys or what turns the direction of reading, with its key."""
    if isinstance(value, str) and (shown := strangers.plain(value)) != value:
        yield f"key {at!r} holds a control character: {shown[:80]!r}; it must be text that can be seen"
    elif isinstance(value, dict):
        for key, inner in value.items():
            if strangers.plain(key) != key:
                yield f"a key holds a control character: {strangers.plain(key)[:80]!r}"
            else:
                yield from _odd(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _odd(inner, at)


def frozen(values: Mapping[str, T]) -> Mapping[str, T]:
    """A copy of `values` that nobody can change."""
    return MappingProxyType(dict(values))


class Table:
    """One TOML table being read: each key is taken once, each fault is noted, what is left over is unknown.

    `path` is where it stands in the file; `form` is the same with the kind of card before it, and with NAME for what
    the card names itself, as `keys.KEYS` has it.
    """

    def __init__(self, table: Mapping[str, object], faults: list[str], form: str, path: str = "") -> None:
        self.table, self.faults, self.form, self.path = table, faults, form, path
        self.known: list[str] = []

    def fault(self, text: str) -> None:
        """Note what is wrong."""
        self.faults.append(text)

    def name(self, key: str) -> str:
        """The whole name of a key, from the top of the file."""
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, kind: type[T], default: object = REQUIRED) -> T:
        """The value of `key`, of type `kind` (an integer will do for a number); a stand-in where it is at fault."""
        declared(self.form, key)
        self.known.append(key)
        if key not in self.table:
            if default is REQUIRED:
                self.fault(f"missing key '{self.name(key)}' ({KINDS[kind]})")
                return kind()
            return cast("T", default)
        value = self.table[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < HUGE:
            return cast("T", float(value))
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be of type {KINDS[kind]}")
            return kind()
        if isinstance(value, float) and not math.isfinite(value):
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be finite")
        return cast("T", value)

    def choice(self, key: str, options: Iterable[str], default: object = REQUIRED) -> Any:
        """One of `options`."""
        value = self.take(key, str, default)
        if isinstance(self.table.get(key), str) and value not in options:
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be one of {', '.join(options)}")
        return value

    def matching(self, key: str, pattern: re.Pattern[str], form: str, default: object = REQUIRED) -> str:
        """A string that is wholly `pattern`, which `form` says in words."""
        value = self.take(key, str, default)
        if isinstance(self.table.get(key), str) and not pattern.fullmatch(value):
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be {form}")
        return value

    def own_name(self) -> str:
        """The name of what the file describes, under the key `name`."""
        return self.matching("name", NAME, "lower case letters, digits, '_' and '-', a letter first, at most 100")

    def entry(self, key: str, default: object = REQUIRED) -> str:
        """The entry that `key` names, as `module:object`."""
        return self.matching(key, ENTRY, "written as module:object", default)

    def count(self, key: str, default: object = REQUIRED, *, least: int = 0) -> int:
        """An integer, `least` or more."""
        value = self.take(key, int, default)
        if type(self.table.get(key)) is int and value < least:
            self.fault(f"key '{self.name(key)}' is {value}; it must be at least {least}")
        return value

    def positive(self, key: str, default: float) -> float:
        """A number above 0."""
        value = self.take(key, float, default)
        if key in self.table and value <= 0:
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be above 0")
        return value

    def bound(self, key: str, default: float) -> float:
        """A number that may be infinite."""
        value = self.table.get(key)
        if isinstance(value, float) and math.isinf(value):
            declared(self.form, key)
            self.known.append(key)
            return value
        return self.take(key, float, default)

    def level(self, key: str, params: Mapping[str, Value], default: object = REQUIRED) -> Any:
        """A number, or an expression of `params` as a string: it has a value where they are the card's."""
        value = self.table.get(key)
        if not isinstance(value, str):
            return self.take(key, float, default)
        declared(self.form, key)
        self.known.append(key)
        try:
            number(value, params)
        except BadValue as fault:
            self.fault(f"key '{self.name(key)}' is {value!r}: {fault}")
        return value

    def strings(self, key: str, default: tuple[str, ...] | object = ()) -> tuple[str, ...]:
        """An array of strings."""
        raw: list[object] = self.take(key, list, default)
        values = tuple(value for value in raw if isinstance(value, str))
        if len(values) != len(raw):
            self.fault(f"key '{self.name(key)}' must be an array of strings")
        return values

    def columns(self, key: str, default: object = REQUIRED) -> dict[str, ColumnType]:
        """Columns and their types; names of the columns of results are taken."""
        raw: dict[str, object] = self.take(key, dict, default)
        for name, kind in raw.items():
            if not is_column_type(kind):
                self.fault(f"key '{self.name(key)}.{name}' is {kind!r}; it must be one of {', '.join(COLUMN_TYPES)}")
            if name in RESERVED:
                self.fault(f"key '{self.name(key)}.{name}': {name!r} is a column of the results; choose another name")
        return cast("dict[str, ColumnType]", dict(raw))

    def params(self, key: str = "params") -> dict[str, Value]:
        """Parameters, of values that an address can spell."""
        raw: dict[str, object] = self.take(key, dict, {})
        for name, value in raw.items():
            if not isinstance(value, (str, int, float, bool)):
                self.fault(f"key '{self.name(key)}.{name}' is {value!r}; it must be a string, number, true or false")
            elif isinstance(value, str) and set(value) & set(",:=|"):
                self.fault(
                    f"key '{self.name(key)}.{name}' is {value!r}; ',', ':', '=' and '|' are kept for the command line"
                )
            elif isinstance(value, float) and not math.isfinite(value):
                self.fault(f"key '{self.name(key)}.{name}' is {value!r}; it must be finite")
        return cast("dict[str, Value]", dict(raw))

    def tables(self, key: str, default: object = REQUIRED) -> dict[str, Table]:
        """Tables by name, to be read in their turn."""
        raw: dict[str, object] = self.take(key, dict, default)
        found = {}
        for name, inner in raw.items():
            if not isinstance(inner, dict):
                self.fault(f"key '{self.name(key)}.{name}' must be a table")
            elif not NAME.fullmatch(name):
                self.fault(f"key '{self.name(key)}.{name}': names are lower case letters, digits, '_' and '-'")
            else:
                found[name] = Table(inner, self.faults, f"{self.form}.{key}.NAME", f"{self.name(key)}.{name}")
        return found

    def done(self) -> None:
        """Note the keys that nobody took."""
        for key in self.table:
            if key not in self.known:
                free = [name for name in self.known if name not in self.table]
                hint = nearest(key, free)
                self.fault(f"unknown key '{self.name(key)}'" + (hint if "did you mean" in hint else ""))
