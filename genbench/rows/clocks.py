"""Which of two runs is the later one, by clocks that may be wrong.

A machine whose clock is years ahead would write rows that nothing ever takes the place of. A start that is still to
come says nothing of when it was: such rows stand behind all others, and among themselves in the order of their names.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

APART: Final = dt.timedelta(days=1)  # how far the clocks of two machines may be apart
NEVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def to_come(started: dt.datetime, now: dt.datetime | None = None) -> bool:
    """Whether a run is said to have started later than clocks can be apart."""
    return started > (now or dt.datetime.now(dt.UTC)) + APART


def when(started: dt.datetime) -> dt.datetime:
    """When a run started, for comparing it with others; before all of them where that is still to come."""
    return NEVER if to_come(started) else started
