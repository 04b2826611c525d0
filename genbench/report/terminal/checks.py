"""What a check found: of a contribution's contract, of official files, of samples, of published figures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from genbench import registry
from genbench.errors import BadValue
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DIFFERENCES = 10  # so many of a file of samples are shown


def check(folders: Sequence[Path]) -> int:
    """Check contributions and print each finding. Returns 2 where one does not hold."""
    from genbench.authoring import check as contract

    found = registry.catalogue()
    wrong = 0
    for folder in folders:
        for finding in contract.check(folder.resolve(), found):
            wrong += not finding.holds
            print(f"{'ok   ' if finding.holds else 'FAULT'} {finding.subject}: {finding.sentence}", flush=True)
            if not finding.holds:
                print("      " + finding.fault.strip().replace("\n", "\n      "))
    print("all holds" if not wrong else f"{wrong} faults")
    return exits.BAD_INPUT if wrong else exits.OK


def verify(names: Sequence[str], *, download: bool) -> int:
    """Compare splits with their official files and print one line each. Returns 2 where one differs or none is there.

    Parameters given by hand would make other data than the official ones, so they are refused.
    """
    from genbench.authoring import verification

    chosen = registry.choose_splits(names, registry.catalogue())
    for one in chosen:
        if one.given:
            raise BadValue(f"{one.task.name}/{one.label}: data with changed parameters have no official files")
    wide = max(len(f"{one.task.name}/{one.label}") for one in chosen)
    print(f"{'split':<{wide}}  {'subset':<10}  {'rows':>7}  {'order':<8}  {'sha256':<64}  result")
    counts = {"equal": 0, "differs": 0, "absent": 0, "alike": 0}
    absent, own = "", False
    for task in dict.fromkeys(one.task.name for one in chosen):
        for found in verification.verify([one for one in chosen if one.task.name == task], download=download):
            counts[found.status] += 1
            own |= found.ordered is False
            absent = absent or (found.detail if found.status == "absent" else "")
            rows, order = (f"{found.rows:,}", "official" if found.ordered else "own") if found.subset else ("", "")
            place = f"{f'{task}/{found.split}':<{wide}}"
            line = f"{place}  {found.subset:<10}  {rows:>7}  {order:<8}  {found.digest:<64}"
            if found.ordered is None:  # a likeness: no order, no digest, and names of what was counted are longer
                line = f"{place}  {found.subset:<39}  {rows:>7}  {found.digest:<52}"
            print(f"{line}  {found.status}", flush=True)
            if found.status == "differs":
                print("  " + found.detail.replace("\n", "\n  "))
    print(", ".join(f"{count} {status}" for status, count in counts.items() if count or status != "alike"))
    if own:
        print("order own: as many of the same rows, in the order of a rule; the digest is that of the sorted lines")
    if absent:
        hint = "" if download else "\n  or fetch what is missing: --download"
        print(f"the first that is absent: {absent}{hint}", file=sys.stderr)
    return exits.BAD_INPUT if counts["differs"] or not (counts["equal"] or counts["alike"]) else exits.OK


def verify_samples(names: Sequence[str], path: Path) -> int:
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
            print(f"{path.name} {fault}", file=sys.stderr)
    if wrong > DIFFERENCES:
        print(f"and {wrong - DIFFERENCES:,} more", file=sys.stderr)
    print(f"{count - wrong:,} of {count:,} samples agree" + (f", {wrong:,} differ" if wrong else ""))
    return exits.BAD_INPUT if wrong else exits.OK


def verify_reference(names: Sequence[str], folder: Path) -> int:
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
        print(f"not reproduced: {one.name}: {one.detail}", file=sys.stderr)
    if len(lost) > DIFFERENCES:
        print(f"and {len(lost) - DIFFERENCES:,} more", file=sys.stderr)
    for one in others:
        said = "reproduced all the same" if one.agrees else one.detail
        print(f"not marked reproducible: {one.name}: {said}", file=sys.stderr)
    line = f"reproduced {len(wanted) - len(lost)} of {len(wanted)} curves marked reproducible"
    line += f", largest difference {max(one.difference for one in wanted):.1e}" if wanted else ""
    print(line + (f"; {len(others)} others are not marked so" if others else ""))
    return exits.BAD_INPUT if lost or not wanted else exits.OK
