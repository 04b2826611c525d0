"""Verbs that show what there is: list, show."""

from __future__ import annotations

from pathlib import Path

import click

from genbench.api import RESULTS
from genbench.cli.options import complete


@click.command("list")
@click.argument("what", type=click.Choice(["tasks", "submissions", "grids", "results"]), required=False)
@click.option("--all", "whole", is_flag=True, help="Name each split of a numbered family.")
@click.option("--out", default=RESULTS, show_default=True, help="Results folder or URL, for `list results`.")
def list_(what: str | None, out: str, *, whole: bool) -> None:
    """List tasks with their splits, submissions, grids, or the cells of a results folder.

    Splits whose names differ in numbers only are one line, written as the glob that names them. "quick" marks those of
    the default run, "files" those read from official files, which are fetched once.

    \b
    Examples:
      genbench list
      genbench list tasks --all
      genbench list results --out my-results
    """
    from genbench.report.terminal import listing

    if what == "results":
        listing.cells(out)
    else:
        listing.contents(what, whole=whole)


@click.command()
@click.argument("name", shell_complete=complete("any"))
@click.option(
    "--examples", "count", default=3, show_default=True, type=click.IntRange(min=0), help="How many examples to print."
)
@click.option(
    "--class", "label", default=None, metavar="LABEL", help="Draw a contact sheet of this class, a number or a name."
)
@click.option(
    "--example",
    "row",
    default=None,
    metavar="N",
    type=click.IntRange(min=0),
    help="Show only this row, counted from 0; with --picture FILE also as a drawing.",
)
@click.option("--of", "subset", default="train", show_default=True, help="Whose row: train or a question set.")
@click.option(
    "--picture",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where a drawing goes, as PNG. Default with --class: a name of its own in the current folder.",
)
def show(name: str, count: int, label: str | None, row: int | None, subset: str, picture: Path | None) -> None:
    """Show a split, a task or a submission: its card, sizes, chance, examples, source and BibTeX.

    With --example, one row of a split is shown instead. With --class, a split's images of one class in training and
    questions are drawn beside each other, and opened where there is a display.

    \b
    Examples:
      genbench show scan/length
      genbench show scan
      genbench show mlp
      genbench show modular/addition:corruption=0.5
      genbench show gcog/distractor --example 3 --of test40 --picture screen.png
    """
    from genbench.report.terminal import cards, examples

    if label is not None and row is not None:
        raise click.UsageError("--class draws a class and --example one row; give one of them")
    if label is not None:
        examples.contact_sheet(name, label, picture)
        return
    if row is not None:
        examples.example(name, row, subset, picture)
        return
    if picture is not None:
        raise click.UsageError("--picture says where a drawing goes; --class or --example says what to draw")
    if subset != "train":
        raise click.UsageError("--of says whose row is shown; --example says which")
    cards.show(name, count)
