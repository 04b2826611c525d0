"""The page of verbs, out of the command line's own declarations: it cannot say what `--help` does not."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import click

from genbench.cli import cli
from making.markdown import cell, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def page(root: Path) -> str:
    """Each verb: its usage, what it does, its arguments and options with their defaults, examples."""
    del root
    parts = [
        "# Verbs\n",
        (
            "The same as `genbench VERB --help`. Names of splits and submissions are "
            "[addresses](../architecture.md#the-words); a glob in them wants quotes.\n"
        ),
    ]
    for path, verb in _verbs(cli, ()):
        context = click.Context(verb, info_name=path[-1], parent=_parents(path[:-1]))
        usage = " ".join([*path, *verb.collect_usage_pieces(context)])
        heading = " ".join(path[1:])
        parts.append(f"## {heading} {{ #{'-'.join(path[1:])} }}\n\n```text\n{usage}\n```\n")
        parts.append(_text(verb.help or ""))
        parts.append(_options(verb, context))
    return "\n".join(parts)


def _verbs(group: click.Group, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    path = (*above, group.name or "genbench") if above else ("genbench",)
    for name, verb in sorted(group.commands.items()):
        if verb.hidden:
            continue
        if isinstance(verb, click.Group):
            yield from _verbs(verb, path)
        else:
            yield (*path, name), verb


def _parents(path: tuple[str, ...]) -> click.Context | None:
    context = None
    for name in path:
        context = click.Context(cli, info_name=name, parent=context)
    return context


def _text(help_: str) -> str:
    r"""A docstring as click shows it: a paragraph is a paragraph, and one that opens with \b stays as typed."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(help_))
    shown = []
    for paragraph in paragraphs:
        if not paragraph.lstrip().startswith("\b"):
            shown.append(plain(" ".join(paragraph.split())))
            continue
        lines = inspect.cleandoc(paragraph.lstrip().removeprefix("\b").lstrip("\n")).splitlines()
        title = lines.pop(0) if lines and lines[0].endswith(":") else ""
        code = inspect.cleandoc("\n" + "\n".join(lines))
        shown.append((f"{plain(title)}\n\n" if title else "") + f"```text\n{code}\n```")
    return "\n\n".join(shown) + "\n"


def _options(verb: click.Command, context: click.Context) -> str:
    rows = []
    for option in verb.params:
        if not isinstance(option, click.Option):
            continue
        record = option.get_help_record(context)
        if record:
            rows.append(f"| {', '.join(f'`{name}`' for name in record[0].split(', '))} | {cell(record[1])} |")
    return "\n".join(["| option | meaning |", "| --- | --- |", *rows, ""]) if rows else ""
