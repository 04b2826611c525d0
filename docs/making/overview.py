"""The page of all tasks, out of their cards: a newcomer finds on one page what is asked, of what, and after whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbench.registry import catalogue
from making.markdown import cell

if TYPE_CHECKING:
    from pathlib import Path

    from genbench.cards import TaskCard

HEAD = """# All tasks

Each task's page tells its splits, what was reached, and what the paper measured. `genbench list tasks` has each split,
and `genbench show SPLIT` examples of one. Splits *of files* are read from official files, which are fetched once; all
others are made by rule, from a seed.

| task | what it is; from what, to what | splits | paper |
| --- | --- | --- | --- |
"""


def page(root: Path) -> str:
    """Each task with a README: its title, its columns, how many splits it has, how many of files, and its paper."""
    cards = [card for card in catalogue().tasks.values() if card.folder.parent == root / "tasks"]
    return HEAD + "".join(_line(card) for card in cards if (card.folder / "README.md").is_file())


def _line(card: TaskCard) -> str:
    of_files = sum(not split.embedded for split in card.splits.values())
    files = {0: "", len(card.splits): ", of files"}.get(of_files, f", {of_files} of files")
    columns = ", ".join(f"`{name}`" for name in card.inputs)
    what = f"{cell(card.title)}<br>{columns} → `{card.target}`"
    page = f"[{card.name}]({card.folder.name}/README.md)"
    return f"| {page} | {what} | {len(card.splits)}{files} | {cell(card.paper or '')} |\n"
