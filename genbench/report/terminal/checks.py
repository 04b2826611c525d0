"""What the check of a contribution's contract found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genbench import registry
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from genbench.report.output import Output

FINDINGS: Final = (
    Column("subject", "text", "the task, split or submission"),
    Column("sentence", "text", "the sentence of the contract"),
    Column("holds", "boolean", "whether it is true"),
    Column("fault", "text", "why it does not hold; empty where it does"),
)


def check(folders: Sequence[Path], output: Output) -> int:
    """Check contributions and print each finding. Returns 2 where one does not hold."""
    from genbench.authoring import check as contract
    from genbench.evaluation.executors.process import Process

    found = registry.catalogue()
    wrong, rows = 0, []
    with Process(1).standing() as executor:
        for finding in (one for folder in folders for one in contract.check(folder.resolve(), found, executor)):
            wrong += not finding.holds
            rows.append([finding.subject, finding.sentence, finding.holds, finding.fault.strip()])
            if not output.for_people:
                continue
            print(f"{'ok   ' if finding.holds else 'FAULT'} {finding.subject}: {finding.sentence}", flush=True)
            if not finding.holds:
                print("      " + finding.fault.strip().replace("\n", "\n      "))
    if not output.for_people:
        output.show(table_of("findings", FINDINGS, rows))
    output.say("all holds" if not wrong else f"{wrong} faults")
    return exits.BAD_INPUT if wrong else exits.OK
