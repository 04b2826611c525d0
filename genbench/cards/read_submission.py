"""The tables of a submission's card, read into `SubmissionCard`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast, get_args

from genbench.cards.columns import FAMILIES, is_column_type
from genbench.cards.contribution import common_keys
from genbench.cards.submission import Needs, Override, SubmissionCard, Variant
from genbench.cards.table import Table, frozen
from genbench.cards.values import overridden
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genbench.cards.values import Value

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SET: Final = re.compile(r"(PATH|HOME|TMPDIR|\w+_NUM_THREADS)$|PYTHON|GENBENCH_|LD_|DYLD_")
_CLAUSE: Final = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+"
_REQUIREMENT: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?:\[[A-Za-z0-9._, -]+\])?\s*"
    rf"(?:{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?\s*"
    r"(?:;[^\r\n]+)?"  # for which systems
)


def submission_card(folder: Path, top: Table) -> SubmissionCard:
    """The card in `top`; what is wrong with it is noted there."""
    common = common_keys(top)
    params: Mapping[str, Value] = common["params"]

    def known(where: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
        try:
            return frozen({key: overridden(params, {key: value}, where)[key] for key, value in values.items()})
        except (UnknownName, BadValue) as fault:
            top.fault(str(fault))
            return {}

    accepts = Table(top.take("accepts", dict, {}), top.faults, "submission.accepts", "accepts")
    accepts_inputs, accepts_target = accepts.strings("inputs"), accepts.strings("target")
    for kind in (*accepts_inputs, *accepts_target):
        if kind not in FAMILIES and not is_column_type(kind):
            top.fault(f"key 'accepts' names the type {kind!r}; types are {', '.join(FAMILIES)}, vector(N)")
    accepts.done()
    seconds = _seconds(top, {"quick": 300.0, "full": 3600.0})
    variants = {}
    for name, inner in top.tables("variants", {}).items():
        about, settings = inner.take("about", str, ""), known(f"variants.{name}", inner.params())
        variants[name] = Variant(name, about, settings, frozen(_seconds(inner, {})))
        inner.done()
    overrides = []
    for position, raw in enumerate(cast("list[object]", top.take("overrides", list, []))):
        if not isinstance(raw, dict):
            top.fault(f"key 'overrides' must be an array of tables; entry {position} is {raw!r}")
            continue
        inner = Table(raw, top.faults, "submission.overrides", f"overrides[{position}]")
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
        budget_seconds=frozen(seconds),
        overrides=tuple(overrides),
        variants=frozen(variants),
        transductive=top.take("transductive", bool, default=False),
        deterministic=top.take("deterministic", bool, default=False),
        zero_shot=top.take("zero_shot", bool, default=False),
        requires=_requires(top),
        environment=_environment(top),
        network=top.take("network", bool, default=False),
        files=_files(top, params),
        **common,
    )


def _seconds(owner: Table, defaults: Mapping[str, float]) -> dict[str, float]:
    """The budget that stands in a table, by profile: what it does not say is of the defaults, or not there."""
    path, form = owner.name("budget"), f"{owner.form}.budget"
    budget = Table(owner.take("budget", dict, {}), owner.faults, form, path)
    stated = {name: budget.positive(name, defaults.get(name, 0.0)) for name in ("quick", "full")}
    budget.done()
    return {name: seconds for name, seconds in stated.items() if name in defaults or name in budget.table}


def _requires(top: Table) -> tuple[str, ...]:
    """Requirements by name and versions: an address or a path says nothing of which version it is."""
    names = top.strings("requires")
    for one in names:
        found = _REQUIREMENT.fullmatch(one)
        if found is None:
            top.fault(f"key 'requires' holds {one!r}; it must be a package with its versions, as 'scikit-learn>=1.5'")
        elif found["name"].lower() == "genbench":
            top.fault(f"key 'requires' holds {one!r}; genbench is there anyhow")
    return names


def _environment(top: Table) -> tuple[str, ...]:
    """Names of environment variables, but for those that say where things are: the engine sets these itself."""
    names = top.strings("environment")
    for one in names:
        if not _VARIABLE.fullmatch(one):
            top.fault(f"key 'environment' holds {one!r}; it must be the name of a variable, as 'OPENAI_API_KEY'")
        elif _SET.match(one):
            top.fault(f"key 'environment' holds {one!r}, which a cell gets from genbench or not at all")
    return names


def _files(top: Table, params: Mapping[str, Value]) -> tuple[str, ...]:
    """The parameters that name files: each one of the card's, and a string."""
    names = top.strings("files")
    for name in names:
        if not isinstance(params.get(name), str):
            held = f"is {params[name]!r}, and a file's name is a string" if name in params else "is no parameter of it"
            top.fault(f"key 'files' names {name!r}, which {held}" + ("" if name in params else nearest(name, params)))
    return names
