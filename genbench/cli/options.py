"""Options and completions that several verbs share, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from genbench.api import RESULTS

if TYPE_CHECKING:
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
        "--task", "tasks", multiple=True, metavar="GLOB", help="Splits as they label rows; repeatable."
    )
    names = click.option(
        "--submission", "submissions", multiple=True, metavar="GLOB", help="Submissions likewise; repeatable."
    )
    return splits(names(verb))
