"""Whether a command could be typed: its verb, its options, its values and the names in it are there. Nothing is run."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import click

from genbench import registry
from genbench.cli import cli
from genbench.errors import GenbenchError
from genbench.report.terminal.replay import COLLAPSE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from genbench.registry import Catalogue

# Verbs whose arguments name splits, and those whose arguments name submissions.
SPLITS: Final = {"show", "difficulty", "data export", "data verify", "data import", "replay"}
SUBMISSIONS: Final = {"evaluate", "plan", "timing", "show"}
NEITHER: Final = {("replay", COLLAPSE)}  # a verb and what it takes in the place of a task
_STAND_IN: Final = re.compile(r"[A-Z][A-Z_.]*(\.[a-z.]+)?|\.{1,2}/.*|/.*")  # FILE, GLOB; or a folder of the reader's


def faults(arguments: Sequence[str], made: Collection[str] = (), *, whole: bool = True) -> list[str]:
    """What is wrong with a call. `made` are names that the reader has made before; `whole` asks for every argument."""
    verb: click.Command = cli
    rest = list(arguments)
    context = click.Context(cli, info_name="genbench")
    while isinstance(verb, click.Group) and rest and not rest[0].startswith("-"):
        if rest[0] not in verb.commands:
            return [f"there is no verb {rest[0]!r}"]
        verb = verb.commands[rest[0]]
        context = click.Context(verb, info_name=rest.pop(0), parent=context)
    try:
        values, _, _ = verb.make_parser(context).parse_args(rest)
    except click.BadOptionUsage as fault:
        return [] if not whole and "requires an argument" in fault.message else [fault.format_message()]
    except click.UsageError as fault:
        return [fault.format_message()]
    found = []
    for param in verb.params:
        given = [value for value in _listed(values.get(param.name or "")) if isinstance(value, str)]
        if param.required and not given and whole:
            found.append(f"missing {param.get_error_hint(context)}")
        if isinstance(param.type, click.Choice):
            unknown = [value for value in given if value not in param.type.choices and not _STAND_IN.fullmatch(value)]
            found += [f"{value!r} is none of {list(param.type.choices)}" for value in unknown]
        found += _names(context.command_path.removeprefix("genbench "), param, given, made)
    return found


@cache
def _catalogue() -> Catalogue:
    return registry.catalogue()


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, (list, tuple)) else [value]


def _names(verb: str, param: click.Parameter, given: Sequence[str], made: Collection[str]) -> list[str]:
    option = param.opts[0] if isinstance(param, click.Option) else ""
    if isinstance(param.type, click.Path):
        return []
    catalogue = _catalogue()
    found = []
    for value in given:
        base = re.split(r"[:@/]", value)[0]
        if _STAND_IN.fullmatch(value) or base in made or (verb, value) in NEITHER:
            continue
        try:
            if option == "--grid":
                registry.choose_grid(value)
            elif option == "--task" or (not option and verb in SPLITS - SUBMISSIONS):
                registry.choose_splits([value], catalogue)
            elif option == "--submission" or (not option and verb in SUBMISSIONS - SPLITS):
                registry.choose_submissions([value], catalogue)
            elif not option and verb == "show" and base not in catalogue.submissions:
                registry.choose_splits([value], catalogue)
        except GenbenchError as fault:
            found.append(str(fault))
    return found
