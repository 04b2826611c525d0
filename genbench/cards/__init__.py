"""Cards: what a contribution says of itself, read without running its code.

A card is a TOML file, `card.toml`, in the contribution's folder. Reading one imports the standard library only, so a
thousand tasks can be listed in the time it takes to read a thousand small files. All faults of a card are said at once.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast, get_args

from genbench.errors import BadCard, BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

T = TypeVar("T")
Value = str | int | float | bool
ColumnType = Literal["string", "int64", "float64", "bool", "list<int64>", "list<string>", "image"]
QuestionKind = Literal["id", "ood", "trained"]
Direction = Literal["higher", "lower"]
Needs = Literal["cpu", "gpu"]
Answer = Literal["target", "ranking"]

COLUMN_TYPES: Final = get_args(ColumnType)
FILE: Final = "card.toml"
RESERVED: Final = frozenset({"question_id", "question_set", "prediction", "target", "correct", "slices"})

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_ENTRY = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
UNSEEN: Final = "unseen"  # in place of a fingerprint: who wrote the card never held the data
_FINGERPRINT = re.compile(rf"sha256:[0-9a-f]{{64}}|{UNSEEN}")


def _frozen(values: Mapping[str, T]) -> Mapping[str, T]:
    return MappingProxyType(dict(values))


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question set: what it asks and how many. `kind` is `trained` where training rows are asked again on purpose."""

    name: str
    kind: QuestionKind
    rows: int
    about: str = ""
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class SplitCard:
    """One way to divide a task. `params` are the task's with the split's own on top; sizes are in rows.

    `fingerprint` is `UNSEEN` where whoever wrote the card never held the data: rows then record what was measured.
    """

    name: str
    about: str
    chance: float
    quick: bool
    embedded: bool
    axes: tuple[str, ...]
    params: Mapping[str, Value]
    train: int
    validation: int
    fingerprint: str
    questions: Mapping[str, QuestionCard]

    def chance_of(self, question_set: str) -> float:
        """The chance level of one question set: its own where it has one, the split's otherwise."""
        own = self.questions[question_set].chance
        return self.chance if own is None else own


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task: its columns, metrics (the first is the headline), source and splits."""

    folder: Path
    name: str
    title: str
    entry: str
    about: str
    source: str
    commit: str
    license: str
    paper: str
    bibtex: str
    data_seed: int
    inputs: Mapping[str, ColumnType]
    target: str
    target_type: ColumnType
    axes: Mapping[str, ColumnType]
    chance_along: Mapping[str, Mapping[str, float]]  # of the slices of an axis, where they differ from the whole
    metrics: tuple[str, ...]
    direction: Direction
    libraries: tuple[str, ...]
    params: Mapping[str, Value]
    splits: Mapping[str, SplitCard]
    answer: Answer = "target"  # or "ranking": labels, best first, with their probabilities
    verify: str = ""  # entry that compares the data with official files; there may be none
    verify_reference: str = ""  # entry that recomputes published figures from a folder of reference data; likewise
    reported: str = ""  # entry that reads what was published of models, by class; there may be none
    verify_samples: str = ""  # entry that checks a file of samples by the task's rules; there may be none
    import_samples: str = ""  # entry that reads a file of samples into rows; there may be none
    export_samples: str = ""  # entry that makes a sample of a row; there may be none
    describe: str = ""  # entry that tells a person what an example says; there may be none
    parses: str = ""  # entry that says whether an answer parses, which the metric well_formed asks; there may be none
    draw: str = ""  # entry that draws an example as a Pillow image; images are drawn without one
    compounds: str = ""  # entry that parses inputs for the difficulty of a split, as Trees; there may be none

    @property
    def headline(self) -> str:
        """The metric a leaderboard ranks by."""
        return self.metrics[0]

    @property
    def answer_type(self) -> str:
        """The type of an answer: the target's, or `ranking`."""
        return self.target_type if self.answer == "target" else self.answer


