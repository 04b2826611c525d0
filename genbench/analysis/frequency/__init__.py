"""Accuracy against frequency: how much better a submission knows what it has seen more often.

For any split with an axis that holds frequencies, `frequency` unless another is named. What is counted there are
*concepts*: the slices of the axis `class` where the split has one, single questions otherwise.

The log-linear trend follows Udandarao, Prabhu et al. 2024 (arXiv:2404.04125) and the code of their figures. With c the
count of a concept, x = ln(max(c, 1)), so that what was never seen stands with what was seen once. `BINS` edges are
equally spaced from the least x to the greatest; a concept falls in the bin of the first edge that is not below its x,
so the first bin holds the least x alone. A bin's accuracy is the mean over its concepts. Pearson's r is that of the
edges (their logarithms) with the accuracies, the first and the last bin left out, with a two-sided p.

Beside their figures stand: the slope of the least-squares line through the same bins, in points (hundredths) per decade
of frequency; the accuracy of concepts never seen, apart; and the correlation of x with accuracy over single concepts,
which binning flatters. Intervals are 95 % percentiles of what was drawn again, the edges kept: the concepts of each
bin, and the seeds by Student's t (`replicates`).
"""

from genbench.analysis.frequency.concepts import AXIS, BY, per_concept
from genbench.analysis.frequency.log_linear import BINS, INNER, LEAST, Trend, binned, correlation, trend
from genbench.analysis.frequency.over_seeds import Found, analyses
from genbench.analysis.frequency.replicates import BLOCK, REPLICATES, Analysis, analyse
from genbench.analysis.frequency.tables import POINTS, TRENDS, point_rows, trend_rows, write
from genbench.analysis.intervals import Estimate

__all__ = [
    "AXIS",
    "BINS",
    "BLOCK",
    "BY",
    "INNER",
    "LEAST",
    "POINTS",
    "REPLICATES",
    "TRENDS",
    "Analysis",
    "Estimate",
    "Found",
    "Trend",
    "analyse",
    "analyses",
    "binned",
    "correlation",
    "per_concept",
    "point_rows",
    "trend",
    "trend_rows",
    "write",
]
