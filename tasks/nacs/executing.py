"""Whether a command makes the actions that were asked, whatever command SCAN has for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from genbench import load_entry
from genbench.errors import BadValue

if TYPE_CHECKING:
    import pyarrow as pa

_interpret = load_entry(Path(__file__).resolve().parents[1] / "scan", "task:interpret")


def match(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> np.ndarray:
    """1 for each answer that makes the question's actions, else 0; what is no command makes none."""
    del targets
    pairs = zip(answers.to_pylist(), questions["actions"].to_pylist(), strict=True)
    return np.array([float(executed(answer or "") == " ".join(actions.split())) for answer, actions in pairs])


def executed(command: str) -> str | None:
    """The actions of a command; None for what is none.

    >>> executed("walk right after jump twice"), executed("walk walk")
    ('I_JUMP I_JUMP I_TURN_RIGHT I_WALK', None)
    """
    try:
        return str(_interpret(" ".join(command.split())))
    except BadValue:
        return None


def well_formed(answer: str) -> bool:
    """Whether an answer is a command at all."""
    return executed(answer) is not None