@dataclass(frozen=True, slots=True)
class Override:
    """Parameters that replace the card's own where profile and task match."""

    profile: str
    task: str
    params: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Variant:
    """A named setting of a submission's parameters, with a row of its own: `mlp@decay5`."""

    name: str
    about: str
    params: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SubmissionCard:
    """A submission: where its code is, what it takes, and its parameters."""

    folder: Path
    name: str
    title: str
    entry: str
    about: str
    authors: str
    license: str
    source: str
    paper: str
    bibtex: str
    default: bool
    tasks: tuple[str, ...]
    accepts_inputs: tuple[str, ...]
    accepts_target: tuple[str, ...]
    needs: Needs
    threads: int
    memory_gib: float
    libraries: tuple[str, ...]
    params: Mapping[str, Value]
    budget_seconds: Mapping[str, float]
    overrides: tuple[Override, ...]
    variants: Mapping[str, Variant]
    zero_shot: bool = False  # it answers a split that has nothing to train on

    def takes(self, task: TaskCard, split: SplitCard) -> bool:
        """Whether this submission applies to the split, by name, column types, and what there is to train on."""
        named = any(fnmatchcase(f"{task.name}/{split.name}", pattern) for pattern in self.tasks)
        inputs = not self.accepts_inputs or set(task.inputs.values()) <= set(self.accepts_inputs)
        target = not self.accepts_target or task.target_type in self.accepts_target
        return named and inputs and target and (split.train > 0 or self.zero_shot)

    def settings(
        self, task: str, profile: str, variant: str = "", given: Mapping[str, Value] | None = None
    ) -> dict[str, Value]:
        """Parameters for one cell: the card's, then matching overrides, the variant's, and those given by hand.

        Raises `UnknownName` for a variant or parameter the card does not have, `BadValue` for one of another type.
        """
        values = dict(self.params)
        for override in self.overrides:
            if fnmatchcase(profile, override.profile) and fnmatchcase(task, override.task):
                values.update(override.params)
        if variant:
            if variant not in self.variants:
                raise UnknownName(f"{self.name} has no variant {variant!r}{nearest(variant, self.variants)}")
            values.update(self.variants[variant].params)
        return overridden(values, given or {}, self.name)


@dataclass(frozen=True, slots=True)
class GridCard:
    """Cells that belong together, by the addresses of their splits and submissions: a phase diagram, a table."""

    path: Path
    name: str
    title: str
    about: str
    paper: str
    tasks: tuple[str, ...]
    submissions: tuple[str, ...]
    profile: str
    seeds: int


@dataclass(frozen=True, slots=True)
class Address:
    """A name as typed: `scan/length`, `mlp@decay5`, `modular/addition:corruption=0.5`, with its overrides."""

    name: str
    variant: str = ""
    given: Mapping[str, Value] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The canonical spelling, overrides sorted by key."""
        text = self.name + (f"@{self.variant}" if self.variant else "")
        return text + (
            ":" + ",".join(f"{key}={spell(self.given[key])}" for key in sorted(self.given)) if self.given else ""
        )


def spread(text: str) -> list[str]:
    """The addresses that `text` names where a value in it is a list, as in `mlp:weight_decay=0|5|15`: one for each.

    >>> spread("mlp:steps=500|1000,weight_decay=0|5")[1]
    'mlp:steps=500,weight_decay=5'
    """
    name, colon, tail = text.partition(":")
    if "|" not in tail:
        return [text]
    lists = []
    for pair in tail.split(","):
        key, equals, raw = pair.partition("=")
        values = raw.split("|")
        if "" in values:
            raise BadValue(f"{text!r}: {pair!r} is a list with nothing between two '|'")
        lists.append([f"{key}{equals}{value}" for value in values])
    return [name + colon + ",".join(chosen) for chosen in product(*lists)]


def spell(value: Value) -> str:
    """A value as it is typed on the command line: TOML's spelling, strings bare."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def address(text: str) -> Address:
    """Read an address. Values are TOML scalars; anything else is a string.

    >>> address("modular/addition:corruption=0.5").given["corruption"]
    0.5
    """
    name, colon, tail = text.partition(":")
    base, at, variant = name.partition("@")
    if at and not variant:
        raise BadValue(f"{text!r} names no variant behind its '@'")
    given: dict[str, Value] = {}
    if colon:
        for pair in tail.split(","):
            key, equals, raw = pair.partition("=")
            if not equals or not key or not raw:
                raise BadValue(f"{text!r}: {pair!r} is not of the form key=value")
            if key in given:
                raise BadValue(f"{text!r}: {key!r} is given twice")
            given[key] = scalar(raw)
    return Address(base, variant, given)


