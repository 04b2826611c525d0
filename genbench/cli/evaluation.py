"""Verbs that run submissions: evaluate, timing."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import click

from genbench.cli.options import choose_splits, complete, into, tables, top

if TYPE_CHECKING:
    from genbench.report.output import Output

on_device: Final = click.option(
    "--device",
    default=None,
    type=click.Choice(["cpu", "cuda", "mps"]),
    help="What submissions may use; cuda is AMD's too. Default: what torch or the driver says is here.",
)


@click.command()
@click.argument("submissions", nargs=-1, shell_complete=complete("submission"))
@choose_splits
@click.option(
    "--submission",
    "more",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete("submission"),
    help="Submissions, as those typed without an option; repeatable.",
)
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
    type=click.Choice(["process", "fresh", "sandbox", "here"]),
    help="process forks a cell from an interpreter that has imported its libraries, fresh starts one for each; sandbox "
    "hides all that a cell does not need (Linux, bubblewrap); here runs in this process, for a debugger.",
)
@click.option(
    "--jobs", default=None, type=click.IntRange(min=1), help="Cells at a time. Default: as many as the cores carry."
)
@on_device
@into
@click.option("--resume/--fresh", default=True, show_default=True, help="Keep finished cells, or run all again.")
@click.option("--strict", is_flag=True, help="Refuse splits with questions that cannot be read: broken images.")
@click.option("--long", is_flag=True, help="Print every question set with ranks and intervals, then the summary.")
@top
@tables()
def evaluate(
    submissions: tuple[str, ...],
    tasks: tuple[str, ...],
    more: tuple[str, ...],
    grid: str | None,
    seeds: int | None,
    profile: str | None,
    executor: str,
    jobs: int | None,
    device: str | None,
    out: str,
    top: int | None,
    output: Output,
    *,
    quick_splits: bool,
    resume: bool,
    strict: bool,
    long: bool,
) -> int:
    """Evaluate submissions on splits, write Parquet rows, and end in a leaderboard.

    That is one summary, a row for each submission and a column for each task, and why each failed cell failed; --long
    prints every question set too. Exits with 1 where a cell failed or a submission that was named needs another
    machine, with 2 where a split could not be built.

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
    from genbench.api.evaluating import named, prepare
    from genbench.errors import BadValue
    from genbench.report.filters import Filter
    from genbench.report.terminal import evaluation
    from genbench.rows.store import Store

    submissions += more
    if grid is not None:
        from genbench.registry import choose_grid

        card = choose_grid(grid)
        tasks, submissions = tasks or card.tasks, submissions or card.submissions
        profile, seeds = profile or card.profile, card.seeds if seeds is None else seeds
    wanted = 1 if seeds is None else seeds
    if wanted < 1:
        raise BadValue(f"--seeds is {wanted}; it must be at least 1")
    Store(out)  # refuses a place that is none, in its own words
    made = prepare(
        submissions or None,
        tasks or None,
        seeds=wanted,
        profile=profile or "quick",
        executor=executor,
        out=out,
        jobs=jobs,
        quick_splits=quick_splits,
        device=device,
    )
    events = made.events(fresh=not resume, strict=strict)
    again = {label: _typed(text, tasks, profile) for label, text in named(submissions).items()}
    return evaluation.evaluate(made.planned, events, again, out, Filter(top=top), output, long=long)


def _typed(submission: str, tasks: tuple[str, ...], profile: str | None) -> str:
    """The command that evaluates one submission as it was asked for."""
    options = [word for task in tasks for word in ("--task", task)] + (["--profile", profile] if profile else [])
    return shlex.join(["genbench", "evaluate", submission, *options])


@click.command()
@click.argument("submissions", nargs=-1, shell_complete=complete("submission"))
@choose_splits
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
@on_device
@into
@tables()
def timing(
    submissions: tuple[str, ...],
    tasks: tuple[str, ...],
    profile: str,
    repeats: int,
    seconds: float,
    device: str | None,
    out: str,
    output: Output,
) -> int:
    """Time submissions: fit, predict at several batch sizes, cold start, memory; beside them, a matrix multiplication.

    One at a time, each in a fresh interpreter, repeated until the 95 % interval of the median is below 5 % of it, or
    repeats or seconds run out. Fit's examples are those the submission says it saw, else each training row once.

    \b
    Examples:
      genbench timing transformer --task scan/length
      genbench timing nearest chance --task 'scan/template_*' --seconds 30
    """
    from genbench.report.terminal import timings

    return timings.timing(submissions, tasks, profile, repeats, seconds, device, out, output)
