"""The commonest training answer to every question: what the answers' distribution alone is worth.

A floor for every task, not a published method. It looks at no question and draws nothing, so seeds do not matter.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasets import Dataset

    from genbench import Context


class Majority:
    """Remembers one answer."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Find the commonest answer, the first in training order among equals; lists are counted as written."""
        del validation
        answers = train.data.column(self.context.target).to_pylist()
        written = [repr(answer) for answer in answers]
        [(commonest, _)] = Counter(written).most_common(1)  # equals in the order first met
        self.answer = answers[written.index(commonest)]

    def predict(self, questions: Dataset) -> list[object]:
        """The same answer, once per question."""
        return [self.answer] * questions.num_rows
