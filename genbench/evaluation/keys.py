"""A cell's key: a digest of everything that decides its outcome."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from genbench.rows import provenance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genbench.evaluation.plan import Cell


def key_of(cell: Cell, data_fingerprint: str, folders: Mapping[Path, str]) -> str:
    """The cell's key: a digest of everything that decides its outcome.

    Both folders' content, both parameter sets, the data, the seed, the profile, threads, device and budget, the
    versions of python, genbench and the libraries that the cards name, and the engine's own deciding files.
    """
    task, card = cell.split.task, cell.submission.card
    content = {
        "task": [task.name, cell.split.label, folders[task.folder]],
        "submission": [cell.submission.label, folders[card.folder]],
        "params": [cell.split.params, dict(cell.settings)],
        "data": data_fingerprint,
        "seed": cell.seed,
        "profile": cell.profile,
        "limits": [card.threads, card.budget_seconds[cell.profile], card.memory_gib, provenance.device()],
        "versions": provenance.versions((*task.libraries, *card.libraries)),
        "engine": provenance.engine(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
