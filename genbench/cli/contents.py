"""Verbs that show what there is: list, show, log, cite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from genbench.api import RESULTS
from genbench.cli.options import complete, filters, profile_of_rows, tables

if TYPE_CHECKING:
    from genbench.report.filters import Filter
    from genbench.report.output import Output


@click.command("list")
@click.argument("names", nargs=-1, metavar="[tasks|submissions|grids|results|GLOB]...", shell_complete=complete("any"))
@click.option("--all", "whole", is_flag=True, help="Name each split of a numbered family.")
@filters
@click.option(
    "--out",
    default=None,
    metavar="RESULTS",
    help=f"Results folder or URL whose rows to tell of. Default: {RESULTS} here, else the published ones.",
)
@tables()
def list_(names: tuple[str, ...], out: str | None, chosen: Filter, output: Output, *, whole: bool) -> None:
    """List tasks with their splits, submissions, grids, or the cells of a results folder.

    Splits whose names differ in numbers only are one line, written as the glob that names them. "quick" marks those of
    the default run, "files" those read from official files, which are fetched once. A name or glob of splits or
    submissions tells more of these: what they take, which rows there are, and what their cells cost.

    \b
    Examples:
      genbench list
      genbench list tasks --all
      genbench list 'scan/*'
      genbench list 'mlp*' --profile full --top 3
      genbench list results --out my-results
    """
    from genbench.report.terminal import listing

    kinds = ("tasks", "submissions", "grids")
    patterns = [name for name in names if name not in {*kinds, "results"}]
    if "results" in names:
        if len(names) > 1:
            raise click.UsageError("`list results` takes no further names; --task and --submission choose among cells")
        from genbench.report.terminal import rows

        rows.cells(out or RESULTS, chosen, output)
    elif patterns or any((chosen.tasks, chosen.submissions, chosen.profile, chosen.top)):
        if len(patterns) < len(names):
            raise click.UsageError(f"{names[0]!r} lists all of a kind; a glob or an option tells more of some")
        listing.some(patterns, out, chosen, output, RESULTS)
    else:
        listing.contents(names or kinds, out, output, whole=whole)


@click.command()
@click.argument("names", nargs=-1, metavar="[TASK|SPLIT|SUBMISSION|GLOB]...", shell_complete=complete("any"))
def cite(names: tuple[str, ...]) -> None:
    """Print BibTeX: genbench's own entry, and of what is named the papers that the cards give, each once.

    \b
    Examples:
      genbench cite > genbench.bib
      genbench cite scan/length lstm transformer@relative
      genbench cite 'gcog*' 'multimodal@*'
    """
    from genbench.report.terminal import citing

    citing.cite(names)


@click.command()
@click.argument("cell", nargs=-1, required=True, metavar="KEY | SPLIT SUBMISSION [SEED]")
@click.option("--seed", default=None, type=click.IntRange(min=0), help="The training seed, as after the submission.")
@profile_of_rows
@click.option("--out", default=RESULTS, show_default=True, help="Results folder or URL.")
@tables()
def log(cell: tuple[str, ...], seed: int | None, profile: str | None, out: str, output: Output) -> None:
    """Print what a cell printed, and its traceback where it failed.

    A cell is named by its key, or how that begins; or by split, submission and seed. Of one that was run again the
    newest is meant.

    \b
    Examples:
      genbench log 8aeede8e4d
      genbench log scan/length transformer 0
      genbench log modular/addition 'mlp:weight_decay=15' --out decay
    """
    from genbench.report.terminal import rows

    if len(cell) > 3:
        raise click.UsageError("a cell is named by its key, or by split, submission and seed")
    rows.log(cell, seed, profile, out, output)


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
@tables()
def show(
    name: str, count: int, label: str | None, row: int | None, subset: str, picture: Path | None, output: Output
) -> None:
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
        examples.contact_sheet(name, label, picture, output)
        return
    if row is not None:
        examples.example(name, row, subset, picture, output)
        return
    if picture is not None:
        raise click.UsageError("--picture says where a drawing goes; --class or --example says what to draw")
    if subset != "train":
        raise click.UsageError("--of says whose row is shown; --example says which")
    cards.show(name, count, output)


@click.command()
@tables()
def doctor(output: Output) -> int:
    """Say what this machine has of what genbench can use (sandbox, GPU, caches), and how to get what is missing.

    \b
    Examples:
      genbench doctor
    """
    from genbench.report.terminal import doctor as told

    return told.doctor(output)
