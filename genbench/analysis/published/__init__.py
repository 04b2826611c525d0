"""Published figures beside ours: read from `leaderboard/published/*.toml`, compared by one rule, never ranked.

A figure stands in a file only where its source was read; a row says where. The rule: a figure is *reproduced* where our
95 % interval meets the published value give or take its spread (ROOM where the source gives none), or the published
range. Otherwise ours is said to be higher or lower, and by how much.
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
