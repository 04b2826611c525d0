"""Verbs that tell what results say: leaderboard, phases, frequency, lengths, exponents, streams, and the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from genbench.api import RESULTS
from genbench.cli.options import complete, filters, rows_of, tables

if TYPE_CHECKING:
    from genbench.report.filters import Filter
    from genbench.report.output import Output


@click.command()
@click.argument("results", nargs=-1)
@filters
@click.option(
    "--long", is_flag=True, help="Print also every question set with ranks and intervals, before the summary."
)
@click.option("--out", default=None, help="Folder of the page. Default: leaderboard/ in the first results folder.")
@click.option(
    "--by",
    default=None,
    metavar="AXIS",
    help="Print only means, one table a split: by question_set, or by an axis such as length or operator. No page.",
)
@click.option("--metric", default=None, metavar="NAME", help="With --by: this metric in place of the headline.")
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C, and write the page again when rows change.")
@click.option(
    "--url", "home", default="", metavar="URL", help="Where the page will be found, for its feed and shared links."
)
@tables()
def leaderboard(
    results: tuple[str, ...],
    out: str | None,
    by: str | None,
    metric: str | None,
    home: str,
    chosen: Filter,
    output: Output,
    *,
    long: bool,
    watch: bool,
) -> None:
    """Print the leaderboard of one or more results folders and write it as a site.

    It is one summary, a row for each submission and a column for each task; --long prints every question set too. The
    page always holds everything. Beside it lie leaderboard.csv, .json, .parquet, .md, .tex and .bib, overall.csv and
    .parquet, and feed.xml.

    \b
    Examples:
      genbench leaderboard
      genbench leaderboard runs/a runs/b --out site
      genbench leaderboard --task scan --top 3 --long
      genbench leaderboard leaderboard/results --format json | jq '.tables[0].rows[].submission'
      genbench leaderboard leaderboard/results --by operator --task 'gcog/*' --format markdown
      genbench leaderboard --by group --task 'letitwag/*' --metric top_5
      genbench leaderboard --watch
    """
    from genbench.report.terminal import leaderboard as board
    from genbench.report.terminal import means, watching

    if by is not None and watch:
        raise click.UsageError("--watch writes the page again, and --by writes none; give one of them")
    if by is not None:
        if long:
            raise click.UsageError("--long and --by print different tables; give one of them")
        means.beside(results or (RESULTS,), chosen, by, output, metric)
        return
    if metric is not None:
        raise click.UsageError("--metric goes with --by; the page and its tables show the headline")
    if home and not home.startswith(("https://", "http://")):
        raise click.UsageError(f"--url is {home!r}; it must begin with https:// or http://")
    home = home and home.rstrip("/") + "/"
    places = results or (RESULTS,)
    if watch:
        watching.watch(places, out, chosen, output, long=long, home=home)
    else:
        board.leaderboard(places, out, chosen, output, long=long, home=home)


@click.command()
@click.argument("one", shell_complete=complete("submission"))
@click.argument("other", shell_complete=complete("submission"))
@click.argument("results", nargs=-1)
@click.option(
    "--against",
    multiple=True,
    metavar="RESULTS",
    help="Results folder with the rows of OTHER, where it is another; repeatable.",
)
@filters
@click.option("--by", default="", metavar="AXIS", help="Compare also along an axis, slice by slice.")
@click.option(
    "--fail-if-worse",
    is_flag=True,
    help="Exit with 1 where ONE is surely worse on any question set, or came to no score.",
)
@tables()
def compare(
    one: str,
    other: str,
    results: tuple[str, ...],
    against: tuple[str, ...],
    chosen: Filter,
    by: str,
    output: Output,
    *,
    fail_if_worse: bool,
) -> int:
    """Compare two submissions on the questions that both answered: the difference, and whether it is sure.

    Each question set has the difference of the means with its interval, p adjusted for their number, questions won and
    lost, and how many seeds or questions would separate the two. With --against, the rows of OTHER are of another
    folder: those of main beside those of a branch, say, also of the same submission.

    \b
    Examples:
      genbench compare transformer lstm leaderboard/results --task 'scan/*'
      genbench compare nearest majority leaderboard/results --task modular/addition --format json
      genbench compare multimodal@single_stream multimodal@gru leaderboard/results --by operator
      genbench compare mlp mlp runs/branch --against runs/main --fail-if-worse
    """
    from genbench.report.terminal import comparison

    places = results or (RESULTS,)
    if one == other and not against:
        raise click.UsageError("these are the same rows; name two submissions, or another folder by --against")
    if chosen.submissions or chosen.top is not None:
        raise click.UsageError("--submission and --top choose among many; here are two")
    return comparison.compare(
        (one, other), (places, against or places), chosen, by, output, fail_if_worse=fail_if_worse
    )


@click.command()
@click.argument("results", nargs=-1)
@rows_of
@click.option("--across", default="share", show_default=True, help="Parameter along the diagrams' lower edge.")
@click.option("--up", default="corruption", show_default=True, help="Parameter along their left edge.")
@click.option(
    "--out", default=None, help="Folder for tables and pictures. Default: phases/ in the first results folder."
)
@click.option(
    "--unit",
    default="steps",
    show_default=True,
    type=click.Choice(["steps", "examples", "flops"]),
    help="What times are printed in; the tables hold all three.",
)
@click.option("--diagnostics", is_flag=True, help="Print also what submissions said of themselves at the end.")
@tables()
def phases(
    results: tuple[str, ...],
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    across: str,
    up: str,
    out: str | None,
    unit: Any,
    output: Output,
    *,
    diagnostics: bool,
) -> None:
    """Tell when submissions memorized, when they generalized, and in which phase they ended; draw phase diagrams.

    From learning curves, so for submissions whose fit yields steps, on splits that ask training rows again. Prints
    medians over seeds (Kaplan-Meier), writes Parquet and SVG.

    \b
    Examples:
      genbench phases
      genbench phases runs/grid --task 'modular/addition_phases*' --out diagrams
      genbench phases --across weight_decay --up corruption
      genbench phases --submission 'mlp*' --diagnostics
    """
    from genbench.report.terminal import phases as told

    told.phases(results or (RESULTS,), tasks, submissions, across, up, out, output, unit=unit, diagnostics=diagnostics)


@click.command()
@click.argument("results", nargs=-1)
@rows_of
@click.option("--axis", default="frequency", show_default=True, help="The axis whose slices are frequencies.")
@click.option("--by", default="class", show_default=True, help="The axis whose slices are concepts.")
@click.option(
    "--out", default=None, help="Folder for tables and picture. Default: frequency/ in the first results folder."
)
@tables()
def frequency(
    results: tuple[str, ...],
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    axis: str,
    by: str,
    out: str | None,
    output: Output,
) -> None:
    """Tell how accuracy grows with the frequency of what is asked: the log-linear trend, with intervals.

    For splits with an axis of frequencies. Concepts are binned by log frequency (Udandarao et al. 2024); prints points
    of accuracy per decade, Pearson's r over bins and over concepts, and what was never seen apart; writes Parquet and
    SVG.

    \b
    Examples:
      genbench frequency
      genbench frequency leaderboard/results --task 'letitwag/*' --out trends
    """
    from genbench.report.terminal import frequency as told

    told.frequency(results or (RESULTS,), tasks, submissions, axis, by, out, output)


@click.command()
@click.argument("results", nargs=-1)
@rows_of
@click.option(
    "--axis", default="length", show_default=True, help="An axis with numbers: length, depth, distractors, ..."
)
@click.option(
    "--out", default=None, help="Folder for tables and picture. Default: lengths/ in the first results folder."
)
@tables()
def lengths(
    results: tuple[str, ...],
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    axis: str,
    out: str | None,
    output: Output,
) -> None:
    """Tell up to which length submissions are right: break points and area of accuracy by length; draw it.

    The largest length asked with exact match of .9 at least, the length of half accuracy, and the area under the curve,
    with intervals over questions and seeds (docs/lengths.md). Prints them, writes Parquet and SVG.

    \b
    Examples:
      genbench lengths
      genbench lengths leaderboard/results --task 'sorting/*' --out pictures
      genbench lengths --axis depth --task 'gcog/*'
    """
    from genbench.report.terminal import lengths as told

    told.lengths(results or (RESULTS,), tasks, submissions, axis, out, output)


@click.command()
@click.argument("results", nargs=-1)
@rows_of
@click.option(
    "--along",
    default="",
    metavar="PARAMETER",
    help="The tasks' parameter that is the number of training rows. Default: the card's `prefix`, else rows.",
)
@tables()
def exponents(
    results: tuple[str, ...], tasks: tuple[str, ...], submissions: tuple[str, ...], along: str, output: Output
) -> None:
    """Tell how error falls with training rows: the slope of log error against log rows, with its interval.

    For cells whose task parameters differ in the number of training rows, as a grid makes them. Intervals are over
    seeds, or over sizes where there is one seed.

    \b
    Examples:
      genbench exponents
      genbench exponents runs/sizes --task 'sorting/*' --format json
      genbench exponents --along examples
    """
    from genbench.report.terminal import exponents as told

    told.exponents(results or (RESULTS,), tasks, submissions, along, output)


@click.command()
@click.argument("results", nargs=-1)
@rows_of
@click.option("--axis", default="stage", show_default=True, help="The axis of stages, which the cards call `stream`.")
@tables()
def streams(
    results: tuple[str, ...], tasks: tuple[str, ...], submissions: tuple[str, ...], axis: str, output: Output
) -> None:
    """Tell what later stages did to what was learned before: average accuracy, forgetting, backward transfer.

    For splits whose card says `stream`, from the answers to all questions after each stage (Lopez-Paz & Ranzato 2017;
    Chaudhry et al. 2018), with intervals over seeds.

    \b
    Examples:
      genbench streams
      genbench streams runs/stages --submission 'mlp*' --format csv
    """
    from genbench.report.terminal import streams as told

    told.streams(results or (RESULTS,), tasks, submissions, axis, output)


@click.command()
@click.argument("results", nargs=-1)
@tables()
def foretell(results: tuple[str, ...], output: Output) -> None:
    """Tell whether difficulty foretells accuracy: of each measure its rank correlation with what learners reach.

    Over the question sets of results folders whose difficulty lies there (`genbench difficulty --out`), with the best
    mean of a learner of the full profile; how many question sets, splits and tasks these are stands beside.

    \b
    Examples:
      genbench foretell leaderboard/results
      genbench foretell leaderboard/results --format json
    """
    from genbench.report.terminal import foretelling as told

    told.foretell(results or (RESULTS,), output)


@click.command()
@click.argument("results", nargs=-1)
@rows_of
@click.option("--epsilon", required=True, type=float, help="The loss that is to be reached.")
@click.option(
    "--metric", default="", metavar="NAME", help="The loss. Default: the first of each task's metrics that is one."
)
@tables()
def bits(
    results: tuple[str, ...],
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    epsilon: float,
    metric: str,
    output: Output,
) -> None:
    """Tell how rare a loss is among the seeds of a submission, in bits: -log2 of the chance that it is at most EPSILON.

    By a scaled non-central chi square fitted to the losses of ten seeds or more (Boopathy et al. 2024). Where no seed
    was as good, the figure is an extrapolation, and marked.

    \b
    Examples:
      genbench bits runs/seeds --epsilon 0.4
      genbench bits runs/seeds --epsilon 0.1 --metric nll --task 'digits/*'
    """
    from genbench.report.terminal import model_bits as told

    told.bits(results or (RESULTS,), tasks, submissions, epsilon, metric, output)


@click.command()
@click.argument("splits", nargs=-1, required=True, metavar="SPLIT...", shell_complete=complete("split"))
@click.option("--out", default=None, help="Results folder or URL to keep the figures in; their page then shows them.")
@click.option("--fresh", is_flag=True, help="Measure again what was measured before.")
@tables()
def difficulty(splits: tuple[str, ...], out: str | None, output: Output, *, fresh: bool) -> int:
    """Measure how difficult splits are, from their data alone: nothing is trained.

    Divergence of words and compounds between training and questions, what of the questions training shows, lengths,
    what the commonest and the nearest answer score, and, where there are distances between inputs, bits of inductive
    bias. Where there is no figure it says why. Figures are kept in the cache until the data change.

    \b
    Examples:
      genbench difficulty scan/length
      genbench difficulty 'scan/mcd*' scan/simple
      genbench difficulty scan/length --out genbench-results
    """
    from genbench.report.terminal import difficulties

    return difficulties.difficulty(splits, out, output, fresh=fresh)
