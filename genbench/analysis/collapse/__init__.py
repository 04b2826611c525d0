"""Neural collapse in language models, replayed: whether models whose classes collapse more have less loss.

Wu & Papyan 2024 (arXiv:2405.17767) trained 230 causal language models on TinyStories, of 1 to 12 layers and 64 to 1,024
dimensions, for 1, 3 or 10 passes, and released a table of them: loss and accuracy on held-out text, and measures of
neural collapse, where a class is a token and a feature what stands before the last layer. Here are the correlations of
each measure with the loss over all models, and over the 21 of one size and one pass that differ by their seed alone,
which says what is left where scale is the same.

Models of one size are alike, so 95 % of an interval lie between the percentiles of correlations of sizes drawn again
with all their models; of the seeds, of models drawn again.
"""

from genbench.analysis.collapse.correlations import (
    CORRELATIONS,
    DRAWS,
    MEASURES,
    Correlated,
    Measure,
    correlated,
    table,
)
from genbench.analysis.collapse.models import MODELS, SEEDS, models

__all__ = [
    "CORRELATIONS",
    "DRAWS",
    "MEASURES",
    "MODELS",
    "SEEDS",
    "Correlated",
    "Measure",
    "correlated",
    "models",
    "table",
]
