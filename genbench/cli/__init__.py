"""The verbs. Each imports what it needs when it is called, so that `--help` costs the command-line library alone."""

from __future__ import annotations

import contextlib
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from genbench.edition import VERSION
from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    from genbench.cards import SplitCard, TaskCard

RESULTS: Final = "genbench-results"
FAMILY: Final = 4  # splits that differ in numbers only, from which on `list` folds them into one line


class _Verbs(click.Group):
    """The group of verbs; an unknown verb gets a near-miss hint."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as fault:
            from genbench.errors import nearest

            raise click.UsageError(f"there is no verb {args[0]!r}{nearest(args[0], self.commands)}", ctx) from fault


def _complete(kind: str) -> Any:
    """A shell completion for names of tasks/splits or of submissions."""

    def names(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from genbench.registry import catalogue

        found = catalogue()
        splits = [f"{card.name}/{split}" for card in found.tasks.values() for split in card.splits]
        known = {"split": splits, "submission": list(found.submissions), "any": [*splits, *found.submissions]}[kind]
        return [CompletionItem(name) for name in known if name.startswith(typed)]

    return names


# What several verbs share.
_choose_splits: Final = click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="GLOB",
    shell_complete=_complete("split"),
    help="Split, task, glob or folder; repeatable. Default: the quick embedded splits.",
)
_into: Final = click.option("--out", default=RESULTS, show_default=True, help="Results folder or fsspec URL.")


def _rows_of(verb: Any) -> Any:
    """Options that choose among rows by their labels."""
    splits = click.option(
        "--task", "tasks", multiple=True, metavar="GLOB", help="Splits as they label rows; repeatable."
    )
    names = click.option(
        "--submission", "submissions", multiple=True, metavar="GLOB", help="Submissions likewise; repeatable."
    )
    return splits(names(verb))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="genbench")
def cli() -> None:
    """Benchmark suite and leaderboard for generalization: fit, then answer questions whose targets stay hidden.

    \b
    Examples:
      genbench evaluate                        the quick profile, about two minutes, ends in a leaderboard
      genbench list                            tasks and submissions
      genbench show scan/length                one split: sizes, examples, source
      genbench evaluate mlp --task 'modular/*' --profile full --seeds 3
    """


@cli.command("list")
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
    if what == "results":
        from genbench.report import reports

        reports.results(out)
        return
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

    click.secho(heading, bold=True)
    if not rows:
        click.echo("  none")
        return
    first, second = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    room = max(20, shutil.get_terminal_size((100, 24)).columns - first - second - 6)
    for name, flag, about in rows:
        text = about if len(about) <= room or not sys.stdout.isatty() else about[: room - 1] + "…"
        click.echo(f"  {name:<{first}}  {flag:<{second}}  {text}".rstrip())


@cli.command()
@click.argument("name", shell_complete=_complete("any"))
@click.option(
    "--examples", default=3, show_default=True, type=click.IntRange(min=0), help="How many examples to print."
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
def show(name: str, examples: int, label: str | None, row: int | None, subset: str, picture: Path | None) -> None:
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
    from genbench.report import terminal

    if label is not None and row is not None:
        raise click.UsageError("--class draws a class and --example one row; give one of them")
    if label is not None:
        terminal.contact_sheet(name, label, picture)
        return
    if row is not None:
        terminal.example(name, row, subset, picture)
        return
    if picture is not None:
        raise click.UsageError("--picture says where a drawing goes; --class or --example says what to draw")
    if subset != "train":
        raise click.UsageError("--of says whose row is shown; --example says which")
    terminal.show(name, examples)


@cli.command()
@click.argument("submissions", nargs=-1, shell_complete=_complete("submission"))
@_choose_splits
@click.option(
    "--quick-splits",
    is_flag=True,
    help="Of the chosen splits, only those marked quick on their card (the embedded ones where a task marks none).",
)
@click.option(
    "--grid",
    default=None,
    metavar="NAME",
    help="A grid of cells, by name or by the path of its file; what is typed beside it takes the place of its own.",
)
@click.option("--seeds", default=None, type=int, help="Training seeds 0 .. N-1. Default: 1, or the grid's.")
@click.option(
    "--profile",
    default=None,
    type=click.Choice(["quick", "full"]),
    help="quick is a smoke test and never ranked. Default: quick, or the grid's.",
)
@click.option(
    "--executor",
    default="process",
    show_default=True,
    type=click.Choice(["process", "here"]),
    help="here runs in this process, for a debugger.",
)
@click.option(
    "--jobs", default=None, type=click.IntRange(min=1), help="Cells at a time. Default: as many as the cores carry."
)
@_into
@click.option("--resume/--fresh", default=True, show_default=True, help="Keep finished cells, or run all again.")
@click.option("--strict", is_flag=True, help="Refuse splits with questions that cannot be read: broken images.")
def evaluate(
    submissions: tuple[str, ...],
    tasks: tuple[str, ...],
    grid: str | None,
    seeds: int | None,
    profile: str | None,
    executor: str,
    jobs: int | None,
    out: str,
    *,
    quick_splits: bool,
    resume: bool,
    strict: bool,
) -> int:
    """Evaluate submissions on splits, write Parquet rows, and end in a leaderboard.

    A name may carry parameters: mlp:weight_decay=15, mlp@decay15, modular/addition:corruption=0.5,share=0.3, and
    a list of values, 'mlp:weight_decay=0|5|15', stands for each of them. A name that starts with '.' or '/' is a
    contribution's folder. Results are kept: run again to go on.

    \b
    Examples:
      genbench evaluate
      genbench evaluate transformer --task scan/length --profile full --seeds 3
      genbench evaluate 'mlp@*' --task 'modular/addition:corruption=0.35' --profile full
      genbench evaluate ./my_baseline --task 'scan/template_*'
      genbench evaluate --grid modular_decay --out decay && genbench phases decay
    """
    from genbench.report import terminal

    if grid is not None:
        from genbench.registry import choose_grid

        card = choose_grid(grid)
        tasks, submissions = tasks or card.tasks, submissions or card.submissions
        profile, seeds = profile or card.profile, card.seeds if seeds is None else seeds
    return terminal.evaluate(
        submissions,
        tasks,
        1 if seeds is None else seeds,
        profile or "quick",
        executor,
        jobs,
        out,
        fresh=not resume,
        quick_splits=quick_splits,
        strict=strict,
    )


@cli.command()
@click.argument("results", nargs=-1)
@click.option("--out", default=None, help="Folder of the page. Default: leaderboard/ in the first results folder.")
@click.option(
    "--format",
    "form",
    default="terminal",
    show_default=True,
    type=click.Choice(["terminal", "markdown"]),
    help="How to print the tables.",
)
@click.option(
    "--by",
    default=None,
    metavar="AXIS",
    help="Print only means, one table a split: by question_set, or by an axis such as length or operator. No page.",
)
@click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="GLOB",
    shell_complete=_complete("split"),
    help="With --by: only these splits; repeatable.",
)
@click.option("--metric", default=None, metavar="NAME", help="With --by: this metric in place of the headline.")
def leaderboard(
    results: tuple[str, ...], out: str | None, form: str, by: str | None, tasks: tuple[str, ...], metric: str | None
) -> None:
    """Print the leaderboard of one or more results folders and write it as one self-contained page.

    \b
    Examples:
      genbench leaderboard
      genbench leaderboard runs/a runs/b --out site
      genbench leaderboard --format markdown
      genbench leaderboard leaderboard/results --by operator --task 'gcog/*' --format markdown
      genbench leaderboard --by group --task 'letitwag/*' --metric top_5
    """
    from genbench.report import reports

    if by is not None:
        reports.beside(results or (RESULTS,), tasks, by, form, metric)
        return
    if metric is not None:
        raise click.UsageError("--metric goes with --by; the page and its tables show the headline")
    if tasks:
        raise click.UsageError("--task chooses among the tables of --by; the page and its tables hold every split")
    reports.leaderboard(results or (RESULTS,), out, form)


@cli.command()
@click.argument("results", nargs=-1)
@_rows_of
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
def phases(
    results: tuple[str, ...],
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    across: str,
    up: str,
    out: str | None,
    unit: Any,
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
    from genbench.report import derived

    derived.phases(results or (RESULTS,), tasks, submissions, across, up, out, unit=unit, diagnostics=diagnostics)


@cli.command()
@click.argument("results", nargs=-1)
@_rows_of
@click.option("--axis", default="frequency", show_default=True, help="The axis whose slices are frequencies.")
@click.option("--by", default="class", show_default=True, help="The axis whose slices are concepts.")
@click.option(
    "--out", default=None, help="Folder for tables and picture. Default: frequency/ in the first results folder."
)
def frequency(
    results: tuple[str, ...],
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    axis: str,
    by: str,
    out: str | None,
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
    from genbench.report import derived

    derived.frequency(results or (RESULTS,), tasks, submissions, axis, by, out)


@cli.command()
@click.argument("results", nargs=-1)
@_rows_of
@click.option(
    "--axis", default="length", show_default=True, help="An axis with numbers: length, depth, distractors, ..."
)
@click.option(
    "--out", default=None, help="Folder for tables and picture. Default: lengths/ in the first results folder."
)
def lengths(
    results: tuple[str, ...], tasks: tuple[str, ...], submissions: tuple[str, ...], axis: str, out: str | None
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
    from genbench.report import derived

    derived.lengths(results or (RESULTS,), tasks, submissions, axis, out)


@cli.command()
@click.argument("task")
@click.option(
    "--table",
    default=None,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Accuracies by class to read instead: Parquet or CSV with model, pretraining, class, accuracy.",
)
@click.option("--source", default="", metavar="TEXT", help="Where the table's accuracies were read.")
@click.option("--out", default=f"{RESULTS}/reported", show_default=True, help="Folder for tables and pictures.")
def replay(task: str, table: Path | None, source: str, out: str) -> None:
    """Replay what others measured: published models by the frequency of what is asked, and against another test set.

    These are reported rows, each with its source, and never ranked. Accuracies by class are read from the folder
    GENBENCH_DATA, the cache, or their public home, and checked; they are no part of genbench.

    \b
    Examples:
      genbench replay letitwag
      genbench replay letitwag --table mine.csv --source 'Somebody 2027, table 3'
    """
    from genbench.report import derived

    derived.replay(task, table, source, out)


@cli.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=click.Path(path_type=Path))
def check(folders: tuple[Path, ...]) -> int:
    """Check that a contribution's folder meets the contract; exits with 2 where it does not.

    \b
    Examples:
      genbench check tasks/scan
      genbench check ./my_baseline
    """
    from genbench.report import terminal

    return terminal.check(folders)


@cli.command()
@click.argument("kind", type=click.Choice(["task", "baseline"]))
@click.argument("name")
@click.option(
    "--in",
    "within",
    default=None,
    type=click.Path(path_type=Path),
    help="Folder to make it in. Default: tasks/ or baselines/ of the checkout, else here.",
)
def new(kind: Any, name: str, within: Path | None) -> None:
    """Make the folder of a new task or baseline; it passes `genbench check` at once.

    \b
    Examples:
      genbench new baseline my_method
      genbench new task rewriting --in .
    """
    from genbench.authoring import scaffold
    from genbench.registry import catalogue

    folder = scaffold.new(kind, name, within, catalogue())
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    path = shown if str(shown).startswith(("/", ".")) else f"./{shown}"
    click.echo(f"made {path}\nnext: genbench check {path}")
    extra = f"evaluate {path}" if kind == "baseline" else f"evaluate --task {path}"
    click.echo(f"then: genbench {extra}")


@cli.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--task", required=True, metavar="SPLIT", shell_complete=_complete("split"), help="The split that was answered."
)
@click.option("--name", default=None, help="Name in the results. Default: the file's name.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the training run.")
@click.option("--out", default=None, help="Results folder to add the rows to. Default: print only.")
def score(predictions: Path, task: str, name: str | None, seed: int, out: str | None) -> None:
    """Score predictions made elsewhere: Parquet with the columns question_id and prediction.

    Questions with their ids come from `genbench data export`.

    \b
    Examples:
      genbench score answers.parquet --task scan/length
      genbench score answers.parquet --task scan/length --name big-model --seed 1 --out genbench-results
    """
    from genbench.report import terminal

    terminal.score(predictions, task, name or predictions.stem, seed, out)


@cli.command()
@click.argument("results")
def rescore(results: str) -> int:
    """Apply today's metrics to stored predictions, without running anything.

    \b
    Examples:
      genbench rescore genbench-results
    """
    from genbench.report import terminal

    return terminal.rescore(results)


@cli.command()
@click.argument("submissions", nargs=-1, shell_complete=_complete("submission"))
@_choose_splits
@click.option(
    "--profile",
    default="quick",
    show_default=True,
    type=click.Choice(["quick", "full"]),
    help="Whose parameters are timed.",
)
@click.option("--repeats", default=1000, show_default=True, type=int, help="Most repeats of one measurement.")
@click.option(
    "--seconds", default=10.0, show_default=True, type=float, help="Seconds that one measurement may be repeated for."
)
@_into
def timing(
    submissions: tuple[str, ...], tasks: tuple[str, ...], profile: str, repeats: int, seconds: float, out: str
) -> int:
    """Time submissions: fit, predict at several batch sizes, cold start, memory; beside them, a matrix multiplication.

    One at a time, each in a fresh interpreter, repeated until the 95 % interval of the median is below 5 % of it, or
    repeats or seconds run out. Fit's examples are those the submission says it saw, else each training row once.

    \b
    Examples:
      genbench timing transformer --task scan/length
      genbench timing nearest chance --task 'scan/template_*' --seconds 30
    """
    from genbench.report import terminal

    return terminal.timing(submissions, tasks, profile, repeats, seconds, out)


@cli.command()
@click.argument("results", nargs=-1)
@click.option(
    "--published",
    default=None,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of published figures. Default: the bundled ones.",
)
def reproduction(results: tuple[str, ...], published: Path | None) -> None:
    """Print published figures beside ours, with a verdict on each, as Markdown.

    \b
    Examples:
      genbench reproduction leaderboard/results
    """
    from genbench.report import reports

    reports.reproduction(results or (RESULTS,), published)


@cli.command()
@click.argument("splits", nargs=-1, required=True, metavar="SPLIT...", shell_complete=_complete("split"))
@click.option("--out", default=None, help="Results folder or URL to keep the figures in; their page then shows them.")
@click.option("--fresh", is_flag=True, help="Measure again what was measured before.")
def difficulty(splits: tuple[str, ...], out: str | None, *, fresh: bool) -> int:
    """Measure how difficult splits are, from their data alone: nothing is trained.

    Divergence of words and compounds between training and questions, what of the questions training shows, lengths,
    and what the commonest and the nearest answer score. Figures are kept in the cache until the data change.

    \b
    Examples:
      genbench difficulty scan/length
      genbench difficulty 'scan/mcd*' scan/simple
      genbench difficulty scan/length --out genbench-results
    """
    from genbench.report import terminal

    return terminal.difficulty(splits, out, fresh=fresh)


@cli.group(cls=_Verbs)
def data() -> None:
    """Export a split's training data and questions; compare splits with their official files."""


