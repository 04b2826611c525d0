"""A cell's key: a digest of everything that decides its outcome."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from genbench.edition import EDITION
from genbench.evaluation.supplies import NOTHING
from genbench.rows import fingerprints, provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from genbench.evaluation.plan import Cell
    from genbench.evaluation.supplies import Supply


def folders_of(cells: Iterable[Cell]) -> dict[tuple[Path, str], str]:
    """The fingerprints of all folders that `cells` rest on: by folder and split, a submission's by folder and ""."""
    tasks, submissions = set(), set()
    for cell in cells:
        tasks.add((cell.split.task.folder, cell.split.split.name))
        submissions.add((cell.submission.card.folder, ""))
    of_tasks = {(folder, split): fingerprints.of_task(folder, split) for folder, split in sorted(tasks)}
    return of_tasks | {(folder, ""): fingerprints.of_folder(folder) for folder, _ in sorted(submissions)}


def deciding(versions: Mapping[str, str]) -> dict[str, str]:
    """Of a row's versions, those that decide: not genbench's own release, and of python major and minor alone."""
    return {
        name: ".".join(version.split(".")[:2]) if name == "python" else version
        for name, version in versions.items()
        if name != "genbench"
    }


def key_of(cell: Cell, data_fingerprint: str, folders: Mapping[tuple[Path, str], str], supply: Supply = NOTHING) -> str:
    """The cell's key: a digest of everything that decides its outcome.

    What decides in both folders (`folders_of`), the submission's parameters, the data, the seed, the profile, threads,
    device and budget, the versions of python and of the libraries that the cards name, the edition of genbench, and
    what was supplied: the content of files that parameters name, the versions of packages that the card requires. Where
    questions came in a secret order, its digest counts.

    The task's parameters do not count by themselves: they are in the data, and those set by hand in the split's label.
    So a parameter or a split that a task gets later leaves its rows as they are.

    The edition stands for the engine's own code. Its files do not count: an edit that moves no answer would make new
    cells of everything, and published rows would age without cause; the golden cells tell such edits from others. The
    release does not count either, for it is raised for reasons that no outcome knows of, and of python major and minor
    version, for its patches repair and do not change. Rows keep all versions in full.
    """
    return _digest(_content(cell, data_fingerprint, folders, supply))


def former_key(
    cell: Cell, data_fingerprint: str, folders: Mapping[tuple[Path, str], str], supply: Supply = NOTHING
) -> str:
    """The key that the same cell had until tasks were named by their data: all of its folder and parameters counted.

    A row under this name is of this very code; `carry` gives it the name that it has now.
    """
    task, split = cell.split.task, cell.split.split.name
    content = _content(cell, data_fingerprint, folders, supply)
    content["task"] = [task.name, cell.split.label, fingerprints.of_folder(task.folder, split)]
    content["params"] = [cell.split.counted, cell.submission.counted(cell.settings)]
    return _digest(content)


def _content(
    cell: Cell, data_fingerprint: str, folders: Mapping[tuple[Path, str], str], supply: Supply
) -> dict[str, object]:
    task, card = cell.split.task, cell.submission.card
    budget = card.budget(cell.profile, cell.submission.variant)
    return {
        "task": [task.name, cell.split.label, folders[task.folder, cell.split.split.name]],
        "submission": [cell.submission.label, folders[card.folder, ""]],
        "params": cell.submission.counted(cell.settings),
        "data": data_fingerprint,
        "seed": cell.seed,
        "profile": cell.profile,
        "limits": [card.threads, budget, card.memory_gib, cell.device or provenance.device()],
        "versions": deciding(provenance.versions((*task.libraries, *card.libraries)) | dict(supply.versions)),
        "edition": EDITION,
        **({"salt": cell.salt} if cell.salt else {}),
        **supply.deciding,
    }


def _digest(content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
