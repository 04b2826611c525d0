"""What a comparison with official data found: of files row for row, of samples by rules, of published figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.errors import BadValue
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from genbench.data.sources import Verdict
    from genbench.report.output import Output

OWN: Final = "order own: as many of the same rows, in the order of a rule; the digest is that of the sorted lines"
DIFFERENCES: Final = 10  # so many of a file of samples are shown

VERDICTS: Final = (
    Column("task", "text", "task, as its card names it"),
    Column("split", "text", "split that was compared"),
    Column("subset", "text", "train, a question set, or what was counted"),
    Column("rows", "integer", "rows compared, or how often it was counted"),
    Column("order", "text", "official, or own where the rows are in the order of a rule; null where there is none"),
    Column("sha256", "text", "of what the task built: of its lines sorted where the order is its own"),
    Column("test", "text", "of a likeness: how it was tested"),
    Column("result", "text", "equal, alike, differs or absent"),
    Column("detail", "text", "what differs, or what is absent"),
)
SAMPLES: Final = (
    Column("file", "text", "file of samples"),
    Column("samples", "integer", "samples in it"),
    Column("differ", "integer", "samples that differ from what the task's rules make of them"),
)
RECOMPUTED: Final = (
    Column("name", "text", "the published figure or curve"),
    Column("wanted", "boolean", "whether whoever made the reference found that the data give it"),
    Column("agrees", "boolean", "whether it came out"),
    Column("difference", "number", "the largest of its numbers; null where they cannot be compared"),
    Column("detail", "text", "what differs most"),
)


def verify(names: Sequence[str], output: Output, *, download: bool) -> int:
    """Compare splits with their official files and print one line each. Returns 2 where one differs or none is there.

    Parameters given by hand would make other data than the official ones, so they are refused.
    """
    from genbench.authoring import verification

    chosen = registry.choose_splits(names, registry.catalogue())
    for one in chosen:
        if one.given:
            raise BadValue(f"{one.task.name}/{one.label}: data with changed parameters have no official files")
    wide = max(len(f"{one.task.name}/{one.label}") for one in chosen)
    if output.for_people:
        print(f"{'split':<{wide}}  {'subset':<10}  {'rows':>7}  {'order':<8}  {'sha256':<64}  result")
    counts = {"equal": 0, "differs": 0, "absent": 0, "alike": 0}
    absent, own = "", False
    verdicts: list[list[Any]] = []
    for task in dict.fromkeys(one.task.name for one in chosen):
        for found in verification.verify([one for one in chosen if one.task.name == task], download=download):
            counts[found.status] += 1
            own |= found.ordered is False
            absent = absent or (found.detail if found.status == "absent" else "")
            verdicts.append(_values(task, found))
            if not output.for_people:
                continue
            rows, order = (f"{found.rows:,}", "official" if found.ordered else "own") if found.subset else ("", "")
            place = f"{f'{task}/{found.split}':<{wide}}"
            line = f"{place}  {found.subset:<10}  {rows:>7}  {order:<8}  {found.digest:<64}"
            if found.ordered is None:  # a likeness: no order, no digest, and names of what was counted are longer
                line = f"{place}  {found.subset:<39}  {rows:>7}  {found.digest:<52}"
            print(f"{line}  {found.status}", flush=True)
            if found.status == "differs":
                print("  " + found.detail.replace("\n", "\n  "))
    if not output.for_people:
        output.show(table_of("verdicts", VERDICTS, verdicts))
    output.say(", ".join(f"{count} {status}" for status, count in counts.items() if count or status != "alike"))
    if own:
        output.say(
            "order own: as many of the same rows, in the order of a rule; the digest is that of the sorted lines"
        )
    if absent:
        hint = "" if download else "\n  or fetch what is missing: --download"
        output.warn(f"the first that is absent: {absent}{hint}")
    return exits.BAD_INPUT if counts["differs"] or not (counts["equal"] or counts["alike"]) else exits.OK


def _values(task: str, found: Verdict) -> list[Any]:
    order = None if found.ordered is None or not found.subset else "official" if found.ordered else "own"
    alike = found.ordered is None
    test, digest = (found.digest, None) if alike else (None, found.digest or None)
    return [task, found.split, found.subset, found.rows, order, digest, test, found.status, found.detail]


def verify_samples(names: Sequence[str], path: Path, output: Output) -> int:
    """Check a file of samples by a task's rules, and print how many agree. Returns 2 where one differs."""
    from genbench.authoring import verification

    tasks = {one.task.name: one.task for one in registry.choose_splits(names, registry.catalogue())}
    if len(tasks) != 1:
        raise BadValue(f"--samples checks one task; {' '.join(names)} names {', '.join(tasks)}")
    count = wrong = 0
    for fault in verification.verify_samples(next(iter(tasks.values())), path):
        count += 1
        wrong += bool(fault)
        if fault and wrong <= DIFFERENCES:
            output.warn(f"{path.name} {fault}")
    if wrong > DIFFERENCES:
        output.warn(f"and {wrong - DIFFERENCES:,} more")
    if not output.for_people:
        output.show(table_of("samples", SAMPLES, [[str(path), count, wrong]]))
    output.say(f"{count - wrong:,} of {count:,} samples agree" + (f", {wrong:,} differ" if wrong else ""))
    return exits.BAD_INPUT if wrong else exits.OK


def verify_reference(names: Sequence[str], folder: Path, output: Output) -> int:
    """Recompute a task's published figures from a folder of reference data, and say in one line how many came out.

    Those that did not are named on stderr. Returns 2 where one did not that should have.
    """
    from genbench.authoring import verification

    tasks = {one.task.name: one.task for one in registry.choose_splits(names, registry.catalogue())}
    if len(tasks) != 1:
        raise BadValue(f"--reference checks one task; {' '.join(names)} names {', '.join(tasks)}")
    found = verification.verify_reference(next(iter(tasks.values())), folder)
    wanted = [one for one in found if one.wanted]
    lost = [one for one in wanted if not one.agrees]
    others = [one for one in found if not one.wanted]
    for one in lost[:DIFFERENCES]:
        output.warn(f"not reproduced: {one.name}: {one.detail}")
    if len(lost) > DIFFERENCES:
        output.warn(f"and {len(lost) - DIFFERENCES:,} more")
    for one in others:
        said = "reproduced all the same" if one.agrees else one.detail
        output.warn(f"not marked reproducible: {one.name}: {said}")
    line = f"reproduced {len(wanted) - len(lost)} of {len(wanted)} curves marked reproducible"
    line += f", largest difference {max(one.difference for one in wanted):.1e}" if wanted else ""
    if not output.for_people:
        rows = [[one.name, one.wanted, one.agrees, _finite(one.difference), one.detail] for one in found]
        output.show(table_of("recomputed", RECOMPUTED, rows))
    output.say(line + (f"; {len(others)} others are not marked so" if others else ""))
    return exits.BAD_INPUT if lost or not wanted else exits.OK


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
