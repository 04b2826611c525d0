"""Options and completions that several verbs share, each declared once."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click

from genbench.api import RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem


class Verbs(click.Group):
    """The group of verbs; an unknown verb gets a near-miss hint."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Find the verb; where there is none, the error names the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as fault:
            from genbench.errors import nearest

            raise click.UsageError(f"there is no verb {args[0]!r}{nearest(args[0], self.commands)}", ctx) from fault


def complete(kind: str) -> Any:
    """A shell completion for names of tasks/splits or of submissions."""

    def names(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from genbench.registry import catalogue

        found = catalogue()
        splits = [f"{card.name}/{split}" for card in found.tasks.values() for split in card.splits]
        known = {"split": splits, "submission": list(found.submissions), "any": [*splits, *found.submissions]}[kind]
        return [CompletionItem(name) for name in known if name.startswith(typed)]

    return names


choose_splits: Final = click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete("split"),
    help="Split, task, glob or folder; repeatable. Default: the quick embedded splits.",
)
into: Final = click.option("--out", default=RESULTS, show_default=True, help="Results folder or fsspec URL.")


def rows_of(verb: Any) -> Any:
    """Options that choose among rows by their labels."""
    splits = click.option(
        "--task",
        "tasks",
        multiple=True,
        metavar="GLOB",
        shell_complete=complete("split"),
        help="Splits as they label rows, or a task; repeatable.",
    )
    names = click.option(
        "--submission",
        "submissions",
        multiple=True,
        metavar="GLOB",
        shell_complete=complete("submission"),
        help="Submissions likewise; repeatable.",
    )
    return splits(names(verb))


profile_of_rows: Final = click.option(
    "--profile", default=None, type=click.Choice(["quick", "full"]), help="Only rows of this profile."
)
top: Final = click.option(
    "--top",
    default=None,
    metavar="N",
    type=click.IntRange(min=1),
    help="Only the N best submissions of each table.",
)


def filters(verb: Any) -> Any:
    """Options that choose among rows: --task, --submission, --profile, --top; the verb takes them as one `Filter`."""

    @wraps(verb)
    def filtered(
        *arguments: Any,
        tasks: tuple[str, ...],
        submissions: tuple[str, ...],
        profile: str | None,
        top: int | None,
        **named: Any,
    ) -> Any:
        from genbench.report.filters import Filter

        return verb(*arguments, chosen=Filter(tasks, submissions, profile, top), **named)

    return rows_of(profile_of_rows(top(filtered)))


def talks(verb: Any) -> Any:
    """Options of a verb that says something: how much; it takes an `Output`."""

    @wraps(verb)
    def told(*arguments: Any, quiet: bool, verbose: bool, form: Any = "terminal", **named: Any) -> Any:
        from genbench.report.output import Output

        if quiet and verbose:
            raise click.UsageError("--quiet says less and --verbose says more; give one of them")
        return verb(*arguments, output=Output(form, quiet=quiet, verbose=verbose), **named)

    quiet = click.option("-q", "--quiet", is_flag=True, help="Only tables, warnings and errors.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Say more of what is done, on standard error.")
    return quiet(verbose(told))


def tables(default: str = "terminal") -> Callable[[Any], Any]:
    """Options of a verb that prints tables: their form, and how much is said beside them; it takes an `Output`."""
    form = click.option(
        "--format",
        "form",
        default=default,
        show_default=True,
        type=click.Choice(["terminal", "json", "csv", "markdown", "latex"]),
        help="How to print tables; other than for a terminal, all else goes to standard error.",
    )
    return lambda verb: form(talks(verb))
