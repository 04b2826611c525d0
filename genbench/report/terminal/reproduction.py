"""Published figures beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench import registry
from genbench.errors import BadValue
from genbench.report.results import headlines, tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def reproduction(results: Sequence[str], published: Path | None) -> None:
    """Print published figures beside our standings, as Markdown."""
    from genbench.analysis.published import read, table
    from genbench.analysis.standings import by_slice, standings

    cells, scores = tables_of(results, ("cells", "scores"))
    place = registry.published_folder() if published is None else published
    figures = read(place)
    if not figures:
        raise BadValue(f"there are no published figures in {place}; they are TOML files")
    known = headlines(registry.catalogue().tasks)
    print(table(figures, standings(cells, scores, known), by_slice(cells, scores, known)), end="")
