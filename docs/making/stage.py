"""The pages of the site, laid out as they lie in the repository, so that their links hold in both places."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import yaml

from genbench.registry import catalogue
from making import card_keys, names, notebooks, overview, tables, verbs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOP: Final = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "LICENSE")
SHOWN: Final = {
    ".md",
    ".svg",
    ".png",
    ".css",
    ".ipynb",
}  # of what lies under docs/; the scripts are no part of the site
GENERATED: Final = {
    "verbs.md": verbs.page,
    "python.md": names.python,
    "kit.md": names.kit,
    "painting.md": names.painting,
    "errors.md": names.errors,
    "columns.md": tables.page,
    "cards.md": card_keys.page,
}
OVERVIEW: Final = "tasks/README.md"


def sources(root: Path) -> Iterator[Path]:
    """The files that are shown as they are."""
    yield from (root / name for name in TOP)
    yield from sorted(path for path in (root / "docs").rglob("*") if path.suffix in SHOWN and path.is_file())
    yield from sorted((root / "tasks").glob("*/README.md"))


def lay_out(root: Path, build: Path) -> Path:
    """Copy and generate every page under `build`/docs; returns the configuration, beside it."""
    pages = build / "docs"
    shutil.rmtree(pages, ignore_errors=True)
    for source in sources(root):
        target = pages / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    reference = pages / "docs" / "reference"
    reference.mkdir(exist_ok=True)
    for name, page in GENERATED.items():
        (reference / name).write_text(page(root), encoding="utf-8")
    (pages / OVERVIEW).write_text(overview.page(root), encoding="utf-8")
    for notebook in sorted((root / "docs" / "notebooks").glob("*.ipynb")):
        target = pages / notebook.relative_to(root).with_suffix(".md")
        target.parent.mkdir(exist_ok=True)
        target.write_text(notebooks.page(notebook, target.parent), encoding="utf-8")
    config = build / "mkdocs.yml"
    text = (root / "mkdocs.yml").read_text(encoding="utf-8").replace("@ROOT@", str(root))
    config.write_text(yaml.safe_dump(_with_tasks(yaml.safe_load(text)), sort_keys=False), encoding="utf-8")
    return config


def _with_tasks(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration with the tasks' pages in place of `@TASKS@`: a new task changes its folder only."""
    found = catalogue().tasks
    tasks: list[Any] = [{"All tasks": OVERVIEW}]
    tasks += [{card.name: f"tasks/{card.folder.name}/README.md"} for card in found.values() if bundled(card.folder)]
    config["nav"] = [{"Tasks": tasks} if entry == {"Tasks": "@TASKS@"} else entry for entry in config["nav"]]
    return config


def bundled(folder: Path) -> bool:
    """Whether a contribution is the suite's own and has a README to show."""
    return (folder / "README.md").is_file() and (folder.parents[1] / "mkdocs.yml").is_file()