def scalar(raw: str) -> Value:
    """A TOML scalar where `raw` is one, the text itself otherwise.

    >>> scalar("1e-3"), scalar("true"), scalar("rotary")
    (0.001, True, 'rotary')
    """
    try:
        value = tomllib.loads(f"value = {raw}")["value"]
    except (ValueError, RecursionError):  # not TOML, or a number or nesting beyond Python's
        return raw
    return value if isinstance(value, (str, int, float)) else raw


def overridden(values: Mapping[str, Value], given: Mapping[str, Value], owner: str) -> dict[str, Value]:
    """`values` with `given` on top; a key `owner` does not have, or a value of another type, is refused."""
    result = dict(values)
    for key, value in given.items():
        if key not in result:
            raise UnknownName(f"{owner} has no parameter {key!r}{nearest(key, result)}")
        kind = type(result[key])
        if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < _HUGE:
            result[key] = float(value)
        elif type(value) is kind and not (isinstance(value, float) and not math.isfinite(value)):
            result[key] = value
        else:
            raise BadValue(f"{owner}: parameter {key!r} is {value!r}; it must be of type {_KINDS[kind]}")
    return result


_KINDS: Final[dict[type, str]] = {  # as TOML calls them
    str: "string",
    int: "integer",
    float: "number",
    bool: "true or false",
    dict: "table",
    list: "array",
}
_REQUIRED: Final = object()
_HUGE: Final = 2**1000  # TOML's integers have no bound in Python, and float() refuses those near 2**1024


