"""What there is: tasks with their splits, submissions and grids, all of them or those that were named."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from genbench.errors import UnknownName, nearest
from genbench.report.filters import Filter
from genbench.report.tables import Column, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genbench.cards import SplitCard, SubmissionCard, TaskCard
    from genbench.registry import Catalogue
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

FAMILY: Final = 4  # splits that differ in numbers only, from which on they are one line

SPLITS: Final = (
    Column("split", "text", "task and split, or the glob that names a numbered family"),
    Column("flag", "text", "quick: of the default run; files: read from official files, which are fetched once"),
    Column("about", "text", "what the split asks"),
)
SUBMISSIONS: Final = (
    Column("submission", "text", "submission, with its variant"),
    Column("flag", "text", "default: of the default run"),
    Column("about", "text", "what it is"),
)
GRIDS: Final = (
    Column("grid", "text", "grid, by the name that --grid takes"),
    Column("flag", "text", "empty"),
    Column("about", "text", "what its cells are for"),
)


def contents(kinds: Sequence[str], out: str | None, output: Output, *, whole: bool) -> None:
    """List tasks, submissions and grids, those among `kinds`; `whole` names each split of a family.

    The rows of the results folder `out` follow, where one is given.
    """
    from genbench.registry import catalogue, choose_grid, grids

    found = catalogue()
    tables = []
    if "tasks" in kinds:
        rows = [row for card in found.tasks.values() for row in _split_rows(card, whole=whole)]
        tables.append(table_of("tasks", SPLITS, rows))
    if "submissions" in kinds:
        entries = []
        for card in found.submissions.values():
            entries.append((card.name, "default" if card.default else "", card.title))
            entries += [(f"{card.name}@{name}", "", variant.about) for name, variant in card.variants.items()]
        tables.append(table_of("submissions", SUBMISSIONS, entries))
    if "grids" in kinds:
        tables.append(table_of("grids", GRIDS, [(path.stem, "", choose_grid(path.stem).title) for path in grids()]))
    own = []
    if out is not None:
        from genbench.report.terminal.rows import costs

        own = [costs(out, Filter(), output)]
    if output.for_people:
        for table in tables:
            _columns(table)
        if own:
            output.show(*own)
    else:
        output.show(*tables, *own)
    warn_of_faults(found, output)


def warn_of_faults(found: Catalogue, output: Output) -> None:
    """Name the cards that cannot be read."""
    for fault in found.faults:
        output.warn(f"warning: {fault}")


def _split_rows(card: TaskCard, *, whole: bool) -> list[tuple[str, str, str]]:
    """Name, flag and description of each split, a numbered family as one row unless `whole`."""
    families: dict[str, list[SplitCard]] = {}
    for split in card.splits.values():
        families.setdefault(split.name if whole else re.sub(r"\d+", "*", split.name), []).append(split)
    rows = []
    for pattern, splits in families.items():
        first = splits[0]
        if len(splits) < FAMILY:
            rows += [(f"{card.name}/{one.name}", _flag(first), one.about) for one in splits]
        else:
            rows.append((f"{card.name}/{pattern}", _flag(first), f"{len(splits)} splits, the first: {first.about}"))
    return rows


def _flag(split: SplitCard) -> str:
    return "quick" if split.quick else "" if split.embedded else "files"


def _columns(table: Table) -> None:
    """Print a list for a person: name, flag and description, the last cut where it would not fit on a terminal."""
    import click

    from genbench.report.output import terminal_width

    click.secho(table.name.upper(), bold=True)
    rows = [tuple(row.values()) for row in table.rows]
    if not rows:
        click.echo("  none")
        return
    first, second = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    width = terminal_width()
    room = None if width is None else max(20, width - first - second - 6)
    for name, flag, about in rows:
        text = about if room is None or len(about) <= room else about[: room - 1] + "…"
        click.echo(f"  {name:<{first}}  {flag:<{second}}  {text}".rstrip())


def some(patterns: Sequence[str], out: str | None, chosen: Filter, output: Output, default: str) -> None:
    """List the splits and submissions that some names or globs stand for, and the rows that they have.

    Rows are those at `out`; else those of the folder `default` here, else the published ones, where there are any.
    """
    from pathlib import Path

    from genbench.registry import catalogue, home
    from genbench.report.terminal.rows import costs

    found = catalogue()
    published = home() / "leaderboard" / "results"
    place = out or next((str(path) for path in (Path(default), published) if path.is_dir()), None)
    tables, wanted = named(patterns, found, chosen)
    output.show(*tables, *([costs(place, wanted, output)] if place else []))
    if place is None:
        output.say("no rows here; --out names a results folder")
    warn_of_faults(found, output)


def _budget(name: str) -> Callable[[Row], str]:
    return lambda row: "" if row[name] is None else f"{row[name]:g}"


NAMED_SPLITS: Final = (
    Column("split", "text", "task and split", "split"),
    Column("flag", "text", "quick: of the default run; files: read from official files", ""),
    Column("train", "integer", "rows to train on", "train"),
    Column("questions", "integer", "questions of all question sets", "questions"),
    Column("inputs", "text", "columns that are given, with their types", "inputs"),
    Column("target", "text", "column that is asked for, with its type", "target"),
    Column("takers", "integer", "submissions, without their variants, that take it", "takers"),
    Column("about", "text", "what the split asks", "about"),
)
NAMED_SUBMISSIONS: Final = (
    Column("submission", "text", "submission, with its variant", "submission"),
    Column("takes", "text", "globs of splits, and types of columns where it takes only some", "takes"),
    Column("needs", "text", "cpu or gpu", "needs"),
    Column("threads", "integer", "threads that it uses", "threads"),
    Column("memory_gib", "number", "memory that it may use, in GiB", "GiB"),
    Column(
        "quick_seconds",
        "number",
        "budget of a quick cell, wall clock",
        "quick s",
        _budget("quick_seconds"),
    ),
    Column("full_seconds", "number", "budget of a full cell, wall clock", "full s", _budget("full_seconds")),
    Column("about", "text", "what it is", "about"),
)


def named(patterns: Sequence[str], found: Catalogue, chosen: Filter) -> tuple[list[Table], Filter]:
    """What some names or globs stand for, of splits or of submissions; and which rows these have.

    Raises `UnknownName` for one that stands for nothing.
    """
    splits = {
        f"{card.name}/{split.name}": (card, split) for card in found.tasks.values() for split in card.splits.values()
    }
    labels = {card.name: card for card in found.submissions.values()}
    labels |= {f"{card.name}@{name}": card for card in found.submissions.values() for name in card.variants}
    tasks, submissions = [*chosen.tasks], [*chosen.submissions]
    for pattern in patterns:
        of_splits = [name for name in splits if fnmatchcase(name, pattern) or name.partition("/")[0] == pattern]
        of_labels = [name for name in labels if fnmatchcase(name, pattern)]
        if not of_splits and not of_labels:
            known = [*found.tasks, *splits, *labels]
            raise UnknownName(f"no task, split or submission is called {pattern!r}{nearest(pattern, known)}")
        tasks += [pattern] if of_splits else []
        submissions += [pattern] if of_labels else []
    wanted = Filter(tuple(tasks), tuple(submissions), chosen.profile, chosen.top)
    tables = []
    if tasks:
        rows = [_about_split(name, *splits[name], found) for name in splits if wanted.takes_split(name)]
        tables.append(table_of("splits", NAMED_SPLITS, rows))
    if submissions:
        own = [_about_submission(name, labels[name]) for name in labels if wanted.takes_submission(name)]
        tables.append(table_of("submissions", NAMED_SUBMISSIONS, own))
    return tables, wanted


def _about_split(name: str, card: TaskCard, split: SplitCard, found: Catalogue) -> list[Any]:
    inputs = ", ".join(f"{column} ({kind})" for column, kind in card.inputs.items())
    takers = sum(one.takes(card, split) for one in found.submissions.values())
    asked = sum(one.rows for one in split.questions.values())
    return [name, _flag(split), split.train, asked, inputs, f"{card.target} ({card.target_type})", takers, split.about]


def _about_submission(name: str, card: SubmissionCard) -> list[Any]:
    takes = ", ".join(card.tasks)
    takes += f"; inputs {', '.join(card.accepts_inputs)}" if card.accepts_inputs else ""
    takes += f"; target {', '.join(card.accepts_target)}" if card.accepts_target else ""
    variant = name.partition("@")[2]
    about = card.variants[variant].about if variant else card.title
    budget = [card.budget(profile, variant) for profile in ("quick", "full")]
    return [name, takes, card.needs, card.threads, float(card.memory_gib), *budget, about]
