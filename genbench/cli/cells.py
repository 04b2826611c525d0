"""Which cells are meant: options of the verbs that plan some, declared once, and what was typed as one value."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click

from genbench.api import RESULTS
from genbench.cli.options import choose_splits, complete

if TYPE_CHECKING:
    from genbench.api.clusters import Cluster
    from genbench.api.evaluating import Evaluation

on_device: Final = click.option(
    "--device",
    default=None,
    type=click.Choice(["cpu", "cuda", "mps"]),
    help="What submissions may use; cuda is AMD's too. Default: what torch or the driver says is here.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Cells as they were typed; what stands in a grid has been put where nothing was typed. `profile` may be None."""

    submissions: tuple[str, ...]
    tasks: tuple[str, ...]
    seeds: int
    profile: str | None
    device: str | None
    quick_splits: bool

    def on(self, device: str) -> Asked:
        """The same cells on a kind of device."""
        return replace(self, device=device)

    def prepared(
        self,
        *,
        executor: str = "process",
        out: str = RESULTS,
        jobs: int | None = None,
        salt: str | None = None,
        salt_data: bool = False,
        cluster: Cluster | None = None,
    ) -> Evaluation:
        """The cells as an evaluation, with rows at `out`. Raises `UnknownName` and `BadValue` for what was typed."""
        from genbench.api.clusters import HERE
        from genbench.api.evaluating import prepare
        from genbench.errors import BadValue

        if self.seeds < 1:
            raise BadValue(f"--seeds is {self.seeds}; it must be at least 1")
        return prepare(
            self.submissions or None,
            self.tasks or None,
            seeds=self.seeds,
            profile=self.profile or "quick",
            executor=executor,
            out=out,
            jobs=jobs,
            quick_splits=self.quick_splits,
            device=self.device,
            salt=salt,
            salt_data=salt_data,
            cluster=cluster or HERE,
        )

    def typed(self, submission: str) -> str:
        """The command that evaluates one submission as it was asked for."""
        options = [word for task in self.tasks for word in ("--task", task)]
        options += ["--profile", self.profile] if self.profile else []
        return shlex.join(["genbench", "evaluate", submission, *options])


def of_cells(verb: Any) -> Any:
    """Arguments and options that name cells; the verb takes them as `asked`."""

    @wraps(verb)
    def asked(
        *arguments: Any,
        submissions: tuple[str, ...],
        tasks: tuple[str, ...],
        more: tuple[str, ...],
        grid: str | None,
        seeds: int | None,
        profile: str | None,
        device: str | None,
        quick_splits: bool,
        **named: Any,
    ) -> Any:
        submissions += more
        if grid is not None:
            from genbench.registry import choose_grid

            card = choose_grid(grid)
            tasks, submissions = tasks or card.tasks, submissions or card.submissions
            profile, seeds = profile or card.profile, card.seeds if seeds is None else seeds
        cells = Asked(submissions, tasks, 1 if seeds is None else seeds, profile, device, quick_splits)
        return verb(*arguments, asked=cells, **named)

    for option in reversed(_OPTIONS):
        asked = option(asked)
    return asked


_OPTIONS: Final = (
    click.argument("submissions", nargs=-1, shell_complete=complete("submission")),
    choose_splits,
    click.option(
        "--submission",
        "more",
        multiple=True,
        metavar="GLOB",
        shell_complete=complete("submission"),
        help="Submissions, as those typed without an option; repeatable.",
    ),
    click.option(
        "--quick-splits",
        is_flag=True,
        help="Of the chosen splits, only those marked quick on their card (the embedded ones where a task marks none).",
    ),
    click.option(
        "--grid",
        default=None,
        metavar="NAME",
        help="A grid of cells, by name or by the path of its file; what is typed beside it takes the place of its own.",
    ),
    click.option("--seeds", default=None, type=int, help="Training seeds 0 .. N-1. Default: 1, or the grid's."),
    click.option(
        "--profile",
        default=None,
        type=click.Choice(["quick", "full"]),
        help="quick is a smoke test and never ranked. Default: quick, or the grid's.",
    ),
    on_device,
)
