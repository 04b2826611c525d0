"""What results folders keep of a split beside its standings: its cells, marks of single questions, and answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from genbench.report.reading import store_at
from genbench.report.results import evidence_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from genbench.analysis.standings import Evidence
    from genbench.cards import TaskCard
    from genbench.rows.store import Store


@dataclass
class Kept:
    """The rows of some folders, opened a split at a time. `cells` is the CELLS table without logs; None for no rows."""

    cells: Any
    results: Sequence[str]
    tasks: Mapping[str, TaskCard]

    @property
    def any(self) -> bool:
        """Whether there are rows to open."""
        return self.cells is not None and bool(self.results)

    @cached_property
    def stores(self) -> list[Store]:
        """The folders."""
        return [store_at(place) for place in self.results]

    @cached_property
    def evidence(self) -> Evidence:
        """The marks and questions in them."""
        return evidence_of(self.results, self.tasks)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        both = zip(self.cells["task"].to_pylist(), self.cells["split"].to_pylist(), strict=True)
        for place, where in enumerate(both):
            found[where].append(place)
        return found

    def of(self, task: str, split: str, submissions: Collection[str] | None = None, profile: str = "") -> Any:
        """The cells of a split: of some submissions, as standings call them, and of one profile, or of all."""
        import pyarrow as pa
        import pyarrow.compute as pc

        own = self.cells.take(pa.array(self._places.get((task, split), []), pa.int64()))
        if submissions is not None:
            bare = pa.array(sorted({name.partition(" (")[0] for name in submissions}), pa.string())
            own = own.filter(pc.is_in(own["submission"], value_set=bare))
        return own.filter(pc.equal(own["profile"], profile)) if profile else own

    def known(self, cells: Any) -> tuple[tuple[str, str], ...]:
        """Cells by their keys and how they ended: while these stay the same, so do their answers."""
        return tuple(sorted(zip(*(cells[name].to_pylist() for name in ("cell", "status")), strict=True)))