class _Table:
    """One TOML table being read: each key is taken once, each fault is noted, what is left over is unknown."""

    def __init__(self, table: Mapping[str, object], faults: list[str], path: str = "") -> None:
        self.table, self.faults, self.path = table, faults, path
        self.known: list[str] = []

    def fault(self, text: str) -> None:
        self.faults.append(text)

    def name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, kind: type[T], default: object = _REQUIRED) -> T:
        """The value of `key`, of type `kind` (an integer will do for a number); a stand-in where it is at fault."""
        self.known.append(key)
        if key not in self.table:
            if default is _REQUIRED:
                self.fault(f"missing key '{self.name(key)}' ({_KINDS[kind]})")
                return kind()
            return cast("T", default)
        value = self.table[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < _HUGE:
            return cast("T", float(value))
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be of type {_KINDS[kind]}")
            return kind()
        if isinstance(value, float) and not math.isfinite(value):
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be finite")
        return cast("T", value)

    def choice(self, key: str, options: Iterable[str], default: object = _REQUIRED) -> Any:
        value = self.take(key, str, default)
        if isinstance(self.table.get(key), str) and value not in options:
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be one of {', '.join(options)}")
        return value

    def matching(self, key: str, pattern: re.Pattern[str], form: str, default: object = _REQUIRED) -> str:
        value = self.take(key, str, default)
        if isinstance(self.table.get(key), str) and not pattern.fullmatch(value):
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be {form}")
        return value

    def count(self, key: str, default: object = _REQUIRED, *, least: int = 0) -> int:
        value = self.take(key, int, default)
        if type(self.table.get(key)) is int and value < least:
            self.fault(f"key '{self.name(key)}' is {value}; it must be at least {least}")
        return value

    def positive(self, key: str, default: float) -> float:
        value = self.take(key, float, default)
        if key in self.table and value <= 0:
            self.fault(f"key '{self.name(key)}' is {value!r}; it must be above 0")
        return value

    def strings(self, key: str, default: tuple[str, ...] | object = ()) -> tuple[str, ...]:
        raw: list[object] = self.take(key, list, default)
        values = tuple(value for value in raw if isinstance(value, str))
        if len(values) != len(raw):
            self.fault(f"key '{self.name(key)}' must be an array of strings")
        return values

    def columns(self, key: str, default: object = _REQUIRED) -> dict[str, ColumnType]:
        raw: dict[str, object] = self.take(key, dict, default)
        for name, kind in raw.items():
            if kind not in COLUMN_TYPES:
                self.fault(f"key '{self.name(key)}.{name}' is {kind!r}; it must be one of {', '.join(COLUMN_TYPES)}")
            if name in RESERVED:
                self.fault(f"key '{self.name(key)}.{name}': {name!r} is a column of the results; choose another name")
        return cast("dict[str, ColumnType]", dict(raw))

    def params(self, key: str = "params") -> dict[str, Value]:
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

    def tables(self, key: str, default: object = _REQUIRED) -> dict[str, _Table]:
        raw: dict[str, object] = self.take(key, dict, default)
        found = {}
        for name, inner in raw.items():
            if not isinstance(inner, dict):
                self.fault(f"key '{self.name(key)}.{name}' must be a table")
            elif not _NAME.fullmatch(name):
                self.fault(f"key '{self.name(key)}.{name}': names are lower case letters, digits, '_' and '-'")
            else:
                found[name] = _Table(inner, self.faults, f"{self.name(key)}.{name}")
        return found

    def done(self) -> None:
        for key in self.table:
            if key not in self.known:
                free = [name for name in self.known if name not in self.table]
                hint = nearest(key, free)
                self.fault(f"unknown key '{self.name(key)}'" + (hint if "did you mean" in hint else ""))


def read(folder: Path, kind: Literal["task", "submission"] | None = None) -> TaskCard | SubmissionCard:
    """The card in `folder`, validated and frozen. `kind` says which is wanted; None takes either.

    Raises `BadCard` with every fault of the card, or where there is no readable card.
    """
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise BadCard(str(path), ["there is no such file; a contribution's folder holds a card.toml"]) from None
    except (OSError, ValueError, RecursionError) as fault:  # not UTF-8, not TOML, a number or nesting beyond Python's
        raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None
    faults: list[str] = []
    top = _Table(table, faults)
    found = top.choice("kind", ("task", "submission"))
    if kind and found in {"task", "submission"} and found != kind:
        raise BadCard(str(path), [f"key 'kind' is {found!r}; a {kind} is wanted here"])
    card = _submission(folder, top) if (kind or found) == "submission" else _task(folder, top)
    top.done()
    if faults:
        raise BadCard(str(path), faults)
    return card


def read_grid(path: Path) -> GridCard:
    """The grid in the TOML file `path`. Raises `BadCard` with every fault, or where there is no readable file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise BadCard(str(path), ["there is no such file; a grid is a TOML file"]) from None
    except (OSError, ValueError, RecursionError) as fault:
        raise BadCard(str(path), [f"not readable as TOML: {fault}"]) from None
    faults: list[str] = []
    top = _Table(table, faults)
    top.choice("kind", ("grid",))
    card = GridCard(
        path=path,
        name=top.matching("name", _NAME, "lower case letters, digits, '_' and '-', a letter first"),
        title=top.take("title", str),
        about=top.take("about", str, "").strip(),
        paper=top.take("paper", str, ""),
        tasks=top.strings("tasks", _REQUIRED),
        submissions=top.strings("submissions", _REQUIRED),
        profile=top.choice("profile", ("quick", "full"), "full"),
        seeds=top.count("seeds", 1, least=1),
    )
    for key in ("tasks", "submissions"):
        if key in table and not getattr(card, key):
            top.fault(f"key {key!r} must name at least one")
    top.done()
    if faults:
        raise BadCard(str(path), faults)
    return card


def _common(top: _Table) -> dict[str, Any]:
    return {
        "name": top.matching("name", _NAME, "lower case letters, digits, '_' and '-', a letter first"),
        "title": top.take("title", str),
        "entry": top.matching("entry", _ENTRY, "written as module:object"),
        "about": top.take("about", str).strip(),
        "license": top.take("license", str),
        "source": top.take("source", str, ""),
        "paper": top.take("paper", str, ""),
        "bibtex": top.take("bibtex", str, "").strip(),
        "libraries": top.strings("libraries"),
        "params": _frozen(top.params()),
    }


def _task(folder: Path, top: _Table) -> TaskCard:
    common = _common(top)
    inputs = top.columns("inputs")
    target = top.columns("target")
    axes = top.columns("axes", {})
    metrics = top.strings("metrics", _REQUIRED)
    embedded = top.take("embedded", bool, default=True)
    if "inputs" in top.table and not inputs:
        top.fault("key 'inputs' must name at least one column")
    if "target" in top.table and len(target) != 1:
        top.fault("key 'target' must name exactly one column")
    if "metrics" in top.table and not metrics:
        top.fault("key 'metrics' must name at least one metric; the first is the headline")
    for name, kind in axes.items():
        if kind not in ("string", "int64"):  # a tuple: what a card holds may be unhashable
            top.fault(f"key 'axes.{name}' is {kind!r}; an axis is of type string or int64")
    chance_along = {}
    for name, inner in top.tables("chance_along", {}).items():
        chance_along[name] = _frozen({part: inner.take(part, float) for part in inner.table})
        if name not in axes:
            top.fault(f"key '{inner.path}' is of no axis of the task{nearest(name, axes)}")
    for name in sorted((inputs.keys() & target.keys()) | (axes.keys() & (inputs.keys() | target.keys()))):
        top.fault(f"column {name!r} is named twice among inputs, target and axes")
    splits = {
        name: _split(name, inner, axes, common["params"], embedded=embedded)
        for name, inner in top.tables("splits").items()
    }
    if "splits" in top.table and not splits:
        top.fault("key 'splits' must hold at least one split")
    target_name = next(iter(target), "")
    answer = top.choice("answer", get_args(Answer), "target")
    if answer == "ranking" and target.get(target_name, "int64") != "int64":
        top.fault(
            f"key 'answer' is 'ranking', which ranks labels; the target is of type {target[target_name]}, not int64"
        )
    return TaskCard(
        folder=folder,
        commit=top.take("commit", str, ""),
        data_seed=top.count("data_seed", 0),
        inputs=_frozen(inputs),
        target=target_name,
        target_type=target.get(target_name, "string"),
        axes=_frozen(axes),
        chance_along=_frozen(chance_along),
        metrics=metrics,
        answer=answer,
        direction=top.choice("direction", get_args(Direction), "higher"),
        splits=_frozen(splits),
        verify=top.matching("verify", _ENTRY, "written as module:object", ""),
        verify_reference=top.matching("verify_reference", _ENTRY, "written as module:object", ""),
        reported=top.matching("reported", _ENTRY, "written as module:object", ""),
        verify_samples=top.matching("verify_samples", _ENTRY, "written as module:object", ""),
        import_samples=top.matching("import_samples", _ENTRY, "written as module:object", ""),
        export_samples=top.matching("export_samples", _ENTRY, "written as module:object", ""),
        describe=top.matching("describe", _ENTRY, "written as module:object", ""),
        draw=top.matching("draw", _ENTRY, "written as module:object", ""),
        parses=top.matching("parses", _ENTRY, "written as module:object", ""),
        compounds=top.matching("compounds", _ENTRY, "written as module:object", ""),
        **common,
    )


def _split(
    name: str, table: _Table, axes: Mapping[str, ColumnType], params: Mapping[str, Value], *, embedded: bool
) -> SplitCard:
    questions = {}
    for set_name, inner in table.tables("questions").items():
        if set_name in {"train", "validation"}:
            table.fault(f"key '{inner.path}': a question set cannot be called {set_name!r}; exported files would clash")
        questions[set_name] = QuestionCard(
            name=set_name,
            kind=inner.choice("kind", get_args(QuestionKind)),
            rows=inner.count("rows", least=1),
            about=inner.take("about", str, ""),
            chance=inner.take("chance", float, None),
        )
        inner.done()
    if "questions" in table.table and not questions:
        table.fault(f"key '{table.name('questions')}' must hold at least one question set")
    own_axes = table.strings("axes", tuple(axes)) if "axes" in table.table else tuple(axes)
    table.known.append("axes")
    for axis in own_axes:
        if axis not in axes:
            table.fault(
                f"key '{table.name('axes')}' names {axis!r}, which is not among the task's axes{nearest(axis, axes)}"
            )
    own = table.params()
    for key in own:
        if key not in params:
            table.fault(f"key '{table.name('params')}.{key}' is not among the task's [params]{nearest(key, params)}")
    split = SplitCard(
        name=name,
        about=table.take("about", str),
        chance=table.take("chance", float),
        quick=table.take("quick", bool, default=False),
        embedded=table.take("embedded", bool, default=embedded),
        axes=own_axes,
        params=_frozen({**params, **own}),
        train=table.count("train"),
        validation=table.count("validation", 0),
        fingerprint=table.matching("fingerprint", _FINGERPRINT, f"sha256: and 64 hexadecimal digits, or {UNSEEN}"),
        questions=_frozen(questions),
    )
    table.done()
    return split


def _submission(folder: Path, top: _Table) -> SubmissionCard:
    common = _common(top)
    params: Mapping[str, Value] = common["params"]

    def known(where: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
        try:
            return _frozen({key: overridden(params, {key: value}, where)[key] for key, value in values.items()})
        except (UnknownName, BadValue) as fault:
            top.fault(str(fault))
            return {}

    accepts = _Table(top.take("accepts", dict, {}), top.faults, "accepts")
    accepts_inputs, accepts_target = accepts.strings("inputs"), accepts.strings("target")
    for kind in (*accepts_inputs, *accepts_target):
        if kind not in COLUMN_TYPES:
            top.fault(f"key 'accepts' names the type {kind!r}; types are {', '.join(COLUMN_TYPES)}")
    accepts.done()
    budget = _Table(top.take("budget", dict, {}), top.faults, "budget")
    seconds = {"quick": budget.positive("quick", 300.0), "full": budget.positive("full", 3600.0)}
    budget.done()
    variants = {}
    for name, inner in top.tables("variants", {}).items():
        variants[name] = Variant(name, inner.take("about", str, ""), known(f"variants.{name}", inner.params()))
        inner.done()
    overrides = []
    for position, raw in enumerate(cast("list[object]", top.take("overrides", list, []))):
        if not isinstance(raw, dict):
            top.fault(f"key 'overrides' must be an array of tables; entry {position} is {raw!r}")
            continue
        inner = _Table(raw, top.faults, f"overrides[{position}]")
        overrides.append(
            Override(
                inner.take("profile", str, "*"),
                inner.take("task", str, "*"),
                known(f"overrides[{position}]", inner.params()),
            )
        )
        inner.done()
    return SubmissionCard(
        folder=folder,
        authors=top.take("authors", str, ""),
        default=top.take("default", bool, default=False),
        tasks=top.strings("tasks", ("*",)),
        accepts_inputs=accepts_inputs,
        accepts_target=accepts_target,
        needs=top.choice("needs", get_args(Needs), "cpu"),
        threads=top.count("threads", 1, least=1),
        memory_gib=top.positive("memory_gib", 8.0),
        budget_seconds=_frozen(seconds),
        overrides=tuple(overrides),
        variants=_frozen(variants),
        zero_shot=top.take("zero_shot", bool, default=False),
        **common,
    )
