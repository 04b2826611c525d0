"""Two submissions beside each other, question by question: of one results folder, or of two.

- `sides`: what each of the two has on a question set or a slice of it: its marks, seed by seed;
- `contests`: the difference with its interval, its p adjusted by Holm over all that is compared, and the questions won
  and lost; of slices differences alone, for there may be hundreds;
- `further`: how many more seeds or questions would separate the two, were the difference to stay as it is.

Marks of other questions are never put beside each other: such a split is named, and left out.
"""

from __future__ import annotations

from genbench.analysis.comparison.contests import Comparison, between, compare, label_of
from genbench.analysis.comparison.sides import Rows, Sides, sides

__all__ = ["Comparison", "Rows", "Sides", "between", "compare", "label_of", "sides"]
