"""How sure a figure is: pure mathematics over numpy arrays, which knows neither rows nor cards.

- `layout`: marks of seeds on the same questions, taken apart into what seeds, questions and the rest make of them, also
  by clusters, whose values were drawn, and by strata, which are all there are;
- `means`: the interval of a mean, from such a layout;
- `pairs`: differences of submissions that answered the same questions, and which are sure (Holm 1979);
- `rank_sets`: the ranks that a submission may have, given who is surely better and worse;
- `gaps`: the difference of two question sets that the same seeds answered;
- `heaps`: seeds that part into those that succeed and those that fail;
- `overall`: many splits together: the mean above the floor, Borda's count, the probability of improvement.

docs/statistics.md has the formulas, and what none of them can know of one seed.
"""

from __future__ import annotations

from genbench.analysis.inference.gaps import Gap, gap
from genbench.analysis.inference.heaps import Heap, clopper_pearson, heap
from genbench.analysis.inference.layout import Layout, layout, of_values, stratified
from genbench.analysis.inference.means import between, wilson
from genbench.analysis.inference.pairs import Pair, holm, pair, surely_better
from genbench.analysis.inference.rank_sets import rank_sets

__all__ = [
    "Gap",
    "Heap",
    "Layout",
    "Pair",
    "between",
    "clopper_pearson",
    "gap",
    "heap",
    "holm",
    "layout",
    "of_values",
    "pair",
    "rank_sets",
    "stratified",
    "surely_better",
    "wilson",
]