@data.command("export")
@click.argument("split", shell_complete=_complete("split"))
@click.option(
    "--format",
    "form",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "jsonl", "samples"]),
    help="File format; samples is a task's own form, JSON Lines that `data import` reads.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the files.")
@click.option(
    "--with-targets",
    is_flag=True,
    help="Add target and slice columns to the questions. For analysis only: a model tuned on them measures nothing.",
)
def export(split: str, form: Any, out: Path, *, with_targets: bool) -> None:
    """Write train and each question set of a split as files, columns named as on the card.

    \b
    Examples:
      genbench data export scan/length --format jsonl --out scan-length
      genbench data export modular/addition --out data --with-targets
      genbench data export gcog/distractor --format samples --with-targets --out samples
    """
    from genbench import registry
    from genbench.authoring import exchange
    from genbench.errors import BadValue

    chosen = registry.choose_splits([split], registry.catalogue())
    if len(chosen) != 1:
        raise BadValue(f"{split!r} names {len(chosen)} splits; export takes one")
    for path in exchange.export(chosen[0], out, form, with_targets=with_targets):
        click.echo(path)
    if with_targets:
        click.echo("these question files hold the targets: keep them away from training and model selection", err=True)


@data.command("import")
@click.argument("task", shell_complete=_complete("split"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write: .parquet for rows, .jsonl or .jsonl.gz for samples again.",
)
def import_(task: str, file: Path, out: Path) -> None:
    """Read samples in a task's own form, check each by its rules, and write them as rows.

    \b
    Examples:
      genbench data import gcog samples.jsonl.gz --out samples.parquet
    """
    from genbench import registry
    from genbench.authoring import exchange
    from genbench.errors import UnknownName, nearest

    tasks = registry.catalogue().tasks
    if task not in tasks:
        raise UnknownName(f"there is no task {task!r}{nearest(task, tasks)}")
    count = exchange.import_samples(tasks[task], file, out)
    click.echo(f"{out}: {count:,} samples")


@data.command("verify")
@click.argument("names", nargs=-1, required=True, metavar="TASK...", shell_complete=_complete("split"))
@click.option("--download", is_flag=True, help="Fetch official files that are not at hand, however large.")
@click.option(
    "--samples",
    default=None,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check this file of samples by the task's rules instead.",
)
@click.option(
    "--reference",
    default=None,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Recompute the task's published figures from this folder of reference data instead.",
)
def verify(names: tuple[str, ...], samples: Path | None, reference: Path | None, *, download: bool) -> int:
    """Compare a task's splits with their official files, row for row; exits with 2 where one differs.

    Official files are looked for in the folder GENBENCH_DATA, then in the cache (GENBENCH_CACHE).
    With --samples, each sample of a file is compared with what the task's rules make of it; with --reference, each
    published figure with what the data under it give.

    \b
    Examples:
      genbench data verify scan
      genbench data verify 'scan/mcd*' --download
      genbench data verify gcog --samples samples.jsonl.gz
      genbench data verify letitwag --reference let_it_wag
    """
    from genbench.report import terminal

    if samples and reference:
        raise click.UsageError("--samples and --reference are two different checks; give one")
    if reference:
        return terminal.verify_reference(names, reference)
    return terminal.verify_samples(names, samples) if samples else terminal.verify(names, download=download)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the shell's completion script.

    \b
    Examples:
      eval "$(genbench completion bash)"
      genbench completion fish > ~/.config/fish/completions/genbench.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(cli, {}, "genbench", "_GENBENCH_COMPLETE").source())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 2 for our own errors, each one message, and 130 for Ctrl-C."""
    with contextlib.suppress(ValueError):  # raised outside the main thread
        # A scheduler or `timeout` asks so; what Ctrl-C tidies up must not be left behind then either.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments), prog_name="genbench", standalone_mode=False
        )
    except GenbenchError as fault:
        click.echo(f"error: {fault}", err=True)
        return 2
    except click.ClickException as fault:
        fault.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    return code if isinstance(code, int) else 0
