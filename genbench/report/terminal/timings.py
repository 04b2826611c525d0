"""Timings of submissions: progress while they are measured, then a table each."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, cast

from genbench import registry
from genbench.report.terminal import exits
from genbench.report.terminal.progress import Progress, keep_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.evaluation.cell import Profile


def timing(
    submissions: Sequence[str], tasks: Sequence[str], profile: str, repeats: int, seconds: float, out: str
) -> int:
    """Time submissions with progress, then print a table each. Returns 1 where one failed, 2 where a split did."""
    from genbench.evaluation import plan, run
    from genbench.evaluation import timing as clock
    from genbench.rows import provenance
    from genbench.rows.store import Store

    rule = clock.rule_of(repeats, seconds)
    found = registry.catalogue()
    splits = registry.choose_splits(tasks, found) if tasks else registry.default_splits(found)
    chosen = registry.choose_submissions(submissions, found) if submissions else registry.default_submissions(found)
    planned = plan.plan(splits, chosen, 1, cast("Profile", profile), provenance.device())
    for line in planned.left_out:
        print(f"left out: {line}", file=sys.stderr)
    store = Store(out)
    events = clock.run(planned, store, rule)
    timed: list[clock.Timed] = []
    code = exits.OK
    try:
        with contextlib.closing(events), Progress(len(planned.cells)) as progress:
            for event in events:
                if isinstance(event, run.SplitFault):
                    code = exits.BAD_INPUT
                    progress.show(event)
                    keep_log(store, event)
                    continue
                progress.show(event.done)
                timed.append(event)
                code = code or (exits.OK if event.rows else exits.FAILED_CELLS)
    except KeyboardInterrupt:
        print("\ninterrupted: what was timed up to here is kept", file=sys.stderr)
        code = exits.INTERRUPTED
    for one in timed:
        if one.rows:
            print(f"\n{one.done.cell.label}  {profile}, {one.rows[0]['device']}, threads {one.rows[0]['threads']}")
            for name, median, span, unit, count, ended in clock.table(one.rows):
                print(f"  {name:<38} {median:>9}  {span:<20} {unit:<13} {count:>5}  {ended}")
    if any(one.rows for one in timed):
        print(f"timings: {out}")
    return code
