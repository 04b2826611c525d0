"""The pages of public names: what `import genbench` offers, kit, painting, errors; their text is docstrings."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import genbench

if TYPE_CHECKING:
    from pathlib import Path

MODULES: Final = (
    "cards",
    "errors",
    "frequency",
    "replay",
    "seeds",
    "sources",
    "tables",
)  # public names that are modules


def python(root: Path) -> str:
    """Every name of `genbench.__all__`, functions and nouns first, then the modules that contributions use."""
    del root
    plain = [name for name in genbench.__all__ if name not in {*MODULES, "__version__"}]
    plain.sort(key=lambda name: (not name.islower(), name))  # what one calls, then what one gets
    parts = [
        "# Python",
        (
            "What `import genbench` offers. A name is imported when it is used, so importing the package costs next to "
            "nothing."
        ),
        "## Names",
        *(f"::: genbench.{name}" for name in plain),
        "## Modules",
        (
            "[`genbench.errors`](errors.md), [`genbench.kit`](kit.md) and [`genbench.painting`](painting.md) have "
            "pages of their own."
        ),
        *(
            f"::: genbench.{name}\n    options:\n      show_root_full_path: true"
            for name in MODULES
            if name != "errors"
        ),
    ]
    return "\n\n".join([*parts, ""])


def kit(root: Path) -> str:
    """Every module of the kit, in the order of its files."""
    return f"# The kit, part by part\n\n[The kit](../kit.md) says what these are for.\n\n{_parts(root, 'kit')}"


def painting(root: Path) -> str:
    """Every module of the painter, in the order of its files."""
    about = ast.get_docstring(ast.parse((root / "genbench" / "painting" / "__init__.py").read_text(encoding="utf-8")))
    return f"# Painting, part by part\n\n{about}\n\n{_parts(root, 'painting')}"


def _parts(root: Path, room: str) -> str:
    parts = sorted(path.stem for path in (root / "genbench" / room).glob("[!_]*.py"))
    return "".join(
        f"## {part}\n\n::: genbench.{room}.{part}\n    options:\n      show_root_heading: false\n"
        "      show_root_toc_entry: false\n\n"
        for part in parts
    )


def errors(root: Path) -> str:
    """The tree of errors, as it is drawn in the module, and each of them."""
    text = ast.get_docstring(ast.parse((root / "genbench" / "errors.py").read_text(encoding="utf-8"))) or ""
    return (
        f"# Errors\n\n{text}\n\n## Each of them\n\n::: genbench.errors\n    options:\n      show_root_heading: false\n"
        "      show_root_toc_entry: false\n      show_root_members_full_path: false\n"
    )
