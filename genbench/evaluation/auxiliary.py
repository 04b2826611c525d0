"""The tables beside train, as a submission has them: opened when they are asked for, and memory-mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genbench.errors import UnknownName, nearest
from genbench.evaluation.cell import AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class Auxiliary(Mapping[str, Any]):
    """The auxiliary tables of the job in `folder`, each a `datasets.Dataset`. Raises `UnknownName` for another name.

    None is opened before it is asked for: a submission that has no use for them does not wait for their library.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder, self._names = folder, tuple(names)

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise UnknownName(f"there is no auxiliary table {name!r}{nearest(name, self._names)}")
        from datasets import Dataset, disable_progress_bars

        disable_progress_bars()
        return Dataset.from_file(str(self._folder / AUXILIARY.format(name=name)))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def get(self, name: str, default: Any = None) -> Any:
        """The table called `name`, or `default` where there is none."""
        return self[name] if name in self._names else default
