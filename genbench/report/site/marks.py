"""What the site says of its columns, wherever they stand."""

from __future__ import annotations

from typing import Final

OVERALL: Final = "mean of (mean - floor) / (best - floor) over splits, then over tasks; what is missing is the floor"
BORDA: Final = "share of rivals beaten, over splits; a tie counts for one half"
OOD: Final = "mean of the headline metric over question sets that ask beyond training, then over splits"
ID: Final = "the same over question sets drawn as in training"
GAP: Final = "mean over splits of what is lost from the one to the other, of the same seeds"
FIRST: Final = "on how many question sets that ask beyond training it may be the best, of those it is ranked on"


def places(moved: int) -> str:
    """How far Borda's order puts a submission from the order of means."""
    return f"by Borda {abs(moved)} places {'higher' if moved > 0 else 'lower'}"
