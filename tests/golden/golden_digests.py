"""Golden cells as they are stored, beside those that were run: what differs, and what may be stored anew."""

import json
import os
import subprocess
import sys
from pathlib import Path

STORED = Path(__file__).parent / "digests.json"
DIGESTS = ("answers", "marks", "curves")
# How far the headline of a cell may lie from the stored one on a machine whose arithmetic is not known.
ROOM = 0.25
ADD = "`uv run python tests/golden/store.py` adds it, in a checkout whose golden cells hold on a machine that is known"
# One thread and one order of hashes, as behind the wall, and no device but the CPU.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


def stored():
    return json.loads(STORED.read_text(encoding="utf-8"))


def run(names=()):
    """What came of the golden cells of these names, or of all, run in an interpreter of their own."""
    script = Path(__file__).with_name("running.py")
    ended = subprocess.run(
        [sys.executable, str(script), *names],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"the golden cells do not run:\n{ended.stderr[-4000:]}")
    return json.loads(ended.stdout.splitlines()[-1])


def differences(kept, ran, cells):
    """One line for each golden cell that is not what is stored of it, saying in what; exact where it can be."""
    known = kept["arithmetics"].get(ran["arithmetic"]["id"], {"cells": {}})["cells"]
    for golden in cells:
        found = ran["cells"][golden.name]
        wanted = known.get(golden.name) if golden.torch else kept["exact"].get(golden.name)
        if wanted is not None:
            differing = [name for name in DIGESTS if found[name] != wanted[name]]
            if differing:
                yield f"{golden.name}: other {', '.join(differing)}"
        elif golden.torch and golden.name in kept["torch"]:
            yield from _beyond_room(golden.name, found, kept["torch"][golden.name])
        else:
            yield f"{golden.name}: nothing is stored of it"


def _beyond_room(name, found, wanted):
    if found["points"] != wanted["points"]:
        yield f"{name}: {found['points']} rows of its curve, {wanted['points']} are stored"
    if abs(found["headline"] - wanted["headline"]) > ROOM:
        yield f"{name}: scores {found['headline']:.4f}, {wanted['headline']:.4f} is stored, and the room is {ROOM}"


def to_run(kept, cells, edition, contributions):
    """The names of the cells to run: all, unless contributions are named; then theirs and those that are new."""
    if kept is None or kept["edition"] != edition or not contributions:
        return [golden.name for golden in cells]
    known = kept["exact"].keys() | kept["torch"].keys()
    return [one.name for one in cells if one.contributions & set(contributions) or one.name not in known]


def renewed(kept, ran, cells, edition, contributions=()):
    """What is to be stored now. Raises `ValueError` where a digest changes and the edition does not.

    Cells of `contributions`, tasks and submissions by name, may change: a folder of theirs is in the key of their rows.
    Cells that were not run keep what is stored of them.
    Another edition starts anew: what other machines had is of the one before, and each of them adds its own again.
    """
    fresh = kept is None or kept["edition"] != edition
    before = {"exact": {}, "torch": {}, "arithmetics": {}} if fresh else kept
    others = {name: one for name, one in before["arithmetics"].items() if name != ran["arithmetic"]["id"]}
    own = before["arithmetics"].get(ran["arithmetic"]["id"], {"cells": {}})["cells"]
    here = {"about": ran["arithmetic"]["about"], "cells": {}}
    new = {"edition": edition, "exact": {}, "torch": {}}
    changed = []
    for golden in cells:
        found = ran["cells"].get(golden.name)
        if found is None:
            kind = "torch" if golden.torch else "exact"
            new[kind][golden.name] = before[kind][golden.name]
            if golden.torch and golden.name in own:
                here["cells"][golden.name] = own[golden.name]
            continue
        digests = {name: found[name] for name in DIGESTS}
        told = {name: found[name] for name in ("headline", "points")}
        meant = bool(golden.contributions & set(contributions))
        was = (own if golden.torch else before["exact"]).get(golden.name, digests)
        if was != digests and not meant:
            changed.append(golden.name)
        if golden.torch:
            here["cells"][golden.name] = digests
            new["torch"][golden.name] = told if meant else before["torch"].get(golden.name, told)
        else:
            new["exact"][golden.name] = digests
        if meant:  # what it is on other machines is not known any more: they have a room until they add it
            others = {key: {**one, "cells": _without(one["cells"], golden.name)} for key, one in others.items()}
    if changed:
        raise ValueError(
            f"these golden cells are not what edition {edition} made of them:\n  " + "\n  ".join(changed) + "\n"
            "Where the code of a task or submission changed, and that is meant, name it behind this command. Where the "
            "engine or the kit did, raise EDITION in genbench/edition.py and say in CHANGELOG.md what moved and why."
        )
    return {**new, "arithmetics": {**others, ran["arithmetic"]["id"]: here}}


def _without(cells, name):
    return {key: one for key, one in cells.items() if key != name}
