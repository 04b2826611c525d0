"""A task held against the world: its official files, its rules for samples, the figures published of its data."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from genbench.cards import entries
from genbench.data import sources
from genbench.data.sources import Likeness, Verdict
from genbench.errors import BadData, BadValue, SourceAbsent, SourceFault
from genbench.evaluation import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from genbench.cards import TaskCard
    from genbench.data.sources import Recomputed
    from genbench.registry import ChosenSplit


def verify(chosen: Sequence[ChosenSplit], *, download: bool) -> Iterator[Verdict]:
    """Compare splits with their official files, by the entry that their task's card names under `verify`.

    The entry takes a split's name and its `Data` and yields `sources.Claim`s; a split without official files yields
    none, or `sources.Likeness`es where it was made to be like one. A split that its card does not describe, or whose
    files are not what was pinned, differs; one whose files are not at hand is absent. Nothing is fetched unless
    `download`. Raises `BadValue` for a task without such an entry.
    """
    for one in chosen:
        if not one.task.verify:
            raise BadValue(f"{one.task.name} names no 'verify' on its card: it has no official files to compare with")
        with contextlib.nullcontext() if download else sources.offline():
            verdicts = _verdicts(one)
        yield from verdicts


def _verdicts(chosen: ChosenSplit) -> list[Verdict]:
    claims = entries.load_entry(chosen.task.folder, chosen.task.verify)
    found: list[Verdict] = []
    try:
        for claim in claims(chosen.split.name, build.load(chosen)):
            alike = isinstance(claim, Likeness)
            found.append(sources.judge(chosen.label, claim) if alike else sources.compare(chosen.label, claim))
    except SourceAbsent as fault:
        found.append(Verdict(chosen.label, "", 0, ordered=True, digest="", status="absent", detail=str(fault)))
    except (BadData, SourceFault) as fault:
        found.append(Verdict(chosen.label, "", 0, ordered=True, digest="", status="differs", detail=str(fault)))
    return found


def verify_samples(card: TaskCard, path: Path) -> Iterator[str]:
    """For each sample of a file what differs from the task's rules, or "" where it agrees.

    The task's card names the entry that reads the file under `verify_samples`. Raises `BadValue` for a task without
    one, and for a file that the entry cannot read.
    """
    if not card.verify_samples:
        raise BadValue(f"{card.name} names no 'verify_samples' on its card: it has no rules to check samples by")
    yield from entries.load_entry(card.folder, card.verify_samples)(path)


def verify_reference(card: TaskCard, folder: Path) -> list[Recomputed]:
    """Published figures, recomputed from the reference data in `folder` by the entry that the task's card names.

    Raises `BadValue` for a task without `verify_reference`, and what the entry raises for data that are not whole.
    """
    if not card.verify_reference:
        raise BadValue(f"{card.name} names no 'verify_reference' on its card: it recomputes no published figures")
    if not folder.is_dir():
        raise BadValue(f"--reference {folder}: there is no such folder")
    return list(entries.load_entry(card.folder, card.verify_reference)(folder))
