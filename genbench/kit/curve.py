"""Steps at which a learning curve has a point."""

from __future__ import annotations

# Ten in a decade, by the preferred numbers R10 (ISO 3), below a million.
PREFERRED = frozenset(
    int(step * 10**decade) for decade in range(6) for step in (1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8) if decade
) | {1, 2, 3, 4, 5, 6, 8}
