"""The contract that every contribution meets, present and future: what `genbench check FOLDER` and the test suite run.

Nothing here names a task or a baseline. A finding is one checked sentence; a contribution passes when all hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench import cards
from genbench.authoring.finding import Finding
from genbench.authoring.submission_contract import check_submission
from genbench.authoring.task_contract import check_task
from genbench.cards import TaskCard
from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from genbench.evaluation.executors.process import Process
    from genbench.registry import Catalogue


def check(folder: Path, found: Catalogue, executor: Process | None = None) -> Iterator[Finding]:
    """Every finding about the contribution in `folder`. `found` has the tasks on which a submission can be tried.

    An `executor` that stands imports libraries once for the submissions of several folders.
    """
    try:
        card = cards.read(folder)
    except GenbenchError as fault:
        yield Finding(str(folder), "the card is valid", str(fault))
        return
    yield Finding(card.name, "the card is valid")
    yield from check_task(card) if isinstance(card, TaskCard) else check_submission(card, found, executor)
