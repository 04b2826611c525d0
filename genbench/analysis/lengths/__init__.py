"""Up to which length a submission is right: its accuracy by length, where that breaks, and the area under it.

For any submission on any split with a numeric axis, `length` unless another is named; SCORES has all that is needed.
The *accuracy at a length* is exact match over all questions of that length, whichever question set asks them; training
rows asked again are left out. Over seeds it is their mean, with the interval of `standings.interval`.

- The *break point* is the largest length asked at which accuracy is at least .9, the *length of half accuracy* is where
  it falls below .5, on a straight line between the two lengths asked about it. Both are read off the *fit*: the curve
  that never rises with length and is nearest to what was measured (isotonic least squares, each length weighted by its
  questions; Ayer et al. 1955). On it no length below a break point is under .9, and none beyond is at .9 or above; a
  dip by chance among fifty questions of one length does not break a submission that is right at the next ten.
- Where accuracy is at the level up to the longest length asked, the point lies beyond it (right-censored), and where it
  is below at the shortest, before it (left-censored); their figures are inf and -inf.
- The *area* under the curve as measured is taken by trapezoids over length and divided by the range asked: the accuracy
  at a length drawn uniformly from the shortest to the longest asked, 0 to 1.
- Beside it, where a card grades them: `token_accuracy`, and `prefix_length`, the tokens before the first wrong one.
- `misfit` is the mean distance of measured accuracy from the fit: where it is large, accuracy rises with length
  somewhere, and break points say little.

Intervals hold what `standings.interval` holds, both the questions and the seeds. For a point, the accuracies are drawn
again 2,000 times: questions with replacement at each length (all seeds answer the same ones), and the mean over seeds
moved by Student's t times how they differ; the interval is where 95 % of the points so found lie. For the area both
parts are known in closed form: Wilson's intervals at each length, weighted, and Student's t over the areas of the seeds
(MOVER; Zou & Donner 2008). With one seed, questions alone count, and the tables say so.
"""

from genbench.analysis.intervals import Estimate
from genbench.analysis.lengths.break_points import HALF, KEPT, fall, points
from genbench.analysis.lengths.over_seeds import BENT, DRAWS, UNSTEADY, Reach, reach
from genbench.analysis.lengths.readings import AXIS, BESIDE, KINDS, METRIC, Reading
from genbench.analysis.lengths.selection import reaches
from genbench.analysis.lengths.tables import ACCURACIES, REACHES, SEEDS, accuracy_rows, reach_rows, seed_rows

__all__ = [
    "ACCURACIES",
    "AXIS",
    "BENT",
    "BESIDE",
    "DRAWS",
    "HALF",
    "KEPT",
    "KINDS",
    "METRIC",
    "REACHES",
    "SEEDS",
    "UNSTEADY",
    "Estimate",
    "Reach",
    "Reading",
    "accuracy_rows",
    "fall",
    "points",
    "reach",
    "reach_rows",
    "reaches",
    "seed_rows",
]
