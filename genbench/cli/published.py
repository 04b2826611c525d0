"""Verbs that hold rows beside what others published: replay, reproduction, papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from genbench.api import RESULTS
from genbench.cli.options import tables

if TYPE_CHECKING:
    from genbench.report.output import Output


@click.command()
@click.argument("task")
@click.option(
    "--table",
    default=None,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Accuracies by class to read instead: Parquet or CSV with model, pretraining, class, accuracy.",
)
@click.option(
    "--unit", default=None, type=click.Choice(["share", "percent"]), help="What the table's accuracies are in."
)
@click.option("--source", default="", metavar="TEXT", help="Where the table's accuracies were read.")
@click.option("--out", default=f"{RESULTS}/reported", show_default=True, help="Folder for tables and pictures.")
@tables()
def replay(
    task: str,
    table: Path | None,
    unit: Literal["share", "percent"] | None,
    source: str,
    out: str,
    output: Output,
) -> None:
    """Replay what others measured: published models by the frequency of what is asked, and against another test set.

    These are reported rows, each with its source, and never ranked. Accuracies by class are read from the folder
    GENBENCH_DATA, the cache, or their public home, and checked; they are no part of genbench. `collapse` in place of a
    task is of 230 language models: how neural collapse goes along with their loss (Wu & Papyan 2024).

    \b
    Examples:
      genbench replay letitwag
      genbench replay collapse
      genbench replay letitwag --table mine.csv --unit percent --source 'Somebody 2027, table 3'
    """
    from genbench.report.terminal import replay as told

    told.replay(task, table, unit, source, out, output)


@click.command()
@click.argument("results", nargs=-1)
@click.option(
    "--published",
    default=None,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of published figures. Default: the bundled ones.",
)
@tables("markdown")
def reproduction(results: tuple[str, ...], published: Path | None, output: Output) -> None:
    """Print published figures beside ours, with a verdict on each, as Markdown unless another form is asked.

    \b
    Examples:
      genbench reproduction leaderboard/results
    """
    from genbench.report.terminal import reproduction as told

    told.reproduction(results or (RESULTS,), published, output)


@click.command()
@click.argument("results", nargs=-1)
@click.option(
    "--papers",
    "folder",
    default=None,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of papers and what they found. Default: the bundled ones.",
)
@tables("markdown")
def papers(results: tuple[str, ...], folder: Path | None, output: Output) -> None:
    """Print of each paper where it lives, what it found, and what our rows say of that, as Markdown by default.

    \b
    Examples:
      genbench papers leaderboard/results
      genbench papers leaderboard/results --format json | jq '.tables[0].rows[].verdict'
    """
    from genbench.report.terminal import papers as told

    told.papers(results or (RESULTS,), folder, output)
