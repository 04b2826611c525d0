"""Papers, and whether what they found is found here: read from `leaderboard/papers/*.toml`, judged by published rows.

A file is a paper. Each of its findings names what is read in our rows (`of`), by itself, less another reading or over
it, and the bounds within which that shows the finding. Where these come from, its `mark` says:

- *verified* in released code, data or logs; *stated* in an abstract or on a page; *rerun*, a picture of the paper of
  which the number is that of an independent run;
- *ours*, an independent run of the paper's own setting; *analogue*, such a run of a small world that asks the same
  question: neither is a figure of the paper.

The verdict is of the 95 % interval over seeds and questions: *reached* where it lies within the bounds, *not reached*
where it lies outside, and either *on the mean* where the interval holds a bound and the mean decides. A finding that no
row can show, as of published models or of a formula, names the `test` that holds it.
"""

from genbench.analysis.papers.findings import MARKS, Finding, Paper, Reading, read
from genbench.analysis.papers.verdicts import Measured, joined, verdict

__all__ = ["MARKS", "Finding", "Measured", "Paper", "Reading", "joined", "read", "verdict"]
