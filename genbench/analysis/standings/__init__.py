"""Rows in, standings out: means, intervals and sets of ranks. No clock, and no card is opened here.

A standing is one submission on one question set of one split, over its seeds. What a card knows of the question
(metric, direction, chance) arrives as a `Headline`; where no card is known, the first metric by name is shown, higher
is taken for better but of errors, and chance is left open.

Three rules keep a standing honest:

- A cell that failed is counted and shown, and its submission is not ranked until every seed came back: leaving a bad
  seed out of a mean would otherwise be a way to climb.
- Where a cell was run again (same submission, split, seed and profile; other code or data), the newest one counts,
  also when it is the newest that failed; how many it superseded is said.
- Ranks compare like with like: the full profile, behind the wall, on the questions of today, of seeds 0 to S - 1 that
  are all of one edition. Where only seeds are missing the standing is provisional: it is shown, and never first.

What single questions say (`Evidence`) is read a split at a time; the mathematics is `analysis.inference`.
"""

from __future__ import annotations

from genbench.analysis.intervals import interval, wilson
from genbench.analysis.newest import newest_rows
from genbench.analysis.ordering import by_number, natural
from genbench.analysis.standings.cells import APART
from genbench.analysis.standings.curves import CurvePoint, learning_curves
from genbench.analysis.standings.evidence import Evidence
from genbench.analysis.standings.headlines import Headline, headline
from genbench.analysis.standings.leaderboard import Board, board
from genbench.analysis.standings.order import KINDS, PROFILES
from genbench.analysis.standings.question_sets import UNGRADED, Standing, standings, standings_of
from genbench.analysis.standings.ranks import OPEN
from genbench.analysis.standings.slices import SliceStanding, by_slice
from genbench.analysis.standings.sources import Stored

__all__ = [
    "APART",
    "KINDS",
    "OPEN",
    "PROFILES",
    "UNGRADED",
    "Board",
    "CurvePoint",
    "Evidence",
    "Headline",
    "SliceStanding",
    "Standing",
    "Stored",
    "board",
    "by_number",
    "by_slice",
    "headline",
    "interval",
    "learning_curves",
    "natural",
    "newest_rows",
    "standings",
    "standings_of",
    "wilson",
]
