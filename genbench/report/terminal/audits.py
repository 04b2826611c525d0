"""What `genbench verify` says of each cell, and its counts at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.report.reading import store_at
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits, seals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.report.filters import Filter
    from genbench.report.output import Output

AUDITED: Final = (
    Column("cell", "text", "key of the cell; empty for a file that is none"),
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split, with overridden parameters"),
    Column("submission", "text", "submission, with variant and overridden parameters"),
    Column("profile", "text", "quick (never ranked) or full"),
    Column("seed", "integer", "training seed"),
    Column("verdict", "text", "agrees, differs, or note: nothing speaks against it, and something could not be seen"),
    Column("said", "text", "what differs, or what could not be seen; empty where all agrees"),
)
_WHO: Final = ("cell", "task", "split", "submission", "profile", "seed")


def verify(
    place: str, chosen: Filter, output: Output, *, key: str, rerun: int, salt: str | None = None, build_tasks: bool
) -> int:
    """Hold stored rows against what they say of themselves. Returns 1 where something differs."""
    from genbench.authoring import auditing, rerunning
    from genbench.evaluation.salt import salt_in

    secret = None if salt is None else salt_in(salt, made=False)
    store, found = store_at(place), registry.catalogue()

    def takes(row: Mapping[str, Any]) -> bool:
        return chosen.takes(f"{row['task']}/{row['split']}", row["submission"], row["profile"])

    rows: list[list[Any]] = []
    counts = {"agrees": 0, "note": 0, "differs": 0}

    def keep(row: Mapping[str, Any] | None, label: str, verdict: str, said: str) -> None:
        counts[verdict] += 1
        rows.append([*(None if row is None else row[name] for name in _WHO), verdict, said])
        if output.for_people and (verdict == "differs" or (verdict == "note" and output.verbose)):
            output.warn(f"{verdict:<8} {label}{'  ' if label else ''}{said}")

    for line in seals.differing(place, key, output):
        counts["differs"] += 1
        rows.append([*(None for _ in _WHO), "differs", f"the seal: {line}"])
    for one in auditing.audit(store, found, takes, build_tasks=build_tasks, salt=secret):
        verdict = "differs" if one.faults else "note" if one.notes else "agrees"
        keep(one.row, one.label, verdict, "; ".join(one.faults or one.notes))
    for again in rerunning.rerun(store, found, rerun, takes, salt=secret) if rerun else ():
        label = auditing.Audited(again.row).label
        verdict = {None: "note", True: "differs", False: "agrees"}[again.differs]
        keep(again.row, label, verdict, f"run again: {again.told}")
        output.say(f"run again  {label}  {again.told}")
    if not output.for_people:
        output.show(table_of("audited", AUDITED, rows))
    notes = f", of {counts['note']} something could not be seen (--verbose says what)" if counts["note"] else ""
    output.say(f"{sum(counts.values())} cells: {counts['agrees']} agree, {counts['differs']} differ{notes}")
    return exits.FAILED_CELLS if counts["differs"] else exits.OK
