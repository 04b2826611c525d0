"""Published figures beside ours: read from `leaderboard/published/*.toml`, compared by one rule, never ranked.

A figure stands in a file only where its source was read; a row says where. The rule is one of equivalence, so that no
verdict can be had by noise:

- *reproduced*: of three seeds or more, our 90 % interval lies inside the published value give or take ROOM, or the
  published range;
- *compatible*: our 95 % interval meets it; or, where the source gives a standard deviation over runs, our mean lies no
  further away than the means of so many runs do;
- *differs*: they do not meet, and by how much;
- *cannot tell*: they meet, and our interval is wider than four times ROOM, or twice the range.
"""

from genbench.analysis.published.figures import ROOM, STATUSES, Figure, read
from genbench.analysis.published.other_test_sets import BORDER, Against, Both, Slope, against, slopes
from genbench.analysis.published.verdicts import beside, reported, table, verdict

__all__ = [
    "BORDER",
    "ROOM",
    "STATUSES",
    "Against",
    "Both",
    "Figure",
    "Slope",
    "against",
    "beside",
    "read",
    "reported",
    "slopes",
    "table",
    "verdict",
]
