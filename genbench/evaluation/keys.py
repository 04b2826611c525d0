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
    wanted = set()
    for cell in cells:
        wanted |= {(cell.split.task.folder, cell.split.split.name), (cell.submission.card.folder, "")}
    return {(folder, split): fingerprints.of_folder(folder, split) for folder, split in sorted(wanted)}


def deciding(versions: Mapping[str, str]) -> dict[str, str]:
    """Of a row's versions, those that decide: not genbench's own release, and of python major and minor alone."""
    return {
        name: ".".join(version.split(".")[:2]) if name == "python" else version
        for name, version in versions.items()
        if name != "genbench"
    }


def key_of(cell: Cell, data_fingerprint: str, folders: Mapping[tuple[Path, str], str], supply: Supply = NOTHING) -> str:
    """The cell's key: a digest of everything that decides its outcome.

    What decides in both folders (`folders_of`), both parameter sets, the data, the seed, the profile, threads, device
    and budget, the versions of python and of the libraries that the cards name, the edition of genbench, and what was
    supplied: the content of files that parameters name, the versions of packages that the card requires.

    The edition stands for the engine's own code. Its files do not count: an edit that moves no answer would make new
    cells of everything, and published rows would age without cause; the golden cells tell such edits from others. The
    release does not count either, for it is raised for reasons that no outcome knows of, and of python major and minor
    version, for its patches repair and do not change. Rows keep all versions in full.
    """
    task, card = cell.split.task, cell.submission.card
    budget = card.budget(cell.profile, cell.submission.variant)
    content = {
        "task": [task.name, cell.split.label, folders[task.folder, cell.split.split.name]],
        "submission": [cell.submission.label, folders[card.folder, ""]],
        "params": [cell.split.params, dict(cell.settings)],
        "data": data_fingerprint,
        "seed": cell.seed,
        "profile": cell.profile,
        "limits": [card.threads, budget, card.memory_gib, provenance.device()],
        "versions": deciding(provenance.versions((*task.libraries, *card.libraries)) | dict(supply.versions)),
        "edition": EDITION,
        **supply.deciding,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
