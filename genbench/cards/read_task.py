"""The tables of a task's card, read into `TaskCard`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from genbench.cards.addresses import SALT
from genbench.cards.columns import vector_length
from genbench.cards.contribution import common_keys
from genbench.cards.idle import read_idle
from genbench.cards.read_metric import own_direction, own_metrics
from genbench.cards.table import REQUIRED, Table, frozen
from genbench.cards.task import (
    UNSEEN,
    Answer,
    AuxiliaryCard,
    Fragments,
    LevelName,
    QuestionCard,
    QuestionKind,
    SplitCard,
    TaskCard,
    Tolerance,
)
from genbench.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from genbench.cards.columns import ColumnType
    from genbench.cards.values import Value

_FINGERPRINT = re.compile(rf"sha256:[0-9a-f]{{64}}|{UNSEEN}")
# What targets may be where an answer is not like them, and what it is then.
_ANSWERS = {
    "ranking": ("int64", "list<int64>"),
    "set": ("list<int64>", "list<string>"),
    "any_of": ("list<int64>", "list<string>", "list<float64>", "list<list<int64>>", "list<list<string>>"),
}
_WHAT = {
    "ranking": "which ranks labels",
    "set": "which is of a list's elements",
    "any_of": "which is one of those that a list holds",
}


def task_card(folder: Path, top: Table) -> TaskCard:
    """The card in `top`; what is wrong with it is noted there."""
    common = common_keys(top)
    inputs = top.columns("inputs")
    target = top.columns("target")
    axes = top.columns("axes", {})
    metrics = top.strings("metrics", REQUIRED)
    own = own_metrics(top, metrics)
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
        chance_along[name] = frozen({part: inner.take(part, float) for part in inner.table})
        if name not in axes:
            top.fault(f"key '{inner.path}' is of no axis of the task{nearest(name, axes)}")
    for name in sorted((inputs.keys() & target.keys()) | (axes.keys() & (inputs.keys() | target.keys()))):
        top.fault(f"column {name!r} is named twice among inputs, target and axes")
    prefix = _prefix(top, common["params"])
    if SALT in common["params"]:
        top.fault(f"key 'params.{SALT}' is taken: labels of splits name by it data that are drawn from a secret")
    given = _given(top, inputs, target, axes)
    splits = {
        name: _split_card(name, inner, axes, {*target, *(axes.keys() - given)}, common["params"], embedded=embedded)
        for name, inner in top.tables("splits").items()
    }
    if "splits" in top.table and not splits:
        top.fault("key 'splits' must hold at least one split")
    target_name = next(iter(target), "")
    answer = top.choice("answer", get_args(Answer), "target")
    if answer in _ANSWERS and target_name and target[target_name] not in _ANSWERS[answer]:
        top.fault(
            f"key 'answer' is {answer!r}, {_WHAT[answer]}; the target is of type {target[target_name]}, "
            f"not {' or '.join(_ANSWERS[answer])}"
        )
    return TaskCard(
        folder=folder,
        commit=top.take("commit", str, ""),
        data_seed=top.count("data_seed", 0),
        inputs=frozen(inputs),
        target=target_name,
        target_type=target.get(target_name, "string"),
        axes=frozen(axes),
        prefix=prefix,
        given=frozen(given),
        chance_along=frozen(chance_along),
        metrics=metrics,
        answer=answer,
        tolerance=_tolerance(top),
        own_metrics=frozen(own),
        idle=frozen(read_idle(top, common["params"], splits)),
        cluster=_axis("cluster", top, axes, "task") or "",
        strata=_axis("strata", top, axes, "task") or "",
        default=top.take("default", bool, default=True),
        bimodal=top.take("bimodal", bool, default=False),
        direction=own_direction(top, own.get(metrics[0]) if metrics else None),
        splits=frozen(splits),
        verify=top.entry("verify", ""),
        verify_reference=top.entry("verify_reference", ""),
        reported=top.entry("reported", ""),
        verify_samples=top.entry("verify_samples", ""),
        import_samples=top.entry("import_samples", ""),
        export_samples=top.entry("export_samples", ""),
        describe=top.entry("describe", ""),
        draw=top.entry("draw", ""),
        parses=top.entry("parses", ""),
        compounds=top.entry("compounds", ""),
        embedding=top.entry("embedding", ""),
        fragments=_fragments(top, given, inputs, target),
        **common,
    )


def _axis(key: Literal["cluster", "strata"], table: Table, axes: Collection[str], whose: str) -> str | None:
    """The axis that a key names; "" where it is said that there is none, None where nothing is said.

    The values of an axis were drawn, or they are all there are: it is a fault where a table says both.
    """
    found: str | None = table.take(key, str, None)
    if found and found not in axes:
        table.fault(
            f"key '{table.name(key)}' is {found!r}, which is not among the {whose}'s axes{nearest(found, axes)}"
        )
    if key == "strata" and found and table.table.get("cluster"):
        table.fault(
            f"keys '{table.name('cluster')}' and '{table.name('strata')}' exclude each other: "
            "the values of an axis were drawn (cluster), or they are all there are (strata)"
        )
    return found


def _tolerance(top: Table) -> Tolerance | None:
    """How near an answer must be, where the card says it."""
    inner = Table(top.take("tolerance", dict, {}), top.faults, "task.tolerance", "tolerance")
    found = Tolerance(inner.take("abs", float, 0.0), inner.take("rel", float, 0.0))
    for name, value in (("abs", found.abs), ("rel", found.rel)):
        if value < 0:
            top.fault(f"key 'tolerance.{name}' is {value!r}; it must be at least 0")
    inner.done()
    if "tolerance" not in top.table:
        return None
    if found == Tolerance():
        top.fault("key 'tolerance' must say 'abs', 'rel' or both, above 0: { abs = 1e-3, rel = 1e-6 }")
    return found


def _given(top: Table, *others: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """The columns of training only. `others` are inputs, target and axes; a given column may be an axis as well."""
    inputs, target, axes = others
    given = top.columns("given", {})
    for name, kind in given.items():
        if name in inputs or name in target:
            top.fault(f"key 'given.{name}': {name!r} is {'an input' if name in inputs else 'the target'} already")
        elif axes.get(name, kind) != kind:
            top.fault(f"key 'given.{name}' is {kind!r}, and the axis of that name is of type {axes[name]}")
    return given


def _fragments(
    top: Table,
    given: Mapping[str, ColumnType],
    inputs: Mapping[str, ColumnType],
    target: Mapping[str, ColumnType],
) -> Fragments | None:
    """Of which sub-datasets training is made, where the card says it."""
    inner = Table(top.take("fragments", dict, {}), top.faults, "task.fragments", "fragments")
    if "fragments" not in top.table:
        return None
    found = Fragments(inner.take("environment", str), inner.strings("nuisance", REQUIRED))
    if "environment" in inner.table and given.get(found.environment) not in ("int64", "string"):
        top.fault(
            f"key 'fragments.environment' is {found.environment!r}; it must name a column of 'given', of type int64 or "
            f"string{nearest(found.environment, given)}"
        )
    if "nuisance" in inner.table and not found.nuisance:
        top.fault("key 'fragments.nuisance' must name at least one input")
    for name in found.nuisance:
        if not vector_length(str(inputs.get(name))):
            top.fault(
                f"key 'fragments.nuisance' names {name!r}, which is no input of type vector{nearest(name, inputs)}"
            )
    for name, kind in target.items():
        if kind not in ("int64", "string", "bool"):
            top.fault(f"key 'fragments' is of tasks whose answers are labels; the target {name!r} is of type {kind}")
    inner.done()
    return found


def _prefix(top: Table, params: Mapping[str, Value]) -> str:
    """The parameter that is the number of training rows, where there is one."""
    name: str = top.take("prefix", str, "")
    if name and type(params.get(name)) is not int:
        top.fault(f"key 'prefix' is {name!r}; it must name one of [params] that is an integer")
    return name


def _split_card(
    name: str,
    table: Table,
    axes: Mapping[str, ColumnType],
    kept: AbstractSet[str],
    params: Mapping[str, Value],
    *,
    embedded: bool,
) -> SplitCard:
    """The split `name`; `kept` are the columns that stay on the other side of the wall."""
    own = table.params()
    whole = {**params, **{key: value for key, value in own.items() if key in params}}
    questions = {}
    for set_name, inner in table.tables("questions").items():
        if set_name in {"train", "validation"}:
            table.fault(f"key '{inner.path}': a question set cannot be called {set_name!r}; exported files would clash")
        questions[set_name] = QuestionCard(
            name=set_name,
            kind=inner.choice("kind", get_args(QuestionKind)),
            rows=inner.count("rows", least=1),
            about=inner.take("about", str, ""),
            **{level: inner.level(level, whole, None) for level in get_args(LevelName)},
        )
        inner.done()
    if "questions" in table.table and not questions:
        table.fault(f"key '{table.name('questions')}' must hold at least one question set")
    auxiliary = {own: _auxiliary_card(own, inner, kept) for own, inner in table.tables("auxiliary", {}).items()}
    for other in auxiliary:
        if f"auxiliary-{other}" in questions:
            table.fault(f"auxiliary table {other!r} and question set 'auxiliary-{other}': exported files would clash")
    transductive = table.take("transductive", bool, default=False)
    if transductive and not auxiliary:
        table.fault(
            f"key '{table.name('transductive')}' is true, and there is no table [{table.name('auxiliary')}.NAME] "
            "for questions to stand in"
        )
    own_axes = table.strings("axes", tuple(axes)) if "axes" in table.table else tuple(axes)
    table.known.append("axes")
    for axis in own_axes:
        if axis not in axes:
            table.fault(
                f"key '{table.name('axes')}' names {axis!r}, which is not among the task's axes{nearest(axis, axes)}"
            )
    stream = table.take("stream", str, "")
    if stream and (stream not in own_axes or axes.get(stream) != "int64"):
        table.fault(
            f"key '{table.name('stream')}' is {stream!r}; it must name an axis of the split, of type int64"
            + nearest(stream, own_axes)
        )
    for key in own:
        if key not in params:
            table.fault(f"key '{table.name('params')}.{key}' is not among the task's [params]{nearest(key, params)}")
    split = SplitCard(
        name=name,
        about=table.take("about", str),
        chance=table.level("chance", whole),
        floor=table.level("floor", whole, None),
        bayes=table.level("bayes", whole, None),
        quick=table.take("quick", bool, default=False),
        embedded=table.take("embedded", bool, default=embedded),
        axes=own_axes,
        params=frozen(whole),
        train=table.count("train"),
        validation=table.count("validation", 0),
        fingerprint=table.matching("fingerprint", _FINGERPRINT, f"sha256: and 64 hexadecimal digits, or {UNSEEN}"),
        questions=frozen(questions),
        auxiliary=frozen(auxiliary),
        stream=stream,
        transductive=transductive,
        cluster=_axis("cluster", table, own_axes, "split"),
        strata=_axis("strata", table, own_axes, "split"),
        bimodal=table.take("bimodal", bool, None),
    )
    table.done()
    return split


def _auxiliary_card(name: str, table: Table, kept: AbstractSet[str]) -> AuxiliaryCard:
    columns = table.columns("columns")
    if "columns" in table.table and not columns:
        table.fault(f"key '{table.name('columns')}' must name at least one column")
    for column in sorted(columns.keys() & kept):
        table.fault(
            f"key '{table.name('columns')}.{column}': {column!r} is the target or an axis, which no submission sees "
            "beside train; labels of another kind need another name"
        )
    card = AuxiliaryCard(name, frozen(columns), table.count("rows"), table.take("about", str, ""))
    table.done()
    return card
