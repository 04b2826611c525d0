"""Verbs that run submissions, and what says before how long that takes: evaluate, plan, timing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from genbench.api import RESULTS
from genbench.cli.cells import of_cells, on_device
from genbench.cli.options import choose_splits, complete, into, tables, top

if TYPE_CHECKING:
    from genbench.cli.cells import Asked
    from genbench.report.output import Output


@click.command()
@of_cells
@click.option(
    "--executor",
    default="process",
    show_default=True,
    type=click.Choice(["process", "fresh", "sandbox", "sandbox:bwrap", "sandbox:landlock", "here", "slurm", "ray"]),
    help="process forks a cell from an interpreter that has imported its libraries, fresh starts one for each; sandbox "
    "hides all that a cell does not need (Linux; by bubblewrap, or by Landlock where that is missing); here runs in "
    "this process, for a debugger; slurm and ray run cells on a cluster.",
)
@click.option(
    "--address",
    default=None,
    metavar="ADDRESS",
    help="With slurm: local runs its jobs on this machine, for a try. With ray: HOST:PORT; auto, the cluster that this "
    "machine is of; local, one started here. Default of ray: RAY_ADDRESS, else auto, else local.",
)
@click.option(
    "--inside",
    default="process",
    show_default=True,
    type=click.Choice(["process", "sandbox"]),
    help="With slurm and ray: what is around each cell there.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    help="With slurm: an option of sbatch, partition=gpu. With ray: accelerator_type, scheduling_strategy, or wait, "
    "seconds for a node that can hold a cell. Repeatable.",
)
@click.option(
    "--jobs", default=None, type=click.IntRange(min=1), help="Cells at a time. Default: as many as the cores carry."
)
@click.option(
    "--salt",
    default=None,
    metavar="FILE",
    help="Ask each cell its questions in an order of its own, drawn from the secret in FILE, made if it is not "
    "there; with a sandbox. Rows hold its digest; keep it, to go on or to run cells again.",
)
@click.option(
    "--salt-data",
    is_flag=True,
    help="Draw data of generated tasks from that secret, too; their rows are of a split of its own.",
)
@into
@click.option("--resume/--fresh", default=True, show_default=True, help="Keep finished cells, or run all again.")
@click.option("--strict", is_flag=True, help="Refuse splits with questions that cannot be read: broken images.")
@click.option("--long", is_flag=True, help="Print every question set with ranks and intervals, then the summary.")
@top
@tables()
def evaluate(
    asked: Asked,
    executor: str,
    address: str | None,
    inside: Any,
    options: tuple[str, ...],
    jobs: int | None,
    salt: str | None,
    out: str,
    top: int | None,
    output: Output,
    *,
    salt_data: bool,
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
    from genbench.api.clusters import Cluster
    from genbench.api.evaluating import named
    from genbench.evaluation import build
    from genbench.report.filters import Filter
    from genbench.report.terminal import evaluation
    from genbench.rows.store import Store

    Store(out)  # refuses a place that is none, in its own words
    cluster = Cluster(address, inside, options)
    made = asked.prepared(executor=executor, out=out, jobs=jobs, salt=salt, salt_data=salt_data, cluster=cluster)
    events = made.events(fresh=not resume, strict=strict)
    again = {label: asked.typed(text) for label, text in named(asked.submissions).items()}
    with build.holding():  # for the page
        return evaluation.evaluate(made.planned, events, again, out, Filter(top=top), output, long=long)


@click.command()
@of_cells
@click.option(
    "--gpus", default=None, type=click.IntRange(min=1), help="GPUs, each with one cell at a time, as on --device cuda."
)
@click.option("--jobs", default=None, type=click.IntRange(min=1), help="Cells at a time. Default: 1.")
@click.option(
    "--timings",
    multiple=True,
    metavar="RESULTS",
    help=f"Results whose rows say how long cells took; repeatable. Default: {RESULTS} here, and the published ones.",
)
@click.option("--out", default=None, metavar="RESULTS", help="Results of which finished cells need not run again.")
@click.option("--salt", default=None, metavar="FILE", help="The secret that cells are to be asked with, as evaluate's.")
@click.option("--salt-data", is_flag=True, help="Data are to be drawn from that secret, too.")
@click.option("--long", is_flag=True, help="Name each split of which no timing is known.")
@tables()
def plan(
    asked: Asked,
    gpus: int | None,
    jobs: int | None,
    timings: tuple[str, ...],
    out: str | None,
    salt: str | None,
    output: Output,
    *,
    salt_data: bool,
    long: bool,
) -> None:
    """Say what an evaluation would take: cells, hours as rows recorded them, and the cell that all wait for.

    Takes what `genbench evaluate` takes and runs nothing. Of a cell that no row has timed only the most is known, its
    budget: those are named, and the hours "at most" count them so.

    \b
    Examples:
      genbench plan --profile full --seeds 3 --jobs 8
      genbench plan transformer lstm --task 'scan/*' --profile full --seeds 5 --gpus 64
      genbench plan --grid modular_decay --out decay --timings decay --jobs 2
    """
    from genbench.errors import BadValue
    from genbench.report.terminal import forecast

    if gpus is not None and jobs is not None:
        raise click.UsageError("--gpus has a cell on each GPU and --jobs that many cells at a time; give one of them")
    if gpus is not None and asked.device not in {None, "cuda"}:
        raise BadValue(f"--device is {asked.device} beside --gpus {gpus}, which plans for cuda")
    if salt is not None and not os.path.lexists(salt):  # evaluate makes one
        raise BadValue(f"--salt is {salt}, and there is no such file; it must be the one that cells are asked with")
    executor = "process" if salt is None else "sandbox"
    made = (asked.on("cuda") if gpus is not None else asked).prepared(executor=executor, salt=salt, salt_data=salt_data)
    forecast.forecast(made.planned, gpus or jobs or 1, timings, RESULTS, out, output, salt=made.salt, long=long)


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
@click.option(
    "--compare",
    "against",
    default=None,
    metavar="RESULTS",
    help="Older timings of the same, here or elsewhere: say what became faster or slower, and how sure that is.",
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
    against: str | None,
    device: str | None,
    out: str,
    output: Output,
) -> int:
    """Time submissions: fit, predict at several batch sizes, cold start, memory; beside them, how fast the machine is.

    One at a time, each in a fresh interpreter, repeated until the 95 % interval of the median is below 5 % of it, or
    repeats or seconds run out. Fit's examples are those the submission says it saw, else each training row once.

    \b
    Examples:
      genbench timing transformer --task scan/length
      genbench timing nearest chance --task 'scan/template_*' --seconds 30
      genbench timing mlp --task modular/addition --out new --compare old
    """
    from genbench.report.terminal import timings

    return timings.timing(submissions, tasks, profile, repeats, seconds, device, out, output, against)
