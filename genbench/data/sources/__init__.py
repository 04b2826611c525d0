"""Official files: found in a folder, kept in a cache, or fetched once from their public homes; never used unchecked.

A task lists its files in `sources.toml` beside its card: where each comes from, and its sha256. The bytes of a file are
looked for in three places, in this order:

1. the folder that `GENBENCH_DATA` names, laid out as the upstream repositories are or in another way that the task can
   read (`Source.places`, `Source.rebuild`);
2. the cache: `GENBENCH_CACHE`, or `genbench` in the platform's cache folder;
3. the public home, unless `GENBENCH_OFFLINE` is set or `offline()` holds.

Whatever the place, the sha256 decides: what has another is named in a `SourceFault` and not used.
"""

from __future__ import annotations

from genbench.data.sources.claims import AGREES, LEAST_P, Claim, Likeness, Recomputed, Verdict, compare, judge
from genbench.data.sources.files import around, read
from genbench.data.sources.pins import FILE, Source, declared
from genbench.data.sources.places import cache_folder, data_folder, may_fetch, offline
from genbench.data.sources.text import columns, lines

__all__ = [
    "AGREES",
    "FILE",
    "LEAST_P",
    "Claim",
    "Likeness",
    "Recomputed",
    "Source",
    "Verdict",
    "around",
    "cache_folder",
    "columns",
    "compare",
    "data_folder",
    "declared",
    "judge",
    "lines",
    "may_fetch",
    "offline",
    "read",
]
