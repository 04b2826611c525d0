"""What `genbench carry` says of each contest, and its counts at the end."""

from __future__ import annotations

from collections import Counter

from genbench import registry
from genbench.report.terminal import exits


def carry(place: str, proof: str, witness: str | None, *, families: bool, dry: bool) -> int:
    """Carry rows over to today's code. Returns 2 where a contest differs or cannot be compared."""
    from genbench.authoring import carry as carrying
    from genbench.authoring.contests import seeds_told
    from genbench.rows.store import Store

    contests: Counter[str] = Counter()
    cells = 0
    others = Store(witness) if witness else None
    for verdict in carrying.carry(Store(place), Store(proof), others, registry.catalogue(), families=families, dry=dry):
        how = f"{verdict.status} ({verdict.proof}, {seeds_told(verdict.seeds)})" if verdict.proof else verdict.status
        print(f"{verdict.contest.label}  {how}: {verdict.detail}", flush=True)
        contests[f"carried by {verdict.proof}" if verdict.proof else verdict.status] += 1
        cells += len(verdict.seeds)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(contests.items()))
    said = "would be carried over" if dry else "carried over"
    print(f"{contests.total()} contests: {counts}; {cells} cells {said}")
    return exits.BAD_INPUT if contests["differs"] or contests["refused"] else exits.OK
