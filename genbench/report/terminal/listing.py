"""What there is: tasks with their splits, submissions, grids, and the cells of a results folder."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.cards import SplitCard, TaskCard

FAMILY: Final = 4  # splits that differ in numbers only, from which on they are one line


def contents(what: str | None, *, whole: bool) -> None:
    """List tasks, submissions or grids, or all of them where `what` is None; `whole` names each split of a family."""
    import click

    from genbench.registry import catalogue

    found = catalogue()
    if what in {None, "tasks"}:
        _columns("TASKS", [row for card in found.tasks.values() for row in _split_rows(card, whole=whole)])
    if what in {None, "submissions"}:
        entries = []
        for card in found.submissions.values():
            entries.append((card.name, "default" if card.default else "", card.title))
            entries += [(f"{card.name}@{name}", "", variant.about) for name, variant in card.variants.items()]
        _columns("SUBMISSIONS", entries)
    if what in {None, "grids"}:
        from genbench.registry import choose_grid, grids

        _columns("GRIDS", [(path.stem, "", choose_grid(path.stem).title) for path in grids()])
    for fault in found.faults:
        click.echo(f"warning: {fault}", err=True)


def _split_rows(card: TaskCard, *, whole: bool) -> list[tuple[str, str, str]]:
    """Name, flag and description of each split, a numbered family as one row unless `whole`."""
    families: dict[str, list[SplitCard]] = {}
    for split in card.splits.values():
        families.setdefault(split.name if whole else re.sub(r"\d+", "*", split.name), []).append(split)
    rows = []
    for pattern, splits in families.items():
        first = splits[0]
        flag = "quick" if first.quick else "" if first.embedded else "files"
        if len(splits) < FAMILY:
            rows += [(f"{card.name}/{one.name}", flag, one.about) for one in splits]
        else:
            rows.append((f"{card.name}/{pattern}", flag, f"{len(splits)} splits, the first: {first.about}"))
    return rows


def _columns(heading: str, rows: Sequence[tuple[str, str, str]]) -> None:
    import shutil

    import click

    click.secho(heading, bold=True)
    if not rows:
        click.echo("  none")
        return
    first, second = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    room = max(20, shutil.get_terminal_size((100, 24)).columns - first - second - 6)
    for name, flag, about in rows:
        text = about if len(about) <= room or not sys.stdout.isatty() else about[: room - 1] + "…"
        click.echo(f"  {name:<{first}}  {flag:<{second}}  {text}".rstrip())


def cells(place: str) -> None:
    """List the cells of a results folder."""
    from genbench.report.results import store_at

    store = store_at(place)
    columns = ["task", "split", "submission", "profile", "seed", "status", "cell_seconds", "detail"]
    read = store.read("cells", columns)
    rows = sorted(read.table.to_pylist(), key=lambda row: [str(row[name]) for name in columns[:5]])
    for row in rows:
        name = f"{row['task']}/{row['split']}"
        print(
            f"{row['status']:<13} {name:<40} {row['submission']:<24} {row['profile']:<5} seed {row['seed']:<3}"
            f"{row['cell_seconds']:9.1f} s  {row['detail']}".rstrip()
        )
    for line in read.skipped:
        print(f"skipped: {line}", file=sys.stderr)
    print(f"{len(rows)} cells in {place}")
