"""What `genbench carry` says of each contest, and its counts at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from genbench.report.output import Output

CONTESTS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters"),
    Column("submission", "text", "submission, with variant and overridden parameters"),
    Column("profile", "text", "quick (never ranked) or full"),
    Column("status", "text", "carried, today, differs, not proven or refused"),
    Column("proof", "text", "what proved it: answers, witness, name or family; empty where nothing was carried"),
    Column("seeds", "text", "training seeds of the cells carried, with commas between"),
    Column("cells", "integer", "how many these are; with --dry-run, how many would be"),
    Column("detail", "text", "one line: why, or why not"),
)


def carry(place: str, proof: str | None, witness: str | None, output: Output, *, families: bool, dry: bool) -> int:
    """Carry rows over to today's code. Returns 2 where a contest differs or cannot be compared.

    For a person each contest is a line as soon as it is judged, for a rerun's answers are many to compare.
    """
    from genbench.authoring import carry as carrying
    from genbench.authoring.contests import seeds_told
    from genbench.rows.store import Store

    contests: Counter[str] = Counter()
    cells = 0
    rows: list[list[Any]] = []
    rerun, others = (Store(given) if given else None for given in (proof, witness))
    for verdict in carrying.carry(Store(place), rerun, others, registry.catalogue(), families=families, dry=dry):
        contests[f"carried by {verdict.proof}" if verdict.proof else verdict.status] += 1
        cells += len(verdict.seeds)
        seeds = ", ".join(map(str, sorted(verdict.seeds)))
        rows.append([*verdict.contest, verdict.status, verdict.proof, seeds, len(verdict.seeds), verdict.detail])
        if output.for_people:
            by = f" ({verdict.proof}, {seeds_told(verdict.seeds)})" if verdict.proof else ""
            print(f"{verdict.contest.label}  {verdict.status}{by}: {verdict.detail}", flush=True)
    if not output.for_people:
        output.show(table_of("contests", CONTESTS, rows))
    counts = ", ".join(f"{count} {name}" for name, count in sorted(contests.items()))
    said = "would be carried over" if dry else "carried over"
    output.say(f"{contests.total()} contests: {counts}; {cells} cells {said}")
    return exits.BAD_INPUT if contests["differs"] or contests["refused"] else exits.OK
