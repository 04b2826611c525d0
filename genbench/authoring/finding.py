"""A finding: one sentence of the contract about one contribution, and why it does not hold where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the contract about one subject, and why it does not hold where it does not."""

    subject: str
    sentence: str
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the sentence is true."""
        return not self.fault


def tried(subject: str, sentence: str, test: Callable[[], object]) -> Finding:
    """The finding that `sentence` holds of `subject`, or why `test` says that it does not."""
    try:
        test()
    except GenbenchError as fault:
        log = getattr(fault, "log", "")
        return Finding(subject, sentence, str(fault) + (f"\n{log}" if log else ""))
    return Finding(subject, sentence)
