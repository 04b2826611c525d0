"""An evaluation as it goes on, and its closing table."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from genbench.report.contests import EMPTY
from genbench.report.results import page_after
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits, leaderboard
from genbench.report.terminal.progress import Progress, keep_log
from genbench.report.wording import count
from genbench.rows import places

if TYPE_CHECKING:
    from collections.abc import Container, Generator, Mapping

    from genbench.evaluation.plan import LeftOut, Plan
    from genbench.evaluation.run import Done, Event, SplitFault, Unsupplied
    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.tables import Table
    from genbench.rows.store import Store


PASSING: Final = "rows at {place} lie in the memory of this process and are gone when it ends"


@dataclass(slots=True)
class Tally:
    """What an evaluation came to so far."""

    ended: int = 0
    kept: int = 0
    failed: list[Done] = field(default_factory=list)
    faults: list[SplitFault] = field(default_factory=list)
    unsupplied: list[Unsupplied] = field(default_factory=list)

    def count(self, event: Event) -> None:
        """Count one event."""
        from genbench.evaluation.run import SplitFault, Unsupplied

        if isinstance(event, Unsupplied):
            self.unsupplied.append(event)
            return
        if isinstance(event, SplitFault):
            self.faults.append(event)
            return
        self.ended += event.status != "kept"
        self.kept += event.status == "kept"
        if event.status not in {"ok", "kept"}:
            self.failed.append(event)


def evaluate(
    planned: Plan,
    events: Generator[Event],
    named: Mapping[str, str],
    out: str,
    shown: Filter,
    output: Output,
    *,
    long: bool = False,
) -> int:
    """Follow the events of an evaluation with progress, show the summary and what failed.

    `named` are the labels of submissions that were typed, not those of a glob, with the command that evaluates each.
    Returns 2 where a split could not be built, 1 where a cell failed or a submission lacks what it needs here, else 0.
    """
    from genbench.evaluation import run
    from genbench.rows.store import Store

    store = Store(out)
    lacking = _lacking(planned, named)
    for one in planned.left_out:
        output.warn(f"left out: {one}")
    if places.passing(out):
        output.warn(PASSING.format(place=out))
    output.tell(f"{count(len(planned.cells), 'cell')}, rows to {out}")
    tally = Tally()
    try:
        with contextlib.closing(events), Progress(len(planned.cells), output) as progress:
            for event in events:
                tally.count(event)  # before it is shown: whoever interrupts at the sight of it must find it counted
                progress.show(event)
                if isinstance(event, run.SplitFault):
                    keep_log(store, event, output)
                elif isinstance(event, run.Done) and event in tally.failed and output.verbose:
                    _tell_log(store, event, output)
    except KeyboardInterrupt:
        left = len(planned.cells) - tally.ended - tally.kept
        output.warn(
            f"\ninterrupted: {tally.ended} cells finished now and {tally.kept} before are kept in {out}; "
            f"{left} are left.\nRun the same command again to go on."
        )
        return exits.INTERRUPTED
    if tally.kept and not output.quiet:
        output.warn(f"{tally.kept} finished cells were kept from before (--fresh runs them again)")
    told = leaderboard.read((out,), planned)
    output.show(*leaderboard.tables(told, shown, output, long=long), *_failures(tally, out))
    if not told.standings:
        output.say(EMPTY)
    output.say(f"page: {leaderboard.write_page(told, str(page_after(out)))}")
    for one in lacking:
        output.warn(f"not evaluated: {one.submission}. On a machine with a {one.lacks}: {named[one.submission]}")
    if tally.faults:
        return exits.BAD_INPUT
    return exits.FAILED_CELLS if tally.failed or tally.unsupplied or lacking else exits.OK


def _lacking(planned: Plan, named: Container[str]) -> list[LeftOut]:
    """Submissions that were named but lack what they need on this machine; each once."""
    first = {one.submission: one for one in reversed(planned.left_out) if one.lacks and one.submission in named}
    return list(first.values())


FAILURES: Final = (
    Column(
        "status",
        "text",
        "error, timeout, out_of_memory or crashed; not_built for a split without data; unavailable for a submission "
        "whose card asks for what cannot be had",
        "failed",
    ),
    Column("task", "text", "task, as its card names it; empty where a submission runs nowhere"),
    Column(
        "split",
        "text",
        "split, with overridden parameters",
        "split",
        lambda row: f"{row['task']}/{row['split']}" if row["task"] else "all",
    ),
    Column("submission", "text", "submission; empty where the split could not be built", "submission"),
    Column("seed", "integer", "training seed; null where the split could not be built", "seed"),
    Column("reason", "text", "one line on why", "reason"),
    Column("log", "text", "the command that prints all that is known", "what it printed"),
)


def _failures(tally: Tally, out: str) -> list[Table]:
    """What failed and why, as a table; none where nothing did."""
    rows: list[list[object]] = [
        ["not_built", one.split.task.name, one.split.label, "", None, one.message, ""] for one in tally.faults
    ]
    rows += [["unavailable", "", "", one.submission, None, one.message, ""] for one in tally.unsupplied]
    for one in tally.failed:
        task, split = one.cell.split.task.name, one.cell.split.label
        log = f"genbench log {one.key[:10]} --out {out}"
        rows.append([one.status, task, split, one.cell.submission.label, one.cell.seed, one.detail, log])
    return [table_of("failures", FAILURES, rows, optional=frozenset({"submission", "seed", "log"}))] if rows else []


def _tell_log(store: Store, event: Done, output: Output) -> None:
    """The log of a cell that failed, for whoever asked for more."""
    card = event.cell.submission.card
    table = store.read_cell("cells", event.cell.split.task.name, card.name, event.key)
    if not isinstance(table, str):
        output.tell(table["log"][0].as_py() or "it printed nothing")
