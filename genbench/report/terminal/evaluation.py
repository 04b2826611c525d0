"""An evaluation from the names that were typed to its leaderboard."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, cast

from genbench import registry
from genbench.report.terminal import exits, leaderboard
from genbench.report.terminal.progress import Progress, keep_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.evaluation.cell import Executor, Profile
    from genbench.evaluation.plan import Plan


def evaluate(
    submissions: Sequence[str],
    tasks: Sequence[str],
    seeds: int,
    profile: str,
    executor: str,
    jobs: int | None,
    out: str,
    *,
    fresh: bool,
    strict: bool,
    quick_splits: bool = False,
) -> int:
    """Plan, run with progress, show the leaderboard. Returns 1 where a cell failed, 2 where a split did, else 0."""
    from genbench.evaluation import plan, run
    from genbench.rows import provenance
    from genbench.rows.store import Store

    found = registry.catalogue()
    splits = registry.choose_splits(tasks, found) if tasks else registry.default_splits(found)
    if quick_splits:
        splits = registry.quick_splits(splits)
    chosen = registry.choose_submissions(submissions, found) if submissions else registry.default_submissions(found)
    planned = plan.plan(splits, chosen, seeds, cast("Profile", profile), provenance.device())
    store = Store(out)
    for line in planned.left_out:
        print(f"left out: {line}", file=sys.stderr)
    events = run.run(planned, _executor(executor, jobs, planned), store, fresh=fresh, strict=strict)
    failed, faults, kept, ended = 0, 0, 0, 0
    try:
        with contextlib.closing(events), Progress(len(planned.cells)) as progress:
            for event in events:
                if isinstance(event, run.SplitFault):
                    faults += 1
                else:  # counted before it is shown: whoever interrupts at the sight of it must find it counted
                    ended += event.status != "kept"
                    kept += event.status == "kept"
                    failed += event.status not in {"ok", "kept"}
                progress.show(event)
                if isinstance(event, run.SplitFault):
                    keep_log(store, event)
    except KeyboardInterrupt:
        left = len(planned.cells) - ended - kept
        print(
            f"\ninterrupted: {ended} cells finished now and {kept} before are kept in {out}; {left} are left.\n"
            "Run the same command again to go on.",
            file=sys.stderr,
        )
        return exits.INTERRUPTED
    if kept:
        print(f"{kept} finished cells were kept from before (--fresh runs them again)", file=sys.stderr)
    leaderboard.leaderboard((out,), None, "terminal", planned)
    return exits.BAD_INPUT if faults else exits.FAILED_CELLS if failed else exits.OK


def _executor(name: str, jobs: int | None, planned: Plan) -> Executor:
    from genbench.rows import provenance

    if name == "here":
        from genbench.evaluation.executors.here import Here

        return Here()
    from genbench.evaluation.executors.process import Process

    threads = max((cell.submission.card.threads for cell in planned.cells), default=1)
    return Process(jobs or max(1, provenance.usable_cores() // threads))
