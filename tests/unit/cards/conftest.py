"""A card of each kind, whole, to be read or spoilt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from genbench import cards
from genbench.errors import BadCard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TASK = """\
kind = "task"
name = "reversal"
title = "Words in reversed order"
entry = "task:load"
about = "Say it backwards."
license = "Apache-2.0"
embedded = true
inputs = { words = "string" }
target = { reversed = "string" }
axes = { length = "int64", first = "string" }
metrics = ["exact_match", "token_accuracy"]

[params]
vocabulary = 8
share = 0.5
mirrored = false

[splits.length]
about = "longer"
chance = 0
axes = ["length"]
params = { share = 1 }
train = 10
fingerprint = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
[splits.length.questions.test]
kind = "ood"
rows = 5
chance = 0.25
[splits.length.questions.again]
kind = "trained"
rows = 3
"""
SUBMISSION = """\
kind = "submission"
name = "mlp"
title = "Two layers"
entry = "baseline:Mlp"
about = "Quadratic."
license = "Apache-2.0"
tasks = ["modular/*"]
accepts = { inputs = ["int64"], target = ["int64"] }

[params]
steps = 2000
rate = 0.1
decay = 0.0
activation = "square"
bias = false

[[overrides]]
profile = "quick"
params = { steps = 300 }
[[overrides]]
task = "modular/addition*"
params = { rate = 1 }

[variants.decay5]
about = "weight decay 5"
params = { decay = 5 }
[variants.slow]
params = { steps = 9 }
budget = { full = 40000 }
"""


@pytest.fixture
def task_text() -> str:
    """The card of a task."""
    return TASK


@pytest.fixture
def submission_text() -> str:
    """The card of a submission."""
    return SUBMISSION


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """Gives `folder(text)`, a folder with a card of that text."""

    def write(text: str) -> Path:
        (tmp_path / cards.FILE).write_text(text)
        return tmp_path

    return write


@pytest.fixture
def changed() -> Callable[..., str]:
    """Gives `changed(text, (old, new), ...)`; the old must be there, so that no test rests on what was not changed."""

    def change(text: str, *changes: tuple[str, str]) -> str:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return text

    return change


@pytest.fixture
def faults(folder: Callable[[str], Path]) -> Callable[..., list[str]]:
    """Gives `faults(text, kind)`, what is said to be wrong with a card of that text."""

    def said(text: str, kind: str | None = None) -> list[str]:
        with pytest.raises(BadCard) as caught:
            cards.read(folder(text), kind)
        where, *lines = str(caught.value).split("\n  ")
        assert where == f"{folder(text)}/card.toml:"
        return lines

    return said
