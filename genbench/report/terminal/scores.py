"""Scores of answers that are there already: a predictions file, or the stored answers of a results folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from genbench import registry
from genbench.errors import BadValue, StoreFault
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from pathlib import Path


def score(predictions: Path, split: str, name: str, seed: int, out: str | None) -> None:
    """Score a predictions file, print its scores, and store its rows where `out` says."""
    from genbench.authoring import predictions as elsewhere
    from genbench.rows.store import Store

    chosen = registry.choose_splits([split], registry.catalogue())
    if len(chosen) != 1:
        raise BadValue(f"{split!r} names {len(chosen)} splits; score takes one")
    store = Store(out) if out else None
    if store:
        store.prepare()
    scored = elsewhere.score(predictions, chosen[0], name, seed)
    for row in scored.scores:
        place = row["question_set"] + (f" {row['axis']}={row['slice']}" if row["axis"] else "")
        print(f"{place:<32} {row['metric']:<16} {row['value']:.4f}  n={row['n']}")
    if store:
        store.append(chosen[0].task.name, name, scored.key, scored.rows)
        print(f"rows added to {out}; a predictions file is shown and never ranked")


def rescore(place: str) -> int:
    """Rescore stored predictions. Returns 2 where a cell could not be rescored."""
    from genbench.authoring import rescoring
    from genbench.rows.store import Store

    store = Store(place)
    if not store.exists():
        raise StoreFault(f"there are no results at {place!r}; `genbench evaluate --out {place}` makes some")
    cells = faults = 0
    for _, written, fault in rescoring.rescore(store, registry.catalogue()):
        if fault:
            faults += 1
            print(f"left as it was: {fault}", file=sys.stderr)
        cells += bool(written)
    print(f"{cells} cells scored again in {place}" + (f", {faults} left as they were" if faults else ""))
    return exits.BAD_INPUT if faults else exits.OK
